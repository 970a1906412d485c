"""Hazard ratios by the whole path, against R's survival (`tests/reference/cox.R`); what is told where there is none."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from remit.errors import WrongInput
from remit.report.document import Definitions, Section, Table, blocks_of, plain
from remit.report.methods import methods_text
from remit.report.plain import section_text
from remit.report.report import build_document
from tests.unit.derive.small import day, study_of
from tests.unit.inference.reference import reference
from tests.unit.report.studies import NO_INTAKE, Made, made

IN_R: dict[str, Any] = reference("cox")
STUDY = """
remit: 1
study: {id: lung, title: Lung cancer}
index: start
visits:
  clinic: {day: 10, window: [1, 20]}
forms:
  people:
    rows: once
    fields:
      start: date
      last_seen: date
      died: date
      celltype: {levels: [squamous, smallcell, adeno, large, not known]}
      karno: {range: [0, 100]}
      trt: {range: [1, 2]}
      prior: yes/no
  visits:
    rows: visit
    date: seen
    fields: {seen: date, pain: yes/no}
"""
ANALYSIS = """
analyses:
  survival:
    kind: time_to_event
    title: Survival
    label: death
    event: died
    censored: last_seen
    covariates: [celltype, karno, trt]
"""
ARMS = """
arms:
  planned: celltype
  levels: [squamous, smallcell, adeno, large]
  reference: squamous
