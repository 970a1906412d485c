"""The eight endpoints by hand: python by_hand.py CHARTS OUT. Writes what `remit run` writes of them: each patient's
endpoints, and the results."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

charts, out = (Path(argument) for argument in sys.argv[1:])
database = duckdb.connect()
for statement in database.extract_statements(Path(__file__).with_suffix(".sql").read_text("utf-8")):
    database.execute(statement, {"charts": str(charts)} if statement.named_parameters else None)
out.mkdir()
for table in ("patients", "results"):
    database.sql(f"from {table}").write_parquet(str(out / f"{table}.parquet"))
