"""The report of the first example: what its sections say, and that nobody is taken for a finding."""

from __future__ import annotations

import pytest

from remit.report.document import Definitions, Figure, Flow, Paragraph, Section, Table, blocks_of, plain
from tests.unit.report.studies import example
from tests.unit.report.test_tables import read, said


@pytest.fixture(scope="module")
def sections() -> dict[str, Section]:
    return {section.name: section for section in example().document.sections}


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    blocks = blocks_of(example().document.sections)
    return {block.name: block for block in blocks if isinstance(block, Table)}


def paragraphs(section: Section) -> str:
    texts = [plain(block.words) for block in blocks_of((section,)) if isinstance(block, Paragraph)]
    return "\n".join(texts).replace("\u00a0", " ")


def test_who_was_screened_and_why_not_included(sections: dict[str, Section]) -> None:
    assert paragraphs(sections["participants"]).startswith(
        "Of 71 patients screened, 64 were eligible. Not included, each at the first criterion that failed: under 18 "
        "(1), thromboembolism or arterial event (2), cardiovascular risk factors (2), not active (1), therapies not "
        "exhausted (0) and follow-up under 6 months (1); eligibility could not be decided in 0."
    )
    (flow,) = [block for block in sections["participants"].blocks if isinstance(block, Flow)]
    assert [plain(box.count).replace("\u00a0", " ") for box in flow.excluded] == [
        f"n = {n}" for n in (1, 2, 2, 1, 0, 1, 0)
    ]
    on_drug = flow.included.boxes[0]
    assert [plain(box.label) for box in on_drug.boxes] == [
        "Active perianal disease at baseline, on the drug at week 12"
    ]


def test_the_primary_endpoint_is_said_first(sections: dict[str, Section]) -> None:
    assert paragraphs(sections["analysis-effectiveness"]).startswith(
        "At week 12, among eligible patients, clinical remission, steroid-free, was seen in 33 of 64 (51.6 %, 95 % CI "
        "39.6 to 63.4): the primary endpoint, under the estimand “as published”. In 1 it was not known; this patient "
        "is counted as not having reached it."
    )


def test_each_denominator_and_estimand_stands_beside_the_others(tables: dict[str, Table]) -> None:
    table = tables["effectiveness-week12-eligible"]
    assert [plain(column.title) for column in table.columns] == [
        "Decided",
        "Complete",
        "Required",
        "As published",
        "Composite",
    ]
    row = read(table)["Deep remission"]
    assert [cell.split(" | ")[0] for cell in row] == [
        "14/63 (22.2 %)", "14/47 (29.8 %)", "not defined", "14/64 (21.9 %)", "14/64 (21.9 %)",
    ]  # fmt: skip


def test_what_nobody_was_assessed_for_is_no_finding(tables: dict[str, Table], sections: dict[str, Section]) -> None:
    table = tables["effectiveness-week24-eligible"]
    row = next(row for row in table.rows if plain(row.label) == "Transmural healing")
    assert [said(cell) for cell in row.cells[:3]] == ["not assessed | 0 of 64 known"] * 3
    assert all(cell.muted for cell in row.cells)
    assert all(plain(cell.notes[0]).startswith("Nobody was assessed") for cell in row.cells[3:])
    assert "Transmural response and transmural healing were assessed in nobody." in paragraphs(
        sections["analysis-effectiveness"]
    )


def test_the_figure_draws_no_point_where_nobody_could_have_reached_it() -> None:
    (figure,) = [
        block
        for block in blocks_of(example().document.sections)
        if isinstance(block, Figure) and block.name == "effectiveness-endpoints"
    ]
    week24 = next(panel for panel in figure.panels if panel.name == "effectiveness-week24-eligible")
    drawn = {mark["bound"] for mark in week24.spec["layer"][1]["data"]["values"]}
    assert not any("transmural" in mark or "deep_remission" in mark for mark in drawn)
    assert "Transmural healing: not assessed in anyone" in week24.alt
    assert "Deep remission: nobody has every part known" in week24.alt
    assert week24.spec["layer"][-1]["data"]["values"] == [{"text": "synthetic data"}]


