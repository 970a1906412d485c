"""A report of a study with arms: columns an arm, with N in the head, and what differs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from remit.report.document import Definitions, Document, Figure, Panel, Paragraph, Table, blocks_of, figures_of, plain
from tests.unit.arms import HIGH, LOW, PLACEBO, Patient, made

PATIENTS = [
    *(Patient(PLACEBO, (30, 29, score), rescue=True, smoker=True, country="Peru") for score in (30, 29, 20)),
    *(Patient(LOW, (30, 24, score), rescue=False, smoker=None, terms=("itching",)) for score in (20, 21, None)),
    *(Patient(HIGH, (31, 24, score), treated=LOW, rescue=None) for score in (20, 24)),
    Patient(None, (20, 10, 9), smoker=True, terms=("nausea",)),
]


@cache
def document() -> Document:
    return made(PATIENTS).document


def tables() -> dict[str, Table]:
    return {block.name: block for block in blocks_of(document().sections) if isinstance(block, Table)}


def heads(table: Table) -> list[str]:
    return [plain(column.title).replace("\u00a0", " ") for column in table.columns]


def row(table: Table, label: str, after: str = "") -> list[str]:
    """The cells of the first row of this label (after another), lines joined by a slash."""
    rows = iter(table.rows)
    while after and plain(next(rows).label) != after:
        pass
    found = next(each for each in rows if plain(each.label) == label)
    return [" / ".join(plain(line) for line in cell.lines).replace("\u00a0", " ") for cell in found.cells]


def test_each_arm_is_a_column_with_its_n_and_the_total_is_the_last() -> None:
    assert heads(tables()["baseline-eligible"]) == [
        "Placebo (N = 3)",
        "Low dose (N = 3)",
        "High dose (N = 2)",
        "Total (N = 9)",
    ]


def test_a_yes_no_says_who_is_unknown_in_its_cell() -> None:
    cells = row(tables()["baseline-eligible"], "Smoker")
    assert cells == ["3/3 (100.0 %)", "0/0 / 3 unknown", "0/0 / 2 unknown", "4/4 (100.0 %) / 5 unknown"]


def test_a_text_that_only_some_have_is_zero_in_the_others() -> None:
    assert row(tables()["baseline-eligible"], "Peru")[:2] == ["3/3 (100.0 %)", "0/0"]


def test_differences_stand_beside() -> None:
    table = tables()["change"]
    assert heads(table)[4:] == ["Low dose", "High dose"]
    assert {plain(column.group) for column in table.columns[4:]} == {"Difference from placebo"}
    assert row(table, "Mean (SD)")[4] == "\u22125.8 (\u221219.1 to 7.4)"
    assert row(table, "Rescue medication")[4:] == ["\u2212100.0 (\u2212100.0 to \u221220.6)", "\u2014"]


def test_who_is_in_no_arm_is_said_under_the_table() -> None:
    notes = [plain(note) for note in tables()["baseline-eligible"].notes]
    assert "1 whose planned arm is not known, or none of these, counts in the total and in no arm." in notes


def test_denominators_of_endpoints_are_rows_beside_arms() -> None:
    table = tables()["effect-week8-eligible"]
    assert row(table, "Main", after="Response, primary endpoint")[:2] == [
        "1/3 (33.3 %) / 6.1\u201379.2",
        "2/3 (66.7 %) / 20.8\u201393.9 / 1 not known",
    ]
    assert (
        row(table, "Decided", after="Response, primary endpoint")[1] == "2/2 (100.0 %) / 34.2\u2013100.0 / 1 not known"
    )
    assert not [each for each in table.rows if plain(each.label) == "Required"][1:]  # response asks for nothing


def test_events_by_the_actual_arm_have_a_table_a_period() -> None:
    table = tables()["safety-eligible-periods-all"]
    assert heads(table) == ["Placebo (N = 3)", "Low dose (N = 5)", "High dose (N = 0)", "Total (N = 9)"]
    assert row(table, "Any") == [
        "0/3 (0.0 %) / 0 events",
        "3/5 (60.0 %) / 3 events",
        "0/0 / 0 events",
        "4/9 (44.4 %) / 4 events",
    ]
    assert "Arms as treated." in [plain(note) for note in table.notes]


def test_events_of_special_interest_by_arm() -> None:
    table = tables()["safety-eligible-special-interest"]
    assert row(table, "Skin reaction")[1] == "3/5 (60.0 %) / 3 events / 95 % CI 23.1\u201388.2"
    assert row(table, "Fainting")[0] == "0/3 (0.0 %) / 0 events / 95 % CI up to 56.1 %"
    assert row(table, "Fainting")[2] == "0/0 / 0 events"


def test_the_flow_by_arm() -> None:
    table = tables()["flow-arms"]
    assert row(table, "Screened") == ["3", "3", "2", "9"]
    assert row(table, "Eligible patients", after="By actual arm") == ["3", "5", "0", "9"]


def panels() -> Iterator[tuple[Figure, Panel]]:
    for figure in figures_of(document().sections):
        yield from ((figure, panel) for panel in figure.panels)


def test_figures_show_arms_side_by_side_told_apart_without_colour() -> None:
    for figure, panel in panels():
        if figure.name.endswith("-two-arms"):  # of squares, each with its sign
            assert [key.label[-1] for key in figure.legend] == ["+", "0", "−"]
            continue
        if figure.name.endswith("-forest"):  # of all arms together, which it says
            assert "All arms together" in " ".join(map(plain, figure.notes))
            continue
        assert "placebo" in panel.alt.lower()
        assert [key.label for key in figure.legend] == ["Placebo", "Low dose", "High dose"]
        assert len({key.shape for key in figure.legend}) == 3
    alt = next(panel.alt for _, panel in panels() if panel.name == "effect-week8-eligible")
    assert "High dose not assessed in anyone" in alt


def test_a_comparison_that_chance_did_not_make_is_warned_of() -> None:
    (cautions,) = [section for section in document().sections if section.name == "cautions"]
    said = {
        item.term: item.words for block in cautions.blocks if isinstance(block, Definitions) for item in block.items
    }
    assert (
        plain(said["Comparisons"][1]) == "So it is in “Effect”, “Symptom score”, “Change by week 8” and “Sensitivity”."
    )


def test_sentences_say_the_arms() -> None:
    said = " ".join(plain(block.words) for block in blocks_of(document().sections) if isinstance(block, Paragraph))
    said = said.replace("\u00a0", " ")
    assert "By arm it was seen in 1 of 3 (33.3 %, 95 % CI 6.1 to 79.2) with placebo, 2 of 3 (66.7 %" in said
    assert "The difference from placebo, in percentage points with its 95 % CI, was 33.3 (" in said
    assert "At week 8 the mean differed from that with placebo by" in said
    assert "Patients with an event by arm: placebo 0 of 3" in said
    assert "Newcombe" in said
    assert "Welch" in said


def test_the_head_gives_each_arm_and_no_percentage_of_all_together() -> None:
    told = {
        plain(each.label): [plain(line).replace("\u00a0", " ") for line in (each.figure, *each.lines)]
        for each in document().findings
    }
    assert told["response at week 8, low dose"] == [
        "66.7 %", "2 of 3 patients", "95 % CI 20.8 to 93.9", "estimand “Main”: 1 not known, counted as “no”",
        "difference from placebo: 33.3 (−31.6 to 71.8) percentage points",
    ]  # fmt: skip
    assert "response at week 8" not in told
    assert told["eligible patients"] == ["9", "of 9 screened", "placebo 3, low dose 3 and high dose 2"]
    assert told["adverse events"][1:5] == [
        "placebo: 0 in 0 of 3 patients (0.0 %)",
        "low dose: 3 in 3 of 5 patients (60.0 %)",
        "high dose: 0 in 0 of 0 patients (—)",
        "arms as treated",
    ]


def test_arms_whose_values_are_all_the_same_differ_without_an_interval() -> None:
    same = [Patient(arm, (value, value, value)) for arm, value in ((PLACEBO, 30), (LOW, 28)) for _ in range(3)]
    blocks = blocks_of(made(same).document.sections)
    table = next(block for block in blocks if isinstance(block, Table) and block.name == "scores-eligible")
    cell = next(each for each in table.rows if plain(each.label) == "Mean (SD)").cells[4]
    assert plain(cell.lines[0]) == "−2.0 (—)"
    assert [plain(note) for note in cell.notes] == ["No interval: in each arm all values are the same."]


def test_subgroups_say_that_they_are_of_all_arms() -> None:
    notes = [plain(note) for name, table in tables().items() if "subgroup" in name for note in table.notes]
    assert notes.count("All arms together: this says nothing of how the arms differ in a subgroup.") >= 2
