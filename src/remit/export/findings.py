"""ADLB and ADEFF: laboratory values; and scores and endpoints at visits, endpoints under each handling of unknowns."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from remit.export.core import Core
from remit.export.dataset import Column, Dataset, Parameter, dataset, fixed, told_apart
from remit.export.measures import (
    ROWS,
    at_visit,
    common_columns,
    dates_of,
    laboratory,
    measure_rows,
    other_measures,
    parameter_codes,
    parameters_of,
    value_columns,
)
from remit.export.values import YES_NO, said, y_n
from remit.schema.cohort import Cohort, endpoint_column, stratum_column
from remit.schema.records import PATIENT
from remit.schema.results import COMPLETE, DECIDED, REQUIRED
from remit.study.study import Endpoint, Study

ENDPOINT, HANDLING = "Endpoint", "HANDLING"


def adlb(study: Study, cohort: Cohort, core: Core) -> Dataset | None:
    """Laboratory values as picked for each visit; None if the study has none."""
    measures = laboratory(study)
    if not measures:
        return None
    codes = parameter_codes([(each.name, each.field) for each in measures])
    parameters = told_apart(parameters_of(measures, codes))
    rows = pl.concat(measure_rows(study, cohort.patients, measures, parameters)).join(core.table, on=PATIENT)
    return dataset(
        "ADLB", "Laboratory Analysis Dataset", "One record per subject per parameter per visit",
        "BASIC DATA STRUCTURE", ("USUBJID", "PARAMCD", "AVISITN"), rows,
        [*core.columns(), *common_columns(study, parameters), *value_columns()], parameters,
    )  # fmt: skip


def adeff(study: Study, cohort: Cohort, core: Core) -> Dataset | None:
    """None if the study measures and judges nothing at visits."""
    measures, endpoints = other_measures(study), [*study.endpoints.values()]
    if not measures and not endpoints:
        return None
    names = [(each.name, each.field) for each in measures] + [(each.name, None) for each in endpoints]
    codes = parameter_codes(names)
    defined = [_parameter(study, each, code) for each, code in zip(endpoints, codes[len(measures) :], strict=True)]
    parameters = told_apart((*parameters_of(measures, codes[: len(measures)]), *defined))
    measured, judged = parameters[: len(measures)], parameters[len(measures) :]
    frames = [frame.with_columns(_NO_HANDLING) for frame in measure_rows(study, cohort.patients, measures, measured)]
    for place, (endpoint, parameter) in enumerate(zip(endpoints, judged, strict=True), start=len(measures) + 1):
        frames += _endpoint_rows(study, cohort.patients, endpoint, parameter, place)
    rows = pl.concat(frames).join(core.table, on=PATIENT)
    return dataset(
        "ADEFF", "Efficacy Analysis Dataset", "One record per subject per parameter per visit per handling",
        "BASIC DATA STRUCTURE", ("USUBJID", "PARAMCD", "AVISITN", HANDLING), rows,
        [*core.columns(), *common_columns(study, parameters), *_handling(study), *value_columns(), *_criterion(judged)],
        parameters,
    )  # fmt: skip


def _parameter(study: Study, endpoint: Endpoint, code: str) -> Parameter:
    last = endpoint.at[-1]
    return Parameter(code, endpoint.label, True, YES_NO, said(study, endpoint.queries[last], last))


_NO_HANDLING = (pl.lit(None, dtype=pl.String).alias(HANDLING), pl.lit(None, dtype=pl.String).alias("DTYPE"))


def _endpoint_rows(
    study: Study, patients: pl.DataFrame, endpoint: Endpoint, parameter: Parameter, place: int
) -> Iterator[pl.DataFrame]:
    """A row for each patient who counts under the handling, also if it is unknown."""
    dates = dates_of(study, endpoint.queries)
    for visit in endpoint.at:
        value = pl.col(endpoint_column(endpoint.name, visit))
        bases = [basis for basis in (COMPLETE, REQUIRED) if basis == COMPLETE or visit in endpoint.requires]
        inside = {basis: pl.col(endpoint_column(endpoint.name, visit, basis)).fill_null(False) for basis in bases}
        counted = {DECIDED: pl.lit(True)} | {basis: value.is_not_null() & held for basis, held in inside.items()}
        for handling in (*counted, *study.estimands):
            judged, imputed = value, pl.lit(None, dtype=pl.String)
            if handling in study.estimands:
                held = pl.col(endpoint_column(endpoint.name, visit, handling))
                judged = held.fill_null(False)
                imputed = pl.when(held.is_null()).then(pl.lit("NRI"))
                if not study.asks_all(study.estimands[handling], visit):
                    counted[handling] = pl.col(stratum_column(endpoint.name, visit, handling)).fill_null(False)
            made = {
                **{name: pl.lit(None, dtype=kind) for name, kind in ROWS.items()},
                **at_visit(study, visit, dates.get(visit)),
                "PARAMCD": pl.lit(parameter.code),
                "PARAM": pl.lit(parameter.label),
                "PARAMN": pl.lit(place),
                "PARCAT1": pl.lit(ENDPOINT),
                "AVAL": judged.cast(pl.Float64),
                "AVALC": y_n(judged),
            }
            of = patients.filter(counted.get(handling, pl.lit(True)))
            columns = [made[name].cast(kind).alias(name) for name, kind in ROWS.items()]
            yield of.select(PATIENT, *columns, pl.lit(handling).alias(HANDLING), imputed.alias("DTYPE"))


def _handling(study: Study) -> list[Column]:
    words = {
        DECIDED: "those for whom it can be decided",
        COMPLETE: "those for whom every part is known",
        REQUIRED: "those who have what the endpoint requires",
    } | {name: estimand.label for name, estimand in study.estimands.items()}
    return [
        fixed(HANDLING, "Handling of Unknown Values", "text", pl.col(HANDLING), "Of endpoints.", words),
        fixed(
            "DTYPE", "Derivation Type", "text", pl.col("DTYPE"), "NRI: unknown, and counted as no response.",
            {"NRI": "Non-response imputed"},
        ),
    ]  # fmt: skip


def _criterion(judged: tuple[Parameter, ...]) -> list[Column]:
    """The definition of an endpoint, and whether it is met."""
    of_endpoint = pl.col("PARCAT1") == ENDPOINT
    texts = {parameter.code: parameter.derived for parameter in judged}
    if not texts:
        return []
    text = pl.col("PARAMCD").replace_strict(texts, default=None, return_dtype=pl.String)
    return [
        fixed("CRIT1", "Analysis Criterion 1", "text", text, "The definition of the endpoint."),
        fixed(
            "CRIT1FL", "Criterion 1 Evaluation Result Flag", "text", pl.when(of_endpoint).then(pl.col("AVALC")),
            "Whether CRIT1 is met; missing if it cannot be decided.", YES_NO,
        ),
    ]  # fmt: skip
