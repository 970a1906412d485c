"""What is said of an analysis of sensitivity: where nobody is unknown, or asked, or known to be asked, and by arm."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.report.benchmarks import benchmark_blocks
from remit.report.document import Paragraph, Table, plain
from remit.report.effectiveness import effectiveness_tables
from remit.report.figures.two_arms import ends_figure
from remit.report.head import findings
from remit.report.methods import methods_text
from remit.report.outcome import outcomes_of
from remit.report.sensitivity import sensitivity_sentences, sensitivity_table
from remit.report.sentences import endpoint_sentences
from remit.report.two_arms import ends_sentences
from remit.study.analyses.kinds import Endpoints, Sensitivity
from tests.unit.arms import LOW, PLACEBO, Patient
from tests.unit.arms import made as made_of_arms
from tests.unit.derive.small import STUDY, day
from tests.unit.report.studies import Made, made

ANALYSES = """
endpoints:
  good: {at: [week4], is: score >= 50}
intercurrent_events:
  stopped: not consent
estimands:
  policy: {intercurrent: {stopped: treatment policy}}
  stayed: {intercurrent: {stopped: principal stratum}}
primary: {endpoint: good, visit: week4, population: eligible, estimand: policy}
analyses:
  main: {kind: endpoints}
  sensitive: {kind: sensitivity, benchmark: 20 %}
"""

LEFT_OUT = "of 1 it is not known whether they belong to the stratum: they are left out"


def small(folder: Path, *patients: tuple[bool | None, int | None], analyses: str = ANALYSES) -> Made:
    """Each patient's consent, and score at week 4."""
    names = [f"P{number}" for number in range(len(patients))]
    return made(
        folder,
        STUDY + analyses,
        patients=[{"patient": name, "consent": consent} for name, (consent, _) in zip(names, patients, strict=True)],
        visits=[
            {"patient": name, "visit_date": day(28), "score": score}
            for name, (_, score) in zip(names, patients, strict=True)
        ],
        treatment=[{"patient": name, "drug": "x", "start_date": day(0)} for name in names],
    )


def said_of(it: Made) -> list[str]:
    (analysis,) = (analysis for analysis in it.study.analyses if isinstance(analysis, Sensitivity))
    (outcome,) = outcomes_of(it.study, analysis, it.lookup)
    return [plain(paragraph.words) for paragraph in sensitivity_sentences(outcome)]


def test_nobody_unknown_and_nobody_in_the_stratum(tmp_path: Path) -> None:
    seen, interval = said_of(small(tmp_path, (False, 60), (False, 60)))
    assert seen.endswith("in nobody under the estimand “stayed”, for which nobody is in the denominator.")
    assert interval == (
        "The interval is above 20 %, and nobody is unknown, under the estimand “policy”; and not given, under the "
        "estimand “stayed”, for nobody is in the denominator."
    )


def test_who_may_belong_to_the_stratum_is_told_in_the_sentence_and_the_table(tmp_path: Path) -> None:
    it = small(tmp_path, (True, 60), (True, None), (False, 60), (None, 60))
    assert said_of(it)[0].endswith(f"for in 1 it is not known, and {LEFT_OUT}.")
    (analysis,) = (analysis for analysis in it.study.analyses if isinstance(analysis, Sensitivity))
    table = sensitivity_table(outcomes_of(it.study, analysis, it.lookup)[0])
    told = f"{LEFT_OUT}.".capitalize()
    assert [[plain(note) for cell in row.cells for note in cell.notes] for row in table.rows] == [[], [told] * 4]
    assert "under “Stayed” only those of it who are known to be without the event" in plain(table.notes[1])


def test_a_stratum_is_not_called_all_patients(tmp_path: Path) -> None:
    it = small(tmp_path, (True, 60), (False, 60), (None, 60))
    (analysis,) = (analysis for analysis in it.study.analyses if isinstance(analysis, Endpoints))
    (table,) = effectiveness_tables(it.study, analysis, it.lookup)
    assert [plain(column.group) for column in table.columns[-2:]] == [
        "All patients, not known counted as “no”",
        "Patients of the stratum, not known counted as “no”",
    ]
    assert [plain(note) for note in table.rows[0].cells[-1].notes] == [f"{LEFT_OUT}.".capitalize()]
    strata = "the whole population, under “Stayed” only those of it who are known to be without the event;"
    assert strata in plain(table.notes[1])
    methods = " ".join(methods_text(it.study).split())
    assert "All patients of the population, under “Stayed” only those of it who are known to be" in methods


