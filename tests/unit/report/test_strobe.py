"""The STROBE checklist: each item once, filled where study file and report decide, else told as owed."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.publish import publish
from remit.report.document import plain
from remit.report.strobe import RULES, Checked, checklist, markdown, parts, strobe_section
from remit.run import run_study
from tests.unit.plan.small import changed, written
from tests.unit.report.studies import ASTHMA, ASTHMA_ANALYSES, PEOPLE, VISITS, example, made


def by_item(found: tuple[Checked, ...]) -> dict[str, Checked]:
    return {each.part.item: each for each in found}


def test_the_statement_has_22_items_and_their_parts() -> None:
    items = [part.item for part in parts()]
    assert len(items) == len(set(items)) == 34
    assert {int(item.rstrip("abcde")) for item in items} == set(range(1, 23))


def test_each_rule_is_known_and_each_item_says_what_is_owed() -> None:
    for part in parts():
        for rule in (part.rule, part.absent):
            assert rule is None or rule.removeprefix("not ") in RULES
        assert part.rule or part.absent or part.owed
        assert (part.absent is None) == (part.none is None)


def test_what_a_small_study_answers_and_owes(tmp_path: Path) -> None:
    one = made(tmp_path, ASTHMA + ASTHMA_ANALYSES, people=PEOPLE, visits=VISITS)
    found = by_item(checklist(one.study, one.document.sections))
    assert (found["4"].status, found["4"].owed) == ("no", "Tell the design, in “study: design”.")
    assert (found["13c"].status, found["13c"].where) == ("yes", ("Participants (flow diagram)",))
    assert (found["14a"].status, found["14a"].where) == ("yes", ("People (Table 1)",))
    assert (found["12e"].status, found["12e"].where) == ("n/a", ("there is none",))
    assert found["14c"].status == "no"
    assert (found["16a"].status, found["16a"].owed) == ("in part", "Estimates are unadjusted: say why.")
    assert found["22"].status == "no"


def test_what_the_example_study_answers() -> None:
    one = example()
    found = by_item(checklist(one.study, one.document.sections))
    assert {
        found[item].status for item in ("4", "12a", "12b", "12c", "12d", "12e", "13b", "14b", "14c", "15", "17")
    } == {"yes"}
    assert {found[item].status for item in ("1b", "2", "18", "21", "22")} == {"no"}
    assert found["20"].owed == "Write the interpretation; the report sets the study beside others."
    assert found["16c"].status == "n/a"


def test_the_section_counts_and_the_table_has_each_item() -> None:
    one = example()
    found = checklist(one.study, one.document.sections)
    section = strobe_section(found)
    assert "Of the 34 parts of the checklist" in plain(section.blocks[0].words)  # type: ignore[union-attr]
    text = markdown(found, "A study", "Made by a computer.", "Internal edition")
    assert text.count("\n| ") == 35
    assert "**Synthetic data.** Made by a computer." in text


def test_it_stands_in_the_report_and_is_written_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    run_study(
        changed(written(tmp_path / "study"), ("title: A drug", "title: A cohort study of a drug")), tmp_path / "out"
    )
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert page.index('id="strobe"') < page.index('id="made"')
    (file,) = publish(tmp_path / "out", "strobe", "shareable")
    assert file.name == "strobe-shareable.md"
    text = file.read_text("utf-8")
    assert "| 1a | Name the design in the title or the abstract, in a common term. | yes |" in text
    assert "Still owed: items 1b, 2, " in text
