"""Whatever a pack holds can be simulated without a doubt about it, and is read back as it was drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.run import read_records, with_charts
from remit.simulation.charts import simulate_study
from remit.study.build import read_study

STUDY = """\
remit: 1
study: {id: all, title: All of a pack}
packs: {ibd: "VERSION"}
index: start
visits:
  baseline: {day: 0, window: [-30, 0], pick: last}
  week12: {day: 84, window: [63, 105]}
forms:
  patients: {rows: once, fields: {born: date, start: date}}
  visits:
    rows: visit
    date: seen
    fields:
      seen: date
"""
PACK = Path(__file__).parents[3] / "src" / "remit" / "packs" / "ibd" / "pack.yaml"


def everything(folder: Path) -> Path:
    """A study with each instrument that needs nothing from elsewhere, each test and each classification of the pack."""
    (version,) = [line.split('"')[1] for line in PACK.read_text("utf-8").splitlines() if line.startswith("version:")]
    path = folder / "study.yaml"
    path.write_text(STUDY.replace("VERSION", version), "utf-8")
    packs = read_study(path).packs
    instruments = {name: each for name, each in packs.instruments.items() if not each.needs}
    kinds = [("instrument", name) for name, each in instruments.items() if each.items]
    kinds += [("score", name) for name in instruments]
    kinds += [("lab", name) for name in packs.laboratory]
    kinds += [("classification", name) for name in packs.classifications]
    fields = [f'      f{number}: {{{kind}: "{name}"}}\n' for number, (kind, name) in enumerate(kinds)]
    path.write_text(path.read_text("utf-8") + "".join(fields), "utf-8")
    return path


@pytest.mark.parametrize("kind", ["parquet", "workbooks"])
def test_all_that_a_pack_holds(tmp_path: Path, kind: str) -> None:
    done = simulate_study(everything(tmp_path), 40, 1, tmp_path / "out", kind)
    assert len(done.study.forms["visits"].fields) > 100
    found = read_records(with_charts(done.study, done.charts))
    assert set(found.ledger["action"]) <= {"recognised", "censored"}  # beyond the limits of an assay that is assumed
    for name, frame in done.records.forms.items():
        assert found.forms[name].equals(frame)
