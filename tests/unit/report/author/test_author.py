"""The author's own text: calls of results, and numbers that were typed by hand."""

from __future__ import annotations

import pytest

from remit.errors import WrongInput
from remit.report.author.forms import Catalogue, Printer, decimals_printed
from remit.report.author.template import read_template
from remit.report.author.typed import pairs_of, typed_numbers
from remit.report.document import Document, Number, Paragraph, Section
from remit.report.language import ENGLISH, Language, language_of
from remit.report.lookup import Result
from remit.study.style import PLAIN, STYLES, Style


def of(name: str, value: float | None, unit: str | None = None, note: str | None = None) -> tuple[str, Result]:
    method = "Wilson 95 %" if name in ("lower", "upper") else None
    return f"main.week12.remission.{name}", Result(
        name, f"main.week12.remission.{name}", value, unit, method, 33, 64, 1, 65, note
    )


THEIRS, SURE = "percent 13 [K], n 5 [K], of 39 [K+]", "percent 42.86 [V], n 33 [D], of 77 [D]; a note"
CATALOGUE = Catalogue(
    dict(
        [
            of("n", 33.0),
            of("percent", 51.5625, "%"),
            of("lower", 39.58, "%"),
            of("upper", 63.36, "%"),
            of("p", 0.0004),
            of("mean", 12345.678, "mg/L"),
            of("median", None, "d", "not reached"),
            of("median_lower", None, "d", "not reached"),
            of("median_upper", None, "d", "not reached"),
            ("theirs", Result("percent", "theirs", 13.0, "%", "as published", 5, 39, None, None, THEIRS)),
            ("sure", Result("percent", "sure", 42.86, "%", "as published", 33, 77, None, None, SURE)),
        ]
    )
)


def filled(text: str, style: Style = PLAIN, say: Language = ENGLISH) -> str:
    template = read_template(text, "paper.md")
    printer = Printer(CATALOGUE, say, say.style(style), {"main.week12.remission.mean": 2})
    return template.filled([printer.said(call) for call in template.calls]).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("call", "printed"),
    [
        ("theirs", "13 % [K]"),
        ("theirs | number", "13 [K]"),
        ("theirs | decimals: 1", "13.0 % [K]"),
        ("theirs | n/N", "5 [K]/39"),
        ("theirs | n_of", "5 [K] of 39"),
        ("sure", "42.86 %"),
        ("sure | decimals: 1", "42.9 %"),
        ("sure | n/N", "33/77"),
    ],
)
def test_a_published_number_stands_as_printed_with_its_mark(call: str, printed: str) -> None:
    assert filled("{{ " + call + " }}") == printed


@pytest.mark.parametrize(
    ("call", "printed"),
    [
        ("percent", "51.6 %"),
        ("percent | number", "51.6"),
        ("percent | decimals: 2", "51.56 %"),
        ("percent | n_of", "33 of 64"),
        ("percent | n/N", "33/64"),
        ("percent | missing", "1"),
        ("percent | population_n", "65"),
        ("percent | ci", "95 % CI 39.6 to 63.4"),
        ("percent | ci: 0", "95 % CI 40 to 63"),
        ("percent | with_ci", "51.6 % (95 % CI 39.6 to 63.4)"),
        ("n", "33"),
        ("p", "<0.001"),
        ("p | p", "p <0.001"),
        ("mean", "12\u202f345.68"),  # as the report prints it
        ("mean | decimals: 0", "12\u202f346"),
        ("median", "not given (not reached)"),
        ("median | ci", "95 % CI not given"),
        ("median | note", "not reached"),
    ],
)
def test_what_a_call_prints(call: str, printed: str) -> None:
    assert filled(f"{{{{ main.week12.remission.{call} }}}}") == printed


