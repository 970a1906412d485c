"""The counts that stand in results: which of them are one count, and which results tell each.

A count is a set of patients (or events) with its size. Results of several analyses tell the same count, under several
names; here it gets one key. What hides a count hides it wherever it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import polars as pl

from remit.disclosure.rules import as_counted, is_published
from remit.schema.results import (
    ARM,
    BEST,
    HYBRID,
    IMPUTATION,
    SHIFT_UNKNOWN,
    STATE_UNKNOWN,
    Results,
    shift_ends,
    shift_level,
)
from remit.study.analyses.kinds import (
    AdjustedComparison,
    Centres,
    Endpoints,
    Events,
    Multiplicity,
    Predictors,
    Rates,
    Sensitivity,
    Shift,
    States,
    Summary,
    TimeToEvent,
)
from remit.study.comparisons.kinds import OWN_ONLY, RULE_ONLY, Comparison
from remit.study.comparisons.pooled import Pooling
from remit.study.study import Study

Kind = Literal["reached", "known", "unknown", "size", "events", "at risk", "by then"]
COUNTED = ("n", "patients", "events", "censored", "at_risk")
STEPS = ("curve", "incidence_curve")  # a row a step: of single patients
READ = ("free", "incidence")  # a curve, read at planned days
ELIGIBLE = "eligible"


_OF_STUDY = (
    Summary,
    Endpoints,
    Sensitivity,
    Predictors,
    Centres,
    AdjustedComparison,
    Pooling,
    Comparison,
)  # whose variables are those of all


class Slot(NamedTuple):
    """Where a count stands, without how unknowns are handled: counts of one slot are nested in one another."""

    scope: str  # the analysis, where its variables are its own
    population: str | None
    group: str | None
    group_level: str | None
    visit: str | None
    period: str | None
    time: str | None
    variable: str | None
    level: str | None


class Key(NamedTuple):
    """A count: of one kind and slot, equal numbers are one count."""

    kind: Kind
    slot: Slot
    value: int


@dataclass(frozen=True)
class Case:
    """The counts at one place under one handling."""

    slot: Slot
    handling: str
    reached: Key | None
    known: Key | None
    unknown: Key | None
    size: Key | None
    events: Key | None = None
    more: tuple[Key, ...] = ()


Row = Mapping[str, Any]
Sizes = Mapping[str | None, int]


@dataclass
class Counts:
    """`cases`: the places. `told`: by result and part, the counts that it tells. `rows`: each result and its place."""

    cases: dict[tuple[Slot, str], Case] = field(default_factory=dict)
    told: dict[tuple[str, str], tuple[Key, ...]] = field(default_factory=dict)
    rows: dict[str, tuple[Row, Case]] = field(default_factory=dict)


def counts_of(study: Study, results: Results) -> Counts:
    """Each count of the results, and which result tells it."""
    found = Counts()
    sizes = _sizes(results)
    kinds = {analysis.name: analysis for analysis in study.analyses}
    for row in results.table.iter_rows(named=True):
        analysis = kinds.get(row["analysis"])
        if is_published(row, analysis):
            continue
        counted = as_counted(study, row, analysis)
        case = _case(counted, analysis, sizes)
        place = (case.slot, case.handling)
        known = found.cases.get(place)
        if any((case.reached, case.known, case.unknown, case.size, case.events)):
            found.cases[place] = case if known is None else _merged(known, case)
        found.rows[row["result"]] = (counted, case)
        for part, keys in _told(counted, case, analysis).items():
            found.told[row["result"], part] = keys
    for analysis in study.analyses:
        if isinstance(analysis, Pooling):
            _tell_of_pool(analysis, found)
    return found


def _tell_of_pool(pooling: Pooling, found: Counts) -> None:
    """Whatever is pooled with ours tells our counts: what is pooled of the others stands beside it."""
    if pooling.ours is None:
        return
    _, ours = found.rows[pooling.of_ours(pooling.ours).slug("n")]
    for result, (row, _) in found.rows.items():
        if row["analysis"] == pooling.name and row["population"] is not None and is_pooled(row, pooling):
            for part in ("value", "numerator", "denominator", "missing", "population_n", "note"):
                found.told[result, part] = _keys(ours.reached, ours.known)


def is_pooled(row: Row, analysis: object) -> bool:
    """Whether the row is of published patients, alone or together with ours."""
    return isinstance(analysis, Pooling) and row["variable"] is not None and row["visit"] is None


def _merged(one: Case, other: Case) -> Case:
    """One place may have rows of several kinds: of the counts the first are kept, all others stand beside them."""
    parts = ("reached", "known", "unknown", "size", "events")
    kept = {part: getattr(one, part) or getattr(other, part) for part in parts}
    beside = {getattr(other, part) for part in parts} - set(kept.values()) - {None}
    return Case(one.slot, one.handling, **kept, more=tuple(dict.fromkeys((*one.more, *sorted(beside), *other.more))))


def slot_of(row: Row, analysis: object) -> Slot:
    """Where a row's patients are counted: covariates of a model are groups of its endpoint."""
    scope = "" if isinstance(analysis, _OF_STUDY) else row["analysis"]
    slot = Slot(
        scope,
        row["population"],
        row["group"],
        row["group_level"],
        row["visit"],
        row["period"],
        row["time"],
        row["variable"],
        row["level"],
    )
    if isinstance(analysis, Predictors):
        if slot.variable is not None and slot.level is not None:
            slot = slot._replace(group=slot.variable, group_level=slot.level, level=None)
        return slot._replace(variable=analysis.endpoint)
    if isinstance(analysis, AdjustedComparison):
        return _of_adjusted(slot, analysis)
    if isinstance(analysis, TimeToEvent) and row["handling"] is not None:
        if slot.level is not None:
            slot = slot._replace(group=slot.variable, group_level=slot.level, level=None)
        return slot._replace(variable="time")
    if slot.variable == "log_rank":
        return slot._replace(variable="time")
    return slot


