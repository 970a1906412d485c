"""From when until when patients are observed, and when they took the drug."""

from __future__ import annotations

from collections.abc import Mapping

from remit.language.errors import nearest
from remit.language.fields import aggregates, values
from remit.language.query import Constant, Query
from remit.language.types import Date, Level, Text, YesNo, name_of
from remit.study.expressions import Expressions
from remit.study.forms import Form
from remit.study.model import StudyFile
from remit.study.place import Place
from remit.study.study import Dosing, Visit


def check_observation(file: StudyFile, forms: Mapping[str, Form], visits: tuple[Visit, ...], place: Place) -> None:
    """A period that goes on ends with the observation: somebody must say when that is. Visits need days.

    Raises WrongInput.
    """
    for name, form in forms.items():
        here = place / "forms" / name
        if form.rows == "period" and not file.observed_until and not file.study.data_cutoff:
            what = f"{name} has periods that may go on, and nothing says until when the patients were observed"
            remedy = "Add `data_cutoff:` to the study, or `observed_until:` with the date of the last contact."
            raise here.wrong_name(what, remedy)
        if form.rows == "visit" and not visits:
            what = f"{name} holds visits, and the study plans none"
            raise here.wrong_name(what, "Add `visits:`, each with its day and window.")


def date_of_patient(key: str, name: str | None, forms: Mapping[str, Form], place: Place) -> str | None:
    """form.field of a date that stands once for each patient; `key` names it in the study file. Raises WrongInput."""
    if name is None:
        return None
    dates = [
        (form.name, field.name)
        for form in forms.values()
        if form.rows == "once"
        for field in form.fields.values()
        if isinstance(field.type, Date)
    ]
    found = [f"{form}.{field}" for form, field in dates if name in (field, f"{form}.{field}")]
    if not found:
        what = f"there is no date '{name}' in a form with `rows: once`"
        raise (place / key).wrong(what, nearest(name, [field for _, field in dates]))
    if len(found) > 1:
        raise (place / key).wrong(f"'{name}' may mean {' or '.join(found)}", "Write one of them.")
    return found[0]


def make_dosing(file: StudyFile, forms: Mapping[str, Form], expressions: Expressions, place: Place) -> Dosing | None:
    """Which periods are of the drug, if the study says it. Raises WrongInput."""
    part, here = file.dosing, place / "dosing"
    if part is None:
        return None
    (here / "form").known(part.form, forms, "form")
    form = forms[part.form]
    if form.rows != "period":
        what = f"{form.name} is a form with `rows: {form.rows}`"
        raise (here / "form").wrong(what, "Doses stand in a form with `rows: period`.")
    if part.reason is not None:
        (here / "reason").known(part.reason, form.fields, f"field of {form.name}")
        kind = form.fields[part.reason].type
        if not isinstance(kind, Level | Text):
            raise (here / "reason").wrong(f"{part.reason} is {name_of(kind)}", "A reason is a level or a text.")
    where: Query = Constant(True, YesNo())
    if part.where is not None:
        where = _of_row(part.where, here / "where", form, expressions)
    return Dosing(form.name, where, _of_row(part.permanent, here / "permanent", form, expressions), part.reason)


def _of_row(text: str, place: Place, form: Form, expressions: Expressions) -> Query:
    """A condition on one row by itself."""
    query = expressions.query(text, place, YesNo, form=form.name, before=True)
    if values(query) or aggregates(query):
        what = f"here only the row of {form.name} is looked at"
        raise place.wrong(what, f"Use the fields of {form.name} alone: {', '.join(form.fields)}.")
    return query
