"""`remit packs`: what packs hold, in plain text."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.study.pack_pages import WIDTH, entry_page, pack_page, packs_page
from remit.study.packs import KINDS, load_pack, pack_folders

RHEUMATOID = Path(__file__).parents[3] / "examples" / "rheumatoid-arthritis"


def test_the_packs_of_remit_and_those_beside_a_study_are_listed() -> None:
    assert packs_page().startswith("ibd ")
    assert "rheumatology 1.0  Rheumatoid arthritis\n  3 instruments, 1 laboratory and other measures" in packs_page(
        RHEUMATOID
    )


def test_a_pack_is_listed_entry_by_entry() -> None:
    page = pack_page("rheumatology", RHEUMATOID)
    assert "Instruments\n-----------\nCDAI-RA: Clinical Disease Activity Index\n" in page
    assert "CDAI-RA remission" not in page  # criteria are told with their instrument


def test_a_pack_names_its_evidence() -> None:
    told = pack_page("ibd").partition("Published evidence, explained by `remit evidence ID`\n")[2]
    assert "celest, cohen-2025" in told
    assert "Published evidence" not in pack_page("rheumatology", RHEUMATOID)


def test_an_instrument_is_explained() -> None:
    page = entry_page("rheumatology", "das28-crp", RHEUMATOID)
    for part in (
        "DAS28-CRP: Disease Activity Score of 28 joints with CRP\n=======",
        "  gh: general health on a scale of 100 mm, 0 to 100 mm",
        "  crp: C-reactive protein, a number in mg/L, 1 decimal",
        "as written: 0.56 * sqrt(tjc)",
        "(0.36 times the natural logarithm of",
        "  remission 0.96 to 2.59999999, low 2.6 to 3.2",
        "  DAS28-CRP remission: remission (DAS28-CRP below 2.6)",
        "gh 50, tjc 4, sjc 1, crp 0 → 3.06, low, remission: no",
        "not 2.6: rounded to one decimal",
        "  V: read in the source that is named.",
    ):
        assert part in page


def test_a_shape_is_printed_as_an_assumption() -> None:
    page = entry_page("rheumatology", "CDAI-RA", RHEUMATOID)
    told = page.partition("Simulated, where a study declares no shape: an assumption, no finding\n")[2]
    assert told.startswith("  high disease activity in most at the reference visit")
    assert "  mean 28, sd 10\n  later mean 12, sd 9\n  tjc: median 9, quartiles 6 to 14, severity 0.5\n" in told
    assert "an assay from 1 mg/L\n  median 10, quartiles 4 to 22, missing 3 %, range 0 to 300" in entry_page(
        "rheumatology", "CRP", RHEUMATOID
    )
    assert "Assumed by `remit simulate`, where a study declares no shape\n" in pack_page("rheumatology", RHEUMATOID)
    assert "Simulated" not in entry_page("ibd", "Naranjo")


@pytest.mark.parametrize("beside", [None, RHEUMATOID])
def test_every_entry_of_every_pack_can_be_explained(beside: Path | None) -> None:
    for name, folder in pack_folders(beside).items():
        contents = load_pack(folder).contents
        for entry in [entry for kind in KINDS for entry in getattr(contents, kind)]:
            page = entry_page(name, entry, beside)
            assert "\nSource\n" in page
            assert all(len(line) <= WIDTH or " " not in line.strip() for line in page.splitlines()), entry


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(WrongInput, match="there is no pack 'ibs'"):
        pack_page("ibs")
    with pytest.raises(WrongInput, match="it holds no 'HBII'"):
        entry_page("ibd", "HBII")
