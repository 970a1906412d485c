"""Dosing periods → when the drug was stopped for good, how long it was taken, how often interrupted.

Periods are half-open: the stop is the first day without that dose. A gap that a later period closes is an interruption.
The period that ends last decides: if it goes on, or its stop is not for good, the permanent stop lies beyond the end of
observation; if it cannot be told whether it is for good, it lies at that stop or later.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from remit.derive.engines import Engine
from remit.derive.frames import Expr, Frame, integer, one_if, pick
from remit.derive.values import INDEX_DATE, OBSERVED_DAY
from remit.language.columns import HIGH, LOW, LOW_OPEN, patient_column
from remit.language.evaluate import Bounds, interval_columns, truth
from remit.schema.records import PATIENT, ROW
from remit.study.forms import Form
from remit.study.study import Dosing

STOP_DAY = patient_column("dosing", "stop_day", None)
LAST_DAY = patient_column("dosing", "last_day", None)
DAYS_ON_DRUG = patient_column("dosing", "days_on_drug", None)
INTERRUPTIONS = patient_column("dosing", "interruptions", None)
STOP_REASON = patient_column("dosing", "stop_reason", None)

_FAR = 10_000_000  # a day after all that can be written


def add_dosing(patients: Frame, rows: Frame, engine: Engine) -> Frame:
    """The patients with the columns of `dosing`; unknown where it cannot be told which periods are of the drug.

    rows: see `dosing_rows`.
    """
    periods = of_the_drug(rows)
    patients = engine.widen(patients, [_last(periods), _totals(periods), _doubtful(rows)])
    sure = nw.col("_doubtful").is_null() & ~nw.col("_final").is_null()
    columns = _summary(sure)
    patients = patients.with_columns(*(expr.alias(name) for name, expr in columns.items()))
    return patients.drop([name for name in patients.columns if name.startswith("_")])


def dosing_rows(dosing: Dosing, form: Form, rows: Frame) -> Frame:
    """The form's rows: `patient`, `_row`, `_counts` (whether it is the drug), `_start`, `_stop` (low end),
    `_stop_high`, `_going_on`, `_permanent`, `_reason`."""
    reason: Expr = nw.col(f"row__{dosing.reason}") if dosing.reason else nw.lit(None, dtype=nw.String)
    return rows.select(
        PATIENT,
        ROW,
        # With a column, because a condition that holds for every row is a literal, which no engine filters by.
        (truth(dosing.where) & ~nw.col(PATIENT).is_null()).alias("_counts"),
        nw.col(f"row__{form.start}").alias("_start"),
        nw.col(f"row__{form.stop}{LOW}").alias("_stop"),
        nw.col(f"row__{form.stop}{HIGH}").alias("_stop_high"),
        nw.col(f"row__{form.stop}{LOW_OPEN}").alias("_going_on"),
        truth(dosing.permanent).alias("_permanent"),
        reason.alias("_reason"),
    )


def of_the_drug(rows: Frame) -> Frame:
    """The drug's periods."""
    return rows.filter(nw.col("_counts")).drop("_counts")


def _last(periods: Frame) -> Frame:
    """Each patient's last period: the one that ends last; of two, the one that starts later, then the lower row.

    One whose stop is not known ends last for sure only if the others had ended when it started. Else the latest of the
    others may be the last too, and the last is not for good only if neither is.
    """
    dated = periods.filter(~nw.col("_start").is_null())
    end = nw.when(_unread()).then(integer(_FAR)).otherwise(nw.col("_stop"))
    end = nw.when(nw.col("_going_on")).then(integer(2 * _FAR)).otherwise(end)
    last = pick(dated, 0 - end, 0 - nw.col("_start"), 0 - nw.col(ROW))
    last = last.join(_beside_unread(dated), on=PATIENT, how="left")
    none_for_good = nw.when(nw.col("_maybe_for_good") == 0).then(nw.lit(False, dtype=nw.Boolean))
    return last.select(
        PATIENT,
        nw.col("_start").alias("_final"),
        nw.when(_unread()).then(nw.col("_reached")).otherwise(nw.col("_stop")).alias("_final_stop"),
        nw.col("_stop_high").alias("_final_high"),
        nw.col("_going_on").alias("_final_going_on"),
        nw.when(_unread()).then(none_for_good).otherwise(nw.col("_permanent")).alias("_final_permanent"),
        nw.col("_reason").alias("_final_reason"),
    )


