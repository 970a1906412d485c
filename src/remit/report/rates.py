"""Events per 100 patient-years: a sentence and a table a population."""

from __future__ import annotations

from remit.language.describe import describe
from remit.report.arms import Contrast, Group, arm_columns, contrasts_of, groups_of, population_notes
from remit.report.document import Block, Cell, Column, Inline, Paragraph, Row, Section, Table, Words, words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Result, Statistics
from remit.report.numbers import NONE, SPACE, count, decimal, is_many, not_given, note, p_words
from remit.report.wording import among, capital, plural, small
from remit.schema.results import Address
from remit.study.analyses.kinds import Rates, Variable
from remit.study.study import Study


def rates_section(study: Study, analysis: Rates, lookup: Lookup) -> Section:
    blocks: list[Block] = [*rate_sentences(study, analysis, lookup)]
    blocks += [_table(study, analysis, population, lookup) for population in analysis.populations]
    return Section(f"analysis-{analysis.name}", analysis.title, tuple(blocks))


def rate_sentences(study: Study, analysis: Rates, lookup: Lookup, say: Language = ENGLISH) -> list[Paragraph]:
    """A paragraph a population."""
    return [_sentence(study, analysis, population, lookup, say) for population in analysis.populations]


def _sentence(study: Study, analysis: Rates, population: str, lookup: Lookup, say: Language) -> Paragraph:
    """Each row's rate; by arm that of each arm, and the ratios."""
    rates = [_in_words(study, analysis, population, row, lookup, say) for row in analysis.rows]
    said = say(
        "Per 100 patient-years, {population} (95~% CI): {rates}.",
        population=among(study.populations[population], say),
        rates=say.listed(rates, comma="; "),
    )
    return Paragraph(said)


def _in_words(study: Study, analysis: Rates, population: str, row: Variable, lookup: Lookup, say: Language) -> Words:
    """events 14.2 (9.0 to 21.3); by arm: events, placebo 10.1 (…), drug 20.3 (…), rate ratio of drug 2.0 (…)"""
    groups = groups_of(study, analysis, population, lookup)
    if analysis.arms:
        groups = groups[:-1]
    at = Address(analysis.name, population, variable=row.name)
    parts = [
        words(f"{say.label(group.arm)} " if group.arm else "", _rate(lookup.at(group.at(at)), say)) for group in groups
    ]
    for each in contrasts_of(analysis):
        found = lookup.at(each.at(at))
        if found["rate_ratio"].value is not None:
            arm, reference = say.label(each.arm), say.label(each.reference)
            parts.append(
                say(
                    "rate ratio of {arm} to {reference} {ratio}", arm=arm, reference=reference, ratio=_ratio(found, say)
                )
            )
    return words(small(say.label(row.label)), ", " if analysis.arms else " ", say.listed(parts))


def _rate(found: Statistics, say: Language = ENGLISH) -> Words:
    if found["rate"].value is None:
        return say("not given ({note})", note=note(found["rate"], say))
    rate, low, high = (decimal(found[name], 1) for name in ("rate", "lower", "upper"))
    return say("{value} ({low} to {high})", value=rate, low=low, high=high)


def _ratio(found: Statistics, say: Language = ENGLISH) -> Words:
    """2.04 (1.10 to 3.95); 2.04 (1.10 or more)"""
    upper, low = found["upper"], decimal(found["lower"], 2)
    ratio: Inline = decimal(found["rate_ratio"], 2) if found["rate_ratio"].value is not None else NONE
    if upper.value is None:
        return say("{value} ({low} or more)", value=ratio, low=low)
    return say("{value} ({low} to {high})", value=ratio, low=low, high=decimal(upper, 2))


def _table(study: Study, analysis: Rates, population: str, lookup: Lookup) -> Table:
    groups, contrasts = groups_of(study, analysis, population, lookup), contrasts_of(analysis)
    label = f": {small(study.populations[population].label)}" if len(analysis.populations) > 1 else ""
    per = f"Per 100 patient-years (95{SPACE}% CI); events in patients, of those observed; patient-years."
    exposure = describe(analysis.exposure, study.scope)
    return Table(
        name=f"{analysis.name}-{population}",
        title=(f"{analysis.title}{label}",),
        stub="",
        columns=(*arm_columns(groups, contrasts), *(_ratio_column(each) for each in contrasts)),
        rows=tuple(_row(analysis, row, groups, lookup) for row in analysis.rows),
        notes=(
            (f"{per} Exposure: {exposure}.",),
            *population_notes(analysis, population, lookup),
        ),
    )


def _ratio_column(contrast: Contrast) -> Column:
    return Column((capital(contrast.arm),), (f"Rate ratio to {contrast.reference}",), (f"95{SPACE}% CI; p",))


def _row(analysis: Rates, row: Variable, groups: list[Group], lookup: Lookup) -> Row:
    at = Address(analysis.name, groups[-1].population, variable=row.name)
    ratios = (_ratio_cell(lookup.at(each.at(at))) for each in contrasts_of(analysis))
    return Row((capital(row.label),), (*(_cell(analysis, row, group, lookup) for group in groups), *ratios))


def _ratio_cell(found: Statistics) -> Cell:
    """2.04 (1.10 to 3.95) / p 0.021; without a ratio a footnote says why."""
    why = (not_given(found["rate_ratio"]),) if found["rate_ratio"].value is None else ()
    if found["rate_ratio"].value is None and not found["lower"].value:
        return Cell(((NONE,),), why, muted=True)
    return Cell((_ratio(found), p_words(found["p"])), why)


def _cell(analysis: Rates, row: Variable, group: Group, lookup: Lookup) -> Cell:
    """14.2 (9.0 to 21.3) / 23 events in 17 of 80 patients / 161.5 patient-years; where none occurred, a footnote says
    what is excluded."""
    found = lookup.at(group.at(Address(analysis.name, group.population, variable=row.name)))
    behind = _behind(found["events"], found["patients"])
    years = words(decimal(found["patient_years"], 1), " patient-years")
    events = found["events"]
    wrong = words(": ", note(events)) if events.note else ()
    notes = [words("Not known of ", count(events, "missing"), wrong, ".")] if events.missing else []
    if found["rate"].value is None:
        return Cell(((NONE,), behind, years), (*notes, not_given(found["rate"])), muted=True)
    if not events.value:
        bound = decimal(found["upper_bound"], 1)
        notes.append(words("None occurred: a rate above ", bound, f" is excluded (one-sided 95{SPACE}%)."))
    return Cell((_rate(found), behind, years), tuple(notes))


def _behind(events: Result, patients: Result) -> Words:
    """23 events in 17 of 80 patients"""
    having = words(count(patients), " of ", count(patients, "denominator"))
    return words(count(events), " ", plural("event", is_many(events)), " in ", having, " patients")
