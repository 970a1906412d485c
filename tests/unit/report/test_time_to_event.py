"""The time to an event: who is counted how, and what the report says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remit.errors import WrongInput
from remit.report.document import Figure, Paragraph, blocks_of
from remit.report.methods import methods_text
from remit.schema.results import Address
from tests.unit.derive.small import day, study_of
from tests.unit.report.studies import Made, lines_of, made, paragraphs_of, section_of, table_of

STUDY = """
remit: 1
study: {id: burns, title: Burns}
index: first_seen
forms:
  people:
    rows: once
    fields:
      first_seen: date
      group: {levels: [new, old]}
      last_seen: date
      died: date
  events:
    rows: event
    date: start
    fields: {start: date, term: text, serious: yes/no}
"""
ANALYSIS = """
analyses:
  burn:
    kind: time_to_event
    title: Time to the first burn
    label: burn
    event: first(events.start, where term == "burn")
    censored: last_seen
    days: [10, 20]
"""
ARMS = """
arms:
  planned: group
  reference: old
"""
Rows = list[dict[str, Any]]


def person(name: str, last: int | None, group: str = "new", first: int = 0, **more: Any) -> dict[str, Any]:
    seen = None if last is None else day(last)
    return {"patient": name, "first_seen": day(first), "last_seen": seen, "group": group, **more}


def burn(name: str, at: int | None, term: str | None = "burn") -> dict[str, Any]:
    return {"patient": name, "start": None if at is None else day(at), "term": term}


PEOPLE: Rows = [
    person("event", 30),
    person("second event counts not", 30),
    person("none", 15),
    person("other event", 25, "old"),
    person("event on day 0", 30, "old"),
    person("event after the end", 12, "old"),
    person("event, end not known", None, "old"),
    person("none, end not known", None),
    person("date not known", 30),
    person("perhaps", 30),
    person("event before the start", 30, "old"),
]
EVENTS: Rows = [
    burn("event", 8),
    burn("second event counts not", 14),
    burn("second event counts not", 17),
    burn("other event", 3, "cut"),
    burn("event on day 0", 0),
    burn("event after the end", 13),
    burn("event, end not known", 20),
    burn("date not known", None),
    burn("perhaps", 5, None),
    burn("event before the start", -3),
]


def burns(folder: Path, text: str = STUDY + ANALYSIS, people: Rows = PEOPLE, events: Rows = EVENTS) -> Made:
    return made(folder, text, people=people, events=events)


def told(found: Made, variable: str, **where: str) -> dict[str, float | None]:
    statistics = found.lookup.at(Address("burn", "eligible", variable=variable, **where))
    return {name: result.value for name, result in statistics.items()}


def test_who_is_counted_how(tmp_path: Path) -> None:
    found = burns(tmp_path)
    whole = found.lookup.at(Address("burn", "eligible", variable="time"))
    assert {name: whole[name].value for name in ("n", "events", "censored")} == {"n": 7, "events": 4, "censored": 3}
    n = whole["n"]
    assert (n.numerator, n.denominator, n.missing, n.population_n) == (4, 7, 4, 11)
    reasons = {level: told(found, "unknown", level=level)["n"] for level in found.lookup.levels(UNKNOWN)}
    assert reasons == {"happened": 1, "event_date": 1, "last_date": 1, "before_start": 1}


UNKNOWN = Address("burn", "eligible", variable="unknown")


def test_the_curve_by_hand(tmp_path: Path) -> None:
    """Events on days 0, 8, 14 and 20; ends of observation on days 12, 15 and 25."""
    found = burns(tmp_path)
    curve = Address("burn", "eligible", variable="curve")
    assert found.lookup.times(curve) == ("day 0", "day 8", "day 14", "day 20", "day 25")
    shares = [6 / 7, 5 / 7, 5 / 7 * 3 / 4, 5 / 7 * 3 / 4 / 2, 5 / 7 * 3 / 4 / 2]
    for time, share in zip(found.lookup.times(curve), shares, strict=True):
        assert told(found, "curve", time=time)["percent"] == pytest.approx(100 * share)
    assert told(found, "time")["median"] == 20
    assert told(found, "free", time="day 0")["at_risk"] == 7
    assert told(found, "free", time="day 10") == {
        "at_risk": 5,
        "percent": pytest.approx(100 * 5 / 7),
        "lower": pytest.approx(25.816, abs=0.01),
        "upper": pytest.approx(91.983, abs=0.01),
    }
    assert told(found, "free", time="day 20")["at_risk"] == 2


def said(found: Made) -> str:
    return paragraphs_of(section_of(found, "burn"))


def lines(found: Made) -> list[list[str]]:
    return lines_of(table_of(section_of(found, "burn")))


def test_what_the_report_says(tmp_path: Path) -> None:
    found = burns(tmp_path)
    assert said(found) == (
        "Among eligible patients (N = 11): 4 of 7 had the event (burn), median 20 days (95 % CI 0 to not reached), "
        "of 4 the time is not known."
    )
    assert lines(found) == [
        ["Time known", "7"],
        ["Burn", "4"],
        ["Observed without it to the end", "3"],
        ["Time not known", "4"],
        ["Not known whether there was one", "1"],
        ["Date of the event not known", "1"],
        ["End of observation not known", "1"],
        ["Ends before it starts", "1"],
        ["Median, days (95 % CI)", "20 (0 to not reached)"],
        ["Without burn, % (95 % CI); at risk"],
        ["Day 10", "71.4 (25.8 to 92.0) at risk 5"],
        ["Day 20", "26.8 (1.3 to 67.0) at risk 2"],
    ]


def test_what_the_methods_say(tmp_path: Path) -> None:
    text = " ".join(methods_text(burns(tmp_path).study).split())
    assert (
        "Days from the index date, which is day 0, to the start of the first events for which the term is burn." in text
    )
    assert "A patient without it is observed until last seen." in text
    assert "Kaplan and Meier" in text


def figure(found: Made) -> Figure | None:
    return next((each for each in section_of(found, "burn").blocks if isinstance(each, Figure)), None)


def test_the_figure_in_words(tmp_path: Path) -> None:
    drawn = figure(burns(tmp_path))
    assert drawn is not None
    (panel,) = drawn.panels
    assert panel.alt.replace("\xa0", " ") == (
        "Without burn, %, by day. All: day 0 85.7 (33.4 to 97.9), 7 at risk; day 10 71.4 (25.8 to 92.0), 5 at risk; "
        "day 20 26.8 (1.3 to 67.0), 2 at risk, median 20 days (95 % CI 0 to not reached)."
    )


def test_by_arm(tmp_path: Path) -> None:
    found = burns(tmp_path, STUDY + ARMS + ANALYSIS)
    assert said(found) == (
        "Among eligible patients (N = 11): "
        "new: 2 of 3 had the event (burn), median 14 days (95 % CI 8 to not reached), of 3 the time is not known; "
        "old: 2 of 4 had the event (burn), median 20 days (95 % CI 0 to not reached), of 1 the time is not known; "
        "and in total: 4 of 7 had the event (burn), median 20 days (95 % CI 0 to not reached), of 4 the time is not "
        "known. Log-rank test over the arms: chi-squared 0.44 with 1 degree of freedom, p = 0.508. Hazard "
        "ratio (95 % CI) against old: new, 2.21 (0.20 to 24.5), p = 0.519."
    )
    drawn = figure(found)
    assert drawn is not None
    assert [key.label for key in drawn.legend] == ["New", "Old"]
    assert [line[1:] for line in lines(found)[:2]] == [["3", "4", "7"], ["2", "2", "4"]]


def log_rank(found: Made, **where: str) -> dict[str, float | None]:
    return told(found, "log_rank", group="arm", **where)


def test_the_arms_compared_by_hand(tmp_path: Path) -> None:
    """New: events on days 8 and 14, one left on day 15. Old: events on days 0 and 20, others left on days 12 and 25.

    At risk, new of all: 3 of 7 on day 0, 3 of 6 on day 8, 2 of 4 on day 14, 0 of 2 on day 20.
    """
    found = burns(tmp_path, STUDY + ARMS + ANALYSIS)
    expected = 3 / 7 + 3 / 6 + 2 / 4
    variance = 3 / 7 * 4 / 7 + 1 / 4 + 1 / 4
    assert log_rank(found)["chi_squared"] == pytest.approx((2 - expected) ** 2 / variance)
    assert log_rank(found)["degrees_of_freedom"] == 1
    assert log_rank(found, group_level="new")["expected"] == pytest.approx(expected)
    assert log_rank(found, group_level="old")["expected"] == pytest.approx(4 - expected)
    assert log_rank(found, contrast="new - old") == log_rank(found)
    p = found.lookup.one(Address("burn", "eligible", "arm", variable="log_rank"), "p")
    assert (p.numerator, p.denominator, p.missing, p.population_n) == (4, 7, 4, 11)
    assert p.method == "log-rank test"


def test_the_comparison_in_the_table(tmp_path: Path) -> None:
    assert lines(burns(tmp_path, STUDY + ARMS + ANALYSIS))[-7:] == [
        ["Log-rank test"],
        ["Events expected", "1.4", "2.6", ""],
        ["Over the arms, p", "", "", "0.508"],
        ["Cox regression"],
        ["Hazard ratio against old (95 % CI)", "2.21 (0.20 to 24.5)", "", ""],
        ["Against old, p", "0.519", "", ""],
        ["Hazards proportional, p", "", "", "0.163"],
    ]


THREE = (STUDY + ARMS + ANALYSIS).replace("[new, old]", "[new, old, oldest]")


def test_each_of_three_arms_against_the_reference(tmp_path: Path) -> None:
    found = burns(tmp_path, THREE, [*PEOPLE, person("third", 9, "oldest")])
    assert said(found).endswith(
        "Log-rank test over the arms: chi-squared 0.79 with 2 degrees of freedom, p = 0.673; against old: "
        "new, p = 0.508; and oldest, p = 0.617. Hazard ratio (95 % CI) against old: new, 2.21 (0.20 to 24.5), "
        "p = 0.519; and oldest, not given (the hazard ratio that fits best is 0: no event tells its limit)."
    )
    assert lines(found)[-5] == ["Against old, p", "0.508", "", "0.617", ""]


def test_an_arm_of_which_no_time_is_known_is_not_compared(tmp_path: Path) -> None:
    found = burns(tmp_path, THREE)
    assert "against old: new, p = 0.508; and oldest, not compared (there are no two groups to compare)." in said(found)
    assert lines(found)[-7] == ["Events expected", "1.4", "2.6", "—", ""]
    assert lines(found)[-3] == ["Hazard ratio against old (95 % CI)", "2.21 (0.20 to 24.5)", "", "—", ""]
    assert log_rank(found, group_level="oldest")["expected"] is None


def test_arms_without_an_event_are_not_compared(tmp_path: Path) -> None:
    found = burns(tmp_path, STUDY + ARMS + ANALYSIS, events=[])
    assert "The arms are not compared: nobody has the event." in said(found)
    assert lines(found)[-5] == ["Over the arms, p", "", "", "—"]
    assert lines(found)[-3] == ["Hazard ratio against old (95 % CI)", "—", "", ""]


def test_without_a_reference_all_arms_are_compared(tmp_path: Path) -> None:
    found = burns(tmp_path, THREE.replace("  reference: old\n", ""))
    assert "against" not in said(found)
    assert lines(found)[-1][0] == "Over the arms, p"
    assert "over all arms. Who is in no arm" in " ".join(methods_text(found.study).split())


def test_a_comparison_may_be_left_out(tmp_path: Path) -> None:
    found = burns(tmp_path, STUDY + ARMS + ANALYSIS + "    compare: no\n")
    assert "Log-rank" not in said(found)
    assert not found.results.table.filter(variable="log_rank").height
    assert "No hypothesis is tested, and" in " ".join(methods_text(found.study).split())


def test_what_the_methods_say_of_the_comparison(tmp_path: Path) -> None:
    text = " ".join(methods_text(burns(tmp_path, STUDY + ARMS + ANALYSIS).study).split())
    assert "two-sided log-rank test" in text
    assert "over all arms, and of each other arm against old." in text
    assert "No hypothesis is tested but by the log-rank test" in text
    assert "Newcombe" not in text


def test_nobody_has_the_event(tmp_path: Path) -> None:
    found = burns(tmp_path, people=PEOPLE[:3], events=[])
    assert "0 of 3 had the event (burn), median not reached" in said(found)
    assert lines(found)[-1] == ["Day 20", "100.0 at risk 2"]


def test_nobody_is_known(tmp_path: Path) -> None:
    found = burns(tmp_path, people=[person("none, end not known", None)], events=[])
    assert said(found).endswith("0 of 0 had the event (burn), of 1 the time is not known.")
    assert figure(found) is None
    assert lines(found)[-1] == ["Day 20", "— at risk 0"]


def test_after_the_last_day_nothing_is_known(tmp_path: Path) -> None:
    found = burns(tmp_path, people=[person("event", 30), person("none", 12)])
    assert told(found, "free", time="day 20") == {"at_risk": 0, "percent": None, "lower": None, "upper": None}


def test_after_all_have_had_the_event_nobody_is_without_it(tmp_path: Path) -> None:
    found = burns(tmp_path, people=[person("event", 30)])
    assert told(found, "free", time="day 20") == {"at_risk": 0, "percent": 0, "lower": None, "upper": None}


def test_a_date_that_is_no_row_happened_where_it_is_known(tmp_path: Path) -> None:
    text = (STUDY + ANALYSIS).replace('first(events.start, where term == "burn")', "died")
    people = [person("dead", None, died=day(4)), person("alive", 9), person("not known", None)]
    found = burns(tmp_path, text, people, [])
    assert told(found, "time")["events"] == 1
    assert told(found, "unknown", level="last_date")["n"] == 1


def test_what_happened_may_be_told(tmp_path: Path) -> None:
    happened = "    happened: any(events, where serious)\n"
    found = burns(tmp_path, STUDY + ANALYSIS + happened, PEOPLE[:1], [{**burn("event", 8), "serious": False}])
    assert told(found, "time")["events"] == 0
    assert "There is an event where this holds: at least one events that is marked as serious." in " ".join(
        methods_text(found.study).split()
    )


@pytest.mark.parametrize(
    ("line", "instead", "what"),
    [
        ("days: [10, 20]", "days: [10, 10]", "day 10 stands twice"),
        ("days: [10, 20]", "days: [-1]", "this day is before day 0"),
        ("censored: last_seen", "censored: group", "this is a level (new, old), where a date is asked for"),
        ("censored: last_seen", "until: last_seen", "'until' is not known in analyses.burn"),
        ("days: [10, 20]", "happened: died", "this is a date, where yes or no is asked for"),
        ("days: [10, 20]", "arm: actual", "the study has no arms"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, line: str, instead: str, what: str) -> None:
    with pytest.raises(WrongInput) as caught:
        study_of(tmp_path, text=(STUDY + ANALYSIS).replace(line, instead))
    assert what in caught.value.what


def test_each_printed_number_has_its_result(tmp_path: Path) -> None:
    found = burns(tmp_path)
    results = set(found.results.table["result"])
    for block in blocks_of((section_of(found, "burn"),)):
        if isinstance(block, Paragraph):
            assert all(part.result in results for part in block.words if not isinstance(part, str))


def test_limits_that_are_both_not_reached_are_said_once(tmp_path: Path) -> None:
    found = burns(tmp_path, people=PEOPLE[:3], events=[])
    assert "median not reached (95 % CI not reached)." in said(found)


def test_a_median_that_is_reached_has_no_limit_that_is_not(tmp_path: Path) -> None:
    found = burns(tmp_path, people=[person("event", 20)], events=[burn("event", 0)])
    assert "1 of 1 had the event (burn), median 0 days (95 % CI not given)" in said(found)
