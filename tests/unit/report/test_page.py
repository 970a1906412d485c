"""The page: each number is a result and reads as that result; nothing else of a result stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from remit.errors import WrongInput
from remit.language.describe import describe
from remit.report.document import Document, figures_of
from remit.report.figures.renderer import Renderer, start_renderer
from remit.report.html import page
from remit.report.report import write_report
from remit.schema.results import Results
from remit.study.comparisons.kinds import Comparison
from remit.study.study import Study
from tests.unit.report.studies import ASTHMA, Made, asthma, example, made

VOID = {"meta", "link", "br", "path", "circle", "rect", "line"}


def empty_drawings(document: Document) -> dict[str, str]:
    return {
        panel.name: '<svg viewBox="0 0 1 1"></svg>'
        for figure in figures_of(document.sections)
        for panel in figure.panels
    }


def undrawn(made: Made) -> str:
    document = made.document
    return page(document, lambda: empty_drawings(document))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The first example's page, with its figures."""
    one = example()
    return write_report(one.study, one.results, one.intake, tmp_path_factory.mktemp("report")).read_text("utf-8")


class Bound(HTMLParser):
    """What stands in elements that name a result, and the text of cells outside them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.numbers: list[tuple[str, str, str]] = []
        self.loose: list[str] = []
        self._open: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append({"tag": tag, **dict(attributes)})

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop()["tag"] == tag, f"</{tag}> closes another element"

    def handle_data(self, text: str) -> None:
        own = self._open[-1] if self._open else {}
        if own.get("data-result"):
            self.numbers.append((str(own["data-result"]), str(own.get("data-part") or "value"), text))
        elif any(element["tag"] == "td" for element in self._open) and own["tag"] != "sup":
            self.loose.append(text)


def by_id(results: Results) -> Mapping[str, dict[str, Any]]:
    return {row["result"]: row for row in results.table.iter_rows(named=True)}


def reads_as(text: str, row: dict[str, Any], part: str) -> bool:
    """Whether the printed text is this part of this row, rounded half up to the decimals that are printed."""
    text = re.sub(r"^n = | %$| \[K[+−]?\]$", "", text.replace("\u00a0", " ")).replace("\u202f", "")
    if part in ("note", "method"):
        return text in row[part]
    value = row[part]
    if value is None:
        return text == "—"
    if text in ("<0.1", ">99.9"):
        return 0 < value < 0.05 or 99.95 <= value < 100
    if text in ("<0.001", "<0.01"):  # a probability, an odds ratio
        return 0 <= value < Decimal(text[1:])
    shown = Decimal(text.replace("−", "-"))
    return shown == Decimal(repr(float(value))).quantize(Decimal(1).scaleb(shown.as_tuple().exponent), ROUND_HALF_UP)  # type: ignore[arg-type]


def wrong(html: str, results: Results) -> Iterator[tuple[str, str, str]]:
    rows = by_id(results)
    for number in Bound(html).numbers:
        result, part, text = number
        if result not in rows or not reads_as(text, rows[result], part):
            yield number


def test_each_number_is_its_result(drawn: str) -> None:
    assert len(Bound(drawn).numbers) > 4000
    assert list(wrong(drawn, example().results)) == []


def test_each_number_is_its_result_in_another_study(tmp_path: Path) -> None:
    one = asthma(tmp_path)
    assert list(wrong(undrawn(one), one.results)) == []


def test_no_number_of_a_result_stands_loose_in_a_table(drawn: str) -> None:
    """All digits in cells are bound to results, but for the intake's own counts."""
    before_the_intake = drawn[: drawn.index('<section id="intake"')]
    told = told_in_words(example().study)
    loose = [text for text in Bound(before_the_intake).loose if re.search(r"\d", without(text, told))]
    assert loose == []


