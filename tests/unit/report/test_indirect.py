"""The section of an indirect comparison: what it says, what stands in its tables, what it warns of, what is hidden."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from remit.disclosure.hidden import hidden_results
from remit.report.document import Cell, Document, Figure, Section, Table, plain
from remit.report.edition.shareable import shareable
from remit.report.language import language_of
from remit.report.methods import methods_text
from remit.report.plain import section_text
from remit.report.report import build_document
from remit.report.results_text import results_text
from remit.report.trace_words import Teller
from tests.unit.indirect import ASKED, NAME, SIXTY_FOUR, asked, estimated, patients
from tests.unit.report.studies import NO_INTAKE


def document_of(folder: Path, of: list[dict[str, Any]], more: str = ASKED) -> Document:
    study, _, results = estimated(folder, of, more)
    return build_document(study, results, NO_INTAKE)


def section_of(document: Document, name: str = f"analysis-{NAME}") -> Section:
    return next(section for section in document.sections if section.name == name)


def said(section: Section) -> str:
    return " ".join(section_text(section).replace("\u00a0", " ").split())


def tables(section: Section) -> dict[str, dict[str, list[str]]]:
    """By table, by the label of the row, its cells."""
    return {
        block.name: {plain(row.label): [text_of(cell) for cell in row.cells] for row in block.rows}
        for block in section.blocks
        if isinstance(block, Table)
    }


def text_of(cell: Cell) -> str:
    return " ".join(plain(line) for line in cell.lines).replace("\u00a0", " ")


def notes(section: Section) -> str:
    found = [note for block in section.blocks if isinstance(block, Table) for note in (*block.marked, *block.notes)]
    return "\n".join(plain(note) for note in found)


def test_what_is_found_and_what_it_takes_for_granted_is_said(tmp_path: Path) -> None:
    text = said(section_of(document_of(tmp_path, SIXTY_FOUR)))
    assert "Week 4, among eligible patients: Good score in 33 of 64 (51.6 %) as they are. OTHER" in text
    assert "OTHER, drug: 40 % of 100 as published." in text
    assert "Made alike in steroids, ours would be: weighted to look like theirs, 50.7 % (95 % CI" in text
    assert "and by a model of ours in a population like theirs, 50.7 % (95 % CI" in text
    assert "which differs by 10.7 (" in text
    assert "The weights leave 63.8 effective patients." in text
    assert "made alike was only this: steroids." in text
    assert "No weights mend what differs in how it was measured. Their good: another score above 7." in text
    assert "Told of their whole study, not of this arm: on corticosteroids." in text
    assert "The young were left out. Source: Invented by remit." in text


def test_the_tables(tmp_path: Path) -> None:
    found = tables(section_of(document_of(tmp_path, SIXTY_FOUR)))
    results = found[f"{NAME}-eligible"]
    assert results["OTHER, drug, as published"] == ["40 % of 100", "—", "—", "—"]
    assert results["Ours, as they are"][0] == "33/64 (51.6 %)"
    assert results["Weighted to look like theirs (MAIC)"][0] == "50.7 %"
    assert results["By a model, in a population like theirs (STC)"][0] == "50.7 %"
    balance = found[f"{NAME}-eligible-balance"]
    assert balance["Steroids"] == ["34 %", "20/64 (31.3 %)", "34.0 %"]
    assert balance["Effective patients"] == ["—", "64", "63.8 (99.6 %)"]
    assert balance["Weight: median (least–greatest)"] == ["—", "—", "0.96 (0.96–1.09)"]


def test_a_mean_is_told_as_it_was_printed_or_converted(tmp_path: Path) -> None:
    ages = [22, 28, 31, 35, 38, 41, 44, 49, 55, 62]
    of = patients(*((3, at % 3 != 0, {"age": age, "weight": 600 + 30 * (at * 7 % 10)}) for at, age in enumerate(ages)))
    match = "{age: age, mass: {is: weight, label: weight}, bare: {is: weight, label: weight again}}"
    section = section_of(document_of(tmp_path, of, asked(match)))
    balance = tables(section)[f"{NAME}-eligible-balance"]
    assert balance["Age"][0] == "40.0 (SD 9.0 [K])"
    assert balance["Age"][2].startswith("40.0 (SD ")
    assert balance["Weight"][0] == "70.0 (SD 12.0)"
    assert balance["Weight again"][0] == "70"
    assert "[K], [K-]: from knowledge" in notes(section)


def test_the_weights_are_drawn(tmp_path: Path) -> None:
    section = section_of(document_of(tmp_path, SIXTY_FOUR))
    (figure,) = (block for block in section.blocks if isinstance(block, Figure))
    assert figure.panels[0].alt == "Patients by weight. 0.96: 44; 1.088: 20."
    of = patients(*((1, age % 3 != 0, {"age": age}) for age in range(20, 70)))
    section = section_of(document_of(tmp_path, of, asked("{age: age}")))
    (figure,) = (block for block in section.blocks if isinstance(block, Figure))
    assert figure.panels[0].alt.startswith("Patients by weight. 0.4 to 0.6: ")


def test_what_cannot_be_made_is_said_and_nothing_is_drawn(tmp_path: Path) -> None:
    of = patients(*((2, at % 2 == 0, {"age": 50 + at}) for at in range(10)))
    document = document_of(tmp_path, of, asked("{age: age}", more="bootstrap: 20"))
    section = section_of(document)
    why = "age: their mean 40 is outside the range of our patients, 50 to 59"
    assert f"weighted to look like theirs, not made ({why}.)" in said(section)
    assert tables(section)[f"{NAME}-eligible"]["Weighted to look like theirs (MAIC)"] == ["not made", "—", "—", "—"]
    assert list(tables(section)[f"{NAME}-eligible-balance"]["Age"]) == ["40.0 (SD 9.0 [K])", "54.5 (SD 2.9)"]
    assert f"Caution: {why}." in notes(section)
    assert not any(isinstance(block, Figure) for block in section.blocks)
    cautions = said(section_of(document, "cautions"))
    assert "whom nobody randomised against each other" in cautions
    assert why in cautions


def test_all_or_none_with_the_outcome(tmp_path: Path) -> None:
    everybody = patients((5, True, {"steroids": True}), (5, True, {"steroids": False}))
    found = tables(section_of(document_of(tmp_path, everybody)))[f"{NAME}-eligible"]
    assert found["Ours, as they are"][2:] == ["60.0", "—"]
    assert found["Weighted to look like theirs (MAIC)"][0] == "not made"


def test_nobody_is_there(tmp_path: Path) -> None:
    section = section_of(document_of(tmp_path, []))
    assert said(section).count("Nobody is in this denominator.") == 1
    assert tables(section)[f"{NAME}-eligible"]["Ours, as they are"][0] == "0/0"


def test_a_bootstrap_stands_below_and_says_what_it_lost(tmp_path: Path) -> None:
    section = section_of(document_of(tmp_path, SIXTY_FOUR, asked(more="bootstrap: 100")))
    row = tables(section)[f"{NAME}-eligible"]["Drawn anew 100 times (bootstrap)"]
    assert row[0] == "—"
    assert "–" in row[1]
    few = patients((4, True, {"steroids": True}), (12, True, {"steroids": False}), (9, False, {"steroids": False}))
    section = section_of(document_of(tmp_path, few, asked(more="bootstrap: 200")))
    assert "Draws without overlap, which are left out: " in notes(section)
    rare = patients((1, True, {"steroids": True}), (20, True, {"steroids": False}), (9, False, {"steroids": False}))
    section = section_of(document_of(tmp_path, rare, asked(more="bootstrap: 200")))
    assert tables(section)[f"{NAME}-eligible"]["Drawn anew 200 times (bootstrap)"][1] == "not made"


def test_their_number_of_patients_need_not_be_known(tmp_path: Path) -> None:
    section = section_of(document_of(tmp_path, SIXTY_FOUR, asked(against="open.good")))
    assert tables(section)[f"{NAME}-eligible"]["OPEN, drug, as published"][0] == "40 %"
    assert "How precise the published share is, is not known" in notes(section)


def test_methods_and_italian(tmp_path: Path) -> None:
    study, _, results = estimated(
        tmp_path, SIXTY_FOUR, asked("{steroids: steroids, age: {is: age, spread: yes}}", "bootstrap: 50")
    )
    methods = " ".join(methods_text(study).split())
    assert "Good score at week 4, under the estimand “whatever happened”, against good of OTHER, drug" in methods
    assert "matched: steroids, share; and age, mean and standard deviation." in methods
    assert "Signorovitch" in methods
    assert "quantiles of percentages of our patients drawn anew" in methods
    assert "normal copula" in methods
    study, _, results = estimated(tmp_path, SIXTY_FOUR)
    text = said_all(results_text(study, results, language_of("it", {})))
    assert "con pesi che li rendono simili (MAIC), 50,7 %" in text
    assert "senza aggiustamento" in text


def said_all(section: Section) -> str:
    return " ".join([said(section), *(said(part) for part in section.sections)])


def test_each_number_is_told_in_words(tmp_path: Path) -> None:
    study, _, results = estimated(tmp_path, SIXTY_FOUR)
    told = {row["result"]: Teller(study).told(row) for row in results.table.iter_rows(named=True)}
    weight = told[f"{NAME}.eligible.week4.weights.1%2E088.policy:maic.n"]
    assert weight.subject == "Weights of our patients, 1.088, at week 4"
    assert "Each patient is weighted" in weight.handling
    assert told[f"{NAME}.eligible.week4.steroids.policy:maic.percent"].subject == "Steroids, at week 4"
    assert told[f"{NAME}.eligible.week4.good.policy:stc.percent"].subject.startswith("Good score")
    published = told[f"{NAME}.evidence.other:-drug.week 4.good.percent"]
    assert (published.subject, published.definition) == ("Good (OTHER), week 4, drug", "Another score above 7.")
    assert told[f"{NAME}.evidence.other:-drug.steroids.percent"].subject == "On corticosteroids (OTHER), drug"


def test_in_the_shareable_edition_a_small_count_hides_what_gives_it_away(tmp_path: Path) -> None:
    few = patients((3, True, {"steroids": True}), (30, True, {"steroids": False}), (31, False, {"steroids": False}))
    study, _, results = estimated(tmp_path, few)
    hidden = hidden_results(study, results, 5)
    of = f"{NAME}.eligible.week4"
    for name in (
        "steroids.policy.percent",
        "weights.policy:maic.effective",
        "weights.policy:maic.median",
        "weights.policy:maic.heaviest_percent",
        "good.policy:maic.percent",
        "good.policy:stc.difference",
    ):
        assert hidden.of(f"{of}.{name}") is not None, name
    assert hidden.of(f"{NAME}.evidence.other:-drug.week 4.good.percent") is None
    assert hidden.of(f"{of}.good.policy.percent") is None
    shown = shareable(build_document(study, results, NO_INTAKE), results, study)
    assert "33 of 64" in said(section_of(shown))
    assert "effective" not in said(section_of(shown))
    plenty = hidden_results(*estimated(tmp_path, SIXTY_FOUR)[::2], 5)
    assert plenty.of(f"{of}.good.policy:maic.percent") is None
    assert plenty.of(f"{of}.weights.policy:maic.max") == "single"
