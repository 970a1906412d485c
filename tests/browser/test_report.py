"""The report in a browser: on a wide page and on a phone, without network, and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from remit.report.report import write_report
from tests.unit.report.studies import example

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
WIDTHS = {"wide": 1280, "tablet": 768, "phone": 390}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    one = example()
    return write_report(one.study, one.results, one.intake, tmp_path_factory.mktemp("report"))


@pytest.fixture(params=WIDTHS.values(), ids=list(WIDTHS))
def page(request: pytest.FixtureRequest, chromium: Browser, report: Path) -> Iterator[Page]:
    """The report; nothing may be asked of a network or complained of on the console."""
    page = chromium.new_page(viewport={"width": request.param, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda asked: said.append(asked.url) if not asked.url.startswith("file://") else None)
    page.goto(report.as_uri())
    yield page
    page.close()
    assert said == []


def width(page: Page) -> int:
    assert page.viewport_size is not None
    return page.viewport_size["width"]


def test_the_page_does_not_scroll_sideways(page: Page) -> None:
    page.eval_on_selector_all("details.fold", "folds => folds.forEach(fold => fold.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == width(page)


def test_the_synthetic_banner_is_always_in_sight(page: Page) -> None:
    for at in ("0", "document.body.scrollHeight / 2", "document.body.scrollHeight"):
        page.evaluate(f"window.scrollTo({{top: {at}, behavior: 'instant'}})")
        box = page.locator(".banner").bounding_box()
        assert box is not None
        assert box["y"] == 0
    assert "SYNTHETIC DATA" in page.locator(".banner").inner_text().upper()


def test_drawings_are_described_and_readable(page: Page) -> None:
    drawings = page.locator("svg[role=img]")
    assert drawings.count() == 32
    assert all(drawing.get_attribute("aria-label") for drawing in drawings.all())
    sizes = page.evaluate(
        """[...document.querySelectorAll('svg[role=img]')].map(svg => {
            const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
            return Math.min(...[...svg.querySelectorAll('text[data-result]')]
                .map(text => scale * parseFloat(getComputedStyle(text).fontSize)));
        })"""
    )
    assert min(sizes) >= 9.5


def test_texts_stand_inside_their_cells_and_drawings(page: Page) -> None:
    """No text of a drawing leaves the drawing, and no cell's text the table."""
    outside = page.evaluate(
        """[...document.querySelectorAll('svg[role=img] text')].filter(text => {
            const inner = text.getBoundingClientRect(), outer = text.closest('svg').getBoundingClientRect();
            return inner.width && (inner.left < outer.left - 2 || inner.right > outer.right + 2
                || inner.bottom > outer.bottom + 2);
        }).map(text => text.textContent)"""
    )
    assert outside == []
    overlapping = page.evaluate(
        """[...document.querySelectorAll('main table')].filter(table => table.checkVisibility()).flatMap(
            table => [...table.querySelectorAll('td')].filter(cell => cell.scrollWidth > cell.clientWidth + 1)
        ).map(cell => cell.textContent)"""
    )
    assert overlapping == []


def test_contents_stand_beside_the_text_or_are_folded(page: Page) -> None:
    beside, folded = page.locator("nav.side"), page.locator("details.contents")
    assert beside.is_visible() == (width(page) >= 1024)
    assert folded.is_visible() == (width(page) < 1024)
    if folded.is_visible():
        folded.locator("summary").click()
    shown = beside if beside.is_visible() else folded
    shown.get_by_role("link", name="Effectiveness").click()
    assert page.url.endswith("#analysis-effectiveness")


def test_contents_end_with_the_text(page: Page) -> None:
    page.evaluate("window.scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
    if width(page) >= 1024:
        beside, text = page.locator("nav.side").bounding_box(), page.locator("main").bounding_box()
        assert beside is not None
        assert text is not None
        assert beside["y"] + beside["height"] <= text["y"] + text["height"] + 1


def test_the_keyboard_can_skip_to_the_report(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"


def test_text_has_contrast(page: Page) -> None:
    """At least 4.5 to 1 against the page, as WCAG AA asks for."""
    poor = page.evaluate(
        """(() => {
            const light = text => {
                const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map(c => c / 255)
                    .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const ground = element => {
                for (let e = element; e; e = e.parentElement) {
                    const colour = getComputedStyle(e).backgroundColor;
                    if (colour !== 'rgba(0, 0, 0, 0)') return colour;
                }
                return 'rgb(255, 255, 255)';
            };
            const kinds = 'p, li, dt, dd, th, td, h1, h2, h3, a, span, figcaption, summary';
            const texts = [...document.querySelectorAll(kinds)];
            return texts.filter(e => e.textContent.trim() && e.checkVisibility()).filter(e => {
                const [one, two] = [light(getComputedStyle(e).color), light(ground(e))].sort((a, b) => b - a);
                return (one + 0.05) / (two + 0.05) < 4.5;
            }).map(e => e.className + ': ' + e.textContent.slice(0, 40));
        })()"""
    )
    assert poor == []


def test_on_paper_the_banner_heads_each_page(chromium: Browser, report: Path) -> None:
    page = chromium.new_page()
    page.goto(report.as_uri())
    page.emulate_media(media="print")
    assert page.locator(".banner").evaluate("banner => getComputedStyle(banner).display") == "table-header-group"
    assert not page.locator("nav.side").is_visible()
    assert len(page.pdf(prefer_css_page_size=True)) > 50_000
    page.close()
