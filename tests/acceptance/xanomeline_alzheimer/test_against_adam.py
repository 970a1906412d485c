"""The pilot read from SDTM gives what its ADaM data sets hold: patient by patient, then by arm."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tests.acceptance.xanomeline_alzheimer.conftest import Frames

ARMS = {"placebo": "Placebo", "low dose": "Xanomeline Low Dose", "high dose": "Xanomeline High Dose"}
SAS_BEGAN = 3653  # days before 1970
VISITS = {"baseline": 0.0, "week8": 8.0, "week16": 16.0, "week24": 24.0}


def by_patient(frame: pl.DataFrame, value: str) -> dict[str, Any]:
    """A column of the cohort, of numbers in their own decimals."""
    return dict(frame.select("patient", value).iter_rows())


def true_values(frame: pl.DataFrame, value: str) -> dict[str, Any]:
    return dict(frame.select("USUBJID", value).iter_rows())


@pytest.fixture(scope="module")
def patients(made: Frames) -> pl.DataFrame:
    return made("patients").filter("eligible")


def test_the_randomised_are_those_of_adsl(made: Frames, adam: Frames) -> None:
    everybody = made("patients")
    assert everybody.height == 306
    assert set(everybody.filter("eligible")["patient"]) == set(adam("adsl")["USUBJID"])
    assert everybody.filter(~pl.col("eligible"))["excluded_by"].unique().to_list() == ["not_randomised"]


def test_arms(patients: pl.DataFrame, adam: Frames) -> None:
    arms = {patient: ARMS[arm] for patient, arm in by_patient(patients, "arm__planned").items()}
    assert arms == true_values(adam("adsl"), "TRT01P")


@pytest.mark.parametrize(
    ("population", "flag"), [("safety", "SAFFL"), ("efficacy", "EFFFL"), ("completers", "COMP24FL")]
)
def test_populations(patients: pl.DataFrame, adam: Frames, population: str, flag: str) -> None:
    in_it = by_patient(patients, f"in__{population}")
    assert in_it == {patient: said == "Y" for patient, said in true_values(adam("adsl"), flag).items()}


@pytest.mark.parametrize(
    ("variable", "theirs", "decimals"),
    [
        ("age", "AGE", 0),
        ("education_years", "EDUCLVL", 0),
        ("height", "HEIGHTBL", 1),
        ("weight", "WEIGHTBL", 1),
        ("bmi", "BMIBL", 1),
        ("mmse", "MMSETOT", 0),
        ("months_of_disease", "DURDIS", 1),
    ],
)
def test_characteristics(patients: pl.DataFrame, adam: Frames, variable: str, theirs: str, decimals: int) -> None:
    ours = by_patient(patients, f"patients_at_baseline__{variable}")
    truth = {
        patient: None if value is None else round(value * 10**decimals)
        for patient, value in true_values(adam("adsl"), theirs).items()
    }
    assert ours == truth


@pytest.mark.parametrize(
    ("variable", "theirs", "names"),
    [
        ("sex", "SEX", {"female": "F", "male": "M"}),
        (
            "race",
            "RACE",
            {
                "white": "WHITE",
                "black": "BLACK OR AFRICAN AMERICAN",
                "American Indian": "AMERICAN INDIAN OR ALASKA NATIVE",
                "Asian": "ASIAN",
            },
        ),
    ],
)
def test_levels(patients: pl.DataFrame, adam: Frames, variable: str, theirs: str, names: dict[str, str]) -> None:
    ours = by_patient(patients, f"patients_at_baseline__{variable}")
    assert {patient: names[level] for patient, level in ours.items()} == true_values(adam("adsl"), theirs)


STATISTICS = {"n": pl.len(), "mean": pl.col("v").mean(), "sd": pl.col("v").std(), "median": pl.col("v").median(),
              "min": pl.col("v").min(), "max": pl.col("v").max()}  # fmt: skip


@pytest.mark.parametrize("arm", [None, *ARMS])
@pytest.mark.parametrize(
    ("variable", "theirs"),
    [
        ("age", "AGE"),
        ("education_years", "EDUCLVL"),
        ("bmi", "BMIBL"),
        ("mmse", "MMSETOT"),
        ("months_of_disease", "DURDIS"),
    ],
)
def test_table_1(made: Frames, adam: Frames, variable: str, theirs: str, arm: str | None) -> None:
    rows = made("results").filter(pl.col("analysis") == "patients_at_baseline", pl.col("variable") == variable)
    rows = rows.filter(pl.col("group_level").eq_missing(pl.lit(arm, pl.String)))
    ours = dict(rows.select("statistic", "value").iter_rows())
    theirs_of_arm = adam("adsl").filter(arm is None or pl.col("TRT01P") == ARMS.get(arm or ""))
    truth = theirs_of_arm.select(pl.col(theirs).alias("v")).drop_nulls().select(**STATISTICS).row(0, named=True)
    assert {name: ours[name] for name in STATISTICS} == pytest.approx(truth)


def adas(adam: Frames, value: str, visit: str, observed: bool) -> dict[str, float]:
    chosen = adam("adadas").filter(
        pl.col("PARAMCD") == "ACTOT", pl.col("ANL01FL") == "Y", pl.col("AVISITN") == VISITS[visit]
    )
    if observed:
        chosen = chosen.filter(pl.col("DTYPE").is_null() | (pl.col("DTYPE") == ""))
    return true_values(chosen, value)


@pytest.mark.parametrize("variable", ["adas", "adas_from_items"])
@pytest.mark.parametrize("visit", VISITS)
def test_adas_cog_as_observed(patients: pl.DataFrame, adam: Frames, visit: str, variable: str) -> None:
    """The total of SDTM, and the one from the items with the rule for those that are missing; to six decimals."""
    ours = by_patient(patients, f"adas__{variable}__{visit}")
    known = {patient: value / 1_000_000 for patient, value in ours.items() if value is not None}
    assert known == pytest.approx(adas(adam, "AVAL", visit, observed=True), abs=5.1e-7)


@pytest.mark.parametrize("visit", ["week8", "week16", "week24"])
def test_adas_cog_carried_forward(patients: pl.DataFrame, adam: Frames, visit: str) -> None:
    """In the efficacy population: ADaM carries the start forward too, in patients who were never assessed again."""
    efficacy = patients.filter("in__efficacy")
    people = set(efficacy["patient"])
    for ours, theirs in (("adas_carried_forward__adas_carried", "AVAL"), ("adas_changes__adas_carried_change", "CHG")):
        found = {patient: value / 1_000_000 for patient, value in by_patient(efficacy, f"{ours}__{visit}").items()}
        truth = adas(adam, theirs, visit, observed=False)
        assert len(found) == 234
        assert found == pytest.approx(
            {patient: value for patient, value in truth.items() if patient in people}, abs=1.1e-6
        )


@pytest.mark.parametrize("visit", ["week8", "week16", "week24"])
@pytest.mark.parametrize("carried", [False, True])
def test_global_impression(patients: pl.DataFrame, adam: Frames, visit: str, carried: bool) -> None:
    chosen = adam("adcibc").filter(pl.col("ANL01FL") == "Y", pl.col("AVISITN") == VISITS[visit])
    if not carried:
        chosen = chosen.filter(pl.col("DTYPE").is_null() | (pl.col("DTYPE") == ""))
    name = "global_impression__cibic_carried" if carried else "global_impression__cibic"
    ours = {patient: value for patient, value in by_patient(patients, f"{name}__{visit}").items() if value is not None}
    assert ours == true_values(chosen, "AVAL")


@pytest.mark.parametrize("arm", [None, *ARMS])
@pytest.mark.parametrize("visit", ["week8", "week16", "week24"])
def test_mean_change_of_adas_cog_by_arm(made: Frames, adam: Frames, visit: str, arm: str | None) -> None:
    rows = made("results").filter(
        pl.col("analysis") == "adas_changes",
        pl.col("variable") == "adas_carried_change",
        pl.col("visit") == visit,
        pl.col("contrast").is_null(),
        pl.col("group_level").eq_missing(pl.lit(arm, pl.String)),
    )
    ours = dict(rows.select("statistic", "value").iter_rows())
    chosen = adam("adadas").filter(
        pl.col("PARAMCD") == "ACTOT",
        pl.col("ANL01FL") == "Y",
        pl.col("AVISITN") == VISITS[visit],
        pl.col("EFFFL") == "Y",
        arm is None or pl.col("TRTP") == ARMS.get(arm or ""),
    )
    truth = chosen.select(n=pl.len(), mean=pl.col("CHG").mean(), sd=pl.col("CHG").std()).row(0, named=True)
    assert {name: ours[name] for name in truth} == pytest.approx(truth, abs=1e-6)


ENDED = {"protocol deviation": "PROTOCOL VIOLATION", "sponsor decision": "STUDY TERMINATED BY SPONSOR",
         "withdrawal by patient": "WITHDRAWAL BY SUBJECT"}  # fmt: skip


def test_end_of_participation(patients: pl.DataFrame, adam: Frames) -> None:
    """Six protocol deviations are violations in ADSL, which is of before SDTM's terms were renewed."""
    ours = {patient: ENDED.get(why, why.upper()) for patient, why in by_patient(patients, "disposition__ended").items()}
    assert ours == true_values(adam("adsl"), "DCDECOD")