def test_where_a_stratum_is_primary_who_may_belong_to_it_is_told_first(tmp_path: Path) -> None:
    primary = ANALYSES.replace("estimand: policy", "estimand: stayed")
    it = small(tmp_path, (True, 60), (False, 60), (None, 60), analyses=primary)
    (main,) = (finding for finding in findings(it.study, it.lookup) if finding.main)
    assert plain(main.lines[-1]) == LEFT_OUT
    (analysis,) = (analysis for analysis in it.study.analyses if isinstance(analysis, Endpoints))
    said = " ".join(plain(part.words) for part in endpoint_sentences(it.study, analysis, it.lookup))
    assert f"It was known in all of them. Besides, {LEFT_OUT}." in said


def test_of_arms_the_sentences_say_that_they_are_of_all_together() -> None:
    seen, interval = said_of(made_of_arms([Patient(PLACEBO, (30, 20, 20)), Patient(LOW, (30, 20, None))]))
    assert seen.startswith("At week 8, among eligible patients of all arms together, response was seen in ")
    assert interval.startswith("The interval of all arms together is ")


@pytest.mark.parametrize(
    ("scores", "benchmark", "said"),
    [
        ((60,) * 3 + (None,), "30 %", "above 30 % even if the unknown patient did not reach it"),
        ((60,) * 3 + (None,), "40 %", "above 40 % only if the 1 unknown patient reached it"),
        ((9,) * 3 + (None,), "40 %", "not above 40 % even if the unknown patient reached it"),
        ((60,) * 2 + (None,) * 2, "40 %", "above 40 % only if all 2 unknown reached it"),
        ((60,) * 2 + (None,) * 3, "30 %", "above 30 % if at least 2 of the 3 unknown reached it"),
    ],
)
def test_where_the_conclusion_turns(tmp_path: Path, scores: tuple[int | None, ...], benchmark: str, said: str) -> None:
    it = small(tmp_path, *((True, score) for score in scores), analyses=ANALYSES.replace("20 %", benchmark))
    assert said in said_of(it)[1].replace("\u00a0", " ")


def test_against_the_benchmark(tmp_path: Path) -> None:
    it = small(tmp_path, (False, 60), (False, 60), (False, None))
    (analysis,) = (analysis for analysis in it.study.analyses if isinstance(analysis, Sensitivity))
    (outcome,) = outcomes_of(it.study, analysis, it.lookup)
    sentence, table = benchmark_blocks(outcome)
    assert isinstance(sentence, Paragraph)
    assert isinstance(table, Table)
    assert plain(sentence.words).replace("\u00a0", " ") == (
        "Exact binomial test against 20 %, with the handling “non-response”: p = 0.104 under the estimand “policy” "
        "(probability of more 96.6 %); and not made under the estimand “stayed”, for nobody is in the denominator."
    )
    assert [plain(cell.lines[0]).replace("\u00a0", " ") for cell in table.rows[1].cells] == [
        "2/2 (100.0 %)", "0.040", "99.3 %",
    ]  # fmt: skip
    assert [plain(row.label) for row in table.rows[1:6]] == [
        "Decided", "Non-response", "Last observed", "Worst case", "Best case",
    ]  # fmt: skip
    assert [plain(line) for line in table.rows[-1].cells[0].lines] == ["nobody"]
    assert "posterior probability of exceeding it" in methods_text(it.study).replace("\n", " ")


