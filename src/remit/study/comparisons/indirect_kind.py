"""An indirect comparison, as it is asked: our patients made like those of a published arm."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from remit.schema.results import Address, modelled
from remit.study.comparisons.indirect_model import Method
from remit.study.comparisons.kinds import EVIDENCE, Beside
from remit.study.endpoint import Endpoint
from remit.study.evidence.evidence import Evidence, Outcome, PublishedResult, Reported

if TYPE_CHECKING:
    from remit.study.analyses.kinds import Variable

WEIGHTS = "weights"  # the variable of what is told of the weights


@dataclass(frozen=True)
class Match:
    """A covariate of ours with what they report: `mean`, of a yes or no a share from 0 to 1, in our unit. `sd`: where
    it is matched too. `reported`: what was printed, the mean or percentage first. `of_arm`: whether of the arm, or of
    their whole study. `factor`: by which what was printed was converted to our unit. `source`: where it was read."""

    variable: Variable
    theirs: str
    mean: Fraction
    sd: Fraction | None
    reported: tuple[Reported, ...]
    of_arm: bool
    yes_no: bool
    factor: Fraction = Fraction(1)
    source: str | None = None


@dataclass(frozen=True)
class Indirect:
    """An endpoint of ours at a visit under an estimand (or "decided"), beside `result`, of an arm of `evidence`, with
    our patients made like theirs in `matches`. `comparison`: in which it stands. `endpoint`: what its results are
    called, our own or a rule of the comparison; `judged`: the same as it is evaluated. It is given in total: `arms` is
    None."""

    name: str
    title: str
    comparison: str
    populations: tuple[str, ...]
    endpoint: str
    judged: Endpoint
    visit: str
    estimand: str
    evidence: Evidence
    outcome: Outcome
    result: PublishedResult
    matches: tuple[Match, ...]
    methods: tuple[Method, ...]
    seed: int
    bootstrap: int | None
    arms: None = None

    @property
    def beside(self) -> Beside:
        """What is published, as a comparison has it."""
        return Beside(self.evidence, self.outcome, (self.result.arm,))

    @property
    def share(self) -> Fraction:
        """What they report, from 0 to 1."""
        if self.result.percent is not None:
            return self.result.percent.value / 100
        assert self.result.n is not None
        assert self.result.of is not None
        return self.result.n.value / self.result.of.value

    @property
    def of(self) -> int | None:
        """Of how many patients, if that is known."""
        return None if self.result.of is None else int(self.result.of.value)

    @property
    def handlings(self) -> tuple[str, ...]:
        """Those of what is found by the methods."""
        return tuple(modelled(self.estimand, method) for method in self.methods)

    @property
    def published(self) -> Address:
        """Where their numbers stand in the results."""
        week = None if self.outcome.week is None else f"week {self.outcome.week}"
        arm = f"{self.evidence.id}: {self.result.arm}"
        return Address(self.name, group=EVIDENCE, group_level=arm, variable=self.outcome.name, time=week)

    def at(self, population: str, method: Method | None = None, variable: str | None = None) -> Address:
        """Of our patients as they are, or by a method; of a covariate or the weights, of that `variable`."""
        handling = self.estimand if method is None else modelled(self.estimand, method)
        return Address(self.name, population, visit=self.visit, variable=variable or self.endpoint, handling=handling)
