"""A small study beside a trial and a cohort: what the section shows, and how its words change with what is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remit.disclosure.hidden import hidden_results
from remit.report.document import Definitions, Figure, Fold, Paragraph, Section, Table, blocks_of, plain
from remit.report.edition.shareable import shareable
from remit.report.language import language_of
from remit.report.methods import methods_text
from remit.report.results_text import results_text
from remit.report.trace_words import Teller
from tests.unit.derive.small import day
from tests.unit.report.comparison.making import TRIAL
from tests.unit.report.studies import Made, Rows, lines_of, made, paragraphs_of, section_of

STUDY = """
remit: 1
study: {id: breath, title: Peak flow in asthma, disease: asthma, drug: a drug, line: after failure of two, dose: 10 mg}
index: first_seen
visits:
  start: {label: Start, day: 0, window: [-7, 7]}
  week12: {label: Week 12, day: 84, window: [70, 98]}
forms:
  people:
    rows: once
    fields: {first_seen: date}
  visits:
    rows: visit
    date: seen
    fields:
      seen: date
      flow: {unit: L/min, label: peak flow, range: [0, 900]}
      well: yes/no
endpoints:
  control:
    label: good control
    at: [week12]
    is: flow >= 400 L/min
estimands:
  planned: {label: planned, missing: non-response}
primary: {endpoint: control, visit: week12, population: eligible, estimand: planned}
analyses:
  effectiveness:
    kind: endpoints
    title: Control
    populations: {week12: [eligible]}
comparisons:
  beside:
    title: Control beside others
    evidence: [a-trial.control, {of: a-cohort.control, arms: [drug]}]
    rules:
      - {label: flow above 450, is: flow > 450 L/min}
    benchmark: yes
"""
COHORT = """
evidence: a-cohort
title: A cohort
design: retrospective cohort
disease: asthma
population: {words: whoever came}
citation: {text: Somebody else. J Breath 2021.}
arms:
  drug: {drug: a drug}
outcomes:
  control:
    label: good control
    concept: other
    definition: {words: not stated}
    missing: {handling: not stated}
    results:
      drug: {percent: 48 K}
"""
FLOWS = {"A": 460, "B": 410, "C": 300, "D": None}


def beside(folder: Path, flows: dict[str, int | None] = FLOWS, text: str = STUDY, trial: str = TRIAL) -> Made:
    (folder / "evidence").mkdir()
    (folder / "evidence" / "a-trial.yaml").write_text(trial, "utf-8")
    (folder / "evidence" / "a-cohort.yaml").write_text(COHORT, "utf-8")
    people: Rows = [{"patient": name, "first_seen": day(0)} for name in flows]
    visits: Rows = [{"patient": name, "seen": day(84), "flow": flow} for name, flow in flows.items()]
    return made(folder, text, people=people, visits=visits)


def tables(section: Section) -> dict[str, Table]:
    found = {each.name.removeprefix("beside-eligible"): each for each in section.blocks if isinstance(each, Table)}
    return {name or "-beside": table for name, table in found.items()}


def text(said: Any) -> str:
    return plain(said).replace("\xa0", " ")


def test_ours_theirs_and_what_is_alike(tmp_path: Path) -> None:
    section = section_of(beside(tmp_path), "beside")
    said = paragraphs_of(section)
    assert said.startswith(
        "At week 12, among eligible patients, good control was seen in 2 of 4 (50.0 %, 95 % CI 15.0 "
    )
    theirs = (
        " With the same drug others published 50.0 % (A trial, drug) in trials; and 48 % [K] (A cohort) in cohorts."
    )
    assert theirs in said
    assert "definition 0, week 2, handling of missing data 2; all three 0." in said
    assert "Nothing is adjusted for" in said
    assert "takes it as known without error" in said


def test_side_by_side_each_difference_is_marked_in_words(tmp_path: Path) -> None:
    table = tables(section_of(beside(tmp_path), "beside"))["-beside"]
    ours, _, trial, _, cohort = lines_of(table)
    assert ours[:4] == [
        "This study",
        "after failure of two",
        "a drug; 10 mg",
        "peak flow is at least 400 L/min; week 12",
    ]
    assert trial[1] == "after failure of an inhaler here after failure of two"
    assert trial[2] == "a drug, 10 mg; placebo"
    assert trial[3] == "flow of at least 400; week 12 here peak flow is at least 400 L/min"
    assert trial[4].startswith("non-response")
    assert trial[5] == "drug: 40/80, 50.0 % 39.3–60.7 placebo: of 40 [K], 24.3 % [K]"
    assert cohort[1:5] == ["not told", "a drug", "definition not told; week not told", "not told"]
    assert cohort[5] == "48 % [K]"
    notes = [text(note) for note in (*table.marked, *table.notes)]
    assert "Only those with 12 weeks of follow-up." in notes
    assert any(note.startswith("Marks of published numbers: [K]") for note in notes)
    assert any(note.startswith("Placebo: no whole number of patients gives the") for note in notes)


def test_two_outcomes_of_one_study_are_told_apart(tmp_path: Path) -> None:
    other = TRIAL.replace(
        "cautions:",
        """  breath:
    label: Free breath
    concept: other
    definition: {words: not stated}
    missing: {handling: not stated}
    results:
      drug: {percent: 10.0 V, n: 8 V}
