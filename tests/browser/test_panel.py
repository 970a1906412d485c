"""A number of the report is opened and followed to the cell of the workbook: by mouse, and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from remit.run import run_study

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CROHN = Path(__file__).parents[2] / "examples" / "upadacitinib-crohn"
WIDE, NARROW = 1280, 390
PUBLISHED = "remission_week12.evidence.u%2Dexceed:-upadacitinib-45-mg.week 12.remission_week12.percent"


@dataclass(frozen=True)
class Followed:
    """`shown` is what the panel says of the patient, beside `cell`; `written` is what the workbook holds there."""

    result: str
    patient: str
    shown: str
    cell: str
    written: str


FOLLOWED = {
    "flow": Followed(
        "flow.excluded.not_active.n",
        "S03-013",
        "number of liquid stools” at baseline 5",
        "S03.xlsx › visits › E36",
        "5",
    ),
    "median": Followed(
        "baseline.eligible.age.observed.median", "S03-001", "17 July 1994", "S03.xlsx › patients › B2", "17/07/1994"
    ),
    "characteristic": Followed(
        "baseline.eligible.crp_over_0_5.observed.n", "S03-001", "0.70 mg/dL", "S03.xlsx › visits › I2", "0,7"
    ),
    "endpoint": Followed(
        "effectiveness.eligible.week12.clinical_remission.as_published.percent",
        "S03-002",
        "general well-being” at week 12 0",
        "S03.xlsx › visits › C5",
        "0",
    ),
    "required basis": Followed(
        "effectiveness.eligible.week24.biochemical_remission.required.n",
        "S03-002",
        "0.10 mg/dL",
        "S03.xlsx › visits › I6",
        "0,1",
    ),
    "subgroup": Followed(
        "effectiveness.eligible.sex.female.week12.clinical_remission.decided.percent",
        "S03-002",
        "female",
        "S03.xlsx › patients › C3",
        "F",
    ),
    "course": Followed(
        "course.eligible.week12.calprotectin.observed.median", "S03-001", "2102 µg/g", "S03.xlsx › visits › J3", "2102"
    ),
    "yes or no": Followed(
        "steroid_free.eligible.on_the_day.observed.n", "S03-002", "no", "S03.xlsx › visits › H5", "NO"
    ),
    "events": Followed(
        "safety.eligible.all.term.arthralgia.patients",
        "S03-003",
        "term: arthralgia",
        "S03.xlsx › adverse_events › B3",
        "arthralgia",
    ),
    "time to event": Followed(
        "persistence.eligible.day 84.free.percent",
        "S03-001",
        "written “27/03/2023”",
        "S03.xlsx › treatment › E2",
        "27/03/2023",
    ),
    "change": Followed(
        "change.eligible.week12.hbi.observed.mean_change",
        "S03-001",
        "general well-being” at baseline 1",
        "S03.xlsx › visits › C2",
        "1",
    ),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_study(CROHN, tmp_path_factory.mktemp("run")).report


@pytest.fixture(scope="module")
def pages(chromium: Browser, report: Path) -> Iterator[dict[int, Page]]:
    """The report on a wide and a narrow screen, each opened once; nothing may be complained of on the console."""
    said: list[str] = []
    found = {}
    for width in (WIDE, NARROW):
        page = chromium.new_page(viewport={"width": width, "height": 900})
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(report.as_uri())
        page.eval_on_selector_all("details.fold", "folds => folds.forEach(fold => fold.open = true)")
        found[width] = page
    yield found
    for page in found.values():
        page.close()
    assert said == []


def number(page: Page, result: str) -> Locator:
    return page.locator(f'main span[data-result="{result}"]').first


def by_mouse(page: Page, follow: Followed) -> None:
    number(page, follow.result).click()
    page.locator(".panel-patients button", has_text=follow.patient).click()


def opened_by_keyboard(page: Page, result: str) -> None:
    """Tab stops once in a table or paragraph; arrows go on from there."""
    page.evaluate(
        """result => {
            const all = [...document.querySelectorAll("main span[data-result]")];
            const wanted = all.find(each => each.dataset.result === result);
            const group = wanted.closest("table, p, li, dd, .box, .finding, figcaption");
            group.querySelector("[tabindex='0']").focus();
        }""",
        result,
    )
    for key in ("Home", *["ArrowRight"] * 2000):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.dataset.result") == result:
            break
    page.keyboard.press("Enter")


def by_keyboard(page: Page, follow: Followed) -> None:
    """Then Tab to the patient."""
    opened_by_keyboard(page, follow.result)
    page.locator(".panel-patients button").first.wait_for()
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == follow.patient:
            break
    page.keyboard.press("Enter")


def check(page: Page, follow: Followed) -> None:
    file, sheet, cell = follow.cell.split(" › ")
    here = re.compile(rf"^{re.escape(f'{file} › {sheet} › ')}(.*, )?{cell}\b")
    source = page.locator(".panel-patient li", has=page.locator(".panel-cell", has_text=here)).last
    source.wait_for()
    assert follow.shown in source.inner_text().replace("\n", " ").replace("  ", " ")
    (path,) = CROHN.rglob(file)
    assert str(openpyxl.load_workbook(path)[sheet][cell].value) == follow.written
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()
    assert page.evaluate("document.activeElement.dataset.result") == follow.result  # where the reader was


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("kind", FOLLOWED)
def test_a_number_is_followed_by_mouse(pages: dict[int, Page], width: int, kind: str) -> None:
    by_mouse(pages[width], FOLLOWED[kind])
    check(pages[width], FOLLOWED[kind])


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("kind", FOLLOWED)
def test_a_number_is_followed_by_keyboard(pages: dict[int, Page], width: int, kind: str) -> None:
    by_keyboard(pages[width], FOLLOWED[kind])
    check(pages[width], FOLLOWED[kind])


def test_the_page_is_small(report: Path) -> None:
    assert report.stat().st_size < 3_000_000


def test_each_number_opens(pages: dict[int, Page]) -> None:
    dead = pages[WIDE].evaluate(
        "[...document.querySelectorAll('span[data-result]:not([role=button])')].map(each => each.dataset.result)"
    )
    assert dead == []


def test_a_count_that_is_no_list_of_patients_says_what_it_counts(pages: dict[int, Page]) -> None:
    number(pages[WIDE], "rates.eligible.adverse_events.events").click()
    pages[WIDE].locator(".panel-patients").first.wait_for()
    assert "Counted are events; shown are the patients who had one or more." in pages[WIDE].inner_text(".panel-who")
    pages[WIDE].keyboard.press("Escape")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_behind_a_published_number_stands_its_source_and_no_patient(pages: dict[int, Page], width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = pages[width]
    opened_by_keyboard(page, PUBLISHED)
    page.locator(".panel-published").wait_for()
    said = page.inner_text(".panel-who")
    assert said.startswith("What is published")
    assert all(each in said for each in ("Loftus", "NCT03345836", "10.1056/NEJMoa2212728", "324 [K+]"))
    assert "As published: CDAI below 150." in page.inner_text(".panel-what")
    assert page.locator(".panel-patients").count() == 0
    found = Axe().run(page, context="#panel")
    assert found.violations_count == 0, found.generate_report()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.result") == PUBLISHED


def test_patients_whose_values_cannot_be_read_say_so(chromium: Browser, report: Path, tmp_path: Path) -> None:
    """As of a large cohort, whose script files were not copied with the page."""
    alone = tmp_path / "report.html"
    alone.write_text(report.read_text().replace('"parts":[', '"elsewhere":['))
    page = chromium.new_page()
    page.goto(alone.as_uri())
    number(page, "flow.excluded.not_active.n").click()
    page.locator(".panel-patients button").first.click()
    page.locator(".panel-patient .panel-note").wait_for()
    assert "it cannot be read" in page.inner_text(".panel-patient")
    page.close()


def test_each_number_of_a_drawing_opens_under_its_printed_text(pages: dict[int, Page]) -> None:
    """A shape, too, which has no text of its own."""
    untitled = pages[WIDE].evaluate(
        """() => [...document.querySelectorAll("svg [data-result]")].filter(each => {
            each.dispatchEvent(new MouseEvent("click", { bubbles: true }));
            return !document.getElementById("panel-title").textContent;
        }).map(each => each.dataset.result)"""
    )
    pages[WIDE].keyboard.press("Escape")
    assert untitled == []


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_axe_finds_no_violation(pages: dict[int, Page], width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = pages[width]
    if width == WIDE:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    number(page, FOLLOWED["endpoint"].result).click()
    page.locator(".panel-patients button").first.click()
    found = Axe().run(page, context="#panel")
    assert found.violations_count == 0, found.generate_report()
    page.keyboard.press("Escape")