def test_by_arm_a_cell_holds_all_that_is_said_of_an_arm() -> None:
    of = made_of_arms([Patient(PLACEBO, (30, 20, 20)), Patient(LOW, (30, 20, 20)), Patient(LOW, (30, 20, None))])
    (analysis,) = (analysis for analysis in of.study.analyses if isinstance(analysis, Sensitivity))
    (outcome,) = outcomes_of(of.study, analysis, of.lookup)
    _, table = benchmark_blocks(outcome)
    assert isinstance(table, Table)
    placebo, low, high, total = table.rows[2].cells
    assert [plain(line).replace("\u00a0", " ") for line in low.lines] == [
        "1/2 (50.0 %)",
        "p 0.510",
        "probability 74.8 %",
    ]
    assert plain(high.lines[0]) == "nobody"
    assert plain(placebo.lines[1]) == "p 0.300"
    assert plain(total.lines[0]).startswith("2/3")


def table_of(it: Made) -> Table:
    (analysis,) = (analysis for analysis in it.study.analyses if isinstance(analysis, Sensitivity))
    return sensitivity_table(outcomes_of(it.study, analysis, it.lookup)[0])


def test_the_worst_and_the_best_case_stand_below_each_other_so_that_arms_have_room() -> None:
    table = table_of(made_of_arms([Patient(PLACEBO, (30, 20, 20)), Patient(LOW, (30, 20, None))]))
    bounds = next(row for row in table.rows if plain(row.label) == "Worst and best case")
    low, difference = bounds.cells[1], bounds.cells[-2]
    assert [plain(line).replace("\xa0", " ") for line in low.lines] == ["0/1 to 1/1", "0.0 to 100.0 %", "0.0 to 100.0"]
    assert len(difference.lines) == 2
    assert "from the lower end of the one to the upper end of the other" in plain(table.notes[0])


def test_where_nobody_is_asked_no_percentage_and_no_interval_is_said(tmp_path: Path) -> None:
    primary = ANALYSES.replace("estimand: policy", "estimand: stayed")
    it = small(tmp_path, (False, 60), analyses=primary)
    (analysis,) = (analysis for analysis in it.study.analyses if isinstance(analysis, Endpoints))
    said = plain(endpoint_sentences(it.study, analysis, it.lookup)[0].words).replace("\xa0", " ")
    assert "0 of 0 (—, 95 % CI not given)" in said
    assert said.endswith("Nobody is in this denominator.")


def test_of_two_arms_where_the_difference_lies_however_the_unknown_ended() -> None:
    counts = {PLACEBO: (1, 6, 2), LOW: (6, 1, 1)}
    patients = [
        Patient(arm, (30, 29, score))
        for arm, several in counts.items()
        for score, count in zip((20, 29, None), several, strict=True)
        for _ in range(count)
    ]
    of = made_of_arms(patients)
    (analysis,) = (analysis for analysis in of.study.analyses if isinstance(analysis, Sensitivity))
    outcomes = outcomes_of(of.study, analysis, of.lookup)
    (said,) = ends_sentences(outcomes[0])
    assert plain(said.words).startswith(
        "However the unknown of both arms ended, the interval of the difference from placebo lies as follows: of low "
        "dose, under the estimand “Main”, above 0 in 5 of 6 ways and across 0 in 1; of high dose, under the estimand "
        "“Main”, it is not given, for nobody is in the denominator of high dose; "
    )
    assert "for every way in which their unknown may have ended" in " ".join(methods_text(of.study).split())
    figure = ends_figure(outcomes)
    assert figure is not None
    assert len(figure.panels) == 2  # an estimand each; nothing can be drawn of the high dose
    squares = figure.panels[0].spec["layer"][0]["data"]["values"]
    assert [square["sign"] for square in squares].count("+") == 5
    assert "above 0 in 5, across 0 in 1, below 0 in 0 of the ways" in figure.panels[0].alt


def test_of_two_arms_without_unknown_nothing_is_said_of_how_they_ended() -> None:
    of = made_of_arms([Patient(arm, (30, 29, 20)) for arm in (PLACEBO, LOW, "high dose") for _ in range(2)])
    (analysis,) = (analysis for analysis in of.study.analyses if isinstance(analysis, Sensitivity))
    outcomes = outcomes_of(of.study, analysis, of.lookup)
    assert ends_sentences(outcomes[0]) == []
    assert ends_figure(outcomes) is None
