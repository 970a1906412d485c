"""Numbers at one visit against those at later ones, within patients: a sentence, warnings and a table."""

from __future__ import annotations

from dataclasses import dataclass, replace

from remit.report.addresses import size
from remit.report.arms import Group, groups_of, population_notes
from remit.report.document import Block, Cell, Column, Paragraph, Row, Section, Table, Words, words
from remit.report.guards import cautions_at, guards_at
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import (
    NONE,
    SPACE,
    count,
    decimal,
    decimals_shown,
    is_many,
    needed,
    note,
    p_number,
    p_words,
    why_not,
)
from remit.report.wording import among, capital, small, visit_label, with_unit
from remit.schema.results import IMPUTATION, OBSERVED, Address
from remit.study.analyses.kinds import Change, Variable
from remit.study.study import Study

_INTERVAL = f"95{SPACE}% CI"
_READING = (
    "Both values: patients who have one at each of the two visits; the others are left out. CI, confidence interval, "
    "of the mean by the paired t distribution. p, Wilcoxon signed rank test, two-sided, not adjusted for the number of "
    "tests; differences of zero are ranked with the others and then left out (Pratt)."
)


@dataclass(frozen=True)
class Changed:
    """A variable at a later visit, in one group of patients."""

    variable: Variable
    visit: str
    group: Group
    found: Statistics

    @property
    def base(self) -> int:
        medians = [self.found[name].value for name in ("before_median", "after_median")]
        return decimals_shown(self.variable.query.type, medians)


def change_section(study: Study, analysis: Change, lookup: Lookup) -> Section:
    blocks: list[Block] = []
    for population in analysis.populations:
        changes = _changes(study, analysis, population, lookup)
        blocks.append(_sentence(study, analysis, population, changes, lookup))
        blocks += _guards(study, analysis, changes, lookup)
        blocks.append(_table(study, analysis, population, changes, lookup))
    return Section(f"analysis-{analysis.name}", analysis.title, tuple(blocks))


def _changes(study: Study, analysis: Change, population: str, lookup: Lookup) -> list[Changed]:
    """Each variable at each later visit: by arm, then in total."""
    groups = groups_of(study, analysis, population, lookup)
    return [
        Changed(variable, visit, group, lookup.at(group.at(_address(analysis, population, variable, visit))))
        for variable, _ in analysis.rows
        for visit in analysis.to
        for group in groups
    ]


def _address(analysis: Change, population: str, variable: Variable, visit: str) -> Address:
    return Address(analysis.name, population, visit=visit, variable=variable.name, handling=OBSERVED)


def change_sentences(study: Study, analysis: Change, lookup: Lookup, say: Language = ENGLISH) -> list[Paragraph]:
    """A paragraph a population."""
    return [
        _sentence(study, analysis, population, _changes(study, analysis, population, lookup), lookup, say)
        for population in analysis.populations
    ]


def _sentence(
    study: Study,
    analysis: Change,
    population: str,
    changes: list[Changed],
    lookup: Lookup,
    say: Language = ENGLISH,
) -> Paragraph:
    """By how much the means changed, of the arms or of all."""
    parts = [_of_visit(study, one, say) for one in changes if (one.group.arm is None) == (analysis.arms is None)]
    said = say(
        "{population} {size}, the mean change from {visit} was as follows: {changes}.",
        population=capital(among(study.populations[population], say)),
        size=size(study, lookup, population),
        visit=small(say.label(visit_label(study, analysis.origin))),
        changes=say.listed(parts, comma="; "),
    )
    return Paragraph(said)


def _of_visit(study: Study, one: Changed, say: Language) -> Words:
    label = with_unit(small(say.label(one.variable.label)), one.found["mean_change"].unit, say)
    visit = small(say.label(visit_label(study, one.visit)))
    if one.group.arm is None:
        return say("{value} at {visit}: {change}", value=label, visit=visit, change=_in_words(one, say))
    arm = say.label(one.group.arm)
    return say("{value} at {visit} with {arm}: {change}", value=label, visit=visit, arm=arm, change=_in_words(one, say))


def _in_words(one: Changed, say: Language) -> Words:
    """−5.2 (95 % CI −6.4 to −4.0) in 58 patients with both values, signed rank test p <0.001"""
    found = one.found
    if not found["n"].denominator:
        return say("not given, for nobody has both values")
    if is_many(found["n"]):
        people = say(" in {n} patients with both values", n=count(found["n"]))
    else:
        people = say(" in {n} patient with both values", n=count(found["n"]))
    p = say(", signed rank test {p}", p=p_words(found["p"])) if found["p"].value is not None else ()
    if found["mean_change"].value is None:
        return words(say("not given{people} ({note})", people=people, note=note(found["mean_change"], say)), p)
    inside: Words = ()
    if found["lower"].value is not None:
        low, high = (decimal(found[name], one.base + 1) for name in ("lower", "upper"))
        inside = say(" (95~% CI {low} to {high})", low=low, high=high)
    return words(decimal(found["mean_change"], one.base + 1), inside, people, p)


