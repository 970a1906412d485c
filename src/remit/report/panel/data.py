"""What the panel shows, as JSON: small, for it stands in the page.

Texts stand once, in `texts`, and are told by their position. Of a large cohort the patients stand in script files
beside the page, for a page that is opened from disk may not fetch: first who they are, then their values in parts.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from os.path import commonprefix
from typing import Any, Generic, TypeVar

from remit.report.comparison.told import source_lines
from remit.report.trace_words import Teller
from remit.schema.plan import with_post_hoc
from remit.schema.results import Results
from remit.schema.trace import Behind, ChartRow, Reading, Source, Step, Trace, Truth
from remit.study.evidence.told import told
from remit.study.study import Study

INLINE = 500  # patients whose values stand in the page itself
PART = 100  # patients of a script file
Thing = TypeVar("Thing", bound=Hashable)
Json = dict[str, Any]
Counts = tuple[int | None, ...]  # those of a result, and who stands behind it
_COUNTS = ("numerator", "denominator", "missing", "population_n")


@dataclass(frozen=True)
class PanelData:
    """`inline` stands in the page; `beside` are script files, by name."""

    inline: Json
    beside: Mapping[str, Json]


@dataclass
class _Once(Generic[Thing]):
    """Things, each kept once; the position of each."""

    kept: dict[Thing, int] = field(default_factory=dict)

    def at(self, thing: Thing) -> int:
        return self.kept.setdefault(thing, len(self.kept))


def panel_data(study: Study, results: Results, printed: Iterable[str], trace: Trace | None) -> PanelData:
    """What the panel shows of the results that are printed; without a trace, nothing of patients."""
    texts, counts = _Once[str](), _Once[Counts]()
    inline: Json = {"results": _results(study, results, set(printed), trace, texts, counts)}
    beside: dict[str, Json] = {}
    if trace is not None:
        people, parts = _people(trace), [*_parts(trace)]
        if len(trace.patients) <= INLINE:
            inline |= {"people": people, "parts": parts}
        else:
            beside["people"] = people
            beside |= {f"part-{number}": part for number, part in enumerate(parts)}
        inline["part"] = INLINE if len(trace.patients) <= INLINE else PART
    return PanelData(inline | {"texts": [*texts.kept], "counts": [*counts.kept]}, beside)


# Results


def _results(
    study: Study,
    results: Results,
    printed: set[str],
    trace: Trace | None,
    texts: _Once[str],
    counts: _Once[Counts],
) -> Json:
    """By address: what it is, in words; and each statistic with its counts and who stands behind it."""
    found: Json = {}
    teller = Teller(study)
    for row in results.table.iter_rows(named=True):
        if row["result"] not in printed:
            continue
        address = row["result"].removesuffix("." + row["statistic"])
        here = found.get(address)
        if here is None:
            words = teller.told(row)
            here = found[address] = [*(texts.at(text) for text in words), {}]
        behind = () if trace is None else (trace.of[row["result"]],)
        here[-1][row["statistic"]] = _statistic(row, counts.at((*(row[name] for name in _COUNTS), *behind)), texts)
    return {"addresses": _front_coded(sorted(found)), "told": [found[address] for address in sorted(found)]}


def _front_coded(texts: Sequence[str]) -> list[list[int | str]]:
    """Each as how many letters it shares with the one before, and the rest: neighbours in order are much alike."""
    before = ["", *texts]
    shared = [len(commonprefix(pair)) for pair in zip(before, texts, strict=False)]  # noqa: RUF071 - letters are meant
    return [[length, text[length:]] for length, text in zip(shared, texts, strict=True)]


def _statistic(row: Mapping[str, Any], counts: int, texts: _Once[str]) -> list[Any]:
    """The value to six digits, the number of its counts; unit, with the mark of a published number that is not sure,
    method and note, as far as there are."""
    published = told(row["statistic"], row["note"])
    unit = " ".join(part for part in (row["unit"], published and published[1]) if part) or None
    words = (unit, row["method"], with_post_hoc(row["note"], row["planned"]))
    found = [_short(row["value"]), counts, *(None if text is None else texts.at(text) for text in words)]
    while found[-1] is None:
        found.pop()
    return found


def _short(value: float | None) -> float | int | None:
    if value is None:
        return None
    rounded = float(f"{value:.6g}")
    return int(rounded) if rounded.is_integer() else rounded


# Patients


def _people(trace: Trace) -> Json:
    """Who the patients are, who stands behind each number, and the definitions without their values."""
    notes = _Once[str]()
    return {
        "patients": trace.patients,
        "centres": trace.centres,
        "sets": [[each.size, _ranges(each.positions)] for each in trace.sets],
        "behind": [_behind(each, notes) for each in trace.behind],
        "notes": [*notes.kept],
        "definitions": [[each.label, each.step] for each in trace.definitions],
        "steps": [_step(each) for each in trace.steps],
        "leaves": [[each.form, each.field, each.label, each.visit] for each in trace.leaves],
        "counted": [[each.form, each.fields, each.labels] for each in trace.counted_rows],
        "columns": trace.columns,
        "whole": trace.whole,
        **({"sources": [_source(each) for each in trace.sources]} if trace.sources else {}),
    }


def _ranges(positions: tuple[int, ...]) -> str:
    """0-3 7 9-12"""
    found: list[list[int]] = []
    for position in positions:
        if found and found[-1][1] == position - 1:
            found[-1][1] = position
        else:
            found.append([position, position])
    return " ".join(f"{low}-{high}" if low != high else str(low) for low, high in found)


def _behind(behind: Behind, notes: _Once[str]) -> Json:
    told = {"of": [behind.population, behind.denominator, behind.numerator, behind.missing]}
    definitions = {"by": behind.definitions} if behind.definitions else {}
    rows = {"rows": behind.rows} if behind.rows else {}
    note = {} if behind.note is None else {"note": notes.at(behind.note)}
    source = {} if behind.source is None else {"source": behind.source}
    pooled = {"pooled": behind.pooled} if behind.pooled else {}
    return told | definitions | rows | note | source | pooled | ({"events": 1} if behind.events else {})


def _source(source: Source) -> list[list[str]]:
    """Where a published number stands: lines, each with its label."""
    return [[label, text] for label, text in source_lines(source)]


def _step(step: Step) -> list[Any]:
    found = [step.text, int(step.statement), step.parts, step.leaf, step.rows]
    while found[-1] is None or found[-1] == ():
        found.pop()
    return found


def _parts(trace: Trace) -> Iterator[Json]:
    """The values of patients, some patients a part."""
    size = INLINE if len(trace.patients) <= INLINE else PART
    for start in range(0, len(trace.patients), size):
        yield _part(trace, start, min(start + size, len(trace.patients)))


def _part(trace: Trace, start: int, end: int) -> Json:
    here = slice(start, end)
    lists = _Once[tuple[int | None, ...]]()
    leaves = [[_column(leaf.values[here]), lists.at(leaf.rows[here])] for leaf in trace.leaves]
    texts = _Once[str]()
    counted = [[_rows(rows, texts) for rows in each.of_patients[here]] for each in trace.counted_rows]
    used = {key for rows in lists.kept for key in rows if key is not None}
    used |= {row[0] for each in counted for rows in each for row in rows}
    readings = {
        f"{key} {name}": _reading(reading, texts) for (key, name), reading in trace.readings.items() if key in used
    }
    return {
        "steps": [_column(step.values[here]) for step in trace.steps],
        "leaves": leaves,
        "rowsOf": [*lists.kept],
        "counted": counted,
        "rows": {key: _row(trace.rows[key]) for key in sorted(used)},
        "readings": readings,
        "texts": [*texts.kept],
    }


def _rows(rows: tuple[tuple[int, Truth, tuple[str, ...]], ...], texts: _Once[str]) -> list[list[Any]]:
    return [[key, holds, [texts.at(value) for value in values]] for key, holds, values in rows]


def _column(values: tuple[str, ...]) -> list[Any]:
    """The distinct texts, and for each patient which: one text where all are alike."""
    once = _Once[str]()
    which = [once.at(value) for value in values]
    return [[*once.kept]] if len(once.kept) == 1 else [[*once.kept], which]


def _row(row: ChartRow) -> list[Any]:
    return [row.form, row.file, row.sheet, row.row, row.date, row.columns]


def _reading(reading: Reading, texts: _Once[str]) -> list[Any]:
    told = (reading.action, reading.written, reading.value, reading.reason)
    return [None if each is None else texts.at(each) for each in told]


# As text


def as_json(data: Json) -> str:
    """For a script element, in which nothing may look like its end."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def as_script(name: str, data: Json) -> str:
    """A script file, which hands over what it holds."""
    return f"remitTrace({json.dumps(name)},{as_json(data)})\n"
