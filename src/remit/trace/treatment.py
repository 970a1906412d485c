"""What patients were given, and what happened to them: doses, events, the permanent stop."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from remit.derive.dosing import STOP_DAY as DOSING_STOP
from remit.derive.dosing import STOP_REASON
from remit.derive.values import OBSERVED_DAY
from remit.language.types import Level, Number, Text, YesNo
from remit.language.units import in_words
from remit.schema.cohort import Cohort
from remit.schema.profiles import Event, Period, Told, Treated
from remit.schema.records import ONGOING, PATIENT, ROW, Records
from remit.study.analyses.kinds import Arms, Events
from remit.study.forms import Field, Form
from remit.study.study import Study
from remit.trace.charted import DAY, STOP_DAY, Charted, Row, charted
from remit.trace.said import as_number, said

_SERIOUS = ("serious", "AESER")


def treated(study: Study, records: Records, cohort: Cohort, names: pl.Series) -> Iterator[Treated]:
    """These patients, in this order."""
    happened = event_forms(study)
    forms = ([study.dosing.form] if study.dosing else []) + happened
    found = charted(study, records, cohort, names, tuple(dict.fromkeys(forms)))
    doses = doses_of(study, cohort, found, names)
    for patient in found.patients:
        name = patient[PATIENT]
        yield Treated(
            patient=name,
            arm=arm_of(study, patient),
            observed=patient[OBSERVED_DAY],
            doses=tuple(doses.get(name, ())),
            events=tuple(event for form in happened for event in events_of(study, found, form, name)),
            stopped=patient.get(DOSING_STOP),
            reason=patient.get(STOP_REASON),
        )


def arms_told(study: Study) -> Arms | None:
    """As treated, where the study knows it."""
    return study.arms.get("actual") or study.arms.get("planned")


def arm_of(study: Study, patient: Row) -> str | None:
    arms = arms_told(study)
    return None if arms is None else patient[f"arm__{arms.kind}"]


# Doses


def dose_field(study: Study) -> Field | None:
    return None if study.dosing is None else amount_field(study.forms[study.dosing.form])


def amount_field(form: Form) -> Field | None:
    """The number that says how much was given: the one that is called dose, else the first with a unit."""
    numbers = [field for field in form.fields.values() if isinstance(field.type, Number)]
    with_unit = [field for field in numbers if isinstance(field.type, Number) and field.type.unit]
    return next((field for field in numbers if field.name == "dose"), next(iter(with_unit), None))


def amount_unit(form: Form) -> str | None:
    """The unit of how much was given, as people write it."""
    field = amount_field(form)
    return in_words(field.type.unit) if field and isinstance(field.type, Number) and field.type.unit else None


def doses_of(study: Study, cohort: Cohort, found: Charted, names: pl.Series) -> dict[str, list[Period]]:
    """The periods of the drug, by patient."""
    if study.dosing is None:
        return {}
    form, amount = study.forms[study.dosing.form], dose_field(study)
    theirs = cohort.periods.join(pl.DataFrame({PATIENT: names}), on=PATIENT, how="semi")
    of_the_drug = {row[ROW]: row for row in theirs.iter_rows(named=True)}
    return {
        patient: [
            period_of(form, row, amount, of_the_drug[row[ROW]]["reason"], of_the_drug[row[ROW]]["permanent"])
            for row in rows
            if row[ROW] in of_the_drug
        ]
        for patient, rows in found.rows[form.name].items()
    }


def period_of(
    form: Form, row: Row, amount: Field | None, reason: str | None = None, permanent: bool | None = None
) -> Period:
    return Period(
        start=row[DAY],
        stop=row.get(STOP_DAY),
        ongoing=bool(row[ONGOING]),
        what=called(form, row) or "",
        amount=as_number(row[amount.name], amount.type) if amount else None,
        reason=reason,
        permanent=permanent,
    )


def called(form: Form, row: Row) -> str | None:
    """What a row is about: the first field that names something."""
    field = naming_field(form)
    return None if field is None else said(field, row)


def naming_field(form: Form) -> Field | None:
    return next((field for field in form.fields.values() if isinstance(field.type, Text | Level)), None)


# Events


def event_forms(study: Study) -> list[str]:
    """Those of the analyses of events, then those whose rows have a name and no number, such as procedures."""
    adverse = [analysis.form for analysis in study.analyses if isinstance(analysis, Events)]
    others = [form.name for form in study.forms.values() if form.rows == "event" and _names_something(form)]
    return list(dict.fromkeys([*adverse, *others]))


def _names_something(form: Form) -> bool:
    kinds = [field.type for field in form.fields.values()]
    return naming_field(form) is not None and not any(isinstance(kind, Number) for kind in kinds)


def terms(study: Study) -> dict[str, str]:
    """By form of an analysis of events, the field with the term."""
    return {analysis.form: analysis.term for analysis in study.analyses if isinstance(analysis, Events)}


def serious_field(form: Form) -> Field | None:
    fields = [field for field in form.fields.values() if isinstance(field.type, YesNo)]
    return next((field for field in fields if field.name in _SERIOUS or field.column in _SERIOUS), None)


def events_of(study: Study, found: Charted, name: str, patient: str) -> list[Event]:
    form, term = study.forms[name], terms(study).get(name)
    named = form.fields[term] if term else naming_field(form)
    serious = serious_field(form) if term else None
    own = {field.name for field in (named, serious) if field} | {form.date, form.start}
    others = [field for field in form.fields.values() if field.name not in own]
    return [
        Event(
            form=name,
            term=said(named, row) if named else None,
            day=row[DAY],
            adverse=term is not None,
            serious=row[serious.name] if serious else None,
            told=tuple(Told(field.label, said(field, row)) for field in others),
        )
        for row in found.of(name, patient)
    ]