def emergent(made: Frames) -> pl.DataFrame:
    events = made("events").filter(pl.col("analysis") == "safety", pl.col("day") >= 0)
    return events.rename({"patient": "USUBJID", "class": "AEBODSYS", "term": "AEDECOD"})


@pytest.mark.parametrize("keys", [["USUBJID"], ["USUBJID", "AEBODSYS"], ["USUBJID", "AEBODSYS", "AEDECOD"]])
def test_treatment_emergent_events_by_patient(made: Frames, adam: Frames, keys: list[str]) -> None:
    """Patients, not events: ADAE holds events again at each visit that reported them, of which SDTM keeps one."""
    truth = adam("adae").filter(pl.col("TRTEMFL") == "Y").select(keys).unique()
    assert set(emergent(made).select(keys).iter_rows()) == set(truth.iter_rows())


@pytest.mark.parametrize("arm", [None, *ARMS])
@pytest.mark.parametrize(("variable", "column"), [("term", "AEDECOD"), ("class", "AEBODSYS")])
def test_treatment_emergent_events_by_arm(
    made: Frames, adam: Frames, variable: str, column: str, arm: str | None
) -> None:
    rows = made("results").filter(
        pl.col("analysis") == "safety",
        pl.col("period") == "on_or_after_the_first_dose",
        pl.col("variable") == variable,
        pl.col("statistic") == "patients",
        pl.col("group_level").eq_missing(pl.lit(arm, pl.String)),
        pl.col("value") > 0,
    )
    chosen = adam("adae").filter(pl.col("TRTEMFL") == "Y", arm is None or pl.col("TRTA") == ARMS.get(arm or ""))
    truth = dict(chosen.group_by(column).agg(pl.col("USUBJID").n_unique()).iter_rows())
    assert dict(rows.select("level", "value").iter_rows()) == truth


