"""What was found, in a folder: a table, the same as JSON, and the drawings."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import asdict, fields
from io import StringIO
from pathlib import Path

from remit.output import whole_folder
from remit.pooling.done import Done
from remit.pooling.drawn import drawings
from remit.pooling.rows import Row, rows_of


def write_pooled(done: Done, out: Path) -> tuple[Path, ...]:
    """Raises WrongInput if the folder cannot be written."""
    drawn = drawings(done)
    rows = rows_of(done)
    with whole_folder(out) as made:
        (made / "pooled.csv").write_text(_csv(rows), "utf-8")
        (made / "pooled.json").write_text(_json(done, rows), "utf-8")
        for name, svg in drawn.items():
            (made / name).write_text(svg, "utf-8")
    return tuple(out / name for name in ("pooled.csv", "pooled.json", *drawn))


def _csv(rows: list[Row]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = [field.name for field in fields(Row)]
    writer.writerow(names)
    writer.writerows([getattr(row, name) for name in names] for row in rows)
    return text.getvalue()


def _json(done: Done, rows: list[Row]) -> str:
    found = {
        "table": done.table.path.name,
        "measure": done.choice.measure,
        "model": done.choice.model,
        "heterogeneity": done.choice.estimator,
        "interval": done.choice.interval,
        "notes": [note.told for note in done.pooled.notes],
        "results": [{name: _finite(value) for name, value in asdict(row).items() if value is not None} for row in rows],
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _finite(value: object) -> object:
    return "infinite" if isinstance(value, float) and math.isinf(value) else value