def _of_adjusted(slot: Slot, analysis: AdjustedComparison) -> Slot:
    """The endpoint of all arms together is that of no group; covariates are those of a summary."""
    if slot.variable == analysis.endpoint:
        return slot if slot.group_level is not None else slot._replace(group=None)
    yes_no = [each.variable.name for each in analysis.covariates if each.shown == ("yes",)]
    return slot._replace(visit=None, level=None if slot.variable in yes_no else slot.level)


def is_supposed(row: Row, analysis: object) -> bool:
    """Whether the row counts nobody: it says what would be if the unknown were so or so."""
    if not isinstance(analysis, Sensitivity):
        return False
    handling = str(row["handling"] or "").partition(":")[2]
    return row["level"] is not None or handling in (BEST, IMPUTATION, HYBRID, "")


def _case(row: Row, analysis: object, sizes: Sizes) -> Case:
    slot = slot_of(row, analysis)
    handling = _handling(row, analysis)
    if (
        row["contrast"] is not None
        or isinstance(analysis, Multiplicity)
        or is_supposed(row, analysis)
        or is_pooled(row, analysis)
    ):
        return Case(slot, handling, None, None, None, None)
    whole = slot._replace(level=None)
    size = _size(row, slot, sizes)
    known = None
    if row["denominator"] is not None:
        known = Key("known", whole, row["denominator"])
        if size is not None and row["denominator"] == size.value:
            known = size
    unknown = None if row["missing"] is None else Key("unknown", whole, row["missing"])
    reached = None if row["numerator"] is None else _reached(row, slot, analysis)
    if isinstance(analysis, Shift | States) and slot.level is not None:
        known, unknown = _of_shift(row, slot, analysis, known, unknown)
    events = None
    if isinstance(analysis, Rates) and row["numerator"] is not None:
        events, reached = Key("events", slot, row["numerator"]), None
    elif isinstance(analysis, Events) and row["statistic"] == "events":
        events = Key("events", slot, int(row["value"]))
    if isinstance(analysis, Rates) and row["statistic"] == "patients":
        reached = Key("reached", slot, int(row["value"]))
    more: list[Key] = []
    if row["statistic"] == "at_risk":
        more.append(Key("at risk", slot, int(row["value"])))
    if row["variable"] in READ and row["statistic"] == "percent" and row["value"] is not None:
        more.append(by_then(row, slot))
    return Case(slot, handling, reached, known, unknown, size, events, tuple(more))


def _of_shift(
    row: Row, slot: Slot, analysis: Shift | States, known: Key | None, unknown: Key | None
) -> tuple[Key | None, Key | None]:
    """Of those who go from a level: who is in it, and for whom it is not known to which they go."""
    ends = shift_ends(row["level"])
    if ends is None:
        if isinstance(analysis, States):
            unknown = Key("reached", slot._replace(level=STATE_UNKNOWN), row["missing"])
        return known, unknown
    origin, _ = ends
    if isinstance(analysis, States):
        known = Key("reached", slot._replace(visit=visit_before(analysis, slot), level=origin), row["denominator"])
    elif row["missing"] is not None and not row["level"].endswith(SHIFT_UNKNOWN):
        known = Key("known", slot._replace(level=origin), row["denominator"])
    return known, Key("reached", slot._replace(level=shift_level(origin, SHIFT_UNKNOWN)), row["missing"])


