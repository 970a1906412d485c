"""`remit evidence`: what there is, and one study with each of its numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from remit.cli import app
from remit.errors import WrongInput
from remit.study.build import read_study
from remit.study.evidence.pages import evidence_page, is_study, one_page, packs_of_remit
from remit.study.packs import Packs
from tests.unit.study.evidence.files import file_of
from tests.unit.study.making import written


@pytest.fixture
def own(tmp_path: Path) -> Packs:
    written(tmp_path)
    file_of(tmp_path)
    return read_study(tmp_path).packs


def test_evidence_is_listed_by_kind() -> None:
    page = evidence_page(packs_of_remit())
    trials, _, others = page.partition("Cohorts\n-------\n")
    cohorts, _, reviews = others.partition("Reviews\n-------\n")
    assert (
        "u-exceed: U-EXCEED; randomised trial, 495 patients\n    Crohn's disease; after failure of a biologic" in trials
    )
    assert "    remission_week12, endoscopic_response_week12" in trials
    assert "friedberg-2023: Friedberg 2023; prospective cohort, 17 patients" in cohorts
    assert "wu-2025: Wu 2025; retrospective cohort, 236 patients" in cohorts
    assert "no outcome was read" in cohorts
    assert "olatunji-2024" in reviews
    assert page.endswith("`remit evidence ID` tells one with each of its numbers.")


def test_each_number_is_told_with_its_mark() -> None:
    page = one_page("u-exceed", packs_of_remit())
    for part in (
        "u-exceed: U-EXCEED\n==================\n",
        "Line of therapy: after failure of a biologic\n495 [V] patients\n",
        "  placebo: placebo, for 12 [V] weeks, 171 [K+] patients\n",
        "  steroids: corticosteroids: 34 % [V], fits 166 to 170 of 495 [V]\n",
        "Outcomes, as in `u-exceed.remission_week12`\n",
        "      definition: CDAI below 150\n      in the study language: total < 150 (CDAI remission)\n",
        "      upadacitinib 45 mg: 38.9 % [V], 126 [D] of 324 [K+]\n",
        "      placebo: 7 % [K], fits 4 of 60 [K]; the denominator is about 60\n",
        "  - the sizes of the arms are from knowledge (K+)",
        "Loftus et al. N Engl J Med 2023;388:1966-80; doi 10.1056/NEJMoa2212728; PubMed 37224198;",
        "[K] from knowledge, medium confidence: verify before use",
    ):
        assert part in page


def test_what_fits_no_patients_is_said() -> None:
    shelves = packs_of_remit()
    assert "49.5 % [V], belongs to no whole number of 350 [K+] patients" in one_page("u-excel", shelves)
    assert "81.7 % [V], estimated from a curve over time: no share of patients" in one_page("elford-2024", shelves)
    assert "50 % [V], of a number of patients that was not read" in one_page("wuhan-2025", shelves)
    assert "  - shares patients with u-excel, u-exceed\n" in one_page("u-endure", shelves)


def test_means_spreads_and_rates(own: Packs) -> None:
    page = one_page("trial-1", [own])
    for part in (
        "  age: age, years: mean 40.5 [V], SD 9 [V]\n",
        "  female: female, drug: 55 % [V], 11 [D] of 20 [V]\n  female: female, placebo: 50 % [K], fits 5 of 10 [V]\n",
        "      drug: 60 % [V], 12 [V] of 20 [V], 95 % interval 36.1 [V] to 80.9 [V]\n",
        "      missing: missing is failure (non-response)\n",
        "      drug: events 7 [V], per 100 person-years 466.7 [D], 1.5 [V] person-years\n",
        "  Read in: Its abstract\n",
    ):
        assert part in page
    assert "quartiles 23.3 [V] and 32.0 [V]" in one_page("ye-2026", packs_of_remit())
    assert "23 [V] of 100 [V]" in one_page("spanish-nationwide-p569", packs_of_remit())


def test_a_count_without_a_denominator_and_one_that_does_not_fit(tmp_path: Path) -> None:
    written(tmp_path)
    file_of(
        tmp_path,
        ("60 V, n: 12 V, low", "60 V, n: 13 V, fits: no, low"),
        ("33 V, fits: no", "33 V, n: 3 V, of: unknown"),
    )
    page = one_page("trial-1", [read_study(tmp_path).packs])
    assert "60 % [V], 13 [V] of 20 [V], 95 % interval 36.1 [V] to 80.9 [V], which does not fit" in page
    assert "33 % [V], 3 [V] patients, of a number of patients that was not read; printed so" in page


def test_a_study_without_packs_lists_its_own(own: Packs) -> None:
    assert evidence_page([own]).startswith(
        "Trials\n------\ntrial-1: Trial 1; randomised trial, 30 patients\n    pain; first\n"
    )


def test_nothing_to_list(tmp_path: Path) -> None:
    written(tmp_path)
    assert evidence_page([read_study(tmp_path).packs]).startswith("There is no evidence.")


def test_an_id_that_is_not_there() -> None:
    with pytest.raises(WrongInput, match="there is no evidence 'u-exced'") as told:
        one_page("u-exced", packs_of_remit())
    assert "Did you mean u-exceed or u-excel?" in str(told.value)


def test_what_is_a_study_and_what_an_id(tmp_path: Path) -> None:
    assert is_study(str(tmp_path))
    assert is_study("a/b")
    assert is_study("study.yaml")
    assert not is_study("u-exceed")


def test_the_command(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert "u-exceed: U-EXCEED" in run(app, ["evidence"]).stdout
    assert run(app, ["evidence", "celest"]).stdout.startswith("celest: CELEST\n")
    assert isinstance(run(app, ["evidence", "celest", "u-excel"]).exception, WrongInput)
    written(tmp_path)
    file_of(tmp_path)
    assert "trial-1: Trial 1" in run(app, ["evidence", str(tmp_path)]).stdout
    assert run(app, ["evidence", str(tmp_path), "trial-1"]).stdout.startswith("trial-1: Trial 1\n")


def test_an_own_file_says_that_it_replaces_one(tmp_path: Path) -> None:
    written(tmp_path)
    file_of(tmp_path / "packs" / "tiny")
    file_of(tmp_path)
    packs = read_study(tmp_path).packs
    assert "The file beside the study replaces that of the pack," in one_page("trial-1", [packs])
    assert "replaces that of the pack" in evidence_page([packs])
