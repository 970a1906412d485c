"""Which endpoints can be asked at the reference visit: by what their definitions read."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.language.query import digest
from remit.language.resolve import resolve
from remit.study.study import Endpoint
from tests.unit.derive.small import STUDY, study_of

TEXT = STUDY.replace(
    "  week4: {day: 28, window: [14, 42]}", "  week4: {day: 28, window: [14, 42]}\n  week8: {day: 56, window: [43, 70]}"
).replace(
    "      score: {type: number, range: [0, 100]}",
    """      score: {type: number, range: [0, 100]}
      other: {type: number, range: [0, 100]}
  steroids:
    rows: period
    start: start_date
    stop: stop_date
    fields: {start_date: date, stop_date: date, drug: text}
  events:
    rows: event
    date: date
    fields: {date: date}""",
)
DERIVED = """
derived:
  worst: {is: 'max_measured(score, other)'}
  gain: {is: change(score)}
  no_steroids: {is: 'not any(steroids, where covers(visit_date))'}
"""


def endpoint(folder: Path, written: str) -> Endpoint:
    return study_of(folder, f"{DERIVED}endpoints:\n  good: {{{written}}}\n", TEXT).endpoints["good"]


def asked(folder: Path, definition: str, at: str = "[week4, week8]") -> str | None:
    """The fingerprint of what is asked at the start."""
    found = endpoint(folder, f"at: {at}, is: '{definition}'").at_start
    return None if found is None else digest(found.query)


@pytest.mark.parametrize(
    "definition",
    [
        "score >= 50",
        "score >= 50 and consent",
        "known(score) and not (other < 20)",
        "worst < 3",  # what was measured at the start is measured there
        "last_observed(score) >= 50",  # nothing is carried forward to the start
        "score >= 50 and no_steroids",
        'not any(steroids, where drug == "y" and start_date <= visit_date and stop_date > visit_date - 30 days)',
        "score >= 50 and any(events, where day < 0 days)",
        'score > 3 and any(steroids, where start_date < index_date and drug == "y")',
    ],
)
def test_a_definition_of_the_visit_is_asked_at_the_start(tmp_path: Path, definition: str) -> None:
    study = study_of(tmp_path, DERIVED, TEXT)
    assert asked(tmp_path, definition) == digest(resolve(definition, study.scope, visit="baseline"))


@pytest.mark.parametrize(
    "definition",
    [
        "fall(score) >= 10",
        "gain > 5 and score >= 50",
        "score >= 0.5 * before(score)",
        "score >= 50 and score@baseline < 50",
        "score@week4 >= 50 or score@week8 >= 50",
        "score@week4 >= 50",
        "dosing.stop_day >= visit.day",
        "score >= 50 and dosing.stop_day >= 28 days",
        "score >= 50 and visit.day > 0 days",
        "score >= 50 and observed_day >= 28 days",
        "score >= 50 and last_contact - visit_date > 28 days",
        "not any(events)",
        "score >= 50 and any(events, where date <= index_date and score@week8 > 50)",
        "score >= 50 and not any(events, where day >= 0 days and date <= visit_date)",
        "score >= 50 and not any(events, where date > index_date and date <= visit_date)",
        "visit_date - index_date < 30 days or score >= 50",
        "visit_date < index_date + 30 days or score >= 50",
        "consent",  # the same at each visit
    ],
)
def test_what_compares_or_asks_what_happened_since_is_not_asked_at_the_start(tmp_path: Path, definition: str) -> None:
    assert asked(tmp_path, definition) is None


def test_only_endpoints_of_later_visits_are_asked(tmp_path: Path) -> None:
    assert asked(tmp_path, "score >= 50", "[baseline]") is None
    assert asked(tmp_path, "score >= 50", "[baseline, week4]") is not None


def test_without_a_reference_visit_nothing_is_asked(tmp_path: Path) -> None:
    text = STUDY.replace("  baseline: {day: 0, window: [-30, 0], pick: last}\n", "")
    study = study_of(tmp_path, "\nendpoints:\n  good: {at: [week4], is: score >= 50}\n", text)
    assert study.endpoints["good"].at_start is None


@pytest.mark.parametrize(
    ("requires", "at_start"),
    [
        ("known(score)", "known(score)"),
        ("known(score@baseline) and known(score)", "known(score) and known(score)"),
        ("consent", "consent"),
        ("known(score@baseline) and known(score@week4)", None),
        ("known(score) and dosing.stop_day > 28 days", None),
    ],
)
def test_what_is_required_is_required_at_the_start(tmp_path: Path, requires: str, at_start: str | None) -> None:
    found = endpoint(tmp_path, f"at: [week4], is: score >= 50, requires: {requires}").at_start
    assert found is not None
    study = study_of(tmp_path, DERIVED, TEXT)
    wanted = None if at_start is None else digest(resolve(at_start, study.scope, visit="baseline"))
    assert (None if found.requires is None else digest(found.requires)) == wanted
