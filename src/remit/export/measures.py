"""What is measured at visits, as rows: one a patient, parameter and visit, with its change from the reference visit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from remit.derive.values import INDEX_DATE
from remit.export.dataset import Column, Kind, Parameter, fixed
from remit.export.names import Wanted, variable_names
from remit.export.values import bounds_in_words, coded, codes_of, divided, number, said, study_day, y_n
from remit.language.columns import is_interval, patient_column
from remit.language.fields import values
from remit.language.query import Query, Value, digest, plain
from remit.language.types import Date, Level, Number, Text, Type, YesNo
from remit.language.units import printed
from remit.schema.cohort import variable_column
from remit.schema.records import PATIENT
from remit.study.analyses.kinds import Course, Variable
from remit.study.forms import Field, Form
from remit.study.study import Study

# The columns of the rows that are made here, besides those of the patient.
ROWS: Mapping[str, pl.DataType] = {
    "PARAMCD": pl.String(), "PARAM": pl.String(), "PARAMN": pl.Int64(), "PARCAT1": pl.String(), "AVALU": pl.String(),
    "AVISIT": pl.String(), "AVISITN": pl.Int64(), "AWTARGET": pl.Int64(), "AVAL": pl.Float64(), "AVALC": pl.String(),
    "BASE": pl.Float64(), "BASEC": pl.String(), "CHG": pl.Float64(), "ABLFL": pl.String(), "ADT": pl.Date(),
}  # fmt: skip
LABORATORY, FIELD, SCORE = "Laboratory", "Chart", "Score"


@dataclass(frozen=True)
class Measure:
    """One thing that is measured at visits. `columns`: by visit, where it stands in the cohort; `dates`: by visit, the
    date of the chart row that it is from, if it is from one."""

    name: str
    label: str
    category: str
    kind: Type
    columns: Mapping[str, str]
    dates: Mapping[str, str]
    field: Field | None = None
    derived: str = ""
    source: str = ""

    @property
    def unit(self) -> str | None:
        return printed(self.kind.unit) if isinstance(self.kind, Number) and self.kind.unit else None

    @property
    def codes(self) -> Mapping[str, str]:
        return codes_of(self.kind, self.field)

    def value(self, visit: str) -> pl.Expr:
        """As a number; null of what is none."""
        column = self.columns[visit]
        match self.kind:
            case YesNo():
                return pl.col(column).cast(pl.Float64)
            case Number():
                return number(column, self.kind).cast(pl.Float64)
        return pl.lit(None, dtype=pl.Float64)

    def text(self, visit: str) -> pl.Expr:
        """Of a number, what is known of it where it is not exact."""
        column = self.columns[visit]
        match self.kind:
            case YesNo():
                return y_n(pl.col(column))
            case Level():
                return coded(pl.col(column), self.codes)
            case Text():
                return pl.col(column)
        return bounds_in_words(column, self.kind) if is_interval(self.kind) else pl.lit(None, dtype=pl.String)

    def change(self, visit: str, reference: str) -> pl.Expr:
        """Exact before it is divided."""
        if not isinstance(self.kind, Number):
            return pl.lit(None, dtype=pl.Float64)
        difference = pl.col(self.columns[visit]) - pl.col(self.columns[reference])
        return divided(difference, 10**self.kind.decimals)


def laboratory(study: Study) -> list[Measure]:
    return [measure for measure in _fields(study) if measure.category == LABORATORY]


def other_measures(study: Study) -> list[Measure]:
    """What else the charts say at visits, and the scores and other numbers that courses are about."""
    fields = [measure for measure in _fields(study) if measure.category != LABORATORY]
    return [*fields, *_scores(study)]


def _fields(study: Study) -> Iterator[Measure]:
    for form in study.forms.values():
        for field in form.fields.values() if form.rows == "visit" else ():
            kind = study.scope.forms[form.name].fields[field.name].type
            if isinstance(kind, Date):
                continue  # the visit's is ADT
            columns = {visit.name: patient_column(form.name, field.name, visit.name) for visit in study.visits}
            is_test = (isinstance(kind, Number) and kind.test != "") or form.domain == "LB"
            category = LABORATORY if is_test else FIELD
            source = f"{form.name}.{field.name}"
            yield Measure(field.name, field.label, category, kind, columns, _dates(study, form), field, source=source)


def _scores(study: Study) -> Iterator[Measure]:
    """What is calculated; a field of the charts is there already. Several courses may be about one thing, each at other
    visits."""
    found: list[tuple[Variable, dict[str, Query], dict[str, str]]] = []
    for analysis in study.analyses:
        for variable, by_visit in analysis.rows if isinstance(analysis, Course) else ():
            if isinstance(plain(variable.query), Value):
                continue
            columns = {visit: variable_column(analysis.name, variable.name, visit) for visit in by_visit}
            same = next((each for each in found if _is_same(each[0], each[1], variable, by_visit)), None)
            if same is None:
                found.append((variable, {**by_visit}, columns))
            else:
                same[1].update(by_visit)
                same[2].update(columns)
    for variable, queries, columns in found:
        order = [visit.name for visit in study.visits if visit.name in columns]
        yield Measure(
            variable.name, variable.label, SCORE, variable.query.type, {visit: columns[visit] for visit in order},
            dates_of(study, queries), derived=said(study, queries[order[-1]], order[-1]),
        )  # fmt: skip


def _is_same(one: Variable, at: Mapping[str, Query], other: Variable, other_at: Mapping[str, Query]) -> bool:
    """Called the same, and defined the same at the visits that both have."""
    called = (one.name, one.label, one.query.type) == (other.name, other.label, other.query.type)
    return called and all(digest(at[visit]) == digest(other_at[visit]) for visit in at.keys() & other_at.keys())


def dates_of(study: Study, by_visit: Mapping[str, Query]) -> dict[str, str]:
    """The dates of what is calculated from one form's rows of the visit; none if it is from several."""
    found = dict[str, str]()
    for visit, query in by_visit.items():
        read = {value.form for value in values(query) if value.visit == visit and value.form in study.forms}
        if len(read) == 1:
            found |= {name: column for name, column in _dates(study, study.forms[read.pop()]).items() if name == visit}
    return found


