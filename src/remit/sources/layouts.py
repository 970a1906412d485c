"""Layouts: where a form's fields stand in one sheet. All that is wrong here is a wrong structure and stops the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from remit.errors import WrongInput
from remit.language.types import Number
from remit.sources.headings import Meaning, foreign_unit, meanings, normal
from remit.sources.sheets import Sheet, fold, is_blank, show
from remit.study.forms import Field, Form

HEADING_WITHIN = 50  # rows from the top in which the headings are looked for


@dataclass(frozen=True)
class Column:
    """A column that a field uses. `letter`: what people call it, in a spreadsheet its letter.

    `unit`: the one it is written in, None for a field without units.
    `recognised`: its heading was not told by the study file but recognised.
    """

    index: int
    letter: str
    heading: str
    unit: str | None
    recognised: bool


@dataclass(frozen=True)
class Layout:
    """`heading_row` is counted from 0. `centre` is None where the file's name is the centre."""

    heading_row: int
    headings: Sequence[str]
    patient: Column
    centre: Column | None
    fields: Mapping[str, Column]


def layout(sheet: Sheet, form: Form, told: Mapping[str, str], centre_column: str | None) -> Layout:
    """Finds the patient column, each field and, if one is told, the centre's column.

    told: heading → field of this form, from the study file.
    Raises WrongInput for a sheet without headings or patient column, a heading twice, two columns for one field,
    a required column that is missing, a unit that is not listed, a heading without a unit that needs one.
    """
    for heading, field in told.items():
        if field != form.key and field not in form.fields:
            what = f"the study file tells that {heading!r} is {field}, which is no field of the form {form.name}."
            raise WrongInput(sheet.where, what, f"Its fields are {', '.join(form.fields)}.")
    keys = {normal(form.key), *(normal(heading) for heading, field in told.items() if field == form.key)}
    row = heading_row(sheet, form, keys)
    headings = [fold(show(cell)) for cell in sheet.rows[row]]
    places = places_of(sheet, headings)
    patient = only(sheet, [column for heading, column in places.items() if heading in keys], "patient")
    centre = places.get(normal(centre_column)) if centre_column else None
    if centre_column and centre is None and form.rows == "once":
        raise missing(sheet, [centre_column], headings)
    taken = {patient.index} | ({centre.index} if centre else set())
    free = {heading: column for heading, column in places.items() if column.index not in taken}
    return Layout(row, headings, patient, centre, match(sheet, form, told, free, headings))


def heading_row(sheet: Sheet, form: Form, keys: set[str]) -> int:
    """The first row with a patient column; rows above it are titles."""
    used = [index for index, row in enumerate(sheet.rows[:HEADING_WITHIN]) if not all(map(is_blank, row))]
    if not used:
        raise WrongInput(sheet.where, "the sheet is empty.", f"Write the headings of the form {form.name} in row 1.")
    for index in used:
        if any(normal(show(cell)) in keys for cell in sheet.rows[index]):
            return index
    raise missing(sheet, [form.key], [fold(show(cell)) for cell in sheet.rows[used[0]]])


def places_of(sheet: Sheet, headings: Sequence[str]) -> dict[str, Column]:
    """Each heading in its normal writing, with its column. A column without a heading is not among them."""
    places: dict[str, Column] = {}
    for index, heading in enumerate(headings):
        column = Column(index, sheet.letter(index), heading, None, False)
        if not normal(heading):
            continue
        first = places.setdefault(normal(heading), column)
        if first is not column:
            what = f"the headings {first.heading!r} ({first.letter}) and {heading!r} ({column.letter}) are the same."
            raise WrongInput(sheet.where, what, "Rename or remove one of the two columns.")
    return places


def match(
    sheet: Sheet, form: Form, told: Mapping[str, str], places: Mapping[str, Column], headings: Sequence[str]
) -> dict[str, Column]:
    """The column of each field that the sheet has, in the form's order."""
    known = meanings(form, told)
    columns: dict[str, list[Column]] = {}
    for heading, place in places.items():
        if heading in known:
            meaning = single_meaning(sheet, place, known[heading])
            unit = unit_of(sheet, form.fields[meaning.field], meaning, place)
            recognised = not meaning.plain and place.heading not in exact_headings(form.fields[meaning.field], told)
            columns.setdefault(meaning.field, []).append(replace(place, unit=unit, recognised=recognised))
        elif foreign := foreign_unit(heading, form):
            field, unit = foreign
            what = (
                f"the heading {place.heading!r} ({place.letter}) gives {field.name} in {unit!r}, which is not listed."
            )
            remedy = f"Write it in {' or '.join(field.units)}, or add the unit with its factor to the study file."
            raise WrongInput(sheet.where, what, remedy)
    if absent := [field.column for field in form.fields.values() if field.required and field.name not in columns]:
        raise missing(sheet, absent, headings)
    return {name: only(sheet, columns[name], name) for name in form.fields if name in columns}


def exact_headings(field: Field, told: Mapping[str, str]) -> list[str]:
    """Those with the field's own unit, in which nothing is left to recognise."""
    return [field.heading(), *(field.heading(heading) for heading, name in told.items() if name == field.name)]


def single_meaning(sheet: Sheet, place: Column, found: Sequence[Meaning]) -> Meaning:
    if len({meaning.field for meaning in found}) > 1:
        names = " and ".join(meaning.field for meaning in found)
        what = f"the heading {place.heading!r} ({place.letter}) can mean {names}."
        raise WrongInput(sheet.where, what, "Give each field its own `column` in the study file.")
    return found[0]


def unit_of(sheet: Sheet, field: Field, meaning: Meaning, place: Column) -> str | None:
    """The unit that a column is written in: the heading's, else the field's own if it is the only one."""
    if meaning.unit is not None:
        return meaning.unit
    if len(set(field.units.values())) > 1:
        units = " or ".join(field.units)
        what = f"the heading {place.heading!r} ({place.letter}) tells no unit, and {field.name} may be in {units}."
        example = next(iter(field.units)).replace("/", "_per_")
        raise WrongInput(sheet.where, what, f"Write the unit into the heading, for example {field.column}_{example}.")
    own = field.type.unit if isinstance(field.type, Number) else ""
    return next(iter(field.units), own) or None


def only(sheet: Sheet, columns: Sequence[Column], name: str) -> Column:
    if len(columns) > 1:
        names = " and ".join(f"{column.heading!r} ({column.letter})" for column in columns)
        raise WrongInput(sheet.where, f"{names} are both the field {name}.", "Remove or rename the one that is not.")
    return columns[0]


def missing(sheet: Sheet, columns: Sequence[str], headings: Iterable[str]) -> WrongInput:
    """The error for columns that are not there, with the heading that may be meant."""
    present = {normal(heading): heading for heading in headings if heading}
    hints = [
        f"{present[close[0]]!r} may be meant for {column}"
        for column in columns
        if (close := get_close_matches(normal(column), present, n=1))
    ]
    many = len(columns) > 1
    what = f"the {'columns' if many else 'column'} {', '.join(columns)} {'are' if many else 'is'} missing."
    hint = f"; {', '.join(hints)}: rename it, or tell it under `columns` in the study file" if hints else ""
    return WrongInput(sheet.where, what, f"Add {'them' if many else 'it'}{hint}.")
