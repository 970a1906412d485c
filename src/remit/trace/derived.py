"""What is derived for each patient before any definition: from which values and rows of the charts it comes."""

from __future__ import annotations

from remit.language.query import Query, RowValue, Value, walk
from remit.study.scope import INDEX_DATE, OBSERVED_DAY
from remit.study.study import Study
from remit.trace.rows import Asked

_UNTIL_OBSERVED = ("stop_day", "last_day")


def is_derived(study: Study, value: Value) -> bool:
    return value.form not in study.forms


def read_by(study: Study, value: Value) -> list[Query]:
    """What a derived value reads of the patient."""
    match value.form, value.field:
        case "index", "date":
            return [study.index]
        case "index", "observed_day":
            return [*_last_contact(study), INDEX_DATE]
        case "dosing", field:
            return [INDEX_DATE, OBSERVED_DAY] if field in _UNTIL_OBSERVED else [INDEX_DATE]
    return []


def _last_contact(study: Study) -> list[Query]:
    if study.observed_until is None:
        return []
    form, field = study.observed_until.split(".")
    return [Value(form, field, None, study.forms[form].fields[field].type)]


def rows_read_by(study: Study, value: Value) -> Asked | None:
    """The dosing periods, if the value comes of them: which are of the drug, when they began and ended, and why."""
    if value.form != "dosing" or study.dosing is None:
        return None
    dosing, form = study.dosing, study.forms[study.dosing.form]
    asked = [part for query in (dosing.where, dosing.permanent) for part in walk(query) if isinstance(part, RowValue)]
    told = (form.start, form.stop, *(part.field for part in asked), dosing.reason)
    names = dict.fromkeys(name for name in told if name in form.fields)
    fields = [RowValue(form.name, name, form.fields[name].type) for name in names if name]
    return Asked(form.name, dosing.where, tuple(fields))