def _dates(study: Study, form: Form) -> dict[str, str]:
    return {visit.name: patient_column(form.name, form.date or "", visit.name) for visit in study.visits}


def parameter_codes(names: Sequence[tuple[str, Field | None]]) -> tuple[str, ...]:
    return variable_names(Wanted(name, given=field.column if field else None) for name, field in names)


def parameters_of(measures: Sequence[Measure], codes: Sequence[str]) -> tuple[Parameter, ...]:
    """As they are called; `told_apart` makes their names unique."""
    return tuple(
        Parameter(code, titled(each), not isinstance(each.kind, Number), each.codes, each.derived, each.source)
        for each, code in zip(measures, codes, strict=True)
    )


def titled(measure: Measure) -> str:
    return f"{measure.label} ({measure.unit})" if measure.unit else measure.label


def measure_rows(
    study: Study, patients: pl.DataFrame, measures: Sequence[Measure], parameters: Sequence[Parameter]
) -> list[pl.DataFrame]:
    """Of what is known: a row for each value, or for its bounds."""
    reference = study.scope.reference
    found = []
    for place, (measure, parameter) in enumerate(zip(measures, parameters, strict=True), start=1):
        for visit in measure.columns:
            baseline = visit == reference
            compared = reference in measure.columns and not baseline
            before = reference if reference in measure.columns else None
            made = {
                **at_visit(study, visit, measure.dates.get(visit)),
                "PARAMCD": pl.lit(parameter.code),
                "PARAM": pl.lit(parameter.label),
                "PARAMN": pl.lit(place),
                "PARCAT1": pl.lit(measure.category),
                "AVALU": pl.lit(measure.unit, dtype=pl.String),
                "AVAL": measure.value(visit),
                "AVALC": measure.text(visit),
                "BASE": measure.value(before) if before else pl.lit(None, dtype=pl.Float64),
                "BASEC": measure.text(before) if before else pl.lit(None, dtype=pl.String),
                "CHG": measure.change(visit, before) if before and compared else pl.lit(None, dtype=pl.Float64),
                "ABLFL": pl.lit("Y" if baseline else None, dtype=pl.String),
            }
            rows = patients.select(PATIENT, *(made[name].cast(kind).alias(name) for name, kind in ROWS.items()))
            found.append(rows.filter(pl.col("AVAL").is_not_null() | pl.col("AVALC").is_not_null()))
    return found


