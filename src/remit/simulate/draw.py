"""Study → Records of patients who do not exist."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remit.schema.records import (
    CENTRE,
    COLUMNS_SCHEMA,
    LEDGER_SCHEMA,
    ONGOING,
    PATIENT,
    ROW,
    ROWS_SCHEMA,
    Records,
    censored_column,
)
from remit.simulate import columns
from remit.simulate.forms import PLACE, Drawing, draw_once, draw_visits
from remit.simulate.latent import Crowd
from remit.simulate.rows import draw_rows
from remit.simulate.streams import Streams
from remit.simulate.timeline import draw_timeline
from remit.study.forms import Form
from remit.study.study import Study

CENTRES = {"S01": 1.0, "S02": 1.0, "S03": 1.0, "S04": 1.0, "S05": 1.0}
MARK = "SYN"  # each simulated patient's id begins with it


def draw_records(study: Study, patients: int, seed: int, replicates: int = 1) -> Records:
    """The Records of `patients` simulated patients, the same for the same study, number and seed.

    replicates: that many cohorts of `patients` each, in one; `replicate_of` tells them apart.
    """
    streams, count = Streams(seed), patients * replicates
    names = tuple(sorted(study.simulation.centres or CENTRES))
    centre, replicate = _centres(study, streams, names, patients, replicates)
    severity = streams.of("severity").standard_normal(count, dtype=np.float32)
    crowd = Crowd(streams, study.simulation, replicate * len(names) + centre, severity)
    timeline = draw_timeline(study, streams, count)
    drawing = Drawing(study, crowd, timeline, np.full(count, columns.LONG_AGO, np.int64))
    ids = pl.DataFrame(
        {
            PATIENT: _ids(names, centre, replicate, patients, replicates),
            CENTRE: columns.words(CENTRE, names, centre, np.zeros(count, bool)),
        }
    )
    frames = {form.name: _frame(drawing, form, ids) for form in _born_first(study)}
    return _records({form: frames[form] for form in study.forms}, synthetic_text(study, seed))


def synthetic_text(study: Study, seed: int) -> str:
    """What stands in each file, and on each page made from it."""
    identity = study.identity
    return (
        f"The patients are simulated: remit drew them from the study file {identity.id}, version {identity.version}, "
        f"with the seed {seed}. None of them exists."
    )


def replicate_of(patient: str = PATIENT) -> pl.Expr:
    """The replicate, from 0, that a patient belongs to."""
    return pl.col(patient).str.extract(rf"^{MARK}(\d+)-", 1).cast(pl.Int64) - 1


def _centres(
    study: Study, streams: Streams, names: tuple[str, ...], patients: int, replicates: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Centre and replicate of each patient; in each replicate the patients of a centre stand together."""
    sizes = study.simulation.centres or CENTRES
    shares = np.array([sizes[name] for name in names])
    drawn = streams.of("centre").choice(len(names), (replicates, patients), p=shares / shares.sum())
    return np.sort(drawn, axis=1).ravel(), np.repeat(np.arange(replicates), patients)


def _ids(
    names: tuple[str, ...], centre: NDArray[np.intp], replicate: NDArray[np.intp], patients: int, replicates: int
) -> pl.Series:
    """SYN-S01-0001; of several replicates SYN0001-S01-0001."""
    none = np.zeros(len(centre), bool)
    wide, number = max(4, len(str(patients))), np.tile(np.arange(1, patients + 1), replicates)
    marks = [MARK] if replicates == 1 else [f"{MARK}{k + 1:0{len(str(replicates))}}" for k in range(replicates)]
    parts = [
        columns.words("mark", marks, replicate, none),
        columns.words("centre", names, centre, none),
        pl.Series("number", number).cast(pl.String).str.zfill(wide),
    ]
    return pl.DataFrame(parts).select(pl.concat_str(pl.all(), separator="-").alias(PATIENT)).to_series()


def _born_first(study: Study) -> list[Form]:
    """The forms filled once before all others, that with the date of birth first: what they say is asked of later."""
    born = (study.birth or "").partition(".")[0]
    return sorted(study.forms.values(), key=lambda form: (form.rows != "once", form.name != born))


def _frame(drawing: Drawing, form: Form, ids: pl.DataFrame) -> pl.DataFrame:
    match form.rows:
        case "once":
            found = draw_once(drawing, form).frame()
        case "visit":
            found = draw_visits(drawing, form).frame()
        case _:
            found = draw_rows(drawing, form)
    places = found[PLACE]
    named = [ids[name].gather(places) for name in (PATIENT, CENTRE)]
    fields: list[str] = []
    for field in form.fields.values():
        fields += [field.name, *([censored_column(field.name)] if censored_column(field.name) in found.columns else [])]
    return pl.DataFrame(named).hstack(found.select(*fields, *([ONGOING] if form.rows == "period" else [])))


# The keys of the rows


def _records(frames: dict[str, pl.DataFrame], synthetic: str) -> Records:
    """Rows are numbered by centre, then in the order of the forms: as they are when they are read back."""
    counts = pl.concat(
        [
            frame.group_by(CENTRE).len().with_columns(pl.lit(number).alias("form").cast(pl.Int64))
            for number, frame in enumerate(frames.values())
        ]
    ).sort(CENTRE, "form")
    first = counts.with_columns((pl.col("len").cum_sum() - pl.col("len")).alias("first"))
    numbered = {}
    for number, (name, frame) in enumerate(frames.items()):
        of_form = first.filter(form=number).select(CENTRE, pl.col("first").cast(pl.Int64))
        within = pl.int_range(pl.len()).over(CENTRE)
        keyed = frame.with_columns(within.alias("_within")).join(of_form, on=CENTRE, how="left", maintain_order="left")
        keyed = keyed.with_columns((pl.col("first") + pl.col("_within")).alias(ROW)).sort(ROW)
        rest = [column for column in frame.columns if column not in (PATIENT, CENTRE)]
        numbered[name] = keyed.select(PATIENT, CENTRE, ROW, *rest)
    return Records(
        forms=numbered,
        rows=pl.DataFrame(schema=ROWS_SCHEMA),
        columns=pl.DataFrame(schema=COLUMNS_SCHEMA),
        ledger=pl.DataFrame(schema=LEDGER_SCHEMA),
        synthetic=synthetic,
    )
