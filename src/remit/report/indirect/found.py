"""Where the results of an indirect comparison stand, and how they are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from remit.report.document import Number, Words, words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Result, Statistics
from remit.report.numbers import SPACE, decimal, percent, with_interval
from remit.report.wording import closed, small, visit_label
from remit.schema.results import Address
from remit.study.comparisons.indirect_kind import WEIGHTS, Indirect, Match
from remit.study.comparisons.indirect_model import Method
from remit.study.evidence.evidence import Reported
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
        label = small(self.say.label(self.analysis.judged.label))
        return closed(label) if self.say.code == "en" else label

    @property
    def covariates(self) -> Words:
        """What is matched, in a sentence."""
        return self.say.listed([small(self.say.label(match.variable.label)) for match in self.analysis.matches])

    @property
    def unsure(self) -> bool:
        """Whether one of their numbers is shown with its mark."""
        result = self.analysis.result
        shown = [result.percent, result.n, result.of]
        shown += [each for match in self.analysis.matches for each in match.reported]
        return any(each is not None and not each.sure for each in shown)

    @property
    def at_visit(self) -> str:
        return small(self.say.label(visit_label(self.study, self.analysis.visit)))

    @property
    def address(self) -> Address:
        return self.analysis.at(self.population)

    @property
    def addresses(self) -> list[Address]:
        """Where something may be warned of."""
        return [self.address, *(self.analysis.at(self.population, method) for method in self.analysis.methods)]

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
        """TRIAL, drug 45 mg"""
        return f"{self.analysis.evidence.title}, {self.analysis.result.arm}"


def found_of(study: Study, analysis: Indirect, lookup: Lookup, say: Language = ENGLISH) -> list[Found]:
    """One a population."""
    return [Found(study, analysis, population, lookup, say) for population in analysis.populations]


def printed(found: Found) -> Words:
    """Their percentage as it was printed, with its mark where it is not sure, and of how many: 48 % [K] of 324."""
    result, theirs = found.analysis.result, found.theirs
    share = as_printed(result.percent, theirs["percent"]) if result.percent else (percent(theirs["percent"]),)
    of = found.say(" of {n}", n=as_printed(result.of, theirs["n"])) if result.of else ()
    return words(share, f"{SPACE}%", result.percent.mark if result.percent else "", of)


def as_printed(reported: Reported, result: Result) -> Words:
    return words(Number(reported.text, result.id))


def described_there(found: Found, match: Match) -> Words:
    """Of their patients, as it was printed: 34 %, or 38.2 (SD 12.1)."""
    first, *rest = match.reported
    its = found.their(match)
    if match.yes_no:
        return words(as_printed(first, its["percent"]), f"{SPACE}%", first.mark)
    if match.factor != 1:
        return words(described(its), first.mark)
    spread = [words(f" (SD{SPACE}", as_printed(sd, its["sd"]), sd.mark, ")") for sd in rest]
    return words(as_printed(first, its["mean"]), first.mark, *spread)


def described(its: Statistics) -> Words:
    """Of ours: 34.0 %, or 38.2 (SD 12.1)."""
    if "percent" in its:
        return words(percent(its["percent"]), f"{SPACE}%")
    spread = words(f" (SD{SPACE}", decimal(its["sd"], 1), ")") if "sd" in its else ()
    return words(decimal(its["mean"], 1), spread)


def with_ends(statistics: Statistics, name: str, decimals: int, say: Language = ENGLISH) -> Words:
    """11.1 (−2.0 to 24.2), of `difference` or `odds_ratio`."""
    value, lower, upper = (statistics[each] for each in (name, f"{name}_lower", f"{name}_upper"))
    return with_interval(value, lower, upper, decimals, say)
