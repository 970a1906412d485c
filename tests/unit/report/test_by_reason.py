"""The time to one of several events that exclude one another: incidences by reason, and what the report says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remit.errors import WrongInput
from remit.report.document import Figure, plain
from remit.report.methods import methods_text
from remit.schema.results import Address
from tests.unit.derive.small import day, study_of
from tests.unit.report.studies import Made, lines_of, made, paragraphs_of, section_of, table_of

STUDY = """
remit: 1
study: {id: stops, title: Stops}
index: first_dose
forms:
  people:
    rows: once
    fields:
      first_dose: date
      last_seen: date
      group: {levels: [old, new]}
      stopped: date
      why: {levels: [moved, harm, no effect]}
      said: text
"""
ANALYSIS = """
analyses:
  stop:
    kind: time_to_event
    title: Persistence
    label: stop
    event: stopped
    censored: last_seen
    reason: why
    days: [10, 20]
"""
ARMS = """
arms:
  planned: group
"""
Rows = list[dict[str, Any]]


def person(
    name: str, last: int | None, stopped: int | None = None, why: str | None = None, group: str = "old", **more: Any
) -> dict[str, Any]:
    dates = {"last_seen": last, "stopped": stopped}
    written = {field: None if on is None else day(on) for field, on in dates.items()}
    return {"patient": name, "first_dose": day(0), "why": why, "group": group, **written, **more}


# Ten patients: at risk 10 on day 4, 9 on day 6, 7 on day 12 (one left on day 8), 6 on day 15.
PEOPLE: Rows = [
    person("a", 30, 4, "harm"),
    person("b", 30, 6, "no effect", "new"),
    person("c", 8),
    person("d", 30, 12, "harm", "new"),
    person("e", 30, 15, None, "new"),
    person("f", 14, 20, "no effect"),  # after the end: not counted
    *(person(name, 25, None, None, group) for name, group in zip("ghi", ("old", "new", "old"), strict=True)),
    person("j", 25, None, "harm"),  # a reason, and no stop
    person("k", None),  # not known until when
]


def stops(folder: Path, text: str = STUDY + ANALYSIS, people: Rows = PEOPLE) -> Made:
    return made(folder, text, people=people)


def told(found: Made, variable: str, level: str, **where: str) -> dict[str, float | None]:
    at = Address("stop", "eligible", variable=variable, level=level, **where)
    return {name: result.value for name, result in found.lookup.at(at).items()}


REASONS = Address("stop", "eligible", variable="reason")


def test_reasons_that_occur_in_the_order_of_the_levels(tmp_path: Path) -> None:
    found = stops(tmp_path)
    assert found.lookup.levels(REASONS) == ("harm", "no effect", "(unknown)")
    counts = {level: told(found, "reason", level)["n"] for level in found.lookup.levels(REASONS)}
    assert counts == {"harm": 2, "no effect": 1, "(unknown)": 1}
    n = found.lookup.one(Address("stop", "eligible", variable="reason", level="harm"), "n")
    assert (n.numerator, n.denominator, n.missing, n.population_n) == (2, 10, 1, 11)


def test_incidences_by_hand(tmp_path: Path) -> None:
    found = stops(tmp_path)
    free = 1.0
    by_hand = {"harm": [0.0, 0.0], "no effect": [0.0, 0.0], "(unknown)": [0.0, 0.0]}
    for at, risk, reason in ((4, 10, "harm"), (6, 9, "no effect"), (12, 7, "harm"), (15, 5, "(unknown)")):
        for place in (0, 1) if at <= 10 else (1,):
            by_hand[reason][place] += free / risk
        free *= 1 - 1 / risk
    for reason, (ten, twenty) in by_hand.items():
        assert told(found, "incidence", reason, time="day 10")["percent"] == pytest.approx(100 * ten)
        assert told(found, "incidence", reason, time="day 20")["percent"] == pytest.approx(100 * twenty)
    without = found.lookup.one(Address("stop", "eligible", variable="free", time="day 20"), "percent").value
    assert without == pytest.approx(100 * free)
    assert without + 100 * sum(twenty for _, twenty in by_hand.values()) == pytest.approx(100)


def test_the_curve_of_a_reason_has_its_events_and_its_end(tmp_path: Path) -> None:
    found = stops(tmp_path)
    at = Address("stop", "eligible", variable="incidence_curve", level="harm")
    assert found.lookup.times(at) == ("day 4", "day 12", "day 25")


def said(found: Made) -> str:
    return paragraphs_of(section_of(found, "stop"))


def lines(found: Made) -> list[list[str]]:
    return lines_of(table_of(section_of(found, "stop")))


def test_what_the_report_says(tmp_path: Path) -> None:
    found = stops(tmp_path)
    assert said(found).endswith(
        "By day 20: harm in 21.4 % (95 % CI 3.2 to 50.1); no effect in 10.0 % (95 % CI 0.6 to 35.8); and reason not "
        "known in 13.7 % (95 % CI 0.7 to 44.9)."
    )
    assert lines(found)[1:5] == [["Stop", "4"], ["Harm", "2"], ["No effect", "1"], ["Reason not known", "1"]]
    assert lines(found)[-3:] == [
        ["Reason not known, incidence, % (95 % CI)"],
        ["Day 10", "0.0"],
        ["Day 20", "13.7 (0.7 to 44.9)"],
    ]


def test_what_the_methods_say(tmp_path: Path) -> None:
    text = " ".join(methods_text(stops(tmp_path).study).split())
    assert "Events of different reasons exclude one another; the reason is why." in text
    assert "Aalen and Johansen" in text
    assert "Gray" not in text


def test_the_last_day_until_which_anybody_is_observed_is_told(tmp_path: Path) -> None:
    found = stops(tmp_path, people=[person("a", 12, 4, "harm"), person("b", 12)])
    assert said(found).endswith("By day 10: harm in 50.0 % (95 % CI 0.6 to 91.0).")
    assert lines(found)[-1] == ["Day 20", "—"]
    nobody = stops(tmp_path, people=[person("a", 8, 4, "harm"), person("b", 9)])
    assert "By day" not in said(nobody)


def test_nobody_has_an_event(tmp_path: Path) -> None:
    found = stops(tmp_path, people=[person("a", 30), person("b", 30)])
    assert found.lookup.levels(REASONS) == ()
    assert "incidence" not in " ".join(line[0] for line in lines(found))


def test_reasons_as_text_stand_by_how_often_they_occur(tmp_path: Path) -> None:
    people = [person(name, 30, 5, None, said=why) for name, why in (("a", "rash"), ("b", "moved"), ("c", "rash"))]
    found = stops(tmp_path, (STUDY + ANALYSIS).replace("reason: why", "reason: said"), people)
    assert found.lookup.levels(REASONS) == ("rash", "moved")


def gray(found: Made, level: str, contrast: str | None = None) -> dict[str, float | None]:
    at = Address("stop", "eligible", "arm", variable="gray", level=level, contrast=contrast)
    return {name: result.value for name, result in found.lookup.at(at).items()}


def test_by_arm(tmp_path: Path) -> None:
    found = stops(tmp_path, STUDY + ARMS + ANALYSIS)
    assert gray(found, "harm")["degrees_of_freedom"] == 1
    p = found.lookup.one(Address("stop", "eligible", "arm", variable="gray", level="harm"), "p")
    assert (p.method, p.numerator, p.denominator, p.missing, p.population_n) == ("Gray's test", 2, 10, 1, 11)
    each = said(found).split("Old, by day 20: ")[1]
    assert each.startswith(
        "harm in 16.7 % (95 % CI 0.8 to 51.7); no effect in 0.0 %; and reason not known in 0.0 %. New,"
    )
    assert "Gray’s test over the arms: harm, p = " in each
    assert [line[0] for line in lines(found)].count("Gray’s test over the arms, p") == 3
    text = " ".join(methods_text(found.study).split())
    assert "No hypothesis is tested but by the log-rank test and Gray’s test" in text
    assert "Incidences of the arms are compared by Gray’s test" in text


def test_arms_that_cannot_be_compared_say_why(tmp_path: Path) -> None:
    people = [person("a", 30, 4, "harm"), person("b", 30)]
    found = stops(tmp_path, STUDY + ARMS + ANALYSIS, people)
    assert gray(found, "harm")["p"] is None
    assert said(found).endswith("Gray’s test over the arms: harm, not compared (there are no two groups to compare).")


def test_each_of_three_arms_against_the_reference(tmp_path: Path) -> None:
    text = (
        (STUDY + ARMS + ANALYSIS)
        .replace("[old, new]", "[old, new, newest]")
        .replace("group\n", "group\n  reference: old\n")
    )
    found = stops(tmp_path, text, [*PEOPLE, person("l", 30, 3, "harm", "newest"), person("m", 30, group="newest")])
    assert gray(found, "harm")["degrees_of_freedom"] == 2
    assert gray(found, "harm", "newest - old")["degrees_of_freedom"] == 1
    assert "Gray’s test against old, p" in [line[0] for line in lines(found)]


def test_a_comparison_may_be_left_out(tmp_path: Path) -> None:
    found = stops(tmp_path, STUDY + ARMS + ANALYSIS + "    compare: no\n")
    assert not found.results.table.filter(variable="gray").height
    assert "Gray" not in said(found)


def test_a_reason_is_a_level(tmp_path: Path) -> None:
    with pytest.raises(WrongInput) as caught:
        study_of(tmp_path, text=(STUDY + ANALYSIS).replace("reason: why", "reason: stopped"))
    assert caught.value.what == "this is a date, where a level is asked for"


def incidences(found: Made) -> Figure | None:
    figures = (each for each in section_of(found, "stop").blocks if isinstance(each, Figure))
    return next((figure for figure in figures if figure.name == "stop-incidence"), None)


def test_the_figure_in_words(tmp_path: Path) -> None:
    figure = incidences(stops(tmp_path))
    assert figure is not None
    (panel,) = figure.panels
    assert panel.alt.replace("\xa0", " ") == (
        "Stop, by reason, %, by day. Harm: day 0 0.0; day 10 10.0 (0.6 to 35.8); day 20 21.4 (3.2 to 50.1). No effect: "
        "day 0 0.0; day 10 10.0 (0.6 to 35.8); day 20 10.0 (0.6 to 35.8). Reason not known: day 0 0.0; day 10 0.0; "
        "day 20 13.7 (0.7 to 44.9)."
    )
    assert [key.label for key in figure.legend] == ["Harm", "No effect", "Reason not known"]
    assert "The axis ends at 60 %." in plain(figure.notes[1])


def test_the_axis_is_not_shorter_than_an_interval(tmp_path: Path) -> None:
    figure = incidences(stops(tmp_path, people=[person("a", 30, 4, "harm"), person("b", 30, 4, "harm")]))
    assert figure is not None
    assert figure.notes[1] == ("Under it: how many are at risk.",)


def test_a_panel_an_arm(tmp_path: Path) -> None:
    figure = incidences(stops(tmp_path, STUDY + ARMS + ANALYSIS))
    assert figure is not None
    assert [plain(panel.title) for panel in figure.panels] == ["Stop, by reason, %: Old", "Stop, by reason, %: New"]


def test_a_reason_looks_alike_in_all_populations(tmp_path: Path) -> None:
    populations = 'populations:\n  harmless: {label: Harmless, where: not (why == "harm")}\n'
    text = STUDY + populations + ANALYSIS.replace("label: stop", "label: stop\n    populations: [eligible, harmless]")
    figure = incidences(stops(tmp_path, text, [*PEOPLE, person("l", 30, 12, "moved")]))
    assert figure is not None
    assert [plain(panel.title) for panel in figure.panels] == [
        "Stop, by reason, %: eligible patients",
        "Stop, by reason, %: Harmless",
    ]
    assert [key.label for key in figure.legend] == ["Moved", "Harm", "No effect", "Reason not known"]
    assert len({key.colour for key in figure.legend}) == 4


def test_without_an_event_there_is_no_figure(tmp_path: Path) -> None:
    assert incidences(stops(tmp_path, people=[person("a", 30)])) is None
