"""Events of a form, by period and by what is known of them: from the study file's words to queries."""

from __future__ import annotations

from remit.language.fields import aggregates
from remit.language.query import And, OneOf, Query, RowValue
from remit.language.types import Level, Number, Text, YesNo, name_of
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import Events, Period, SpecialInterest
from remit.study.analyses.model import EventsPart
from remit.study.forms import Form
from remit.study.names import PERIODS, named_by_label, slug
from remit.study.place import Place

# What the rows of an analysis of events are counted by, besides the fields of the form.
EVENT_WORDS = ("patient", "analysis", "day", "period", "term", "any", "special_interest")


def events(name: str, title: str, part: EventsPart, place: Place, declared: Declared) -> Events:
    """Raises WrongInput."""
    (place / "form").known(part.form, declared.forms, "form")
    form = declared.forms[part.form]
    if form.rows not in ("event", "period"):
        what = f"{form.name} is a form with `rows: {form.rows}`"
        raise (place / "form").wrong(what, "Name one with `rows: event` or `rows: period`.")
    (place / "term").known(part.term, form.fields, f"field of {form.name}")
    if not isinstance(form.fields[part.term].type, Text | Level):
        what = f"{part.term} is {name_of(form.fields[part.term].type)}"
        raise (place / "term").wrong(what, "The term is a text or a level.")
    (place / "by").each(part.by, form.fields, f"field of {form.name}")
    for number, field in enumerate(part.by):
        _check_by(field, form, part, place / "by" / number)
    special, source = _special_interest(form, part, place, declared)
    during = periods(form.name, declared)
    populations, by = tuple(part.populations), tuple(part.by)
    return Events(name, title, populations, form.name, part.term, by, during, special, source)


def _check_by(field: str, form: Form, part: EventsPart, place: Place) -> None:
    if field == part.term or field in EVENT_WORDS:
        what = f"'{field}' is what the events are listed by already"
        raise place.wrong(what, "Remove it, or give the field another name and keep its heading: `column: …`.")
    kind = form.fields[field].type
    if not isinstance(kind, YesNo | Level | Text | Number) or (
        isinstance(kind, Number) and (kind.decimals or kind.censored)
    ):
        raise place.wrong(f"{field} is {name_of(kind)}", "Events are counted by levels, yes/no and whole numbers.")


def periods(form: str, declared: Declared) -> tuple[Period, ...]:
    """The periods of follow-up, as conditions on a row of the form."""
    place = declared.place / "periods"
    names = named_by_label(declared.file.periods, place, PERIODS)
    return tuple(
        Period(names[label], label, _period(text, place / label, form, declared))
        for label, text in declared.file.periods.items()
    )


def study_periods(declared: Declared) -> tuple[Period, ...]:
    """The periods' names and order; each analysis of events has them as conditions on its own form."""
    forms = [part.form for part in declared.file.analyses.values() if isinstance(part, EventsPart)]
    if declared.file.periods and not forms:
        what = "the periods are of events, and no analysis is of events"
        raise (declared.place / "periods").wrong_name(what, "Add an analysis with `kind: events`, or remove them.")
    return periods(forms[0], declared) if forms else ()


def _period(text: str, place: Place, form: str, declared: Declared) -> Query:
    query = declared.expressions.query(text, place, YesNo, form=form)
    if aggregates(query):
        remedy = "Use the row's own fields, and the patient's values."
        raise place.wrong("a period cannot ask for other rows", remedy)
    return query


def _special_interest(
    form: Form, part: EventsPart, place: Place, declared: Declared
) -> tuple[tuple[SpecialInterest, ...], str | None]:
    if part.special_interest is None:
        return (), None
    here = place / "special_interest"
    here.known(part.special_interest, declared.packs.special_interest, "list of events of special interest")
    entry = declared.packs.special_interest[part.special_interest]
    found = []
    for label, event in entry.events.items():
        where: Query = OneOf(RowValue(form.name, part.term, form.fields[part.term].type), tuple(event.terms))
        if event.serious:
            where = And(where, _serious(label, form, part, place))
        found.append(SpecialInterest(slug(label), label, where))
    return tuple(found), entry.source


def _serious(label: str, form: Form, part: EventsPart, place: Place) -> Query:
    field = form.fields.get(part.serious)
    if field is None or not isinstance(field.type, YesNo):
        what = f"'{label}' asks for serious events, and {form.name} has no yes/no field '{part.serious}'"
        given = "serious" in part.model_fields_set
        here = place / "serious" if given else place / "special_interest"
        raise here.wrong_name(what, "Name the yes/no field that says it: `serious: …`.")
    return RowValue(form.name, field.name, YesNo())
