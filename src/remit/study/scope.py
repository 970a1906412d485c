"""The study file's forms and visits → the forms that sources read, and the scope that expressions are resolved in."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

from remit.language.query import Value
from remit.language.scope import Definition, FieldName, FormName, PatientName, Scope, TextList, VisitName
from remit.language.types import DAYS, Date, Number, Text, Type, YesNo
from remit.study.codes import alike, check_yes_no
from remit.study.domains import in_domain, key_of
from remit.study.fields import conversions, make_field
from remit.study.forms import Charts, Field, Form, Habits
from remit.study.forms_model import ChartsPart, FormPart
from remit.study.model import StudyFile
from remit.study.names import check_field, check_form, in_print, refuse_reserved
from remit.study.packs import Packs
from remit.study.place import Place
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


def make_forms(file: StudyFile, packs: Packs, place: Place) -> tuple[dict[str, Form], dict[str, Definition]]:
    """The forms, and the definitions that instruments bring. `place`: the whole file."""
    forms: dict[str, Form] = {}
    totals: dict[str, Definition] = {}
    for name, part in file.forms.items():
        here = place / "forms" / name
        check_form(name, here)
        fields: dict[str, Field] = {}
        for field_name, field_part in part.fields.items():
            inside = here / "fields" / field_name
            made = make_field(field_name, name, field_part, packs, inside)
            for field in in_domain(made.fields, field_name, field_part, packs) if part.domain else made.fields:
                check_field(field.name, name, part.rows, inside)
                if field.name in fields:
                    raise inside.wrong_name(f"{name} has two fields '{field.name}'", "Rename one.")
                fields[field.name] = field
            for total in made.totals:
                _add_total(total, totals, inside)
        _refuse_same_heading(fields, part, here)
        forms[name] = _form(name, part, fields, here)
    if not any(form.rows == "once" for form in forms.values()):
        raise (place / "forms").wrong_name("no form has one row a patient", "Add a form with `rows: once`.")
    return forms, totals


def _add_total(total: Definition, totals: dict[str, Definition], place: Place) -> None:
    if total.name in totals:
        what = f"'{total.name}' is also an instrument of {totals[total.name].form}"
        raise place.wrong_name(what, "Rename one; `column:` keeps the heading of the charts.")
    totals[total.name] = total


def _refuse_same_heading(fields: Mapping[str, Field], part: FormPart, place: Place) -> None:
    """Sources find a field by its heading: no two may have the same, nor the heading of the patients' ids."""
    homes = {alike(key_of(part)): "that of the patients' ids (`key`)"}
    for field in fields.values():
        heading = alike(field.column)
        if heading in homes:
            inside = place / "fields" / field.name
            raise inside.wrong_name(
                f"the heading '{field.column}' is also {homes[heading]}", "Give one another `column:`."
            )
        homes[heading] = f"that of {field.name}"


DATES: Mapping[str, tuple[str, ...]] = {"once": (), "visit": ("date",), "event": ("date",), "period": ("start", "stop")}


def _form(name: str, part: FormPart, fields: Mapping[str, Field], place: Place) -> Form:
    needed = DATES[part.rows]
    dates = [field.name for field in fields.values() if isinstance(field.type, Date)]
    for key in ("date", "start", "stop"):
        given = getattr(part, key)
        if given is None and key in needed:
            which = f"one of {', '.join(dates)}" if dates else "the name of a field of type date"
            what = f"{name} has one row a {part.rows}, and nothing says which field is its {key}"
            raise place.wrong_name(what, f"Add `{key}:` with {which}.")
        if given is None:
            continue
        if key not in needed:
            takes = f"It has {' and '.join(needed)}." if needed else "It has no dates of its own."
            raise (place / key).wrong_name(f"a form with `rows: {part.rows}` has no '{key}'", takes)
        (place / key).known(given, fields, f"field of {name}")
        if given not in dates:
            remedy = f"Name a field of type date: {', '.join(dates)}." if dates else f"Declare it: `{given}: date`."
            raise (place / key).wrong(f"{given} is not a date", remedy)
    if part.start is not None and part.start == part.stop:
        raise (place / "stop").wrong(f"{part.stop} is also the start", "Name the field with the period's end.")
    if part.only and not part.domain:
        what = f"`only` chooses records of an SDTM domain, and {name} names none"
        raise (place / "only").wrong_name(what, "Add `domain:`, or remove `only:`.")
    only = {variable.upper(): tuple(values) for variable, values in part.only.items()}
    sheet, domain = part.sheet or name, part.domain.upper() if part.domain else None
    return Form(name, part.rows, sheet, fields, part.date, part.start, part.stop, key_of(part), domain, only)


def make_visits(file: StudyFile, place: Place) -> tuple[Visit, ...]:
    """The visits in order of their days; windows may not overlap: one visit serves one window."""
    visits = []
    for name, part in file.visits.items():
        here = place / "visits" / name
        refuse_reserved(name, here)
        low, high = part.window
        if low > high:
            raise (here / "window").wrong(
                f"the window of {name} ends before it begins", f"Write [{high}, {low}], the earlier day first."
            )
        if not low <= part.day <= high:
            remedy = f"Give {name} a day from {low} to {high}, or widen the window."
            raise (here / "day").wrong(f"day {part.day} of {name} lies outside its window [{low}, {high}]", remedy)
        visits.append(Visit(name, part.label or _visit_label(name), part.day, low, high, part.pick))
    ordered = sorted(visits, key=lambda visit: visit.low)
    for one, two in itertools.pairwise(ordered):
        if two.low <= one.high:
            last = min(one.high, two.high)
            days = f"day {last}" if two.low == last else f"days {two.low} to {last}"
            what = f"the windows of {one.name} and {two.name} overlap ({days})"
            remedy = "What was measured on one day may serve one window only: narrow one of them."
            raise (place / "visits" / two.name / "window").wrong(what, remedy)
    return tuple(sorted(visits, key=lambda visit: visit.day))


def _visit_label(name: str) -> str:
    """week12 → Week 12."""
    return re.sub(r"(?<=[a-z])(?=[0-9])", " ", name.replace("_", " ")).capitalize()


def make_charts(part: ChartsPart, forms: Mapping[str, Form], place: Place) -> Charts:
    check_yes_no(part.yes, part.no, part.not_done, place)
    centres: dict[str, str] = {}
    for centre, habit in part.centres.items():
        here = place / "centres" / centre
        first = centres.setdefault(alike(centre), centre)
        if first != centre:
            raise here.wrong_name(f"'{centre}' is '{first}' but for capitals", "Write it once.")
        for form, headings in habit.columns.items():
            inside = here / "columns" / form
            inside.known_key(forms, "form")
            fields = [*forms[form].fields, forms[form].key]
            for heading, field in headings.items():
                (inside / heading).known(field, fields, f"field of {form}")
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
    if form.rows == "period":
        fields.setdefault("ongoing", FieldName("ongoing", "going on", YesNo(), phrases=("going on", "ended")))
    date = form.start if form.rows == "period" else form.date
    return FormName(form.name, in_print(form.name, part.one), form.rows, fields, date, form.stop)


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
        reason = form.fields.get(file.dosing.reason or "") if form else None
        if reason:
            names["dosing.stop_reason"] = PatientName("reason for the permanent stop", stop_reason(reason.type))
    return names
