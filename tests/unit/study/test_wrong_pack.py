"""What is wrong in a pack: the message names the file of the pack, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.study.build import read_study
from tests.unit.study.making import PACK, STUDY, written, wrong_pack

CASES: list[tuple[str, str, str, str]] = [
    ("pack", "title: A", "▶titel: A", "'titel' is not known in the file"),
    ("instruments", "total: [0, 10]", "total: ▶[10, 0]", "the range ends before it begins"),
    ("instruments", "total: [0, 10]", "total: [0, ▶ten]", "Pain.total.2 cannot be 'ten'"),
    ("instruments", "mild: [1, 3]", "mild: ▶[2, 3]", "between the bands none and mild there is a gap"),
    ("instruments", "mild: [1, 3]", "mild: ▶[0, 3]", "the bands none and mild overlap, or stand in the wrong order"),
    ("instruments", "severe: [4, 10]", "severe: ▶[4, 9]", "the score goes up to 10, its highest band to 9"),
    ("instruments", "Pain:\n  title: pain from 0 to 10\n", "▶Pain:\n", "Pain has no 'title'"),
    (
        "instruments",
        "    tender: {range: [0, 28]}",
        "    ▶not: {range: [0, 28]}",
        "'not' has a meaning of its own, and cannot be a name",
    ),
    ("instruments", "    tender: {range: [0, 28]}", "    tender: {range: ▶[28, 0]}", "the range ends before it begins"),
    ("instruments", "    tender: {range: [0, 28]}", "    ▶Tender: {range: [0, 28]}", "'Tender' cannot be a name"),
    (
        "instruments",
        "Pain:\n  title: pain from 0 to 10\n  total: [0, 10]",
        "Pain:\n  title: x\n  total: [0, 10]\n  ▶cert: V",
        "'cert' is not known in Pain",
    ),
    ("laboratory", "{mg/dL: 10}", "{mg/dL: ▶0}", "CRP.units.mg/dL cannot be '0'"),
    ("laboratory", "{mg/dL: 10}", "{mg/dL: ▶ten}", "CRP.units.mg/dL cannot be 'ten'"),
    ("laboratory", "{mg/dL: 10}", "{mg/dL: ▶1e3}", "CRP.units.mg/dL cannot be '1e3'"),
    ("laboratory", "{mg/dL: 10}", "{mg/dL: ▶-1}", "CRP.units.mg/dL cannot be '-1'"),
    ("laboratory", "{mg/dL: 10}", "{mg/dL: 10, ▶MG/DL: 10}", "MG/DL and mg/dL differ only in capitals"),
    ("laboratory", "{mg/dL: 10}", "{mg/dL: 10, ▶mg/l: 1}", "the unit mg/l stands here twice"),
    ("laboratory", "censored: yes", "censored: ▶sometimes", "CRP.censored cannot be 'sometimes'"),
    ("laboratory", "certainty: D", "certainty: ▶sure", "CRP.certainty cannot be 'sure'"),
    ("classifications", "late: [II, III]", "late: ▶[II, I]", "'I' is written for late, and means early"),
    (
        "classifications",
        "late: [II, III]",
        "▶Early: [II, I]",
        "the levels 'early' and 'Early' are the same but for case and signs",
    ),
    ("lists", "members: [x, y]", "▶members: []", "drugs.members is empty"),
    ("lists", "members: [x, y]", "members: ▶[x, x]", "'x' stands twice in drugs.members"),
    ("lists", "drugs:", "▶Drugs:", "'Drugs' cannot be a name"),
    ("lists", "drugs:", "▶in:", "'in' has a meaning of its own, and cannot be a name"),
    ("special_interest", "falls:", "▶Infection:", "'Infection' is the same as 'infection', but for signs and capitals"),
    ("special_interest", "terms: [fall]", "terms: ▶fall", "tiny_events.events.falls.terms cannot be 'fall'"),
]


@pytest.mark.parametrize(("file", "old", "new", "what"), CASES)
def test_the_message_names_file_line_and_column(file: str, old: str, new: str, what: str, tmp_path: Path) -> None:
    error = wrong_pack(tmp_path, file, old, new)
    assert error.what == what
    assert error.remedy[-1] in ".?"


def wrong(folder: Path) -> WrongInput:
    with pytest.raises(WrongInput) as raised:
        read_study(folder)
    return raised.value


def test_a_pack_calls_itself_as_its_folder(tmp_path: Path) -> None:
    written(tmp_path, pack={**PACK, "pack": 'pack: other\nversion: "1"\ntitle: x\n'})
    error = wrong(tmp_path)
    assert error.where == f"{tmp_path}/packs/tiny/pack.yaml:1:7"
    assert error.what == "the pack in this folder calls itself 'other', and the folder is called tiny"


def test_a_file_that_no_pack_has_is_not_passed_over(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "packs" / "tiny" / "instrument.yaml").write_text("DAS28: {}")
    error = wrong(tmp_path)
    assert error.where.endswith("packs/tiny/instrument.yaml")
    assert error.what == "no file of a pack is called so"
    assert "instruments.yaml" in error.remedy


def test_a_folder_without_pack_yaml_is_no_pack(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "packs" / "tiny" / "pack.yaml").unlink()
    assert wrong(tmp_path).what == "a pack needs a file pack.yaml"


def test_an_empty_file_of_a_pack(tmp_path: Path) -> None:
    written(tmp_path, pack={**PACK, "lists": "# to come\n"})
    error = wrong(tmp_path)
    assert (error.where, error.what) == (f"{tmp_path}/packs/tiny/lists.yaml:1:1", "the file is empty")


def test_two_packs_may_not_hold_one_thing(tmp_path: Path) -> None:
    written(tmp_path, STUDY.replace('tiny: "1"', 'tiny: "1"\n  two: "1"'))
    (tmp_path / "packs" / "two").mkdir()
    for name, text in (("pack", 'pack: two\nversion: "1"\ntitle: x\n'), ("instruments", PACK["instruments"])):
        (tmp_path / "packs" / "two" / f"{name}.yaml").write_text(text)
    error = wrong(tmp_path)
    assert error.where == f"{tmp_path}/study.yaml:8:3"
    assert error.what == "the packs tiny and two both hold 'Pain' (instruments)"


def test_a_pack_beside_the_study_goes_before_the_built_in_one(tmp_path: Path) -> None:
    written(tmp_path, STUDY.replace('tiny: "1"', 'tiny: "1"\n  ibd: "7"'))
    (tmp_path / "packs" / "ibd").mkdir()
    (tmp_path / "packs" / "ibd" / "pack.yaml").write_text('pack: ibd\nversion: "7"\ntitle: ours\n')
    assert read_study(tmp_path).packs.names == {"tiny": "1", "ibd": "7"}
