"""Tests of other analyses that are adjusted for their number: from the study file's words to where their p stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from remit.schema.results import ARM, NON_RESPONSE, OBSERVED, Address, ended, handled
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import (
    Analysis,
    Ancova,
    Arms,
    Change,
    Multiplicity,
    Rates,
    Sensitivity,
    Test,
    TimeToEvent,
)
from remit.study.analyses.model import MultiplicityPart, TestPart
from remit.study.place import Place

_KEYS = ("row", "visit", "estimand", "arm")


def multiplicity(
    name: str, title: str, part: MultiplicityPart, place: Place, declared: Declared, others: Mapping[str, Analysis]
) -> Multiplicity:
    """others: the analyses that make tests. Raises WrongInput."""
    visits = {visit.name: visit.label for visit in declared.visits}
    tests: list[Test] = []
    for number, written in enumerate(part.family):
        here = place / "family" / number
        if written.step is not None and part.method != "hierarchical":
            what = f"{part.method} has no steps"
            raise (here / "step").wrong_name(what, "Leave it out, or say `method: hierarchical`.")
        (here / "analysis").known(written.analysis, others, "analysis that makes tests")
        address, statistic, label = _Asked(written, here, visits).of(others[written.analysis])
        step = written.step or (tests[-1].step + 1 if tests else 1)
        test = Test(written.label or label, address, statistic, step)
        if any(test.result == each.result for each in tests):
            raise (here / "analysis").wrong("this test stands twice", "Name each test once.")
        if tests and step < tests[-1].step:
            raise (here / "step").wrong("this step stands after a later one", "Write the tests in their order.")
        tests.append(test)
    return Multiplicity(name, title, part.method, part.level, tuple(tests))


@dataclass(frozen=True)
class _Asked:
    """A test as it is written, and where."""

    part: TestPart
    place: Place
    visits: Mapping[str, str]  # their labels

    def of(self, analysis: Analysis) -> tuple[Address, str, str]:
        """Its address, the statistic there, and its label."""
        match analysis:
            case Change():
                return self._change(analysis)
            case Rates():
                return self._rates(analysis)
            case Sensitivity():
                return self._sensitivity(analysis)
            case TimeToEvent():
                return self._times(analysis)
            case Ancova():
                self._takes("arm")
                variable = analysis.outcome.name
                address = replace(self._address(analysis), variable=variable, handling=OBSERVED)
                return self._of_arms(analysis.title, address, analysis.arms)
        what = f"{analysis.name} makes no test that can be adjusted"
        remedy = "Name a change, rates by arm, a time to an event by arm, an analysis of covariance or a sensitivity."
        raise (self.place / "analysis").wrong(what, remedy)

    def _change(self, analysis: Change) -> tuple[Address, str, str]:
        self._takes("row", "visit", "arm")
        labels = {variable.name: variable.label for variable, _ in analysis.rows}
        row, visit = self._one("row", self.part.row, labels), self._one("visit", self.part.visit, analysis.to)
        address = replace(self._address(analysis), visit=visit, variable=row, handling=OBSERVED)
        label = f"{analysis.title}: {labels[row]}, {self.visits[visit]}"
        if self.part.arm is None:
            return address, "p", label
        self._known_arm(analysis.arms.names if analysis.arms else ())
        return address.in_arm(self.part.arm), "p", f"{label}, {self.part.arm}"

    def _rates(self, analysis: Rates) -> tuple[Address, str, str]:
        self._takes("row", "arm")
        labels = {row.name: row.label for row in analysis.rows}
        row = self._one("row", self.part.row, labels)
        arms = self._compared(analysis.arms)
        arm = self._one("arm", self.part.arm, arms.compared)
        address = replace(self._address(analysis), variable=row)
        return *_between(address, arm, arms), f"{analysis.title}: {labels[row]}, {arm} against {arms.reference}"

    def _sensitivity(self, analysis: Sensitivity) -> tuple[Address, str, str]:
        """Of an arm against the reference; else of all against the benchmark; the unknown as not reached."""
        self._takes("estimand", "arm")
        estimand = self._one("estimand", self.part.estimand, analysis.estimands)
        address = replace(self._address(analysis), visit=analysis.visit, variable=analysis.endpoint)
        label = f"{analysis.title}: {estimand.replace('_', ' ')}"
        if self.part.arm is not None:
            arms = self._compared(analysis.arms)
            self._known_arm(arms.compared)
            none = replace(address, handling=estimand, level=ended(0, 0))
            return *_between(none, self.part.arm, arms), f"{label}, {self.part.arm} against {arms.reference}"
        if analysis.benchmark is None or "non-response" not in analysis.missing:
            what = f"{analysis.name} tests against no benchmark, or not with the unknown as not reached"
            raise (self.place / "analysis").wrong(what, "Add `benchmark:` there, or name an `arm:` here.")
        benchmark = f"{float(100 * analysis.benchmark):g} %"
        return (
            replace(address, handling=handled(estimand, NON_RESPONSE)),
            "benchmark_p",
            f"{label}, against {benchmark}",
        )

    def _times(self, analysis: TimeToEvent) -> tuple[Address, str, str]:
        self._takes("arm")
        if not analysis.compare:
            raise (self.place / "analysis").wrong(f"{analysis.name} compares nothing", "Leave out `compare: no` there.")
        return self._of_arms(analysis.title, replace(self._address(analysis), variable="log_rank"), analysis.arms)

    def _of_arms(self, title: str, address: Address, arms: Arms | None) -> tuple[Address, str, str]:
        """Of an arm against the reference; without one, the test over all arms."""
        if arms is None:
            raise (self.place / "analysis").wrong("this analysis is not by arm", "Name one that compares arms.")
        if self.part.arm is None:
            return replace(address, group=ARM), "p", f"{title}: over the arms"
        compared = self._compared(arms)
        self._known_arm(compared.compared)
        return *_between(address, self.part.arm, arms), f"{title}: {self.part.arm} against {arms.reference}"

    # What is named, and what need not be

    def _address(self, analysis: Analysis) -> Address:
        return Address(analysis.name, self._one("population", self.part.population, analysis.populations))

    def _takes(self, *keys: str) -> None:
        for key in _KEYS:
            if key not in keys and getattr(self.part, key) is not None:
                what = f"a test of {self.part.analysis} has no `{key}`"
                raise (self.place / key).wrong_name(what, f"It takes {', '.join(f'`{each}`' for each in keys)}.")

    def _one(self, key: str, written: str | None, names: Iterable[str]) -> str:
        """The one that is named, or the only one there is."""
        known = list(names)
        if written is not None:
            (self.place / key).known(written, known, f"{key} of {self.part.analysis}")
            return written
        if len(known) == 1:
            return known[0]
        what = f"{self.part.analysis} has several tests: which {key} is meant?"
        raise (self.place / "analysis").wrong(what, f"Add `{key}:`, one of {', '.join(known)}.")

    def _known_arm(self, names: Iterable[str]) -> None:
        (self.place / "arm").known(self.part.arm or "", names, f"arm that {self.part.analysis} compares")

    def _compared(self, arms: Arms | None) -> Arms:
        if arms is None or arms.reference is None:
            what = f"{self.part.analysis} compares no arms"
            raise (self.place / "analysis").wrong(what, "Its study needs `arms:` with a `reference`.")
        return arms


def _between(address: Address, arm: str, arms: Arms) -> tuple[Address, str]:
    """Where the p of an arm against the reference stands."""
    assert arms.reference is not None
    return address.between(arm, arms.reference), "p"
