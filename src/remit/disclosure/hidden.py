"""Which results the shareable edition hides, and why: a pure function of the study and its results."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log1p
from typing import Literal

from remit.disclosure.counts import COUNTED, STEPS, Case, Counts, Key, Row, Slot, counts_of, is_pooled
from remit.disclosure.relations import above, system_of
from remit.disclosure.rules import pair_with
from remit.disclosure.suppression import is_small, suppressed
from remit.schema.results import ARM, CRUDE, IMPUTATION, NON_RESPONSE, PROPENSITY, Results, guard, modelled
from remit.study.analyses.kinds import (
    AdjustedComparison,
    Centres,
    Events,
    Multiplicity,
    Predictors,
    Sensitivity,
    TimeToEvent,
)
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.comparisons.kinds import OWN_ONLY, RULE_ONLY, Comparison
from remit.study.study import Primary, Study

Why = Literal["small", "linked", "single"]
PARTS = ("value", "numerator", "denominator", "missing", "population_n", "note")

SINGLE = ("min", "max", "largest_share", "heaviest_percent")  # the values of single patients
_WHOLE = re.compile(r"(?<![\d.])\d+(?![\d.]*\d)")  # numbers in a text
QUARTERS = ("q1", "q3")
MIDDLES = ("median", "before_median", "after_median", "hodges_lehmann", "median_lower", "median_upper")
PROPORTIONS = (*COUNTED, "percent", "lower", "upper")


@dataclass(frozen=True)
class Hidden:
    """`limit`: the least count that is shown. `why`: by result and part of it, why it is hidden: `small`, a count below
    the limit; `linked`, it would give one away; `single`, it tells of single patients. `free`: see `unnamed`."""

    limit: int
    why: Mapping[tuple[str, str], Why] = field(default_factory=dict)
    free: frozenset[str] = frozenset()

    def unnamed(self, result: str) -> bool:
        """Whether the result is of a text that centres wrote, so that its name may tell of a patient."""
        return result in self.free

    def of(self, result: str, part: str = "value") -> Why | None:
        return self.why.get((result, part))


def hidden_results(study: Study, results: Results, limit: int) -> Hidden:
    """limit: the least count that may be shown; 1 hides nothing for its size."""
    counts = counts_of(study, results)
    system, keys = system_of(study, counts)
    found = suppressed(system, _wanted(study, counts, keys), limit)
    small = {keys[position] for position in found.small}
    linked = {keys[position] for position in found.linked}
    free = frozenset(result for result, (row, _) in counts.rows.items() if _is_free(study, row))
    return Hidden(limit, _Verdicts(study, counts, small, linked, limit).all(), free)


def _is_free(study: Study, row: Row) -> bool:
    """Whether the row is of a kind of event, or another text, as it was written."""
    events = {analysis.name for analysis in study.analyses if isinstance(analysis, Events)}
    return row["analysis"] in events and row["variable"] in ("term", "class")


def _wanted(study: Study, counts: Counts, keys: tuple[Key, ...]) -> list[float]:
    """How much each count is worth to be shown: sizes before results, totals before groups, the primary before all."""
    handlings: dict[Key, set[str]] = defaultdict(set)
    for (_, handling), case in counts.cases.items():
        for key in (case.reached, case.known):
            if key is not None:
                handlings[key].add(handling)
    return [_worth(study, key, handlings[key]) for key in keys]


def _worth(study: Study, key: Key, handlings: set[str]) -> float:
    slot, primary = key.slot, study.primary
    worth = 1 + log1p(key.value) / 10
    if key.kind == "size":
        if slot.group is None:
            return worth * (1e6 if above(study, slot.population) else 1e9)
        return worth * (1e4 if slot.group in {ARM, *study.subgroups} else 20)
    worth *= {"reached": 4, "known": 2, "events": 3, "at risk": 2}.get(key.kind, 1)
    worth *= 20 if slot.group is None else 1
    worth *= 3 if slot.population == next(iter(study.populations)) else 1
    if primary is not None and primary.estimand in handlings:
        worth *= 5
        if slot.group is None and (slot.variable, slot.visit, slot.population) == _place(primary):
            worth *= 1e4
    return worth


def _place(primary: Primary) -> tuple[str, str, str]:
    return primary.endpoint, primary.visit, primary.population


class _Verdicts:
    """What follows for each result from the counts that are hidden."""

    def __init__(self, study: Study, counts: Counts, small: set[Key], linked: set[Key], limit: int) -> None:
        self.study, self.counts, self.limit = study, counts, limit
        self.small, self.linked = small, linked
        self.analyses = {analysis.name: analysis for analysis in study.analyses}
        self.groups: dict[tuple[Slot, str], list[Case]] = defaultdict(list)
        self.tables: dict[Slot, list[Case]] = defaultdict(list)
        for (slot, handling), case in counts.cases.items():
            if slot.group_level is not None:
                self.groups[slot._replace(group_level=None), handling].append(case)
                self.tables[slot._replace(group_level=None)].append(case)
        self.uneven = self._uneven()

    def all(self) -> dict[tuple[str, str], Why]:
        found: dict[tuple[str, str], Why] = {}
        for result, (row, case) in self.counts.rows.items():
            for part in PARTS:
                why = self._worst(self.counts.told[result, part])
                if part in ("value", "note"):
                    why = self._of_value(row, case)
                elif self._adjusts(row):
                    why = self._behind_both(row, case, part)
                if why is not None:
                    found[result, part] = why
        for result, (row, _) in self.counts.rows.items():
            analysis = self.analyses.get(row["analysis"])
            if isinstance(analysis, Multiplicity) and (why := found.get((row["variable"] or "", "value"))):
                found |= {(result, part): why for part in PARTS}
        return found

    def _worst(self, keys: Iterable[Key | None]) -> Why | None:
        known = [key for key in keys if key is not None]
        if any(key in self.small for key in known):
            return "small"
        return "linked" if any(key in self.linked for key in known) else None

    def _of_value(self, row: Row, case: Case) -> Why | None:
        statistic, analysis = row["statistic"], self.analyses.get(row["analysis"])
        if statistic in SINGLE or row["variable"] in STEPS:
            return "single"
        if is_pooled(row, analysis):
            return self._worst(self.counts.told[row["result"], "value"])
        if isinstance(analysis, AdjustedComparison) and (self._adjusts(row) or statistic == guard("left out")):
            return self._of_adjusted(row, case, analysis)
        if isinstance(analysis, Indirect) and (why := self._of_indirect(row, case, analysis)):
            return why
        if isinstance(analysis, Sensitivity) and case.known is None:
            return self._supposed(row, case)
        if row["contrast"] is not None or (case.slot.group == ARM and case.slot.group_level is None):
            return self._of_arms(row, case)
        if isinstance(analysis, Comparison) and row["numerator"] is None:
            return self._of_pairs(row, case)
        if isinstance(analysis, Centres) and case.slot.group is None and statistic not in PROPORTIONS[:-2]:
            return self._of_centres(row, case)
        if isinstance(analysis, Predictors | TimeToEvent) and self._is_model(row):
            return self._of_model(row, case)
        if row["numerator"] is None and statistic not in COUNTED:
            return self._of_numbers(row, case)
        return self._worst(self.counts.told[row["result"], "value"])

    def _supposed(self, row: Row, case: Case) -> Why | None:
        """What would be if the unknown were otherwise: it tells how many there are."""
        estimand = str(row["handling"]).partition(":")[0]
        slot = case.slot._replace(level=None)
        for handling in (f"{estimand}:{NON_RESPONSE}", f"{estimand}:worst", estimand):
            if (base := self.counts.cases.get((slot, handling))) is not None:
                return self._worst((base.reached, base.known, base.unknown))
        return "linked"

    def _of_arms(self, row: Row, case: Case) -> Why | None:
        """Of two arms, or of all: hidden with any of them."""
        slot = case.slot._replace(group=ARM, group_level=None)
        arms = self.groups.get((slot, case.handling)) or self.groups.get((slot._replace(time=None), case.handling), [])
        if row["numerator"] is None:
            found = [self._of_numbers(row, arm) for arm in arms]
            return next((why for why in found if why), None)
        return self._worst(key for arm in arms for key in (arm.reached, arm.known))

    def _adjusts(self, row: Row) -> bool:
        """Whether the row is of two arms whose covariates are adjusted for."""
        return row["contrast"] is not None and isinstance(self.analyses.get(row["analysis"]), AdjustedComparison)

    def _of_adjusted(self, row: Row, case: Case, analysis: AdjustedComparison) -> Why | None:
        """Crude numbers are hidden with either arm's counts; adjusted ones where these can be worked out of them."""
        statistic, adjusted = row["statistic"], not str(row["handling"]).endswith(f":{CRUDE}")
        if statistic == guard("left out"):
            few = any(0 < int(n) < self.limit for n in _WHOLE.findall(row["note"]))
            return "small" if few else self._worst((case.reached, case.known, case.unknown))
        if row["variable"] == PROPENSITY:
            few = statistic in ("outside", "truncated") and 0 < row["value"] < self.limit
            few = few or (statistic == "scores" and self._few_scores(row))
            return "small" if few else self._behind_both(row, case, "denominator")
        why = self._behind_both(row, case, "denominator") or self._behind_both(row, case, "numerator")
        if row["variable"] == analysis.endpoint:
            # Of patients such as the treated, these are as they are: their risk follows from difference and ratio.
            difference = row["group_level"] is None and statistic in ("difference", "lower", "upper")
            apart = analysis.target != "treated" or difference
            return None if why == "linked" and adjusted and apart else why
        return None if why == "linked" and adjusted and statistic == "standardised_difference" else why

    def _behind_both(self, row: Row, case: Case, part: str) -> Why | None:
        """Whether such a count of either arm is hidden."""
        analysis = self.analyses[row["analysis"]]
        assert isinstance(analysis, AdjustedComparison)
        at = case.slot._replace(group=ARM, group_level=None)
        if row["variable"] == PROPENSITY:
            at = at._replace(visit=row["visit"], variable=analysis.endpoint, level=None)
        arms = self.groups.get((at, modelled(analysis.estimand, CRUDE)), [])
        kinds = {"numerator": "reached", "denominator": "known", "missing": "unknown", "population_n": "size"}
        return self._worst(getattr(arm, kinds[part]) for arm in arms)

    def _few_scores(self, row: Row) -> bool:
        """Whether few patients lie in some part of the scores of these two arms."""
        same = ("analysis", "population", "contrast", "statistic")
        return any(
            all(other[name] == row[name] for name in same) and 0 < other["value"] < self.limit
            for other, _ in self.counts.rows.values()
        )

    def _of_pairs(self, row: Row, case: Case) -> Why | None:
        """The difference of two definitions is that of those who are yes by one alone."""
        slots = [case.slot._replace(variable=pair_with(case.slot.variable, each)) for each in (RULE_ONLY, OWN_ONLY)]
        only = [self.counts.cases.get((slot, case.handling)) for slot in slots]
        return self._worst((*(each.reached for each in only if each is not None), case.known))

    def _of_centres(self, row: Row, case: Case) -> Why | None:
        parts = [
            part
            for (slot, _), cases in self.groups.items()
            for part in cases
            if slot.group == "centre" and slot._replace(group=None) == case.slot
        ]
        return self._worst(key for part in (*parts, case) for key in (part.reached, part.known))

    @staticmethod
    def _is_model(row: Row) -> bool:
        handling = row["handling"] or ""
        models = ("univariable", "multivariable")
        return handling.rpartition(":")[2] in models and row["statistic"] not in COUNTED

    def _of_indirect(self, row: Row, case: Case, analysis: Indirect) -> Why | None:
        """From what is found with weights, the share of each yes or no that is matched could be worked out."""
        if row["handling"] not in analysis.handlings:
            return None
        keys: list[Key | None] = []
        for match in analysis.matches:
            slot = case.slot._replace(variable=match.variable.name, level=None)
            own = self.counts.cases.get((slot, analysis.estimand))
            keys += [own.reached, own.known] if own is not None and match.yes_no else []
        return self._worst(keys)

    def _of_model(self, row: Row, case: Case) -> Why | None:
        """Of a covariate with levels, the table behind it could be found from its ratio and interval."""
        variable = "time" if row["visit"] is None else case.slot.variable
        wanted = case.slot._replace(group=row["variable"], group_level=None, variable=variable, level=None)
        behind = [part for part in self.tables.get(wanted, []) if part.reached is not None]
        return self._worst((case.reached, *(key for part in behind for key in (part.reached, part.known))))

    def _of_numbers(self, row: Row, case: Case) -> Why | None:
        """Of a number's distribution: enough patients must stand behind it, on either side of a quantile."""
        statistic, known = row["statistic"], case.known
        if known is None:
            return None
        enough = self.limit * (4 if statistic in QUARTERS else 2 if statistic in MIDDLES else 1)
        if known.value and known.value < enough:
            return "small" if known in self.small else "single"
        handling = (row["handling"] or "").rpartition(":")[2]
        if handling == IMPUTATION or statistic == "degrees_of_freedom":
            return self._worst((case.known, case.unknown))
        if known in self.linked and _family(case.slot) in self.uneven:
            return "linked"
        return None

    def _uneven(self) -> set[Slot]:
        """Numbers of which a part of the patients is small: the mean of the rest and of all would give it."""
        found: set[Slot] = set()
        for (slot, handling), case in self.counts.cases.items():
            if case.known is None:
                continue
            if is_small(case.known.value, self.limit):
                found.add(_family(slot))
            for name in above(self.study, slot.population):
                outer = self.counts.cases.get((slot._replace(population=name), handling))
                if outer and outer.known and is_small(outer.known.value - case.known.value, self.limit):
                    found.add(_family(slot))
        return found


def _family(slot: Slot) -> Slot:
    return slot._replace(population=None, group=None, group_level=None)