def _ends(found: Statistics, of: str, base: int) -> Words:
    return words(decimal(found[f"{of}lower"], base + 1), " to ", decimal(found[f"{of}upper"], base + 1))


def _guards(study: Study, analysis: Change, changes: list[Changed], lookup: Lookup) -> list[Paragraph]:
    """Whom the tests leave out, of all patients of the population."""
    return [
        Paragraph(words(f"{one.variable.label}, {small(visit_label(study, one.visit))}. ", said))
        for one in changes
        if one.group.arm is None
        for said in cautions_at(lookup, _address(analysis, one.group.population, one.variable, one.visit))
    ]


def _table(study: Study, analysis: Change, population: str, changes: list[Changed], lookup: Lookup) -> Table:
    """A row a visit; in a study with arms one a visit and arm."""
    rows: list[Row] = []
    for variable, _ in analysis.rows:
        of_variable = [one for one in changes if one.variable == variable]
        rows.append(Row((with_unit(capital(variable.label), of_variable[0].found["mean_change"].unit),), heading=True))
        rows += [_row(study, analysis, one, lookup) for one in of_variable]
    label = small(study.populations[population].label)
    origin = visit_label(study, analysis.origin)
    imputed = "imputation" in analysis.missing
    return Table(
        name=f"{analysis.name}-{population}",
        title=words(f"{analysis.title}: {label} ", size(study, lookup, population)),
        stub="Visit",
        columns=(
            Column(("Both values",)),
            Column((origin,), detail=("median; mean",)),
            Column(("Later",), detail=("median; mean",)),
            Column(("Mean change",), detail=(_INTERVAL,)),
            Column((f"Hodges{chr(0x2013)}Lehmann",), detail=(_INTERVAL,)),
            Column(("p",)),
            *((Column(("Mean change, all patients",), detail=(f"imputed; {_INTERVAL}; p",)),) if imputed else ()),
        ),
        rows=tuple(rows),
        notes=((_READING,), *population_notes(analysis, population, lookup)),
        cards=True,
    )


def _row(study: Study, analysis: Change, one: Changed, lookup: Lookup) -> Row:
    visit, found = visit_label(study, one.visit), one.found
    label = words(f"{visit}, ", one.group.head) if analysis.arms else (visit,)
    pairs = Cell((words(count(found["n"]), "/", count(found["n"], "population_n")),))
    imputed = _imputed_cells(analysis, one, lookup)
    if not found["n"].denominator:
        return Row(label, (pairs, *[Cell(((NONE,),), muted=True)] * 5, *imputed), level=1)
    cells = (
        pairs,
        _before_or_after(one, "before"),
        _before_or_after(one, "after"),
        _change_cell(one, "mean_change", ""),
        _change_cell(one, "hodges_lehmann", "hodges_lehmann_"),
        Cell(((p_number(found["p"]),),), why_not(found["p"])),
    )
    return Row(label, (*cells, *imputed), level=1)


def _imputed_cells(analysis: Change, one: Changed, lookup: Lookup) -> list[Cell]:
    """−5.2 (−6.4 to −4.0) / p <0.001 / 14 of 64 imputed"""
    if "imputation" not in analysis.missing:
        return []
    at = replace(_address(analysis, one.group.population, one.variable, one.visit), handling=IMPUTATION)
    found, guards = lookup.at(one.group.at(at)), guards_at(lookup, one.group.at(at))
    if found["mean_change"].value is None:
        return [Cell(((NONE,),), why_not(found["mean_change"]), muted=True)]
    behind = words(count(found["n"], "missing"), " of ", count(found["n"]), " imputed")
    change = decimal(found["mean_change"], one.base + 1)
    if found["lower"].value is None:
        return [Cell((words(change, f" ({NONE})"), behind), why_not(found["lower"]))]
    notes = [note(each) for each in (found["mean_change"], *guards) if each.note]
    interval = words(change, " (", _ends(found, "", one.base), ")")
    return [Cell((interval, words(p_words(found["p"])), behind), tuple(notes))]


def _before_or_after(one: Changed, at: str) -> Cell:
    median, mean = one.found[f"{at}_median"], one.found[f"{at}_mean"]
    medians = decimal(median, needed([median.value], one.base))
    if mean.value is None:
        return Cell((words(medians, f"; {NONE}"),), why_not(mean))
    return Cell((words(medians, "; ", decimal(mean, one.base + 1)),))


def _change_cell(one: Changed, value: str, ends: str) -> Cell:
    """−5.2 (−6.4 to −4.0); what cannot be given has a footnote."""
    found = one.found
    if found[value].value is None:
        return Cell(((NONE,),), why_not(found[value]), muted=True)
    change = decimal(found[value], one.base + 1)
    if found[f"{ends}lower"].value is None:
        return Cell((words(change, f" ({NONE})"),), why_not(found[f"{ends}lower"]))
    return Cell((words(change, " (", _ends(found, ends, one.base), ")"),))
