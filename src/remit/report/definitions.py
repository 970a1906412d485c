"""Derived values, scores and laboratory tests, each in a sentence with its source."""

from __future__ import annotations

from remit.language.describe import band_ranges, describe
from remit.language.query import BandOf, plain
from remit.language.resolve import resolve
from remit.language.scope import Definition as Defined
from remit.language.units import in_words
from remit.report.document import Block, Definition, Definitions, Listing, Paragraph, Words
from remit.report.wording import capital, listed_text, sentence
from remit.study.study import Study


def definition_blocks(study: Study) -> list[Block]:
    """Each value that is derived from others; then the units that charts may use, and where instruments come from."""
    items = [item for defined in study.scope.definitions.values() if (item := _derived(study, defined))]
    blocks: list[Block] = [Definitions(tuple(items))] if items else []
    notes = (*_conversions(study), *_sources(study))
    if notes:
        blocks += [Paragraph(("Units and instruments:",)), Listing(notes)]
    return blocks


def _derived(study: Study, defined: Defined) -> Definition | None:
    """None for an endpoint, for the subtotal of a segment, of which the total tells, and for what its label says."""
    if defined.name in study.endpoints or _is_subtotal(study, defined):
        return None
    summed = _summed(study, defined)
    if summed:
        return Definition(capital(defined.label), ((summed,),))
    said = _in_words(study, defined)
    return Definition(capital(defined.label), ((sentence(said),),)) if said else None


def _summed(study: Study, defined: Defined) -> str | None:
    """Of the total of an instrument that is the sum of its items; in segments, each item is named once."""
    for part in study.packs.instruments.values():
        if defined.form is None or part.title != defined.label or part.written or part.requires or not part.items:
            continue
        if not part.segments:
            return f"The sum of {listed_text([item.label for item in part.items.values()])}."
        segment, words = next(iter(part.segments.items()))
        items = [part.items[item].label.removesuffix(f" ({words})") for item in part.of_segment(segment)]
        segments = listed_text(list(part.segments.values()))
        return f"The sum of {listed_text(items)} over these segments, each with a subtotal of its own: {segments}."
    return None


def _is_subtotal(study: Study, defined: Defined) -> bool:
    return defined.form is not None and any(
        defined.label == f"{part.title} ({words})" and not part.written and not part.requires
        for part in study.packs.instruments.values()
        for words in part.segments.values()
    )


def _in_words(study: Study, defined: Defined) -> str | None:
    """As at the last visit, for a definition must be read at some, or in a row if only rows have it; what is at that
    visit is not said to be.

    None for what the label says already.
    """
    visit = study.visits[-1].name if study.visits else None
    in_row = defined.form if defined.form and study.forms[defined.form].rows in ("event", "period") else None
    query = resolve(defined.name, study.scope, visit=visit, form=in_row)
    label = defined.label.lower()
    said = describe(query, study.scope, visit)
    if label in (said.lower(), describe(query, study.scope).lower()):
        return None
    inner = plain(query)
    return f"{said}: {band_ranges(inner)}" if isinstance(inner, BandOf) else said


def _conversions(study: Study) -> list[Words]:
    """What a chart may write instead."""
    found: list[Words] = []
    for form in study.forms.values():
        for field in form.fields.values():
            own, *others = list(field.units)[:1], *[unit for unit in field.units if field.units[unit] != 1]
            if own and others:
                units = listed_text([in_words(unit) for unit in others], "or")
                label, unit = capital(field.label), in_words(own[0])
                found.append((f"{label} is in {unit}; what charts give in {units} is converted exactly.",))
    return found


def _sources(study: Study) -> list[Words]:
    """The instruments that the study uses: by their title, which a field or a total carries as its label."""
    labels = {defined.label for defined in study.scope.definitions.values()}
    labels |= {field.label for form in study.forms.values() for field in form.fields.values()}
    return [
        (f"{instrument.title}: {instrument.source.strip()}",)
        for instrument in study.packs.instruments.values()
        if instrument.title in labels
    ]