def test_it_prints_in_the_style_of_the_study_and_the_language_of_the_text() -> None:
    text = "{{ main.week12.remission.percent | with_ci }}; {{main.week12.remission.p|p}}"
    assert filled(text, STYLES["lancet"]) == "51·6% (95% CI 39·6–63·4); p=0·0004"
    assert filled(text, PLAIN, language_of("it", {})) == "51,6 % (IC 95 % 39,6–63,4); p <0,001"
    assert filled("{{ main.week12.remission.n | n_of }}", PLAIN, language_of("it", {})) == "33 su 64"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\nb {{ main.week12.remision.percent }}", "paper.md:2:6: there is no result 'main.week12.remision.percent'"),
        ("{{ main.week12.remission.n | shout }}", "paper.md:1:4: 'shout' is no form of a number"),
        ("{{ main.week12.remission.n | p }}", "paper.md:1:4: main.week12.remission.n is no p value"),
        ("{{ main.week12.remission.n | decimals: x }}", "paper.md:1:4: 'x' is no number of decimals"),
        ("x {{ }}", "paper.md:1:3: a call names no result"),
        ("x {{ main", "paper.md:1:3: {{ stands alone"),
        ("x }}", "paper.md:1:3: }} stands alone"),
    ],
)
def test_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(WrongInput) as wrong:
        filled(text)
    assert str(wrong.value).startswith(message), str(wrong.value)


def test_the_nearest_names_are_told() -> None:
    with pytest.raises(WrongInput) as wrong:
        filled("{{ main.week12.remision.percent }}")
    assert "Nearest are main.week12.remission.percent" in str(wrong.value)


NAMED = pairs_of(["label: Week 12\ndose: 45 mg", "follow-up under 6 months"])


def typed(text: str) -> list[tuple[str, str, str]]:
    """The number, its place, and the likeliest call."""
    found = typed_numbers(read_template(text, "f"), CATALOGUE, NAMED)
    return [(each.text, str(each.place), each.equals[0] if each.equals else "") for each in found]


@pytest.mark.parametrize(
    "text",
    [
        "in 2023",
        "Table 7, figure 8, section 9",
        "at week 12 and Week 12",
        "45 mg a day",
        "for 6 months",
        "95 % CI, 95% confidence interval, IC 95 %",
        "p < 0.05, P<0.001",
        "IL-12, anti-IL-12/23, CO2, R 4.3.1",
        "as shown [12], [3, 4] and [^5]",
        "1. first\n2. second",
        "# 3.1 Results",
        "`x = 7`, <!-- 7 -->, [a](http://b.c/7), https://d.e/7",
        "---\nversion: 7\n---\ntext",
        "{{ main.week12.remission.n }}",
    ],
)
def test_what_is_no_result_is_not_asked_about(text: str) -> None:
    assert typed(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("reached by 33", [("33", "f:1:12", "main.week12.remission.n")]),
        ("a\n51.6 % did", [("51.6", "f:2:1", "main.week12.remission.percent")]),
        ("51,6 %", [("51,6", "f:1:1", "main.week12.remission.percent")]),
        ("51·6%", [("51·6", "f:1:1", "main.week12.remission.percent")]),
        ("52 %", [("52", "f:1:1", "main.week12.remission.percent")]),
        ("53.1 %", [("53.1", "f:1:1", "")]),
        ("33.0 %", [("33.0", "f:1:1", "")]),  # 33 patients are no 33 %
        ("of 64", [("64", "f:1:4", "main.week12.remission.n | denominator")]),
        ("12,345.68 units", [("12,345.68", "f:1:1", "main.week12.remission.mean")]),
        ("12 patients", [("12", "f:1:1", "")]),  # week 12 is named, 12 patients are not
        ("(33)", [("33", "f:1:2", "main.week12.remission.n")]),
    ],
)
def test_a_number_typed_by_hand(text: str, found: list[tuple[str, str, str]]) -> None:
    assert typed(text) == found


def test_names_are_found_by_words() -> None:
    assert [each.id for each in CATALOGUE.found("WEEK12 lower")] == [
        "main.week12.remission.lower",
        "main.week12.remission.median_lower",
    ]


def test_decimals_are_those_of_the_report() -> None:
    said = Paragraph((Number("12.30", "a"), " of ", Number("7", "b"), Number("none", "c", "note")))
    document = Document("T", None, (), (), (Section("s", "S", (said,)),), ())
    assert decimals_printed(document) == {"a": 2, "b": 0}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "in 33/64 (51.6 %)",
            [("33/64", "main.week12.remission.n | n/N"), ("51.6", "main.week12.remission.percent")],
        ),
        ("in 32/64, 7/9.", [("32/64", ""), ("7/9", "")]),
        ("on 12/04/2023, `33/64`, HLA 33/64b", []),
    ],
)
def test_a_numerator_over_its_denominator_is_looked_up(text: str, found: list[tuple[str, str]]) -> None:
    assert [(number, call) for number, _, call in typed(text)] == found