def test_events_of_special_interest_have_a_bound_where_none_occurred(tables: dict[str, Table]) -> None:
    table = read(tables["safety-eligible-special-interest"])
    assert table["Malignancy"] == ["0", "0/64 (0.0 %)", "up to 5.7 %", "0"]
    assert table["Hepatic disorder"] == ["2", "2/64 (3.1 %)", "0.9–10.7", "0"]


def test_events_by_period_and_by_term(tables: dict[str, Table]) -> None:
    table = tables["safety-eligible-periods"]
    assert read(table)["Any"] == [
        "14/64 (21.9 %) | 15 events", "0/64 (0.0 %) | 0 events", "13/64 (20.3 %) | 14 events", "1/64 (1.6 %) | 1 event",
        "0/64 (0.0 %) | 0 events",
    ]  # fmt: skip
    grades = [plain(row.label) for row in table.rows][2:6]
    assert grades == ["1", "2", "3", "4"]
    terms = tables["safety-eligible-terms"]
    assert [plain(column.title) for column in terms.columns] == ["All periods", "Induction", "Maintenance"]
    assert plain(terms.notes[-1]) == "No event began in: before treatment and after treatment."


def test_values_beyond_a_limit(tables: dict[str, Table]) -> None:
    table = tables["baseline"]
    row = next(number for number, row in enumerate(table.rows) if plain(row.label) == "Faecal calprotectin, µg/g")
    assert [said(line.cells[0]) for line in table.rows[row : row + 4]] == [
        "n = 58",
        "not given",
        "526 (298–974)",
        "160 to ≥2717",
    ]


def test_subgroups_stand_in_the_study_s_order(tables: dict[str, Table]) -> None:
    labels = [plain(row.label) for row in tables["effectiveness-forest"].rows]
    assert labels[:4] == ["All patients", "Corticosteroids at baseline", "Yes", "No"]
    assert labels[7:11] == ["Disease location", "Ileal", "Colonic", "Ileocolonic"]


def test_what_to_keep_in_mind(sections: dict[str, Section]) -> None:
    (found,) = sections["cautions"].blocks
    assert isinstance(found, Definitions)
    said = {item.term: " ".join(map(plain, item.words)) for item in found.items}
    assert list(said) == [
        "Synthetic data", "Survivors", "Denominators differ", "Not assessed", "Biased low", "Predictors",
        "Hazard ratios", "Other studies", "Indirect comparisons", "Pooled results", "Imputation", "Beyond the assay",
    ]  # fmt: skip
    assert "It kept out 1 of the 71 screened." in said["Survivors"]
    assert "Week 12, among eligible patients: deep remission is decided in 63, complete in 47." in said["Biased low"]


def test_free_of_corticosteroids_among_those_who_took_them(tables: dict[str, Table]) -> None:
    found = read(tables["steroid_free"])
    assert found["On the day"] == ["53/64 (82.8 %)", "0"]
    assert found["On the day (of those: corticosteroids at baseline)"] == ["24/29 (82.8 %)", "0"]
    assert found["Clinical remission, steroid-free (of those: corticosteroids at baseline)"] == ["16/29 (55.2 %)", "0"]


def test_at_week_24_the_handling_of_those_who_were_not_seen_again_decides(tables: dict[str, Table]) -> None:
    found = read(tables["sensitivity_response_week24-eligible"])
    assert [cell.split(" | ")[0] for cell in found["As published"]] == [
        "48/49 (98.0 %)",
        "48/64 (75.0 %)",
        "55/63 (87.3 %)",
        "48/64 to 63/64",
        "96.4 %",
        "76.2 %",
    ]
