"""How long a number of the report takes to open: from the key until patients and a patient's values are shown."""

from __future__ import annotations

import shutil
import statistics
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from measuring import table

NUMBERS = 100
OPENED = """async ([at, patient]) => {
    const numbers = document.querySelectorAll("main span[data-result][role=button]");
    const panel = document.getElementById("panel");
    const shown = selector => new Promise(tell => {
        const look = () => panel.querySelector(selector) ? tell() : setTimeout(look);
        look();
    });
    const start = performance.now();
    numbers[at % numbers.length].click();
    await shown(".panel-patients button, .panel-counts");
    document.body.getBoundingClientRect();
    const opened = performance.now() - start;
    const first = panel.querySelector(".panel-patients button");
    if (!first) return [opened, null];
    const asked = performance.now();
    first.click();
    await shown(".panel-patient h3");
    document.body.getBoundingClientRect();
    return [opened, performance.now() - asked];
}"""


def section(reports: Mapping[str, Path]) -> Iterator[str]:
    """reports: by how many patients they are of."""
    rows = []
    for name, report in reports.items():
        opened, patients = opened_in(report)
        size = f"{report.stat().st_size / 1e6:.1f}"
        rows.append((name, size, *(f"{each:.0f}" for each in (*_spread(opened), *_spread(patients)))))
    yield "\n## Opening a number\n"
    yield f"In Chromium, from a click until it is laid out: {NUMBERS} numbers all over the report, the first ones with"
    yield "what is read from disk then; and the first patient of each.\n"
    heads = ("patients", "report.html, MB", "a number, ms", "slowest", "a patient, ms", "slowest")
    yield from table(heads, rows)


def _spread(milliseconds: list[float]) -> tuple[float, float]:
    return statistics.median(milliseconds), max(milliseconds)


def opened_in(report: Path) -> tuple[list[float], list[float]]:
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        sys.exit("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(report.as_uri())
        count = page.locator("main span[data-result][role=button]").count()
        times = [page.evaluate(OPENED, [at * count // NUMBERS, 0]) for at in range(NUMBERS)]
        browser.close()
    return [opened for opened, _ in times], [patient for _, patient in times if patient is not None]
