"""The same words in the styles of journals: each row is what `plain` prints, and what the style makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from remit.report.document import Cell, Panel, Paragraph, Row, Table, Words, plain, words
from remit.report.in_style import in_style, words_in_style
from remit.report.lookup import Result
from remit.report.numbers import SPACE, count, decimal, p_words, percentage, probability
from remit.report.proportions import Proportion, ends, in_percent, interval_words, share_of, spelled
from remit.study.style import PLAIN, STYLES, Style, StyleName
from tests.unit.report.studies import example


def result(statistic: str, value: float | None, n: int = 5, of: int = 8, method: str | None = None) -> Result:
    return Result(statistic, f"a.{statistic}", value, None, method, n, of, 0, of, "nobody" if value is None else None)


def share(n: int = 5, of: int = 8, low: float | None = 30.57, high: float | None = 86.32) -> Proportion:
    value = 100 * n / of if of else None
    ends = (result(name, end, n, of, "Wilson 95 %") for name, end in (("lower", low), ("upper", high)))
    return Proportion(result("n", float(n), n, of), result("percent", value, n, of), *ends)


def said(of: Proportion) -> Words:
    return words("in ", spelled(of), " (", in_percent(of), ", ", interval_words(of), ")")


def text(said: Words) -> str:
    return plain(said).replace(SPACE, " ")


@pytest.mark.parametrize(
    ("style", "printed"),
    [
        ("plain", "in 5 of 8 (62.5 %, 95 % CI 30.6 to 86.3)"),
        ("lancet", "in 5 of 8 (62·5%, 95% CI 30·6–86·3)"),
        ("jama", "in 5 of 8 (62.5%, 95% CI 30.6 to 86.3)"),
        ("nejm", "in 5 of 8 (62.5%, 95% CI 30.6 to 86.3)"),
        ("annals", "in 5 of 8 (63%, 95% CI 31 to 86)"),
    ],
)
def test_a_percentage_with_its_interval(style: StyleName, printed: str) -> None:
    assert text(words_in_style(said(share()), STYLES[style])) == printed


@pytest.mark.parametrize(
    ("p", "plain_", "lancet", "jama", "nejm", "annals"),
    [
        (0.0000004, "p <0.001", "p<0·0001", "P<.001", "P<0.001", "P<0.001"),
        (0.0004, "p <0.001", "p=0·0004", "P<.001", "P<0.001", "P<0.001"),
        (0.00034, "p <0.001", "p=0·0003", "P<.001", "P<0.001", "P<0.001"),
        (0.0049, "p = 0.005", "p=0·0049", "P=.005", "P=0.005", "P=0.005"),
        (0.0123, "p = 0.012", "p=0·012", "P=.01", "P=0.01", "P=0.012"),
        (0.0457, "p = 0.046", "p=0·046", "P=.046", "P=0.046", "P=0.046"),  # rounded to 0.05 it would say another thing
        (0.0532, "p = 0.053", "p=0·053", "P=.05", "P=0.05", "P=0.053"),
        (0.2345, "p = 0.235", "p=0·23", "P=.23", "P=0.23", "P=0.23"),
        (0.9984, "p = 0.998", "p>0·99", "P>.99", "P>0.99", "P>0.99"),
        (1.0, "p = 1.000", "p=1·00", "P=1.00", "P=1.00", "P=1.00"),
    ],
)
def test_p(p: float, plain_: str, lancet: str, jama: str, nejm: str, annals: str) -> None:
    found = p_words(result("p", p))
    assert text(found) == plain_
    for style, printed in zip(("lancet", "jama", "nejm", "annals"), (lancet, jama, nejm, annals), strict=True):
        assert text(words_in_style(found, STYLES[style])) == printed


@pytest.mark.parametrize(
    ("value", "of", "printed"),
    [
        (50.25, 400, "50.3"),
        (50.25, 100, "50.3"),
        (50.25, 99, "50"),
        (0.4, 99, "<1"),
        (99.6, 99, ">99"),
        (0.04, 400, "<0.1"),
        (100.0, 99, "100"),
        (0.0, 99, "0"),
    ],
)
def test_percentages_of_few_have_no_decimals(value: float, of: int, printed: str) -> None:
    assert percentage(value, Style(whole_percent_below=100), of) == printed


@pytest.mark.parametrize(
    ("found", "printed"),
    [
        (share_of(share()), "5/8"),
        (said(share()), "in 5 of 8 (95 % CI 30.6 to 86.3)"),
        (in_percent(share()), "—"),
        (words("at ", in_percent(share()), " they were"), "at — they were"),
        (share_of(share(12, 20)), "12/20 (60.0 %)"),
        (words(share_of(share()), "; ", share_of(share(3, 9))), "5/8; 3/9"),
        (share_of(share(0, 0, None, None)), "0/0"),
    ],
)
def test_of_a_few_patients_a_percentage_may_be_left_out(found: Words, printed: str) -> None:
    assert text(words_in_style(found, Style(no_percent_below=20))) == printed


def test_a_comma_decimal_and_other_thousands() -> None:
    style = Style(decimal=",", thousands=".")
    found = words(decimal(result("mean", -12345.67), 1), " and ", count(result("n", 20000.0)))
    assert text(words_in_style(found, style)) == "−12.345,7 and 20.000"


def test_a_dash_does_not_stand_beside_a_minus_or_a_bound() -> None:
    low, high = result("lower", -3.04), result("upper", 0.4)
    found = words("95 % CI ", decimal(low, 1), " to ", decimal(high, 1))
    assert text(words_in_style(found, STYLES["lancet"])) == "95% CI −3·0 to 0·4"
    assert text(words_in_style(ends(share(high=99.99)), STYLES["lancet"])) == "30·6 to >99·9"
    assert text(words_in_style(ends(share()), replace(PLAIN, interval=" to "))) == "30.6 to 86.3"


def test_a_comma_before_the_interval() -> None:
    style = replace(STYLES["lancet"], interval_comma=True)
    assert text(words_in_style(said(share()), style)) == "in 5 of 8 (62·5%, 95% CI, 30·6–86·3)"


def test_what_stands_instead_of_a_number_is_not_printed_anew() -> None:
    hidden = tuple(replace(part, text="<5") if not isinstance(part, str) else part for part in in_percent(share()))
    assert text(words_in_style(hidden, STYLES["annals"])) == "<5%"


def test_notes_and_headings_follow() -> None:
    note = Result("n", "a.n", None, None, None, 0, 8, 0, 8, "above 40.5 % if 2 did")
    table = Table(
        "t", ("T",), "", (), (Row(("Percentage (95 % CI)",), (Cell((words(decimal(note, 1)),)),)),), (("exact 95 %",),)
    )
    found = in_style(table, STYLES["lancet"])
    assert plain(found.rows[0].label) == "Percentage (95% CI)"
    assert plain(found.rows[0].cells[0].lines[0]) == "above 40·5% if 2 did"
    assert plain(found.notes[0]) == "exact 95%"


def test_the_numbers_of_a_figure_follow() -> None:
    spec = {"data": {"values": [{"text": f"51.6{SPACE}%", "x": 1.5}, {"text": "week 1.5", "text 1": "0.5"}]}}
    panel = in_style(Panel("p", ("T",), "51.6 %", spec, 100), STYLES["lancet"])
    assert panel.spec == {"data": {"values": [{"text": "51·6%", "x": 1.5}, {"text": "week 1.5", "text 1": "0·5"}]}}


def test_once_more_changes_nothing() -> None:
    once = words_in_style(said(share()), replace(STYLES["lancet"], interval_comma=True))
    assert words_in_style(once, replace(STYLES["lancet"], interval_comma=True)) == once


def test_plain_is_the_document_itself() -> None:
    paragraph = Paragraph(said(share()))
    assert in_style(paragraph, PLAIN) is paragraph


def test_no_p_is_zero_and_no_percentage_of_some_is() -> None:
    for style in STYLES.values():
        assert set(probability(1e-12, style)) & set("<123456789") == {"<", "1"}
        assert percentage(1e-9, style, 10**9).startswith("<")


@pytest.mark.parametrize("style", ["plain", "lancet", "jama", "annals"])
def test_equal_results_print_equally(style: StyleName) -> None:
    """Of one result one text, but for the decimals of the quantiles of a table."""
    from remit.report.document import Number
    from remit.report.report import build_document

    made = example()
    document = build_document(replace(made.study, style=STYLES[style]), made.results, made.intake)
    printed: dict[tuple[str, str], set[str]] = {}

    def walk(part: object) -> None:
        if isinstance(part, Number):
            printed.setdefault((part.result, part.part), set()).add(part.text)
        elif isinstance(part, tuple):
            for each in part:
                walk(each)
        elif hasattr(part, "__dataclass_fields__"):
            for name in part.__dataclass_fields__:
                walk(getattr(part, name))

    walk(document)
    assert {key: texts for key, texts in printed.items() if len(texts) > 1} == {}
