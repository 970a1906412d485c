"""Missing values that were imputed: cells, sentences and tables of what is then found, and of what was imputed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from remit.report.arms import Group
from remit.report.document import Cell, Column, Number, Paragraph, Row, Section, Table, Words, words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Result, Statistics
from remit.report.numbers import DASH, SPACE, count, is_many, note, percent
from remit.report.outcome import Outcome
from remit.report.wording import capital, plural, small, visit_label
from remit.schema.results import IMPUTED_VALUES, Address, guard, handled
from remit.study.study import Imputation, Study
from remit.study.written import Missing

# Under the table of an endpoint


def imputed_cell(outcome: Outcome, estimand: str, missing: Missing, group: Group) -> Cell:
    """52.3 % / 40.2–64.2 / 1 imputed"""
    found = _found(outcome, estimand, missing, group)
    share = found["percent"]
    notes = (words(capital(share.note), "."),) if share.note else ()
    if share.value is None:
        return Cell((("nobody",),), notes, muted=True)
    lines: list[Words] = [words(percent(share), f"{SPACE}%"), _ends(found)]
    if share.missing:
        lines.append(words(count(share, "missing"), " imputed" if missing == "imputation" else " not known"))
    warned = found.get(guard("few imputations"))
    return Cell(tuple(lines), (*notes, *((note(warned),) if warned else ())))


def imputed_sentences(outcome: Outcome) -> list[Paragraph]:
    """What is found where missing values are imputed; none where that is not asked, or nothing is missing."""
    if "imputation" not in outcome.analysis.missing:
        return []
    group, say = outcome.groups[-1], outcome.say
    said = []
    for estimand in outcome.analysis.estimands:
        found = _found(outcome, estimand, "imputation", group)
        if found["percent"].missing and found["percent"].value is not None:
            value, low, high = (percent(found[name]) for name in ("percent", "lower", "upper"))
            percentage = say(
                "{percent}~% (95~% CI {low} to {high}) under the estimand “{estimand}”",
                percent=value,
                low=low,
                high=high,
                estimand=say.label(outcome.study.estimands[estimand].label),
            )
            said.append(percentage)
    if not said:
        return []
    opening = say(
        "With the missing values imputed from what is known of the patients, it is {percentages}.",
        percentages=say.listed(said),
    )
    return [Paragraph(opening)]


def shifts_table(outcome: Outcome, how: Imputation | None) -> Table | None:
    """Had those who were imputed fared worse, or better, than was predicted."""
    if how is None or not how.shifts or "imputation" not in outcome.analysis.missing:
        return None
    rows = tuple(row for estimand in outcome.analysis.estimands for row in _shift_rows(outcome, estimand, how))
    if not rows:
        return None
    columns = tuple(Column((signed(level),), ("Log odds of those imputed, shifted by",)) for level in how.shift_levels)
    return Table(
        name=f"{outcome.analysis.name}-{outcome.population}-shifts",
        title=(
            f"{capital(outcome.label)} at {outcome.at_visit}, had those imputed fared worse or better than predicted",
        ),
        stub="Estimand",
        columns=columns,
        rows=rows,
        notes=((f"Each cell: percentage; 95{SPACE}% CI; of those imputed, the percentage that reached it.",),),
        cards=True,
    )


def _shift_rows(outcome: Outcome, estimand: str, how: Imputation) -> Iterator[Row]:
    for group in outcome.groups:
        at = outcome.address(handled(estimand, "imputation"), group)
        found = [replace(at, level=level) for level in how.shift_levels]
        if not all(outcome.lookup.has(each) for each in found):
            continue
        arm = f", {group.arm}" if group.arm else ""
        label = f"{capital(outcome.study.estimands[estimand].label)}{arm}"
        yield Row((label,), tuple(_shifted(outcome.lookup.at(each)) for each in found))


def _shifted(found: Statistics) -> Cell:
    of_imputed = found["percent_of_imputed"]
    return Cell(
        (words(percent(found["percent"]), f"{SPACE}%"), _ends(found), words(percent(of_imputed), f"{SPACE}% of those"))
    )


def _found(outcome: Outcome, estimand: str, missing: Missing, group: Group) -> Statistics:
    return outcome.lookup.at(outcome.address(handled(estimand, missing), group))


def _ends(found: Statistics, between: str = DASH) -> Words:
    return words(percent(found["lower"]), between, percent(found["upper"]))


def signed(level: str) -> str:
    return level.replace("-", "−")


# What was imputed


def imputed_values_sentence(study: Study, lookup: Lookup, say: Language = ENGLISH) -> Paragraph:
    """How many values of which field were not known, and were imputed."""
    if study.imputation is None or not study.imputes:
        return Paragraph(say("No missing value was imputed."))
    values = [_imputed_value(study, address, lookup.at(address), say) for address in _imputed_fields(lookup)]
    if not values:
        return Paragraph(say("No value was missing."))
    said = say(
        "Not known of the eligible patients, and imputed in each of {m} completed cohorts: {values}.",
        m=str(study.imputation.imputations),
        values=say.listed(values, comma="; "),
    )
    return Paragraph(said)


def _imputed_value(study: Study, address: Address, found: Statistics, say: Language) -> Words:
    form, field = (address.variable or "").split(".")
    value = small(say.label(study.forms[form].fields[field].label))
    if address.handling:
        value = f"{value}, {_after(study, address.handling)}"
    n, of = count(found["n"]), count(found["n"], "denominator")
    if address.visit is None:
        return say("{value}, {n} of {of}", value=value, n=n, of=of)
    visit = small(say.label(visit_label(study, address.visit)))
    return say("{value}, {visit}, {n} of {of}", value=value, visit=visit, n=n, of=of)


def _imputed_fields(lookup: Lookup) -> list[Address]:
    found = lookup.all_of(IMPUTED_VALUES)
    return [address for address in found if address.variable is not None and address.level is None]


def imputation_section(study: Study, lookup: Lookup) -> Section | None:
    """None where no analysis asks for it."""
    if study.imputation is None or not study.imputes:
        return None
    rows = tuple(_field_rows(study, lookup))
    if not rows:
        return Section("imputed", "Missing values that were imputed", (Paragraph(("No value was missing.",)),))
    table = Table(
        name="imputed",
        title=("Values that were not known, and were imputed",),
        stub="Value",
        columns=(Column(("Imputed",)), Column(("Why it was not known",)), Column(("How it was imputed",))),
        rows=rows,
        notes=(
            (f"Imputed: n/N of the eligible patients, in each of {study.imputation.imputations} completed cohorts.",),
            *(words("Caution: ", note(each)) for each in imputation_warnings(study, lookup)),
        ),
        cards=True,
    )
    return Section("imputed", "Missing values that were imputed", (table,))


def imputation_warnings(study: Study, lookup: Lookup) -> list[Result]:
    """What the models of missing values warn of."""
    if not study.imputes:
        return []
    at = Address(IMPUTED_VALUES)
    return [lookup.one(replace(at, level=level), guard("imputation")) for level in lookup.levels(at)]


def _field_rows(study: Study, lookup: Lookup) -> Iterator[Row]:
    for address in _imputed_fields(lookup):
        found = lookup.at(address)
        form, field = (address.variable or "").split(".")
        at = f", {small(visit_label(study, address.visit))}" if address.visit else ""
        after = f", {_after(study, address.handling)}" if address.handling else ""
        counted = {level: lookup.one(replace(address, level=level), "n") for level in lookup.levels(address)}
        why = [words(count(result), f": {level}") for level, result in counted.items()]
        share = words(count(found["n"]), "/", count(found["n"], "denominator"))
        yield Row(
            (f"{study.forms[form].fields[field].label}{at}{after}",),
            (Cell((share,)), Cell(tuple(why), wraps=True), Cell((_method(found),), wraps=True)),
        )


def _after(study: Study, handling: str) -> str:
    """For hypothetical estimands, in which values after an event are set aside."""
    events = [study.events[name].label for name in handling.removeprefix("after ").split(", ")]
    return f"as it would be without {' or '.join(small(event) for event in events)}"


def _method(found: Statistics) -> Words:
    """local residual draws, by 12 others"""
    n, predictors = found["n"], found["predictors"]
    others = words(", by ", count(predictors), f" {plural('other', is_many(predictors))}") if predictors.value else ()
    return words(Number(n.method or "", n.id, "method"), others)
