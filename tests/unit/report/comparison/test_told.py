"""Behind a published number: its source, line by line, for the panel and the terminal."""

from __future__ import annotations

from pathlib import Path

from remit.derive.derive import derive_cohort
from remit.derive.engines import engine_named
from remit.report.comparison.told import source_lines
from remit.report.panel.data import panel_data
from remit.schema.trace import Source
from remit.trace.trace import build_trace
from tests.unit.derive.small import day, records_of
from tests.unit.report.comparison.test_section import FLOWS, beside


def test_each_line_of_a_source() -> None:
    source = Source(
        study="A trial",
        of="good control, drug, week 12",
        citation="Somebody et al. J Breath 2020;1:1-9.",
        links={"doi": "10.1/x", "registration": "NCT00000001"},
        read="its abstract",
        certainties="percent 24.3 [K], of 40 [V]",
        cautions=("only those with 12 weeks of follow-up",),
    )
    assert [*source_lines(source)] == [
        ("Study", "A trial"),
        ("Of", "good control, drug, week 12"),
        ("Citation", "Somebody et al. J Breath 2020;1:1-9."),
        ("doi", "10.1/x"),
        ("Registered", "NCT00000001"),
        ("Read in", "Its abstract."),
        ("As printed", "Percent 24.3 [K], of 40 [V]."),
        ("Marks", "[V] read in the source named; [K] from knowledge, medium confidence: verify before use."),
        ("Caution", "Only those with 12 weeks of follow-up."),
    ]


def test_the_panel_of_a_published_number_has_its_source_and_nobody(tmp_path: Path) -> None:
    found = beside(tmp_path)
    people = [{"patient": name, "first_seen": day(0)} for name in FLOWS]
    visits = [{"patient": name, "seen": day(84), "flow": flow} for name, flow in FLOWS.items()]
    records = records_of(found.study, people=people, visits=visits)
    cohort = derive_cohort(found.study, records, engine_named("polars"))
    trace = build_trace(found.study, records, cohort, found.results)
    name = next(each for each in found.results.table["result"] if each.startswith("beside.evidence.a%2Dtrial"))
    shown = panel_data(found.study, found.results, {name}, trace).inline
    behind = shown["people"]["behind"][trace.of[name]]
    assert behind["of"] == [None, None, None, None]
    lines = dict(shown["people"]["sources"][behind["source"]])
    assert (lines["Study"], lines["Registered"]) == ("A trial", "NCT00000001")