def at_visit(study: Study, visit: str, date: str | None) -> dict[str, pl.Expr]:
    """Which visit it is: the reference visit is number 0, the one after it 1."""
    names = [each.name for each in study.visits]
    planned = study.visits[names.index(visit)]
    first = names.index(study.scope.reference) if study.scope.reference in names else 0
    return {
        "AVISIT": pl.lit(planned.label),
        "AVISITN": pl.lit(names.index(visit) - first),
        "AWTARGET": pl.lit(planned.day + 1 if planned.day >= 0 else planned.day),
        "ADT": pl.col(date) if date else pl.lit(None, dtype=pl.Date),
    }


def common_columns(study: Study, parameters: Sequence[Parameter]) -> list[Column]:
    """The variables of a basic data structure that say of which parameter and visit a row is."""
    reference = next((visit.label for visit in study.visits if visit.name == study.scope.reference), "the first visit")
    windows = "; ".join(f"{visit.label}: days {visit.low} to {visit.high}" for visit in study.visits)
    codes = {parameter.code: parameter.label for parameter in parameters}
    visits = {visit.label: visit.label for visit in study.visits}

    def held(name: str, label: str, kind: Kind, derived: str = "", codes: Mapping[str, str] | None = None) -> Column:
        return fixed(name, label, kind, pl.col(name), derived, codes)

    return [
        held("PARAMCD", "Parameter Code", "text", codes=codes),
        held("PARAM", "Parameter", "text"),
        held("PARAMN", "Parameter (N)", "integer"),
        held("PARCAT1", "Parameter Category 1", "text"),
        held("AVISIT", "Analysis Visit", "text", f"Days from the index date, which is day 0. {windows}.", visits),
        held("AVISITN", "Analysis Visit (N)", "integer", f"0 is {reference}, 1 the next."),
        held("AWTARGET", "Analysis Window Target", "integer", "The planned study day; the index date is day 1."),
        held("ADT", "Analysis Date", "date", "The date of the chart row, if the value is from one."),
        fixed(
            "ADY", "Analysis Relative Day", "integer",
            study_day((pl.col("ADT") - pl.col(INDEX_DATE)).dt.total_days()),
            "Days from INDEXDT, which is day 1; no day 0.",
        ),
    ]  # fmt: skip


def value_columns() -> list[Column]:
    """Value, unit, baseline and change."""
    return [
        fixed("AVAL", "Analysis Value", "float", pl.col("AVAL")),
        fixed(
            "AVALC", "Analysis Value (C)", "text", pl.col("AVALC"),
            "Levels and yes/no; of a number, what is known of it where it is beyond a limit of its test.",
        ),
        fixed("AVALU", "Analysis Value Unit", "text", pl.col("AVALU")),
        fixed("BASE", "Baseline Value", "float", pl.col("BASE"), "AVAL at the reference visit."),
        fixed("BASEC", "Baseline Value (C)", "text", pl.col("BASEC"), "AVALC at the reference visit."),
        fixed("CHG", "Change from Baseline", "float", pl.col("CHG"), "AVAL - BASE, if both are exact."),
        fixed("ABLFL", "Baseline Record Flag", "text", pl.col("ABLFL"), "Y at the reference visit.", {"Y": "Yes"}),
    ]  # fmt: skip
