"""What a pack brings into a draft: instruments with what they need, and its definitions as endpoints."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from remit.drafting.new import new_study
from remit.drafting.questions import Told
from remit.errors import WrongInput
from remit.report.methods import methods_text
from remit.run import run_study
from remit.simulation.charts import simulate_study
from remit.study.build import read_study
from remit.study.packs import load_pack, pack_folders
from remit.study.study import Study
from remit.workbook.template import write_templates

RHEUMATOLOGY = Path(__file__).parents[3] / "examples" / "rheumatoid-arthritis" / "packs" / "rheumatology"
PACKS = {"ibd": pack_folders()["ibd"], "rheumatology": RHEUMATOLOGY}
ALONE = [
    (pack, name, bool(instrument.items))
    for pack, folder in PACKS.items()
    for name, instrument in load_pack(folder, whole=False).contents.instruments.items()
]


def drafted(folder: Path, told: Told) -> str:
    if told.pack == "rheumatology":
        shutil.copytree(RHEUMATOLOGY, folder / "packs" / "rheumatology")
    return new_study(folder, told, None, print).path.read_text("utf-8")


def study_of(folder: Path, told: Told) -> Study:
    drafted(folder, told)
    return read_study(folder)


@pytest.mark.parametrize(("pack", "name", "by_item"), ALONE, ids=[name for _, name, _ in ALONE])
def test_each_instrument_alone_gives_a_study_that_runs(tmp_path: Path, pack: str, name: str, by_item: bool) -> None:
    charted = Told(pack=pack, instruments=[name], weeks="0,12") if by_item else Told(pack=pack, scores=[name])
    text = drafted(tmp_path, charted)
    study = read_study(tmp_path)
    assert [line for line in text.split("\n") if len(line) > 140 or line != line.rstrip()] == []
    assert study.packs.instruments[name].title.lower() in " ".join(methods_text(study).lower().split())
    assert len(write_templates(study, tmp_path / "empty", ["S01"])) == 1
    drawn = simulate_study(tmp_path, 20, 1, tmp_path / "drawn", "workbooks")
    done = run_study(tmp_path, tmp_path / "results", charts=drawn.charts)
    assert done.cohort.patients["eligible"].count() == 20


# Needs


def test_a_need_is_a_field_or_becomes_one(tmp_path: Path) -> None:
    """Sex is there already; height is asked once a patient, as the pack says."""
    text = drafted(tmp_path, Told(pack="ibd", instruments=["CDAI"]))
    assert "      height: {label: body height, unit: cm, range: [50, 250]}   # CDAI needs it\n" in text
    assert "height" in read_study(tmp_path).forms["patients"].fields


def test_a_need_that_the_charts_hold_otherwise(tmp_path: Path) -> None:
    """Joints are counted once for both scores; CRP is the laboratory's; what is left is asked at each visit."""
    text = drafted(tmp_path, Told(pack="rheumatology", instruments=["CDAI-RA", "DAS28-CRP"], labs=[]))
    assert "das28_crp: {instrument: DAS28-CRP, with: {tjc: cdai_ra_tjc, sjc: cdai_ra_sjc}}" in text
    assert "crp: {lab: CRP, unit: mg/L, decimals: 1}   # DAS28-CRP needs it; CHECK" in text
    alone = study_of(tmp_path / "alone", Told(pack="rheumatology", instruments=["DAS28-CRP"]))
    assert {"tjc", "sjc", "crp"} <= set(alone.forms["visits"].fields)


def test_what_is_called_so_and_is_another_thing_is_left_alone(tmp_path: Path) -> None:
    text = drafted(tmp_path, Told(pack="ibd", instruments=["CDAI"], measures=["height: 0 to 3"]))
    assert "cdai: {instrument: CDAI, with: {height: cdai_height}}" in text
    assert "      cdai_height: {label: body height, unit: cm, range: [50, 250]}" in text
    same = drafted(tmp_path / "same", Told(pack="ibd", instruments=["CDAI"], measures=["height: m 1 to 2"]))
    assert "cdai: {instrument: CDAI}" in same


# Endpoints


def endpoints(folder: Path, told: Told) -> list[str]:
    return list(study_of(folder, told).endpoints)


def test_remissions_come_first_and_the_others_are_told(tmp_path: Path) -> None:
    told = Told(pack="ibd", instruments=["CDAI"], scores=["HBI"], labs=["CRP", "calprotectin"], steroids=True)
    text = drafted(tmp_path, told)
    assert list(read_study(tmp_path).endpoints) == [
        "cdai_remission",
        "steroid_free_cdai_remission",
        "hbi_remission",
        "biochemical_remission_united_kingdom",
        "cdai_response_cr_70",
        "hbi_response",
        "continuation_of_the_drug",
    ]
    assert (
        "  # There are several definitions of CDAI remission: choose one as primary.\n"
        "  # cdai_remission_up_to_150:   # clinical remission (CDAI at most 150)\n"
    ) in text


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        # of the total alone, what asks for items is not offered
        (Told(pack="ibd", scores=["Mayo"]), []),
        (Told(pack="ibd", instruments=["UCEIS counted from 1"]), ["uceis_counted_from_1_remission"]),
        (Told(pack="ibd", instruments=[], labs=["CRP"]), ["crp_halved"]),
        (Told(pack="ibd", instruments=[], labs=["bowel wall thickness"]), ["transmural_response_of_2_mm"]),
        (Told(pack="ibd", scores=["SIBDQ"]), []),
    ],
)
def test_what_is_offered_can_be_decided(tmp_path: Path, told: Told, expected: list[str]) -> None:
    assert endpoints(tmp_path, told) == [*expected, "continuation_of_the_drug"]


def test_a_definition_can_be_named(tmp_path: Path) -> None:
    """By its name, or under a label; its parameters are what was chosen, by whatever name."""
    told = ["hbi active above 4", "better: HBI response", "transmural response of 2 mm"]
    text = drafted(tmp_path, Told(pack="ibd", instruments=["HBI"], labs=["bowel wall thickness"], endpoints=told))
    study = read_study(tmp_path)
    assert [(name, each.label) for name, each in study.endpoints.items()] == [
        ("hbi_active_above_4", "active disease (HBI above 4)"),
        ("better", "better"),
        ("transmural_response_of_2_mm", "transmural response (wall thinner by at least 2 mm)"),
    ]
    assert "    with: {bwt: bowel_wall_thickness}\n" in text


@pytest.mark.parametrize(
    ("endpoint", "what", "remedy"),
    [
        ("biochemical remission STRIDE-II", "is its crp_uln: crp_uln is upper limit of normal of CRP",
         "`definition: biochemical remission STRIDE-II` and `with: {crp_uln: …}`"),
        ("CDAI remission", "it is a definition of CDAI, which the charts do not hold", "--instrument 'CDAI'"),
        ("Mayo remission", "Mayo remission asks for stool_frequency", "instrument: Mayo"),
        ("HBI respons", "'HBI respons' is no endpoint", "Did you mean HBI response"),
    ],
)  # fmt: skip
def test_what_cannot_be_bound_is_told(tmp_path: Path, endpoint: str, what: str, remedy: str) -> None:
    told = Told(pack="ibd", instruments=["HBI"], scores=["Mayo"], labs=["CRP", "calprotectin"], endpoints=[endpoint])
    with pytest.raises(WrongInput) as error:
        drafted(tmp_path, told)
    assert error.value.where.startswith("--endpoint")
    assert what in error.value.what
    assert remedy in error.value.remedy
    assert not (tmp_path / "study.yaml").exists()