def test_who_has_a_skin_event(patients: pl.DataFrame, adam: Frames) -> None:
    ours = by_patient(patients, "skin__skin_event")
    assert ours == {patient: censored == 0 for patient, censored in true_values(adam("adtte"), "CNSR").items()}


def test_time_to_the_first_skin_event(patients: pl.DataFrame, adam: Frames) -> None:
    """ADTTE counts the first day as day 1."""
    happened = by_patient(patients, "time_to_skin_event__happened")
    event = by_patient(patients, "time_to_skin_event__event_day")
    last = by_patient(patients, "time_to_skin_event__last_day")
    ours = {patient: (event[patient] if happened[patient] else last[patient]) + 1 for patient in happened}
    assert happened == {patient: censored == 0 for patient, censored in true_values(adam("adtte"), "CNSR").items()}
    assert ours == true_values(adam("adtte"), "AVAL")


@pytest.mark.parametrize(
    ("arm", "events", "median"), [("placebo", 29, None), ("low dose", 62, True), ("high dose", 61, True)]
)
def test_kaplan_meier_by_arm(made: Frames, adam: Frames, arm: str, events: int, median: bool | None) -> None:
    rows = made("results").filter(
        pl.col("analysis") == "time_to_skin_event", pl.col("group_level") == arm, pl.col("time").is_null()
    )
    ours = {row["statistic"]: row for row in rows.unique("statistic", keep="first", maintain_order=True).to_dicts()}
    of_arm = adam("adtte").filter(pl.col("TRTA") == ARMS[arm]).sort("AVAL")
    assert ours["events"]["value"] == of_arm.filter(pl.col("CNSR") == 0).height == events
    truth = median_of(of_arm)
    assert (truth is not None) == (median is True)
    assert ours["median"]["value"] == (None if truth is None else truth - 1)
    assert ours["median"]["note"] == (None if truth is not None else "not reached")


def median_of(times: pl.DataFrame) -> float | None:
    """Kaplan and Meier's, by the definition: the first time at which the share without an event is at most a half."""
    share, at_risk = 1.0, times.height
    counts = times.group_by("AVAL").agg((pl.col("CNSR") == 0).sum().alias("events"), pl.len()).sort("AVAL")
    for time, events, count in counts.iter_rows():
        share *= 1 - events / at_risk
        at_risk -= count
        if share <= 0.5:
            return float(time)
    return None


@pytest.mark.parametrize(("test", "decimals"), [("ALT", 0), ("AST", 0), ("CREAT", 2)])
@pytest.mark.parametrize("visit", VISITS)
def test_laboratory_tests_are_those_of_their_days(
    patients: pl.DataFrame, adam: Frames, visit: str, test: str, decimals: int
) -> None:
    """ADLBC has no windows, so that each value is looked up by its day, which is told in days of SAS, from 1960."""
    name = {"ALT": "alt", "AST": "ast", "CREAT": "creatinine"}[test]
    of_day = {
        (patient, day): value
        for patient, day, value in adam("adlbc")
        .filter(PARAMCD=test)
        .select("USUBJID", (pl.col("ADT") - SAS_BEGAN).cast(pl.Int32).cast(pl.Date), "AVAL")
        .iter_rows()
    }
    rows = patients.select("patient", f"chemistry__date__{visit}", f"chemistry__{name}__{visit}").drop_nulls()
    told = {
        (patient, day): value / 10**decimals for patient, day, value in rows.iter_rows() if (patient, day) in of_day
    }
    assert len(told) > 90
    assert told == pytest.approx({place: of_day[place] for place in told})
