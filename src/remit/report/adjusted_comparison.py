"""Arms that chance did not assign, compared with adjustment: sentences, effects, balance, overlap, what remains, and
the target trial."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from remit.report.addresses import size
from remit.report.arms import population_notes
from remit.report.balance import balance_table
from remit.report.document import (
    Block,
    Cell,
    Column,
    Figure,
    Fold,
    Listing,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
    words,
)
from remit.report.guards import cautions_at
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import NONE, SPACE, count, decimal, note, percent, why_not, with_interval
from remit.report.proportions import in_percent, proportion, share_of, spelled
from remit.report.target_trial import target_trial_table
from remit.report.wording import among, capital, listed_text, quoted, small, visit_label
from remit.schema.results import ARM, CRUDE, PROPENSITY, WEIGHTING, Address, modelled
from remit.study.analyses.kinds import AdjustedComparison, Adjustment
from remit.study.study import Study

_WHO = {
    "treated": "in patients such as those with {arm}",
    "all": "in patients such as those of both arms",
    "overlap": "in patients who might have been in either arm",
}
_NOTE = (
    "CI, confidence interval; the difference is in percentage points. E-value: the risk ratio by which something not "
    "measured would have to go with both the arm and the endpoint, beyond the covariates, to explain the risk ratio "
    "away; in brackets, to move its interval to 1. Effective patients: how many of equal weight would know as much.",
)
_CHANCE = (
    "Chance assigned nobody: what was not measured, or not as it was, and differs between the arms, is not adjusted "
    "for. The intervals know nothing of it.",
)
_MODELS = (
    "Each method rests on a model: weighting on that of the arm, standardisation on that of the endpoint, the doubly "
    "robust one on either. Where they disagree, at least one model is wrong.",
)
_EXTERNAL = (
    "{} not of this cohort: another time, place or study has another usual care, other physicians, other habits of "
    "assessing and charting, and other reasons to be in the charts. No covariate takes that away."
)


@dataclass(frozen=True)
class Compared:
    """Two arms of an analysis in a population."""

    study: Study
    analysis: AdjustedComparison
    population: str
    arm: str
    reference: str
    lookup: Lookup

    @property
    def label(self) -> str:
        return small(self.study.endpoints[self.analysis.endpoint].label)

    @property
    def between(self) -> str:
        """new against old, where there are several pairs"""
        return f"{self.arm} against {self.reference}, " if len(self.analysis.pairs) > 1 else ""

    @property
    def names(self) -> tuple[str, str]:
        return self.arm, self.reference

    @property
    def name(self) -> str:
        """Of its tables and figures; the arm, where there are several."""
        of = f"-{self.arm.replace(' ', '-')}" if len(self.analysis.pairs) > 1 else ""
        return f"{self.analysis.name}-{self.population}{of}"

    @property
    def whole(self) -> Address:
        """Of all arms, as they are."""
        asked = self.analysis
        handling = modelled(asked.estimand, CRUDE)
        return Address(asked.name, self.population, visit=asked.visit, variable=asked.endpoint, handling=handling)

    def at(self, method: str = CRUDE, variable: str | None = None, level: str | None = None) -> Address:
        """Of the two arms, by a method."""
        handling = modelled(self.analysis.estimand, method)
        here = self.whole.between(self.arm, self.reference)
        return replace(here, variable=variable or self.analysis.endpoint, level=level, handling=handling)

    def effect(self, method: str = CRUDE) -> Statistics:
        return self.lookup.at(self.at(method))

    def of_arm(self, arm: str, method: str = CRUDE) -> Statistics:
        """Crude it is that of the arm, whichever it is compared with."""
        at = self.whole.in_arm(arm) if method == CRUDE else replace(self.at(method), group_level=arm)
        return self.lookup.at(at)

    def weights(self, arm: str) -> Statistics:
        return self.lookup.at(replace(self.at(WEIGHTING, PROPENSITY), group_level=arm))

    @property
    def given(self) -> list[Adjustment]:
        """The methods that give something."""
        return [method for method in self.analysis.methods if self.effect(method)["difference"].value is not None]


def compared(study: Study, analysis: AdjustedComparison, lookup: Lookup) -> list[Compared]:
    """A population after the other, and of each the pairs of arms."""
    return [
        Compared(study, analysis, population, arm, reference, lookup)
        for population in analysis.populations
        for arm, reference in analysis.pairs
    ]


def adjusted_addresses(analysis: AdjustedComparison, population: str) -> list[Address]:
    """Where guards stand: of all arms, then of each two."""
    handling = modelled(analysis.estimand, CRUDE)
    of = Address(analysis.name, population, visit=analysis.visit, variable=analysis.endpoint, handling=handling)
    return [replace(of, group=ARM), *(of.between(*pair) for pair in analysis.pairs)]


def adjusted_section(study: Study, analysis: AdjustedComparison, lookup: Lookup, figures: Sequence[Figure]) -> Section:
    every = compared(study, analysis, lookup)
    blocks: list[Block] = [*adjusted_sentences(study, analysis, lookup)]
    blocks += [_table(each) for each in every]
    blocks += figures
    tables = (balance_table(study, analysis, each.population, each.names, each.name, lookup) for each in every)
    blocks.append(Fold("The covariates before and after weighting", tuple(tables)))
    blocks.append(Listing(tuple(_remains(analysis))))
    blocks.append(target_trial_table(study, analysis, lookup))
    return Section(f"analysis-{analysis.name}", analysis.title, tuple(blocks))


# Sentences


def adjusted_sentences(
    study: Study, analysis: AdjustedComparison, lookup: Lookup, say: Language = ENGLISH
) -> tuple[Paragraph, ...]:
    """A paragraph for each two arms of a population."""
    return tuple(Paragraph(words(*_sentences(each, say))) for each in compared(study, analysis, lookup))


def _sentences(found: Compared, say: Language) -> Iterator[Words]:
    yield _crude(found, say)
    methods = found.given
    if not methods:
        why = found.effect(found.analysis.methods[0])["difference"]
        yield say(" Nothing is adjusted: {note}.", note=note(why, say))
        return
    each = [_by(method, _difference(found.effect(method), say), say) for method in methods]
    yield _in_target(found, say.listed(each, comma="; "), say)
    yield _explained(found, methods[-1], say)


def _by(method: Adjustment, difference: Words, say: Language) -> Words:
    match method:
        case "weighting":
            return say("{difference} by weighting", difference=difference)
        case "standardisation":
            return say("{difference} by standardisation", difference=difference)
        case "doubly robust":
            return say("{difference} by both together, doubly robust", difference=difference)


def _in_target(found: Compared, each: Words, say: Language) -> Words:
    match found.analysis.target:
        case "treated":
            arm = say.label(found.arm)
            return say(
                " In patients such as those with {arm} the adjusted difference, in points, is {differences}.",
                arm=arm,
                differences=each,
            )
        case "all":
            return say(
                " In patients such as those of both arms the adjusted difference, in points, is {differences}.",
                differences=each,
            )
        case "overlap":
            return say(
                " In patients who might have been in either arm the adjusted difference, in points, is {differences}.",
                differences=each,
            )


def _crude(found: Compared, say: Language) -> Words:
    """How many are compared, and the arms as they are."""
    visit = say.label(visit_label(found.study, found.analysis.visit))
    n = found.lookup.one(replace(found.whole, group=ARM), "n")
    arms = [
        say(
            "{numbers} with {arm}",
            numbers=words(spelled(share, say), " (", in_percent(share), ")"),
            arm=say.label(name),
        )
        for name in found.names
        for share in (proportion(found.of_arm(name)),)
    ]
    return say(
        "{visit}, {population}, {n} of {of} patients are compared. {endpoint} was reached in {arms}, a crude "
        "difference of {difference} percentage points.",
        visit=capital(visit),
        population=among(found.study.populations[found.population], say),
        n=count(n),
        of=count(n, "population_n"),
        endpoint=capital(say.label(found.study.endpoints[found.analysis.endpoint].label)),
        arms=say.listed(arms),
        difference=_difference(found.effect(), say),
    )


def _difference(found: Statistics, say: Language = ENGLISH) -> Words:
    return with_interval(found["difference"], found["lower"], found["upper"], 1, say)


def _explained(found: Compared, method: Adjustment, say: Language) -> Words:
    """How strong something that was not measured would have to be."""
    effect = found.effect(method)
    if effect["e_value"].value is None:
        return ()
    e = decimal(effect["e_value"], 2)
    said = say(
        " Something not measured would explain this last one away if it went with both the arm and the endpoint by a "
        "risk ratio of {e_value} each, beyond the covariates",
        e_value=e,
    )
    limit = effect["e_value_limit"]
    if limit.value is None:
        return words(said, ".")
    if limit.value == 1:
        return words(said, say("; its interval holds no difference already."))
    return words(said, say("; {limit} would move its interval to no difference.", limit=decimal(limit, 2)))


# The table of effects


def _table(found: Compared) -> Table:
    study, analysis, lookup = found.study, found.analysis, found.lookup
    at_visit = small(visit_label(study, analysis.visit))
    label = small(study.populations[found.population].label)
    title = f"{analysis.title}: {found.label} at {at_visit}, {found.between}{label} "
    ratio = Column(("Risk ratio",), detail=(f"95{SPACE}% CI",))
    return Table(
        name=found.name,
        title=words(title, size(study, lookup, found.population)),
        stub="",
        columns=(
            *(Column((capital(name),), ("Reached it",)) for name in found.names),
            Column(("Difference",), detail=(f"95{SPACE}% CI",)),
            ratio,
            Column(("E-value",), detail=("of the interval",)),
        ),
        rows=(
            _of_arms("Patients", [_patients(found.of_arm(name)) for name in found.names]),
            _of_arms("Effective patients, weighted", [_of_weights(found.weights(name)) for name in found.names]),
            _row(found, "Crude", CRUDE),
            *(_row(found, capital(method), method) for method in analysis.methods),
        ),
        notes=tuple(_notes(found)),
    )


def _of_arms(label: str, cells: Sequence[Cell]) -> Row:
    return Row((label,), (*cells, Cell(), Cell(), Cell()))


def _patients(of_arm: Statistics) -> Cell:
    return Cell((words(count(of_arm["n"], "denominator")),))


def _of_weights(of_arm: Statistics) -> Cell:
    effective = of_arm["effective_n"]
    if effective.value is None:
        return Cell(((NONE,),), why_not(effective), muted=True)
    return Cell((words(decimal(effective, 1)),))


def _row(found: Compared, label: str, method: str) -> Row:
    effect = found.effect(method)
    risks = [_risk(found, name, method) for name in found.names]
    return Row(
        (label,),
        (*risks, _effect(effect, "difference", "", 1), _effect(effect, "risk_ratio", "risk_ratio_", 2), _e(effect)),
    )


def _risk(found: Compared, arm: str, method: str) -> Cell:
    of = found.of_arm(arm, method)
    if method == CRUDE:
        return Cell((share_of(proportion(of)),))
    if of["percent"].value is None:
        return Cell(((NONE,),), muted=True)
    return Cell((words(percent(of["percent"]), f"{SPACE}%"),))


def _effect(effect: Statistics, name: str, ends: str, decimals: int) -> Cell:
    value, low, high = effect[name], effect[f"{ends}lower"], effect[f"{ends}upper"]
    if value.value is None:
        return Cell(((NONE,),), why_not(value), muted=True)
    return Cell((with_interval(value, low, high, decimals),), why_not(low) if low.value is None else ())


def _e(effect: Statistics) -> Cell:
    value, limit = effect["e_value"], effect["e_value_limit"]
    if value.value is None:
        return Cell(((NONE,),), muted=True)
    return Cell((words(decimal(value, 2), *((" (", decimal(limit, 2), ")") if limit.value is not None else ())),))


def _notes(found: Compared) -> Iterator[Words]:
    over_all = replace(found.whole, group=ARM)
    yield from cautions_at(found.lookup, over_all)
    yield from cautions_at(found.lookup, found.at())
    yield (f"Adjusted {_WHO[found.analysis.target].format(arm=found.arm)}.",)
    yield _NOTE
    yield from population_notes(found.analysis, found.population, found.lookup)


# What remains


def _remains(analysis: AdjustedComparison) -> Iterator[Words]:
    """What no adjustment takes away."""
    arms = analysis.arms
    if arms and not arms.randomised:
        yield _CHANCE
    if arms and arms.external:
        are = "are external arms" if len(arms.external) > 1 else "is an external arm"
        yield (_EXTERNAL.format(f"{capital(listed_text([quoted(name) for name in arms.external]))} {are},"),)
    yield _MODELS
