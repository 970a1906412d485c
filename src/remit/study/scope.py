"""The study file's forms and visits → the forms that sources read, and the scope that expressions are resolved in."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from remit.errors import WrongInput
from remit.language.errors import nearest
from remit.language.query import Value
from remit.language.scope import Definition, FieldName, FormName, PatientName, Scope, TextList, VisitName
from remit.language.types import DAYS, Date, Number, Text, Type
from remit.study.document import Document
from remit.study.fields import Place, conversions, make_field
from remit.study.forms import Charts, Field, Form, Habits
from remit.study.model import ChartsPart, FormPart, StudyFile
from remit.study.packs import Packs
from remit.study.study import Visit

STOP_DAY = Value("dosing", "stop_day", None, Number("d", limit=DAYS.limit, censored=True))
LAST_DAY = Value("dosing", "last_day", None, Number("d", limit=DAYS.limit, censored=True))
DAYS_ON_DRUG = Value("dosing", "days_on_drug", None, DAYS)
INTERRUPTIONS = Value("dosing", "interruptions", None, Number(limit=10**5))
INDEX_DATE = Value("index", "date", None, Date())
OBSERVED_DAY = Value("index", "observed_day", None, DAYS)
CENTRE = Value("index", "centre", None, Text())


def stop_reason(kind: Type) -> Value:
    return Value("dosing", "stop_reason", None, kind)


def make_forms(file: StudyFile, packs: Packs, document: Document) -> tuple[dict[str, Form], dict[str, Definition]]:
    """The forms, and the definitions that instruments bring."""
    forms: dict[str, Form] = {}
    totals: dict[str, Definition] = {}
    for name, part in file.forms.items():
        fields: dict[str, Field] = {}
        for field_name, field_part in part.fields.items():
            place = Place(document, ("forms", name, "fields", field_name))
            made = make_field(field_name, name, field_part, packs, place)
            for field in made.fields:
                if field.name in fields:
                    raise place.wrong(f"{name} has two fields '{field.name}'", "Rename one.")
                fields[field.name] = field
            if made.total:
                totals[made.total.name] = made.total
        forms[name] = _form(name, part, fields, document)
    if not any(form.rows == "once" for form in forms.values()):
        raise WrongInput(document.where(("forms",)), "no form has one row a patient", "Add a form with `rows: once`.")
    return forms, totals


def _form(name: str, part: FormPart, fields: Mapping[str, Field], document: Document) -> Form:
    needed = {"once": (), "visit": ("date",), "event": ("date",), "period": ("start", "stop")}[part.rows]
    for key in ("date", "start", "stop"):
        given = getattr(part, key)
        if key in needed and given is None:
            raise WrongInput(
                document.where(("forms", name)),
                f"{name} has a row a {part.rows}, and no '{key}'",
                f"Add `{key}:` with the name of a date field.",
            )
        if given is None:
            continue
        where = document.where(("forms", name, key))
        if given not in fields:
            raise WrongInput(where, f"{name} has no field '{given}'", nearest(given, fields))
        if not isinstance(fields[given].type, Date):
            raise WrongInput(where, f"{given} is not a date", "Name a field of type date.")
    return Form(name, part.rows, part.sheet or name, fields, part.date, part.start, part.stop, part.key)


def make_visits(file: StudyFile, document: Document) -> tuple[Visit, ...]:
    """The visits in order of their days; windows may not overlap: one visit serves one window."""
    visits = []
    for name, part in file.visits.items():
        low, high = part.window
        where = document.where(("visits", name))
        if low > high:
            raise WrongInput(where, f"the window of {name} ends before it begins", f"Write [{high}, {low}].")
        if not low <= part.day <= high:
            raise WrongInput(where, f"day {part.day} of {name} lies outside its window", "Mend the day or the window.")
        label = part.label or name.replace("_", " ").capitalize()
        visits.append(Visit(name, label, part.day, low, high, part.pick))
    ordered = sorted(visits, key=lambda visit: visit.low)
    for one, two in itertools.pairwise(ordered):
        if two.low <= one.high:
            raise WrongInput(
                document.where(("visits", two.name)),
                f"the windows of {one.name} and {two.name} overlap (days {two.low} to {min(one.high, two.high)})",
                "One visit may serve one window only: narrow one of them.",
            )
    return tuple(sorted(visits, key=lambda visit: visit.day))


def make_charts(part: ChartsPart) -> Charts:
    return Charts(
        yes=tuple(part.yes),
        no=tuple(part.no),
        not_done=tuple(part.not_done),
        centre_column=part.centre_column,
        habits={name: Habits(habit.dates, habit.decimal) for name, habit in part.centres.items()},
        columns={name: habit.columns for name, habit in part.centres.items() if habit.columns},
    )


def index_scope(file: StudyFile, forms: Mapping[str, Form], packs: Packs) -> Scope:
    """What the index date may be defined by: forms with many rows and forms filled once, before there are visits."""
    return Scope(
        forms={form.name: _form_name(form, file.forms[form.name]) for form in forms.values()},
        lists=_lists(packs),
        molar=conversions(packs),
    )


def full_scope(
    file: StudyFile,
    forms: Mapping[str, Form],
    packs: Packs,
    visits: tuple[Visit, ...],
    definitions: dict[str, Definition],
) -> Scope:
    """What all other expressions may speak of."""
    reference = [visit.name for visit in visits if visit.day <= 0]
    return Scope(
        forms={form.name: _form_name(form, file.forms[form.name]) for form in forms.values()},
        visits={visit.name: VisitName(visit.name, visit.label, visit.day) for visit in visits},
        reference=reference[-1] if reference else None,
        definitions=definitions,
        patient=_patient_names(file, forms),
        lists=_lists(packs),
        molar=conversions(packs),
    )


def _lists(packs: Packs) -> dict[str, TextList]:
    return {name: TextList(part.title, tuple(part.members)) for name, part in packs.lists.items()}


def _form_name(form: Form, part: FormPart) -> FormName:
    fields = {
        field.name: FieldName(field.name, field.label, _in_form(form, field), field.bands, field.phrases)
        for field in form.fields.values()
    }
    date = form.start if form.rows == "period" else form.date
    return FormName(form.name, part.one or form.name.replace("_", " "), form.rows, fields, date, form.stop)


def _in_form(form: Form, field: Field) -> Type:
    """The stop of a period may lie beyond the end of observation."""
    return Date(censored=True) if form.rows == "period" and field.name == form.stop else field.type


def _patient_names(file: StudyFile, forms: Mapping[str, Form]) -> dict[str, PatientName]:
    names = {
        "index_date": PatientName("index date", INDEX_DATE),
        "observed_day": PatientName("last day of observation", OBSERVED_DAY),
        "centre": PatientName("centre", CENTRE),
    }
    if file.dosing:
        names |= {
            "dosing.stop_day": PatientName("day of the permanent stop", STOP_DAY),
            "dosing.last_day": PatientName("last day on the drug", LAST_DAY),
            "dosing.days_on_drug": PatientName("days on the drug", DAYS_ON_DRUG),
            "dosing.interruptions": PatientName("number of interruptions", INTERRUPTIONS),
        }
        form = forms.get(file.dosing.form)
        if form and file.dosing.reason in form.fields:
            reason = form.fields[file.dosing.reason]
            names["dosing.stop_reason"] = PatientName("reason for the permanent stop", stop_reason(reason.type))
    return names
