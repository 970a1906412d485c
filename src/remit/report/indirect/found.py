"""Where the results of an indirect comparison stand, and how they are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from remit.report.document import Words, words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import SPACE, count, decimal, note, percent, with_interval
from remit.report.wording import small, visit_label
from remit.schema.results import Address
from remit.study.comparisons.indirect_kind import WEIGHTS, Indirect, Match
from remit.study.comparisons.indirect_model import Method
from remit.study.study import Study

NAMES: Mapping[Method, str] = {
    "maic": "Weighted to look like theirs (MAIC)",
    "stc": "By a model, in a population like theirs (STC)",
}


@dataclass(frozen=True)
class Found:
    """The results of an indirect comparison in a population."""

    study: Study
    analysis: Indirect
    population: str
    lookup: Lookup
    say: Language = ENGLISH

    @property
    def label(self) -> str:
        return small(self.say.label(self.study.endpoints[self.analysis.endpoint].label))

    @property
    def at_visit(self) -> str:
        return small(self.say.label(visit_label(self.study, self.analysis.visit)))

    @property
    def address(self) -> Address:
        return self.analysis.at(self.population)

    @property
    def as_they_are(self) -> Statistics:
        return self.lookup.at(self.address)

    @property
    def theirs(self) -> Statistics:
        return self.lookup.at(self.analysis.published)

    @property
    def weights(self) -> Statistics | None:
        """None where none could be made, or none were asked for."""
        at = self.analysis.at(self.population, "maic", WEIGHTS)
        return self.lookup.at(at) if self.lookup.has(at) else None

    def by(self, method: Method) -> Statistics:
        return self.lookup.at(self.analysis.at(self.population, method))

    def their(self, match: Match) -> Statistics:
        return self.lookup.at(replace(self.analysis.published, variable=match.variable.name, time=None))

    def before(self, match: Match) -> Statistics:
        return self.lookup.at(self.analysis.at(self.population, variable=match.variable.name))

    def after(self, match: Match) -> Statistics | None:
        at = self.analysis.at(self.population, "maic", match.variable.name)
        return self.lookup.at(at) if self.lookup.has(at) else None

    @property
    def arm(self) -> str:
        """U-EXCEED, upadacitinib 45 mg"""
        return f"{self.analysis.evidence.title}, {self.analysis.result.arm}"


def found_of(study: Study, analysis: Indirect, lookup: Lookup, say: Language = ENGLISH) -> list[Found]:
    """One a population."""
    return [Found(study, analysis, population, lookup, say) for population in analysis.populations]


def printed(statistics: Statistics) -> Words:
    """Their percentage, with its mark where it is not sure: 48.0 % [K], of 324."""
    share = statistics["percent"]
    return words(percent(share), f"{SPACE}%", marked(statistics, "percent"))


def marked(statistics: Statistics, name: str) -> Words:
    """The mark of a number that is not sure: its certainty."""
    return words(f"{SPACE}[", note(statistics[name]), "]") if statistics[name].note else ()


def described(statistics: Statistics, with_sd: bool = True) -> Words:
    """34.0 %, or 38.2 (SD 12.1)"""
    if "percent" in statistics:
        return words(percent(statistics["percent"]), f"{SPACE}%", marked(statistics, "percent"))
    mean = words(decimal(statistics["mean"], 1), marked(statistics, "mean"))
    if not with_sd or "sd" not in statistics:
        return mean
    return words(mean, f" (SD{SPACE}", decimal(statistics["sd"], 1), marked(statistics, "sd"), ")")


def of_patients(statistics: Statistics) -> Words:
    """N of theirs, where it is known."""
    return words(count(statistics["n"]), marked(statistics, "n")) if "n" in statistics else ()


def with_ends(statistics: Statistics, name: str, decimals: int, say: Language = ENGLISH) -> Words:
    """11.1 (−2.0 to 24.2), of `difference` or `odds_ratio`."""
    value, lower, upper = (statistics[each] for each in (name, f"{name}_lower", f"{name}_upper"))
    return with_interval(value, lower, upper, decimals, say)