cautions:""",
    )
    both = STUDY.replace("[a-trial.control, ", "[a-trial.control, a-trial.breath, ")
    section = section_of(beside(tmp_path, text=both, trial=other), "beside")
    rows = [line[0] for line in lines_of(tables(section)["-beside"]) if len(line) > 1]
    assert rows == ["This study", "A trial, good control", "A trial, Free breath", "A cohort"]
    assert "10.0 % (A trial, Free breath, drug) to 50.0 % (A trial, good control, drug)" in paragraphs_of(section)


def test_where_nobody_had_our_drug_all_that_is_published_is_told(tmp_path: Path) -> None:
    section = section_of(beside(tmp_path, text=STUDY.replace("drug: a drug", "drug: another drug")), "beside")
    assert " Others published from 24.3 % [K] (A trial, placebo) to 50.0 % (A trial, drug) in" in paragraphs_of(section)
    treatments = [line[2] for line in lines_of(tables(section)["-beside"]) if len(line) > 2]
    assert treatments[1:] == ["a drug, 10 mg; placebo ≠ here another drug", "a drug ≠ here another drug"]


def test_study_by_study_what_differs_what_is_the_same_and_what_is_not_told(tmp_path: Path) -> None:
    (fold,) = (each for each in section_of(beside(tmp_path), "beside").blocks if isinstance(each, Fold))
    (definitions,) = fold.blocks
    assert isinstance(definitions, Definitions)
    trial, cohort = definitions.items
    lines = [text(line) for line in trial.words]
    assert "Design: randomised trial, here cohort." in lines
    assert "Caution: only those with 12 weeks of follow-up." in lines
    assert trial.detail == "Somebody et al. J Breath 2020;1:1-9."
    assert [text(line) for line in cohort.words][-1].startswith("Not told: line of therapy (here after failure of two)")


def test_the_disease_is_told_where_the_words_of_the_population_do_not_name_it(tmp_path: Path) -> None:
    other = TRIAL.replace("disease: asthma", "disease: bronchitis").replace("adults with asthma", "adults who smoke")
    fold = next(each for each in section_of(beside(tmp_path, trial=other), "beside").blocks if isinstance(each, Fold))
    (found,) = (each for each in fold.blocks if isinstance(each, Definitions))
    trial, cohort = ([text(line) for line in item.words] for item in found.items)
    assert "Population: bronchitis; adults who smoke, here asthma; eligible patients." in trial
    assert "Population: asthma; whoever came, here asthma; eligible patients." in cohort


def test_the_forest_plot_has_hollow_marks_where_no_interval_can_be(tmp_path: Path) -> None:
    (figure,) = (each for each in section_of(beside(tmp_path), "beside").blocks if isinstance(each, Figure))
    assert "A cohort: 48 [K]" in figure.panels[0].alt.replace("\xa0", " ")
    points = [layer for layer in figure.panels[0].spec["layer"] if layer["mark"]["type"] == "point"]
    hollow, filled = points[-2]["data"]["values"], points[-1]["data"]["values"]
    assert [mark["value"] for mark in hollow] == [24.3, 48.0]
    assert [mark["value"] for mark in filled] == [50.0]
    assert any("Hollow" in text(note) for note in figure.notes)


def test_our_patients_under_another_definition(tmp_path: Path) -> None:
    section = section_of(beside(tmp_path), "beside")
    ours, rule = lines_of(tables(section)["-rules"])
    assert ours[0] == "Ours"
    assert ours[-1].startswith("2/4 (50.0 %) 15.0–85.0 1 not known")
    assert rule[0] == "Flow above 450"
    assert rule[-1].startswith("1/4 (25.0 %)")
    assert rule[-1].endswith("+0, −1")
    assert "By “flow above 450”: 1 of 4 (25.0 %), a change of −25.0 percentage points." in paragraphs_of(section)


def test_definitions_that_are_known_in_other_patients_say_in_whom_they_differ(tmp_path: Path) -> None:
    title = "    title: Control beside others\n"
    asked = STUDY.replace(title, f"{title}    estimand: decided\n")
    asked = asked.replace("is: flow > 450 L/min", "is: flow > 450 L/min or well")
    said = paragraphs_of(section_of(beside(tmp_path, text=asked), "beside"))
    assert "and know other patients: each change is in those whom both definitions know." in said
    assert "By “flow above 450”: 1 of 1 (100.0 %); in the 1 known by both, a change of 0.0 percentage points." in said
    assert "definition alone" not in said


def test_against_each_published_percentage(tmp_path: Path) -> None:
    rows = lines_of(tables(section_of(beside(tmp_path), "beside"))["-benchmark"])
    assert [row[0] for row in rows] == ["Trials", "A trial, drug", "A trial, placebo", "Cohorts", "A cohort"]
    assert rows[1][1] == "50.0 %"
    assert rows[1][3] == "1.000"


def test_without_a_benchmark_and_rules_there_are_no_such_tables(tmp_path: Path) -> None:
    bare = STUDY[: STUDY.index("    rules:\n      - {label")]
    section = section_of(beside(tmp_path, text=bare), "beside")
    assert list(tables(section)) == ["-beside"]
    assert "known without error" not in paragraphs_of(section)


def test_of_nobody_there_is_no_figure_and_it_is_said(tmp_path: Path) -> None:
    section = section_of(beside(tmp_path, flows={}), "beside")
    assert "nobody is in the denominator" in paragraphs_of(section)
    assert not [each for each in section.blocks if isinstance(each, Figure)]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("evidence.a%2Dtrial:-drug", "Good control in A trial, drug, week 12"),
        ("ours - published", "Good control, ours against good control in A trial, drug, week 12"),
    ],
)
def test_what_a_published_number_is_in_words(tmp_path: Path, part: str, said: str) -> None:
    found = beside(tmp_path)
    rows = [row for row in found.results.table.iter_rows(named=True) if row["group_level"] == "a-trial: drug"]
    told = [Teller(found.study).told(row) for row in rows if (row["contrast"] is None) == (part[:8] == "evidence")]
    assert said in {each.subject for each in told}
    if part.startswith("evidence"):
        assert told[0].definition == "As published: flow of at least 400."
        assert "adults with asthma" in told[0].population.lower()


def test_the_shareable_edition_hides_ours_and_no_published_number(tmp_path: Path) -> None:
    found = beside(tmp_path, trial=TRIAL.replace("n: 80 V", "n: 8 V").replace("n: 40 D", "n: 4 D"))
    hidden = hidden_results(found.study, found.results, 5)
    for row in found.results.table.iter_rows(named=True):
        if row["group"] == "evidence" and row["population"] is None:
            assert hidden.of(row["result"]) is None
    document = shareable(found.document, found.results, found.study)
    section = next(each for each in document.sections if each.name == "analysis-beside")
    shown = " ".join(" ".join(line) for block in section.blocks if isinstance(block, Table) for line in lines_of(block))
    assert "4/8" in shown
    assert "2/4" not in shown


def test_in_italian_with_the_same_numbers(tmp_path: Path) -> None:
    found = beside(tmp_path)
    said = results_text(found.study, found.results, language_of("it", {}))
    paragraphs = [text(each.words) for each in blocks_of((said,)) if isinstance(each, Paragraph)]
    assert any(
        "Con lo stesso farmaco altri studi hanno pubblicato" in each and "48 % [K]" in each for each in paragraphs
    )


def test_what_to_keep_in_mind_names_what_is_not_sure(tmp_path: Path) -> None:
    section = beside(tmp_path).document.sections[0]
    (definitions,) = section.blocks
    assert isinstance(definitions, Definitions)
    (said,) = (text(item.words[0]) for item in definitions.items if item.term == "Other studies")
    assert (
        "So it is in “Control beside others”. Not sure, and therefore marked, are numbers of A cohort and A trial."
        in said
    )


def test_the_methods_say_how_and_cite(tmp_path: Path) -> None:
    said = " ".join(methods_text(beside(tmp_path).study).split())
    assert "beside A trial and A cohort" in said
    assert "A trial: Somebody et al. J Breath 2020;1:1-9. NCT00000001." in said