def told_in_words(study: Study) -> list[str]:
    """What of the study and of published ones is told in words, that may have digits: doses, definitions, sources."""
    found = [study.identity.line, study.identity.dose]
    for analysis in study.analyses:
        if isinstance(analysis, Comparison):
            found.append(
                describe(study.endpoints[analysis.endpoint].queries[analysis.visit], study.scope, analysis.visit)
            )
            for beside in analysis.beside:
                evidence, outcome = beside.evidence, beside.outcome
                found += [evidence.title, evidence.line, evidence.citation.text, evidence.source, outcome.source]
                found += [outcome.definition.words, outcome.missing, *evidence.arms]
                found += [text for arm in evidence.arms.values() for text in (arm.drug, arm.dose)]
    return sorted({text for text in found if text}, key=len, reverse=True)


def without(text: str, told: Sequence[str]) -> str:
    text = re.sub(r"\bweek\xa0\d+", "", text)
    for each in told:
        text = re.sub(re.escape(each), "", text, flags=re.IGNORECASE)
    return text


def test_the_numbers_in_the_figures_know_their_result(drawn: str) -> None:
    inside = "".join(re.findall(r"<svg xmlns.*?</svg>", drawn, re.DOTALL))
    assert len(Bound(inside).numbers) > 40
    assert 'data-result="effectiveness.eligible.week12.clinical_remission.as_published.percent"' in inside


def test_figures_say_what_they_show(drawn: str) -> None:
    heads = re.findall(r"<svg xmlns[^>]*>", drawn)
    assert len(heads) == 32
    assert all('role="img"' in head and re.search(r'aria-label="[^"]{40,}"', head) for head in heads)


def test_the_page_stands_alone(drawn: str) -> None:
    outside = [
        found for found in re.findall(r"""(?:src|href)=["']([^"']*)""", drawn) if not found.startswith(("#", "data:"))
    ]
    assert outside == []
    assert "@import" not in drawn
    assert re.findall(r"<script[^>]*>", drawn) == ['<script type="application/json" id="trace">', "<script>"]


def test_synthetic_data_say_so_in_title_banner_figures_and_foot(drawn: str) -> None:
    assert re.search(r"<title>[^<]*\(synthetic data\)</title>", drawn)
    assert 'class="banner"' in drawn
    assert drawn.count(">synthetic data</text>") == 32
    assert "no real patient is described" in drawn


def test_real_data_are_not_called_synthetic(tmp_path: Path) -> None:
    assert "ynthetic" not in undrawn(asthma(tmp_path)).split("</style>")[1]


def test_levels_are_text_and_never_markup(tmp_path: Path) -> None:
    html = undrawn(asthma(tmp_path))
    assert "&lt;b&gt;&amp;&#34;x&#34;" in html
    assert '<b>&"x"' not in html


def test_a_study_without_analyses_has_a_page(tmp_path: Path) -> None:
    one = made(tmp_path, ASTHMA, people=[], visits=[])
    html = undrawn(one)
    assert 'id="participants"' in html
    assert "<table" not in html
    assert list(wrong(html, one.results)) == []


def test_ids_are_unique_and_links_lead_to_them(drawn: str) -> None:
    ids = re.findall(r'\sid="([^"]*)"', drawn)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', drawn)) <= set(ids)


def test_the_same_results_give_the_same_page(drawn: str, tmp_path: Path) -> None:
    one = example()
    assert write_report(one.study, one.results, one.intake, tmp_path).read_text("utf-8") == drawn


def test_a_renderer_that_fails_is_a_clear_error_and_nothing_is_written(tmp_path: Path) -> None:
    one = example()
    command = ("python3", "-c", "import sys; sys.exit('no drawing today')")
    with Renderer(command) as renderer, pytest.raises(WrongInput, match=r"figures.*no drawing today"):
        write_report(one.study, one.results, one.intake, tmp_path, renderer)
    assert list(tmp_path.iterdir()) == []


def test_a_renderer_that_is_not_asked_ends_too() -> None:
    with start_renderer() as renderer:
        process = renderer._process
    assert process.returncode is not None
