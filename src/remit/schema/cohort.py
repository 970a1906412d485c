"""Cohort: what is derived for each patient, and how its columns are called.

`patients` has one row a patient, sorted by `patient`:
- `patient`, `centre`;
- the fields as `form__field` (or `form__field__visit`, as picked for the visit; `form___row__visit` is the row picked);
  numbers are scaled integers as in Records, dates are dates; of a value that may be censored, `…__low` and `…__high`
  are its bounds (null: unbounded) and the column itself is null where it is not exact;
- `passes__<criterion>`, `eligible`, and `excluded_by`: the first criterion that fails, or `undecidable`;
- `in__<population>`;
- `<endpoint>__<visit>`, with `__required`, `__complete` and `__<estimand>` behind it (yes/no/unknown), and behind an
  estimand perhaps `__carried`, `__stratum`; at the reference visit, where it can be asked there, without estimands;
- where missing values are imputed, `had__<event>__<visit>` and `predicts__<predictor>`;
- `arm__planned`, `arm__actual`: the arms of a study that has some;
- `<analysis>__<variable>`, with `__<visit>` in a course and `__among` for its condition; of a
  time to an event `<analysis>__event_day`, `__happened` and `__last_day`, in days from its start; `group__<subgroup>`.

`events` has one row an event of an Events analysis: `patient`, `_row`, `analysis`, `term`, `day`, `period`, the fields
it is broken down by, `special__<kind>`, and the fields of its form as `form__field` (dates as days since 1970-01-01).
Where missing values are imputed, `completed.patients` has one row an eligible patient of a completed cohort, the
cohorts below one another and each in the order of the patients: `patient`, `imputation` (from 0) and
`<endpoint>__<visit>__<estimand>`, null where the endpoint stays unknown. `completed.imputed` has one row a cell that
was imputed, `completed.models` one a field at a visit.
`periods` has one row a dosing period: `patient`, `_row`, `start_day`, `stop_day` (null: going on, or not known),
`reason`, `permanent`. `visits` has one row a visit used: `patient`, `visit`, `form`, `_row`, `day`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

UNDECIDABLE = "undecidable"
ELIGIBLE = "eligible"
EXCLUDED_BY = "excluded_by"


IMPUTED_SCHEMA: Mapping[str, pl.DataType] = {
    "patient": pl.String(),
    "form": pl.String(),
    "field": pl.String(),
    "visit": pl.String(),  # null: of a form filled once
    "after": pl.String(),  # the intercurrent events after which values are set aside; null: none are
    "why": pl.String(),  # the cell is empty
    "low": pl.Float64(),  # of what is known to lie between two, the ends
    "high": pl.Float64(),
    "method": pl.String(),
    "values": pl.List(pl.String()),  # one for each completed cohort, in the field's own unit
}
MODELS_SCHEMA: Mapping[str, pl.DataType] = {
    "after": pl.String(),
    "form": pl.String(),
    "field": pl.String(),
    "visit": pl.String(),
    "method": pl.String(),
    "known": pl.Int64(),
    "within": pl.Int64(),  # known to lie between two
    "missing": pl.Int64(),
    "predictors": pl.List(pl.String()),
    "left_out": pl.List(pl.String()),
}


@dataclass(frozen=True)
class Completed:
    """Cohorts in which missing values are imputed. `guards`: what the models warn of."""

    patients: pl.DataFrame
    imputed: pl.DataFrame
    models: pl.DataFrame
    guards: tuple[str, ...]


@dataclass(frozen=True)
class Cohort:
    """`ledger` adds to the intake's what derivation found: visits outside windows, second visits in one."""

    patients: pl.DataFrame
    visits: pl.DataFrame
    events: pl.DataFrame
    periods: pl.DataFrame
    ledger: pl.DataFrame
    completed: Completed | None = None


FRAMES = ("patients", "visits", "events", "periods", "ledger")
COMPLETED = ("completed", "imputed", "imputation-models")  # the frames of Completed, as the files of a run are called


def passes_column(criterion: str) -> str:
    return f"passes__{criterion}"


def population_column(population: str) -> str:
    return f"in__{population}"


def endpoint_column(endpoint: str, visit: str, basis: str | None = None) -> str:
    """`basis`: required, complete, or the name of an estimand."""
    return f"{endpoint}__{visit}" if basis is None else f"{endpoint}__{visit}__{basis}"


def carried_column(endpoint: str, visit: str, estimand: str) -> str:
    """The endpoint under the estimand as it was last known."""
    return f"{endpoint_column(endpoint, visit, estimand)}__carried"


def stratum_column(endpoint: str, visit: str, estimand: str) -> str:
    """Whether the estimand asks for the patient; there is none where it asks for all."""
    return f"{endpoint_column(endpoint, visit, estimand)}__stratum"


def had_column(event: str, visit: str) -> str:
    """Whether the intercurrent event came before the visit; there is none where nothing is imputed."""
    return f"had__{event}__{visit}"


def predictor_column(name: str) -> str:
    """What foretells missing values."""
    return f"predicts__{name}"


def variable_column(analysis: str, variable: str, visit: str | None = None) -> str:
    return f"{analysis}__{variable}" if visit is None else f"{analysis}__{variable}__{visit}"


def among_column(analysis: str, variable: str) -> str:
    return f"{analysis}__{variable}__among"


def group_column(subgroup: str) -> str:
    return f"group__{subgroup}"


def arm_column(kind: str) -> str:
    """`kind`: planned or actual."""
    return f"arm__{kind}"


def event_column(form: str, field: str) -> str:
    return f"{form}__{field}"


def special_column(kind: str) -> str:
    return f"special__{kind}"
