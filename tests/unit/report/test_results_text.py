"""The results section of a paper, as sentences."""

from __future__ import annotations

from remit.report.document import Paragraph, Section, plain
from remit.report.language import ENGLISH, language_of
from remit.report.results_text import results_text, without_empty
from tests.unit.report.studies import example


def test_each_analysis_that_has_sentences_has_a_section_and_the_others_are_named() -> None:
    made = example()
    text = results_text(made.study, made.results)
    titles = [section.title for section in text.sections]
    assert titles[0] == "Participants"
    assert titles[-1] == "Missing values"
    (others,) = (plain(block.words) for block in text.blocks if isinstance(block, Paragraph))
    for analysis in made.study.analyses:
        assert analysis.title in titles or analysis.title in others


def test_sections_whose_numbers_are_all_hidden_are_named() -> None:
    hidden = Section("b", "B", (Paragraph(("Nothing may be shared.",)),))
    kept = results_text(example().study, example().results).sections[0]
    results = Section("results", "Results", (), (kept, hidden))
    found = without_empty(results)
    assert found.sections == (kept,)
    (said,) = (plain(block.words) for block in found.blocks if isinstance(block, Paragraph))
    assert said == "Not in this edition, for too few patients stand behind it: B."
    assert "Non incluse in questa edizione" in str(without_empty(results, language_of("it", {})).blocks)
    assert without_empty(Section("results", "Results", (), (kept,)), ENGLISH).sections == (kept,)
