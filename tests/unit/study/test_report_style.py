"""The section `report`: what is written, and the style that it gives."""

from __future__ import annotations

import pytest

from remit.errors import WrongInput
from remit.study.document import parse_document
from remit.study.loading import validate
from remit.study.place import Place
from remit.study.report_model import ReportPart, make_style
from remit.study.style import PLAIN, STYLES, Style


def style(written: str) -> Style:
    document = parse_document(written, "study.yaml")
    return make_style(validate(document, ReportPart), Place(document))


@pytest.mark.parametrize(
    ("written", "key", "value"),
    [
        ("style: plain", "decimal", "."),
        ("style: lancet", "decimal", "·"),
        ("decimal: comma", "decimal", ","),
        ("thousands: none", "thousands", ""),
        ("percent_space: no", "percent", "%"),
        ("percent_decimals: 2", "percent_decimals", 2),
        ("percent_decimals: 0", "percent_decimals", 0),
        ("whole_percent_below: 100", "whole_percent_below", 100),
        ("no_percent_below: 20", "no_percent_below", 20),
        ("p: two figures", "p", "two figures"),
        ("p_letter: P", "p_letter", "P"),
        ("p_spaces: no", "p_equals", "="),
        ("p_spaces: no", "p_below", ""),
        ("p_leading_zero: no", "p_leading_zero", False),
        ("interval: dash", "interval", "–"),
        ("interval_comma: yes", "interval_comma", True),
    ],
)
def test_a_key_sets_one_thing(written: str, key: str, value: object) -> None:
    assert getattr(style(written), key) == value


def test_a_key_changes_the_style_that_is_named() -> None:
    found = style("style: lancet\ninterval: to\npercent_space: yes")
    assert (found.interval, found.percent, found.decimal, found.p) == (" to ", "\u00a0%", "·", STYLES["lancet"].p)


def test_plain_is_what_an_empty_section_gives() -> None:
    assert style("{}") == PLAIN == style("style: plain")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("style: lancette", "study.yaml:1:8: style cannot be 'lancette'"),
        ("decimal: comma\nthousands: comma", "study.yaml:2:12: ',' would be the decimal sign and also stand between"),
        ("thousands: point", "study.yaml:1:12: '.' would be the decimal sign and also stand between thousands"),
        ("percents: 1", "study.yaml:1:1: 'percents' is not known in the file"),
        ("no_percent_below: -1", "study.yaml:1:19: no_percent_below cannot be '-1'"),
    ],
)
def test_what_is_wrong(written: str, message: str) -> None:
    with pytest.raises(WrongInput) as wrong:
        style(written)
    assert str(wrong.value).startswith(message), str(wrong.value)
