"""Published studies as data: what each printed, with how sure it is, of whom, and by which definition.

A number is never without its certainty: V was read in the source named, D is arithmetic from such numbers, K+ and K are
from knowledge, the latter less sure. What is less sure than K+ is shown with its mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from remit.inference.digits import ROUNDINGS, Rounding, counts_giving
from remit.study.pack_model import Certainty
from remit.study.place import Place

Kind = Literal["trial", "cohort", "review"]
Design = Literal[
    "randomised trial",
    "single-arm trial",
    "post hoc analysis of trials",
    "prospective cohort",
    "retrospective cohort",
    "cohort",
    "systematic review",
    "meta-analysis",
]
KIND_OF: Mapping[Design, Kind] = {
    "randomised trial": "trial",
    "single-arm trial": "trial",
    "post hoc analysis of trials": "trial",
    "prospective cohort": "cohort",
    "retrospective cohort": "cohort",
    "cohort": "cohort",  # nobody told in which direction
    "systematic review": "review",
    "meta-analysis": "review",
}
MissingHandling = Literal[
    "non-response",  # whoever is not known did not reach it
    "non-response and imputation",  # some are imputed, many times; the others did not reach it
    "imputation",
    "last observed",
    "observed only",  # those who are not known are left out of the denominator
    "time to event",  # censored
    "none missing",
    "not stated",
]
ALL = "all"  # the arm of a characteristic that is told of the whole study
NOT_STATED: Literal["not stated"] = "not stated"
SURE: tuple[Certainty, ...] = ("V", "D", "K+")  # shown without their mark
MARKS: Mapping[str, str] = {
    "V": "read in the source named",
    "D": "arithmetic from numbers that were read",
    "K+": "from knowledge, long established; not read for this purpose",
    "K": "from knowledge, medium confidence: verify before use",
}


@dataclass(frozen=True)
class Reported:
    """A published number: as printed, exactly, with how many decimals, and how sure it is."""

    text: str
    value: Fraction
    decimals: int
    certainty: Certainty

    @property
    def sure(self) -> bool:
        return self.certainty in SURE

    @property
    def mark(self) -> str:
        """What stands behind the number wherever it is shown: nothing, or ` [K]`."""
        return "" if self.sure else f" [{self.certainty}]"


@dataclass(frozen=True)
class PublishedArm:
    """`drug`, `dose` in words; `weeks`: how long it was given."""

    name: str
    drug: str
    dose: str | None
    weeks: Reported | None
    n: Reported | None


@dataclass(frozen=True)
class PublishedResult:
    """What was printed of one arm. `of` is the arm's n where the outcome names none (None if it says that it is
    unknown); `own_of`: it names one.

    `low`, `high`: of the interval that was printed, at `level` percent. `q1`, `q3`: quartiles. `rate`: events per 100
    person-years. `estimated`: the percentage is no share of patients, but of a curve over time. `roundings`: those by
    which it may have been rounded. `fits`: False where no whole number of patients (or not the one printed) gives the
    printed percentage.
    """

    arm: str
    percent: Reported | None = None
    n: Reported | None = None
    of: Reported | None = None
    own_of: bool = False
    low: Reported | None = None
    high: Reported | None = None
    level: Reported | None = None
    mean: Reported | None = None
    sd: Reported | None = None
    median: Reported | None = None
    q1: Reported | None = None
    q3: Reported | None = None
    events: Reported | None = None
    rate: Reported | None = None
    person_years: Reported | None = None
    estimated: bool = False
    roundings: tuple[Rounding, ...] = ROUNDINGS
    fits: bool = True
    note: str | None = None

    @property
    def counts(self) -> tuple[int, ...] | None:
        """The whole numbers of patients that give the printed percentage; None where it or its denominator is not
        known, or it is estimated."""
        if self.percent is None or self.of is None or self.estimated:
            return None
        return counts_giving(self.percent.text, int(self.of.value), self.roundings)

    @property
    def numbers(self) -> Mapping[str, Reported]:
        """Each number that is told, by its name."""
        told = {name: getattr(self, name) for name in NUMBERS}
        return {name: number for name, number in told.items() if number is not None}


NUMBERS = (
    "percent",
    "n",
    "of",
    "low",
    "high",
    "level",
    "mean",
    "sd",
    "median",
    "q1",
    "q3",
    "events",
    "rate",
    "person_years",
)


@dataclass(frozen=True)
class PublishedDefinition:
    """`words`: as the source says it, or `not stated`. `name`: the same in the study language, a definition of a pack
    or a criterion of an instrument, where it can be written."""

    words: str
    name: str | None = None

    @property
    def stated(self) -> bool:
        return self.words != NOT_STATED


@dataclass(frozen=True)
class Outcome:
    """`concept`: what it is of, by which like is told from unlike: words that studies share. `week`: of the
    assessment, None where that was not read. `missing`: how missing data were handled, in words;
    `handling`: in one of a few. `among`: of whom, where that is not all of an arm. `results`: by arm."""

    name: str
    label: str
    concept: str
    week: int | None
    definition: PublishedDefinition
    missing: str
    handling: MissingHandling
    among: str | None
    results: Mapping[str, PublishedResult]
    source: str | None
    place: Place = field(repr=False)


@dataclass(frozen=True)
class Characteristic:
    """A characteristic at baseline. `of`: by arm, or of `ALL`."""

    name: str
    label: str
    unit: str | None
    of: Mapping[str, PublishedResult]
    source: str | None
    place: Place = field(repr=False)


@dataclass(frozen=True)
class Citation:
    text: str
    doi: str | None = None
    pubmed: str | None = None
    registration: str | None = None


@dataclass(frozen=True)
class Evidence:
    """A published study. `line`: of therapy. `n`: of all its patients. `overlaps`: other evidence with some of the same
    patients, which may not be pooled with it. `safety`: outcomes, too. `source`: where its numbers were read, if not in
    the publication itself."""

    id: str
    title: str
    design: Design
    setting: str | None
    disease: str
    population: str
    line: str | None
    n: Reported | None
    citation: Citation
    source: str | None
    overlaps: tuple[str, ...]
    arms: Mapping[str, PublishedArm]
    baseline: Mapping[str, Characteristic]
    outcomes: Mapping[str, Outcome]
    safety: Mapping[str, Outcome]
    cautions: tuple[str, ...]
    place: Place = field(repr=False)

    @property
    def kind(self) -> Kind:
        return KIND_OF[self.design]

    @property
    def patients(self) -> str:
        """Who they were: the disease, too, where the words of the population do not name it."""
        if self.disease.casefold() in self.population.casefold():
            return self.population
        return f"{self.disease}; {self.population}"
