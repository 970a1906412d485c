"""Which sheets a workbook of the study has, and which columns: so written that nothing needs to be recognised."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from remit.errors import WrongInput
from remit.sources.cells import key
from remit.sources.headings import meanings, normal
from remit.study.forms import EXPLANATIONS, LISTS, Charts, Field, Form

LONGEST_NAME = 31  # characters of a sheet's name
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]|^'|'$")


@dataclass(frozen=True)
class Column:
    """A column of a sheet. `field` is None for the patients' ids and for the centre."""

    heading: str
    form: Form
    field: Field | None = None


@dataclass(frozen=True)
class FormSheet:
    """A sheet, with the form or forms that stand on it; its first column holds the patients' ids."""

    name: str
    forms: tuple[Form, ...]
    columns: tuple[Column, ...]

    def place(self, form: Form, field: str | None) -> int:
        """The index of the column of a field, which must stand here; None: of the patients' ids."""
        heading = normal(form.key)
        for column in self.columns:
            if field is not None and column.form is form and column.field is not None and column.field.name == field:
                heading = normal(column.heading)
        return [normal(column.heading) for column in self.columns].index(heading)


def form_sheets(forms: Mapping[str, Form], charts: Charts, centre: str | None = None) -> tuple[FormSheet, ...]:
    """The sheets in the study's order. centre: whose own headings are used, where the study file tells some.

    Raises WrongInput for a sheet that a workbook cannot have, and for a field that no heading can name.
    """
    on_sheet: dict[str, list[Form]] = {}
    for form in forms.values():
        on_sheet.setdefault(key(form.sheet), []).append(form)
    return tuple(_form_sheet(together, charts, centre) for together in on_sheet.values())


def _form_sheet(forms: list[Form], charts: Charts, centre: str | None) -> FormSheet:
    name = forms[0].sheet
    if problem := _problem(name):
        raise WrongInput(
            f"the form {forms[0].name}", f"its sheet cannot be called {name!r}: {problem}.", "Give it another `sheet:`."
        )
    columns: dict[str, Column] = {}
    for form in forms:
        columns.setdefault(normal(form.key), Column(form.key, form))
        if charts.centre_column and form.rows == "once":
            columns.setdefault(normal(charts.centre_column), Column(charts.centre_column, form))
    for form in forms:
        told = charts.columns.get(centre or "", {}).get(form.name, {})
        for field in form.fields.values():
            heading = heading_of(field, form, told)
            columns.setdefault(normal(heading), Column(heading, form, field))
    return FormSheet(name, tuple(forms), tuple(columns.values()))


def _problem(name: str) -> str:
    if key(name) in (key(EXPLANATIONS), key(LISTS)):
        return "this is the name of a sheet of remit's own"
    if len(name) > LONGEST_NAME:
        return f"a workbook allows {LONGEST_NAME} characters"
    if NOT_IN_A_NAME.search(name) or name.casefold() == "history":
        return "a workbook does not allow that name"
    return ""


def heading_of(field: Field, form: Form, told: Mapping[str, str]) -> str:
    """The heading that names the field and its unit, and is read so: crp (mg/dL). told: heading → field, of the centre.

    Raises WrongInput if there is none, because another field's heading is written alike.
    """
    own, known = next(iter(field.units), None), meanings(form, told)
    assumed = own if len(set(field.units.values())) < 2 else None  # of a heading that tells none
    for stem in [*(heading for heading, name in told.items() if name == field.name), field.column]:
        alone = [meaning.unit for meaning in known.get(normal(stem), ()) if meaning.field == field.name]
        # A column that ends with its unit, such as weight_kg, says it already.
        for heading in [stem, field.heading(stem)] if own in alone else [field.heading(stem), stem]:
            found = [(meaning.field, meaning.unit or assumed) for meaning in known.get(normal(heading), ())]
            if found == [(field.name, own)]:
                return heading
    what = f"no heading can name its field {field.name} in {own or 'no unit'} and nothing else."
    raise WrongInput(f"the form {form.name}", what, "Give the field its own `column:`.")