def visit_before(analysis: States, slot: Slot) -> str | None:
    """The visit from which patients go to that of the slot."""
    for variable, queries in analysis.rows:
        if variable.name == slot.variable:
            return next((one for one, other in pairwise(queries) if other == slot.visit), None)
    return None


def by_then(row: Row, slot: Slot) -> Key:
    """Of a curve that is read at a day: about how many had the event by then, as its percentage tells."""
    share = row["value"] if row["variable"] == "incidence" else 100 - row["value"]
    return Key("by then", slot, round(row["denominator"] * share / 100))


def _handling(row: Row, analysis: object) -> str:
    handling = row["handling"] or ""
    if isinstance(analysis, Predictors) and row["level"] is None and row["variable"] is not None:
        return f"{handling}:{row['variable']}"
    return str(handling)


def _size(row: Row, slot: Slot, sizes: Sizes) -> Key | None:
    """How many there are; of a part of a population that has no name, a count of its own."""
    if row["population_n"] is None:
        return None
    size = size_key(row["population"], row["group"], row["group_level"], row["population_n"])
    whole = sizes.get(row["population"])
    if row["group"] is None and size.value != whole:
        return Key("known", slot._replace(level=None), row["population_n"])
    return size


def _sizes(results: Results) -> Sizes:
    """By population, how many it has; None: who were screened."""
    flow = results.table.filter(pl.col("analysis") == "flow", pl.col("group").is_null(), pl.col("statistic") == "n")
    found: dict[str | None, int] = {}
    for variable, level, n in flow.select("variable", "level", "numerator").iter_rows():
        if variable in ("screened", "eligible", "population"):
            found[{"screened": None, "eligible": ELIGIBLE}.get(variable, level)] = n
    return found


def size_key(population: str | None, group: str | None, level: str | None, value: int) -> Key:
    """How many a population, or a group of it, has."""
    return Key("size", Slot("", population, group, level, None, None, None, None, None), value)


def _reached(row: Row, slot: Slot, analysis: object) -> Key:
    """Who is counted; where that is a population or a group, its size."""
    value = row["numerator"]
    if row["analysis"] == "flow":
        match row["variable"]:
            case "screened":
                return size_key(None, row["group"], row["group_level"], value)
            case "eligible":
                return size_key(ELIGIBLE, row["group"], row["group_level"], value)
            case "population":
                return size_key(row["level"], row["group"], row["group_level"], value)
            case "planned_arm" | "actual_arm":
                return size_key(row["population"], ARM, row["level"], value)
    if isinstance(analysis, Summary) and row["group"] is None and row["variable"] is not None:
        level = row["level"] if row["level"] is not None else "yes"
        return size_key(row["population"], row["variable"], level, value)
    return Key("reached", slot, value)


# What each result tells


def _told(row: Row, case: Case, analysis: object) -> dict[str, tuple[Key, ...]]:
    """By part of the row, the counts that it tells or that it can be worked out from."""
    told = {
        "numerator": _keys(case.events if isinstance(analysis, Rates) else case.reached),
        "denominator": _keys(case.known),
        "missing": _keys(case.unknown),
        "population_n": _keys(case.size),
    }
    told["value"] = _value(row, case, analysis)
    told["note"] = tuple(dict.fromkeys((*told["value"], *told["missing"], *told["denominator"])))
    return told


def _keys(*keys: Key | None) -> tuple[Key, ...]:
    return tuple(dict.fromkeys(key for key in keys if key is not None))


def _value(row: Row, case: Case, analysis: object) -> tuple[Key, ...]:
    statistic, value = row["statistic"], row["value"]
    if statistic in (*COUNTED, RULE_ONLY, OWN_ONLY) and value is not None:
        if statistic == "at_risk":
            return case.more
        if statistic == "censored":
            return _keys(case.reached, case.known)
        if statistic == "events" and case.events is not None:
            return _keys(case.events)
        if case.reached is not None and value == case.reached.value:
            return _keys(case.reached)
        if case.known is not None and value == case.known.value:
            return _keys(case.known)
    if row["variable"] in READ and case.more:
        return _keys(*case.more, case.known)
    if isinstance(analysis, Rates):
        return _keys(case.events, case.reached, case.known)
    if row["numerator"] is None:
        return _keys(case.known, case.unknown)
    return _keys(case.reached, case.known)