def _beside_unread(dated: Frame) -> Frame:
    """Of each patient with a period whose stop is not known: when the latest of all stops may be at the earliest, and
    whether one of the periods that may be the last may be for good."""
    unread = dated.filter(_unread()).group_by(PATIENT).agg(nw.col("_start").max().alias("_unread_start"))
    theirs = dated.join(unread, on=PATIENT, how="inner")
    theirs = theirs.with_columns(nw.col("_stop").max().over(PATIENT).alias("_reached"))
    latest_read = (nw.col("_stop") == nw.col("_reached")) & (nw.col("_stop") > nw.col("_unread_start"))
    for_good = one_if(_unread() | latest_read) * (1 - one_if(~nw.col("_permanent")))
    theirs = theirs.with_columns(for_good.alias("_maybe_for_good"))
    return theirs.group_by(PATIENT).agg(nw.col("_reached").max(), nw.col("_maybe_for_good").max())


def _totals(periods: Frame) -> Frame:
    """Days on the drug, each day once, and gaps that a later period closes."""
    earlier = periods.select(
        PATIENT,
        nw.col("_start").alias("_earlier_start"),
        nw.col(ROW).alias("_earlier_row"),
        nw.col("_stop").alias("_earlier_stop"),
        one_if(_unread()).alias("_earlier_unread"),
    )
    pairs = periods.join(earlier, on=PATIENT, how="inner")
    before = (nw.col("_earlier_start") < nw.col("_start")) | (
        (nw.col("_earlier_start") == nw.col("_start")) & (nw.col("_earlier_row") < nw.col(ROW))
    )
    reached = (
        pairs.filter(before)
        .group_by(PATIENT, ROW)
        .agg(nw.col("_earlier_stop").max().alias("_reached"), nw.col("_earlier_unread").max())
    )
    joined = periods.join(reached, on=[PATIENT, ROW], how="left")
    begins = nw.when(nw.col("_reached") > nw.col("_start")).then(nw.col("_reached")).otherwise(nw.col("_start"))
    length = nw.when(~_unread()).then(nw.col("_stop") - begins)
    days = nw.when(length > 0).then(length).otherwise(nw.when(length.is_null()).then(_none()).otherwise(integer(0)))
    gap = nw.col("_reached") < nw.col("_start")
    joined = joined.with_columns(
        days.alias("_days"),
        one_if(days.is_null()).alias("_unclear"),
        one_if(gap).alias("_gap"),
        one_if(gap & (nw.col("_earlier_unread") == 1)).alias("_gap_unclear"),
    )
    totals = joined.group_by(PATIENT).agg(
        *(nw.col(name).sum() for name in ("_days", "_gap")),
        *(nw.col(name).max() for name in ("_unclear", "_gap_unclear")),
    )
    return totals.with_columns(nw.col(name).cast(nw.Int64) for name in ("_days", "_gap", "_unclear", "_gap_unclear"))


def _unread() -> Expr:
    """The stop is not known, which is not the same as going on."""
    return nw.col("_stop_high").is_null() & ~nw.col("_going_on")


def _none() -> Expr:
    return nw.lit(None, dtype=nw.Int64)


def _doubtful(rows: Frame) -> Frame:
    """Patients with a period of which it is not known whether it is the drug, or when it began."""
    counts = nw.col("_counts")
    doubtful = rows.filter(counts.is_null() | (counts & nw.col("_start").is_null()))
    return doubtful.group_by(PATIENT).agg(nw.col(ROW).min().alias("_doubtful"))


def _summary(sure: Expr) -> dict[str, Expr]:
    index = nw.col(INDEX_DATE)
    stop, high = nw.col("_final_stop"), nw.col("_final_high")
    going_on = nw.col("_final_going_on")
    for_good = nw.col("_final_permanent") & ~high.is_null()
    not_for_good = going_on | ~nw.col("_final_permanent")
    never = nw.lit(False, dtype=nw.Boolean)
    open_end = nw.when(not_for_good).then(nw.lit(True, dtype=nw.Boolean)).otherwise(never)

    low = nw.when(not_for_good).then(nw.col(OBSERVED_DAY)).otherwise(stop - index)
    stopped = Bounds(nw.when(sure).then(low), nw.when(sure & for_good).then(high - index), 1, open_end, never)

    last_low = nw.when(going_on).then(nw.col(OBSERVED_DAY)).otherwise(stop - index - 1)
    last = Bounds(nw.when(sure).then(last_low), nw.when(sure).then(high - index - 1), 1, never, never)

    counted = sure & (nw.col("_unclear") == 0)
    return {
        **interval_columns(STOP_DAY, stopped),
        **interval_columns(LAST_DAY, last),
        STOP_REASON: nw.when(sure & for_good).then(nw.col("_final_reason")),
        DAYS_ON_DRUG: nw.when(counted).then(nw.col("_days")),
        INTERRUPTIONS: nw.when(sure & (nw.col("_gap_unclear") == 0)).then(nw.col("_gap")),
    }