"""
Rows = list[dict[str, Any]]


def person(number: int, time: int, event: bool, **values: Any) -> dict[str, Any]:
    died = {"died": day(time)} if event else {}
    return {"patient": f"P{number:03}", "start": day(0), "last_seen": day(time), **died, **values}


def people(name: str = "veteran_efron", **more: Any) -> Rows:
    case = IN_R["models"][name]
    columns = case["covariates"]
    return [
        person(number, time, event, **{key: values[number] for key, values in columns.items()}, **more)
        for number, (time, event) in enumerate(zip(case["time"], case["event"], strict=True))
    ]


def survival(folder: Path, rows: Rows, text: str = STUDY + ANALYSIS, visits: Rows | None = None) -> Made:
    return made(folder, text, people=rows, visits=visits or [])


def results(found: Made) -> dict[str, dict[str, Any]]:
    return {row["result"]: row for row in found.results.table.iter_rows(named=True)}


def rows_are(covariates: str) -> str:
    return STUDY + ANALYSIS.replace("[celltype, karno, trt]", covariates)


def section(found: Made, name: str = "analysis-survival") -> Section:
    return {each.name: each for each in build_document(found.study, found.results, NO_INTAKE).sections}[name]


def said(part: Section) -> str:
    return " ".join(section_text(part).split())


def tables(part: Section) -> list[Table]:
    return [block for block in blocks_of((part,)) if isinstance(block, Table)]


def test_hazard_ratios_of_all_covariates_are_those_of_r(tmp_path: Path) -> None:
    case = IN_R["models"]["veteran_efron"]
    found = results(survival(tmp_path, people()))
    at = "survival.eligible"
    names = ["celltype.smallcell", "celltype.adeno", "celltype.large", "karno", "trt"]
    for name, ratio, p in zip(names, case["ratios"], case["p"], strict=True):
        own = [found[f"{at}.{name}.multivariable.{part}"]["value"] for part in ("hazard_ratio", "lower", "upper", "p")]
        assert own == pytest.approx([*ratio, p], rel=1e-6)
    for name, statistic, freedom, p in zip(case["terms"], *(case["zph"]["km"][key] for key in ZPH), strict=False):
        start = f"{at}.{name}.multivariable.proportionality_"
        own = [found[start + part]["value"] for part in ("chi_squared", "degrees_of_freedom", "p")]
        assert own == pytest.approx([statistic, freedom, p], rel=1e-6)
    assert found[f"{at}.celltype.multivariable.chi_squared"]["value"] == pytest.approx(case["term_wald"][0], rel=1e-6)
    assert found[f"{at}.celltype.multivariable.p"]["value"] == pytest.approx(case["term_p"][0], rel=1e-6)
    row = found[f"{at}.karno.multivariable.hazard_ratio"]
    assert (row["numerator"], row["denominator"], row["missing"], row["population_n"]) == (128, 137, 0, 137)
    assert row["method"] == "Cox regression, Wald interval"
    assert found[f"{at}.multivariable.events_per_parameter"]["value"] == pytest.approx(128 / 5)


ZPH = ("statistic", "freedom", "p")


def test_each_covariate_alone_is_that_of_r(tmp_path: Path) -> None:
    case = IN_R["models"]["veteran_type_efron"]
    found = results(survival(tmp_path, people()))
    for level, ratio in zip(case["levels"]["celltype"][1:], case["ratios"], strict=True):
        own = f"survival.eligible.celltype.{level}.univariable"
        values = [found[f"{own}.{part}"]["value"] for part in ("hazard_ratio", "lower", "upper")]
        assert values == pytest.approx(ratio, rel=1e-6)
    events = found["survival.eligible.celltype.squamous.univariable.events"]
    assert (events["value"], events["denominator"]) == (31, 35)


def test_of_arms_they_stand_beside_the_log_rank_test(tmp_path: Path) -> None:
    case = IN_R["models"]["veteran_type_efron"]
    text = STUDY + ARMS + ANALYSIS.replace("    covariates: [celltype, karno, trt]\n", "")
    made_of = survival(tmp_path, people(), text)
    found = results(made_of)
    for level, ratio in zip(("smallcell", "adeno", "large"), case["ratios"], strict=True):
        assert found[f"survival.eligible.arm.{level}.univariable.hazard_ratio"]["value"] == pytest.approx(ratio[0])
    assert not any("multivariable" in name for name in found)
    part = section(made_of)
    text_of = said(part)
    assert "Hazard ratio (95 % CI) against squamous: smallcell, 2.72 (1.66 to 4.47), p <0.001; adeno" in text_of
    [table] = tables(part)
    labels = [plain(row.label) for row in table.rows]
    assert labels[-4:] == [
        "Cox regression",
        "Hazard ratio against squamous (95\u00a0% CI)",
        "Against squamous, p",
        "Hazards proportional, p",
    ]
    ratios = [plain(line) for cell in table.rows[-3].cells for line in cell.lines]
    assert ratios[0] == "2.72 (1.66 to 4.47)"
    cautions = [plain(each) for each in table.notes if plain(each).startswith("Caution")]
    assert len(cautions) == 1
    assert cautions[0].startswith("Caution: arm: its hazard ratio changes over time")
    methods = " ".join(methods_text(made_of.study).split())
    assert "Cox’s regression (J R Stat Soc B 1972;34:187–220)" in methods
    assert "the Wald and proportionality tests of Cox’s regression" in methods
    assert "covariate" not in methods
    without = survival(tmp_path, people(), text + "    compare: no\n")
    assert not any("hazard_ratio" in name for name in results(without))
    assert "Cox" not in methods_text(without.study)


def test_the_arms_are_adjusted_for_covariates(tmp_path: Path) -> None:
    case = IN_R["models"]["veteran_efron"]
    made_of = survival(tmp_path, people(), STUDY + ARMS + ANALYSIS.replace("[celltype, karno, trt]", "[karno, trt]"))
    row = results(made_of)["survival.eligible.arm.adeno.multivariable.hazard_ratio"]
    assert row["value"] == pytest.approx(case["ratios"][1][0], rel=1e-6)
    _, hazards = tables(section(made_of))
    assert [plain(row.label) for row in hazards.rows] == [
        "Arm", "Squamous", "Smallcell", "Adeno", "Large", "Karno, per 1", "Trt, per 1",
    ]  # fmt: skip
    assert "The interval of the hazard ratio leaves out 1 for arm: smallcell against squamous (" in said(
        section(made_of)
    )
    methods = " ".join(methods_text(made_of.study).split())
    assert "Covariates: karno; and trt." in methods or "Covariates: karno and trt." in methods
    assert "then of all of them and the arm together" in methods


def test_hazards_that_are_not_proportional_are_told(tmp_path: Path) -> None:
    found = survival(tmp_path, people())
    note = results(found)["survival.eligible.multivariable.guard_hazards_not_proportional"]["note"]
    assert note.startswith("celltype: its hazard ratio changes over time (p = 0.0023);")
    assert "karno: its hazard ratio changes over time (p = 0.00034);" in note
    hazards = tables(section(found))[-1]
    assert any(plain(each).startswith("Caution: celltype: its hazard ratio changes") for each in hazards.notes)
    [caution] = [
        item
        for block in section(found, "cautions").blocks
        if isinstance(block, Definitions)
        for item in block.items
        if item.term == "Hazard ratios"
    ]
    told = " ".join(map(plain, caution.words))
    assert "Survival, among eligible patients: celltype: its hazard ratio changes over time" in told


def test_a_group_without_events_has_a_limit_and_no_hazard_ratio(tmp_path: Path) -> None:
    case = IN_R["limit"]
    rows = [
        person(number, *both, celltype=case["celltype"][number], karno=case["karno"][number])
        for number, both in enumerate(zip(case["time"], case["event"], strict=True))
    ]
    made_of = survival(tmp_path, rows, rows_are("[celltype, karno]"))
    found = results(made_of)
    large = "survival.eligible.celltype.large.multivariable"
    assert found[f"{large}.hazard_ratio"]["value"] is None
    assert "the hazard ratio that fits best is 0" in found[f"{large}.hazard_ratio"]["note"]
    assert found[f"{large}.lower"]["value"] == 0
    assert found[f"{large}.upper"]["value"] == pytest.approx(math.exp(case["upper"]), rel=1e-5)
    assert "celltype: large" in found["survival.eligible.multivariable.guard_monotone_likelihood"]["note"]
    others = [found[f"survival.eligible.{name}.multivariable.hazard_ratio"]["value"] for name in OTHERS]
    assert others == pytest.approx([math.exp(value) for value in case["value"]], rel=1e-5)
    table = tables(section(made_of))[-1]
    assert any("Its interval: 0.00 to " in plain(each) for each in table.marked)
    told = said(section(made_of))
    assert (
        "For celltype: large against squamous and celltype: not known against squamous no hazard ratio can be given: "
        "see the table." in told
    )
    assert "Each interval includes" not in told


def test_a_huge_limit_is_printed_as_more_than_a_million_less_one(tmp_path: Path) -> None:
    """Three patients, the event in the one with the least: per 100 the upper limit has some thirty digits."""
    rows = [person(number, 10 + number, number == 0, karno=40 + number) for number in range(3)]
    made_of = survival(tmp_path, rows, rows_are("[{is: karno, per: 100}]"))
    assert results(made_of)["survival.eligible.karno.univariable.upper"]["value"] > 1e28
    assert any("Its interval: 0.00 to >999\u202f999." in plain(each) for each in tables(section(made_of))[-1].marked)


def test_a_limit_beside_intervals_that_include_1(tmp_path: Path) -> None:
    rows = [person(number, 10 + number, number % 2 == 0, karno=number % 4, trt=number % 2 == 0) for number in range(40)]
    told = said(section(survival(tmp_path, rows, rows_are("[trt, karno]"))))
    assert "Each interval of the others includes a hazard ratio of 1. For " in told


OTHERS = ("celltype.smallcell", "celltype.adeno", "karno")


def test_who_is_left_out_is_told(tmp_path: Path) -> None:
    rows = people()
    rows[0]["karno"], rows[1]["celltype"], rows[2]["last_seen"], rows[3]["karno"] = None, None, None, None
    del rows[2]["died"]
    found = results(survival(tmp_path, rows))
    note = found["survival.eligible.multivariable.guard_left_out"]["note"]
    assert note == (
        "4 of 137 patients are left out of the model of all covariates; not known: the time (in 1), celltype (in 1), "
        "karno (in 2)."
    )
    row = found["survival.eligible.karno.univariable.hazard_ratio"]
    assert (row["denominator"], row["missing"], row["population_n"]) == (134, 3, 137)


def test_few_events_and_a_level_of_one_patient_are_told(tmp_path: Path) -> None:
    rows = [*people()[:30], *people()[60:70], person(40, 12, True, celltype="not known", karno=50, trt=1)]
    found = results(survival(tmp_path, rows))
    few = found["survival.eligible.multivariable.guard_events_per_parameter"]["note"]
    assert "fewer than 10 events for each" in few
    assert "not known" in found["survival.eligible.multivariable.guard_single_patient"]["note"]


def test_a_covariate_of_after_the_start_is_told(tmp_path: Path) -> None:
    rows = people()
    visits = [{"patient": row["patient"], "seen": day(10), "pain": number % 2 == 0} for number, row in enumerate(rows)]
    found = results(survival(tmp_path, rows, rows_are("[karno, {is: pain@clinic, label: pain}]"), visits))
    assert found["survival.eligible.multivariable.guard_covariate_after_start"]["note"] == (
        "pain looks at what came after the start of treatment (Clinic): unless it is known on day 0 of this time, "
        "those who go long without the event look better by it (immortal time)."
    )


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (people(prior=True), "the model cannot be fitted: prior: is the same for all 137 patients"),
        (people(prior=None), "no patient is known with the time and each covariate"),
        ([person(0, 10, True, prior=True)], "one patient only is known with the time and each covariate"),
        ([], "no patient is known with the time and each covariate"),
        ([person(number, 9, False, prior=number < 4) for number in range(9)], "nobody has the event"),
    ],
)
def test_without_a_model_a_note_says_why(tmp_path: Path, rows: Rows, why: str) -> None:
    made_of = survival(tmp_path, rows, rows_are("[prior]"))
    found = results(made_of)
    for model in ("univariable", "multivariable"):
        for part in ("hazard_ratio", "lower", "upper", "p"):
            row = found[f"survival.eligible.prior.yes.{model}.{part}"]
            assert row["value"] is None
            assert row["note"].startswith(why)
        assert found[f"survival.eligible.prior.{model}.proportionality_p"]["value"] is None
    assert all(row["value"] is None or math.isfinite(row["value"]) for row in found.values())
    assert "no hazard ratio of all covariates together can be given: see the table." in said(section(made_of))


def test_a_number_is_told_per_so_many_units(tmp_path: Path) -> None:
    one = results(survival(tmp_path, people(), rows_are("[karno]")))
    ten = results(survival(tmp_path, people(), rows_are("[{is: karno, per: 10}]")))
    name = "survival.eligible.karno.univariable.hazard_ratio"
    assert math.log(ten[name]["value"]) == pytest.approx(10 * math.log(one[name]["value"]), rel=1e-9)


def test_where_no_interval_leaves_out_1_nothing_is_claimed(tmp_path: Path) -> None:
    text = said(section(survival(tmp_path, people(), rows_are("[trt]"))))
    assert "Each interval includes a hazard ratio of 1" in text


@pytest.mark.parametrize(
    ("covariates", "what"),
    [
        ("[died]", "this is a date"),
        ("[{is: karno, name: last_day}]", "'last_day' is what a part of the time is called"),
        ("[{is: karno, label: arm}]", "'arm' is what remit calls the arms of a study"),
        ("[karno, karno]", "two rows are called 'karno'"),
        ("[]", "covariates"),
    ],
)
def test_what_cannot_be_asked(tmp_path: Path, covariates: str, what: str) -> None:
    with pytest.raises(WrongInput) as error:
        study_of(tmp_path, text=rows_are(covariates))
    assert what in f"{error.value.what} {error.value.where}"


WITHOUT_MODELS = """
import sys
from tests.unit.estimate.test_hazards import ANALYSIS, STUDY, people
from tests.unit.report.studies import made
from pathlib import Path
made(Path(sys.argv[1]), STUDY + ANALYSIS.replace("    covariates: [celltype, karno, trt]\\n", ""), people=people())
sys.exit("numpy" in sys.modules)
"""


def test_a_time_without_models_loads_no_numpy(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", WITHOUT_MODELS, str(tmp_path)], check=True)
