"""The first study's numbers from its patients, knowing nothing of remit: counts, means, quartiles, intervals."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from statistics import NormalDist
from typing import Any, NamedTuple

from scipy import stats

from tests.generative.independent_crohn import (
    DRUG,
    MECHANISMS,
    VISITS,
    Beyond,
    Patient,
    Row,
    all_of,
    any_of,
    exists,
    first,
    holds,
    more,
    negated,
    patients_of,
    same,
)

Key = tuple[
    str | None, ...
]  # analysis, population, group, its level, visit, period, variable, level, handling, statistic


class Number(NamedTuple):
    value: float | None
    numerator: int | None
    denominator: int
    missing: int
    population_n: int


ENDPOINTS = [
    *("clinical_remission", "clinical_response", "biochemical_remission", "transmural_response", "transmural_healing"),
    *("deep_remission", "continuation", "biochemical_remission_by_week24"),
]
SURGERY = ["ileocecal resection", "jejunoileal resection", "colonic resection", "none"]
EXTRA = ["peripheral arthritis", "axial arthritis", "pyoderma gangrenosum", "erythema nodosum", "uveitis", "none"]
LOCATION, BEHAVIOUR = ["ileal", "colonic", "ileocolonic"], ["inflammatory", "stricturing", "penetrating"]
REASONS = ["dose change per schedule", "lack of efficacy", "adverse event", "temporary: adverse event"]
REASONS += ["temporary: surgery", "lost to follow-up"]
OUTCOMES = ["primary failure", "loss of response", "intolerance", "still effective"]
EXCLUSIONS = ["under_18", "thromboembolism_or_arterial_event", "cardiovascular_risk_factors", "not_active"]
EXCLUSIONS += ["therapies_not_exhausted", "follow_up_under_6_months"]
SPECIAL = {
    "serious_infection": {"herpes zoster", "pertussis", "tuberculosis", "liver abscess", "bacterial pharyngitis"}
    | {"pertussis (bordetella pertussis infection)"},
    "herpes_zoster": {"herpes zoster"},
    "active_tuberculosis": {"tuberculosis"},
    "gastrointestinal_perforation": {"bowel perforation"},
    "anaemia": {"anaemia"},
    "hepatic_disorder": {"hepatitis", "cholestasis"},
    "renal_dysfunction": {"acute kidney injury"},
    "creatine_kinase_elevation": {"blood creatine kinase increased"},
    **{name: set() for name in ("opportunistic_infection", "malignancy", "venous_thromboembolism")},
    **{name: set() for name in ("major_adverse_cardiovascular_event", "neutropenia", "lymphopenia", "lymphoma")},
    **{name: set() for name in ("malignancy_other_than_non_melanoma_skin_cancer", "non_melanoma_skin_cancer")},
    **{name: set() for name in ("acne", "raised_lipids", "weight_gain")},
}


def key(analysis: str, statistic: str = "n", **parts: str | None) -> Key:
    names = ("population", "group", "group_level", "visit", "period", "variable", "level", "handling")
    return (analysis, *(parts.get(name) for name in names), statistic)


# Statistics


def share(where: dict[str, Any], count: int, of: int, missing: int, size: int) -> Iterator[tuple[Key, Number]]:
    """A count, its percentage, and Wilson's interval (1927) of 95 %."""
    found: dict[str, float | None] = {"n": count, "percent": None, "lower": None, "upper": None}
    if of:
        z, p = NormalDist().inv_cdf(0.975), count / of
        middle, half = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
        found["percent"] = 100 * p
        found["lower"] = 100 * max(0.0, (middle - half) / (1 + z * z / of))
        found["upper"] = 100 * min(1.0, (middle + half) / (1 + z * z / of))
    for statistic, value in found.items():
        yield key(statistic=statistic, **where), Number(value, count, of, missing, size)


def yes_no(where: dict[str, Any], answers: list[bool | None]) -> Iterator[tuple[Key, Number]]:
    unknown = answers.count(None)
    yield from share(where, answers.count(True), len(answers) - unknown, unknown, len(answers))


def levels(where: dict[str, Any], names: Iterable[str], found: list[str | None]) -> Iterator[tuple[Key, Number]]:
    unknown = found.count(None)
    for name in names:
        yield from share({**where, "level": name}, found.count(name), len(found) - unknown, unknown, len(found))


def quantile(ordered: list[Any], p: Fraction) -> Any:
    """Type 2 of Hyndman and Fan (1996): the middle of two where the share falls between them."""
    at = p * len(ordered)
    if at.denominator == 1:
        return (ordered[int(at) - 1] + ordered[int(at)]) / 2
    return ordered[math.floor(at)]


def summary(where: dict[str, Any], found: list[Fraction | Beyond | None]) -> Iterator[tuple[Key, Number]]:
    """What lies beyond an assay's limit has no mean; quantiles and extremes are given where they are the same wherever
    those values lie."""
    known = [value for value in found if value is not None]
    n = len(known)
    least = sorted(low(value) for value in known)
    most = sorted(high(value) for value in known)
    numbers: dict[str, float | None] = dict.fromkeys(("mean", "sd", "median", "q1", "q3", "min", "max"))
    numbers["n"] = n
    exact = [value for value in known if not isinstance(value, Beyond)]
    if n and len(exact) == n:
        mean = Fraction(sum(exact)) / n
        numbers["mean"] = float(mean)
        if n > 1:
            numbers["sd"] = math.sqrt(sum((value - mean) ** 2 for value in exact) / (n - 1))
    if n:
        for name, of in {
            "median": lambda values: quantile(values, Fraction(1, 2)),
            "q1": lambda values: quantile(values, Fraction(1, 4)),
            "q3": lambda values: quantile(values, Fraction(3, 4)),
            "min": lambda values: values[0],
            "max": lambda values: values[-1],
        }.items():
            below, above = of(least), of(most)
            numbers[name] = float(below) if below == above else None
    for statistic, value in numbers.items():
        yield key(statistic=statistic, **where), Number(value, None, n, len(found) - n, len(found))


SMALLEST = Fraction(1, 10**9)  # "<50" is at most 50 less this


def low(value: Fraction | Beyond) -> Fraction | float:
    if not isinstance(value, Beyond):
        return Fraction(value)
    return value.limit + SMALLEST if value.sign > 0 else -math.inf


def high(value: Fraction | Beyond) -> Fraction | float:
    if not isinstance(value, Beyond):
        return Fraction(value)
    return value.limit - SMALLEST if value.sign < 0 else math.inf


# Analyses


def flow(patients: list[Patient], populations: dict[str, list[Patient]]) -> Iterator[tuple[Key, Number]]:
    screened, eligible = len(patients), len(populations["eligible"])
    counts = {name: sum(one.excluded_by == name for one in patients) for name in (*EXCLUSIONS, "undecidable")}
    for name, count in {"screened": screened, **counts, "eligible": eligible}.items():
        named = {"variable": "excluded", "level": name} if name in EXCLUSIONS else {"variable": name}
        yield key("flow", **named), Number(count, count, screened, 0, screened)
    for name, of in {"on_drug_week12": "eligible", "active_perianal": "eligible"}.items():
        members = [membership(one, name) for one in populations[of]]
        count, unknown = members.count(True), members.count(None)
        where = key("flow", population=of, variable="population", level=name)
        yield where, Number(count, count, len(members), unknown, len(members))
    on_drug = [one.row["perianal_active"] for one in populations["on_drug_week12"]]
    where = key("flow", population="on_drug_week12", variable="population", level="active_perianal_on_drug")
    unknown, count = on_drug.count(None), on_drug.count(True)
    yield where, Number(count, count, len(on_drug), unknown, len(on_drug))


def membership(one: Patient, population: str) -> bool | None:
    if population == "on_drug_week12":
        return negated(one.stopped_before(84))
    return one.row["perianal_active"]


def effectiveness(populations: dict[str, list[Patient]]) -> Iterator[tuple[Key, Number]]:
    shown = [("eligible", "week12"), ("eligible", "week24"), ("on_drug_week12", "week24")]
    for (population, visit), name in ((pair, name) for pair in shown for name in ENDPOINTS):
        if name == "biochemical_remission_by_week24" and visit == "week12":
            continue
        members = populations[population]
        where = {"analysis": "effectiveness", "population": population, "visit": visit, "variable": name}
        yield from handlings(where, members, name, visit)
        for subgroup, level_of in SUBGROUPS.items():
            for level in {level_of(one) for one in members}:
                group = {"group": subgroup, "group_level": level or "unknown"}
                yield from handlings({**where, **group}, [m for m in members if level_of(m) == level], name, visit)


def answer(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"


SUBGROUPS: dict[str, Callable[[Patient], str | None]] = {
    "steroids_at_baseline": lambda one: answer(one.seen["baseline"]["steroids"]),
    "smoker": lambda one: answer(one.row["smoker"]),
    **{name: (lambda one, name=name: one.row[name]) for name in ("sex", "location", "behaviour")},
}


def handlings(where: dict[str, Any], members: list[Patient], name: str, visit: str) -> Iterator[tuple[Key, Number]]:
    found = [one.endpoint(name, visit) for one in members]
    composite = [one.composite(name, visit) for one in members]
    size = len(members)
    yield from yes_no({**where, "handling": "decided"}, found)
    if "group" not in where:
        yield from restricted({**where, "handling": "complete"}, found, [one.complete(name, visit) for one in members])
        required = [one.required(name, visit) for one in members]
        if None not in required:
            yield from restricted({**where, "handling": "required"}, found, required)
    for estimand, answers in {"as_published": found, "composite": composite}.items():
        unknown = answers.count(None)
        yield from share({**where, "handling": estimand}, answers.count(True), size, unknown, size)


COMPARED: dict[tuple[str, str], tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    ("remission_week12", "clinical_remission"): (
        ("eligible",),
        "week12",
        (
            *("hbi_remission", "steroid_free_clinical_remission_united_kingdom"),
            "steroid_free_clinical_remission_canada",
        ),
    ),
    ("response_week12", "clinical_response"): (
        ("eligible",), "week12", ("hbi_response", "hbi_response_of_2_points"),
    ),
    ("biochemical_remission_week12", "biochemical_remission"): (
        ("eligible",), "week12", ("biochemical_remission_united_kingdom", "biochemical_remission_canada"),
    ),
    ("remission_week24", "clinical_remission"): (("eligible", "on_drug_week12"), "week24", ("hbi_remission",)),
    ("continuation_week24", "continuation"): (("eligible",), "week24", ()),
}  # fmt: skip


def comparisons(populations: dict[str, list[Patient]]) -> Iterator[tuple[Key, Number]]:
    """Our endpoints and the definitions of other studies, and in whom these differ from ours."""
    for (analysis, own), (names, visit, rules) in COMPARED.items():
        for population in names:
            members = populations[population]
            where = {"analysis": analysis, "population": population, "visit": visit}
            for name in (own, *rules):
                yield from handlings({**where, "variable": name}, members, name, visit)
            for rule in rules:
                yield from differing({**where, "variable": rule}, members, rule, own, visit)


def differing(
    where: dict[str, Any], members: list[Patient], rule: str, own: str, visit: str
) -> Iterator[tuple[Key, Number]]:
    def answers(name: str) -> dict[str, list[tuple[bool | None, bool]]]:
        """By handling, of each patient the answer, and whether the patient is in the denominator."""
        found = [one.endpoint(name, visit) for one in members]
        inside = {
            "decided": [True] * len(members),
            "complete": [one.complete(name, visit) for one in members],
            "required": [one.required(name, visit) for one in members],
        }
        among = {
            handling: [(value, bool(within) and value is not None) for value, within in zip(found, asked, strict=True)]
            for handling, asked in inside.items()
            if None not in asked
        }
        composite = [one.composite(name, visit) for one in members]
        return among | {
            estimand: [(value, True) for value in values]
            for estimand, values in {"as_published": found, "composite": composite}.items()
        }

    one, other = answers(rule), answers(own)
    for handling in one.keys() & other.keys():
        pairs = [(a, b) for (a, among), (b, too) in zip(one[handling], other[handling], strict=True) if among and too]
        unknown = sum(a is None or b is None for a, b in pairs)
        missing = len(members) - len(pairs) + unknown
        only = sum(a is True and b is not True for a, b in pairs)
        rest = sum(b is True and a is not True for a, b in pairs)
        at = {**where, "handling": handling}
        yield key(statistic="rule_only", **at), Number(only, only, len(pairs), missing, len(members))
        yield key(statistic="own_only", **at), Number(rest, rest, len(pairs), missing, len(members))
        moved = 100 * (only - rest) / len(pairs) if pairs else None
        yield key(statistic="difference", **at), Number(moved, None, len(pairs), missing, len(members))


def restricted(where: dict[str, Any], found: list[bool | None], among: list[Any]) -> Iterator[tuple[Key, Number]]:
    kept = [value for value, within in zip(found, among, strict=True) if within and value is not None]
    yield from share(where, kept.count(True), len(kept), len(found) - len(kept), len(found))


def years(one: Patient, later: str, earlier: str) -> Fraction | None:
    dates = {**one.row, "index": one.index}
    return holds(lambda late, early: (late - early).days / Fraction(1461, 4), dates[later], dates[earlier])


def band(value: Fraction | None, edges: list[tuple[int, str]]) -> str | None:
    return None if value is None else next(name for most, name in edges if value <= most)


HBI_BANDS = [(4, "remission"), (7, "mild"), (16, "moderate"), (10**9, "severe")]
SES_BANDS = [(5, "mild"), (15, "moderate"), (56, "severe")]


def baseline(members: list[Patient]) -> Iterator[tuple[Key, Number]]:
    def at(variable: str) -> dict[str, str]:
        return {"analysis": "baseline", "population": "eligible", "handling": "observed", "variable": variable}

    def row(name: str) -> list[Any]:
        return [one.row[name] for one in members]

    seen = {name: [one.value(name, "baseline") for one in members] for name in ("hbi", "bwt", "crp", "calprotectin")}
    yield from summary(at("age"), [years(one, "index", "birth_date") for one in members])
    yield from summary(at("age_at_diagnosis"), [years(one, "diagnosis_date", "birth_date") for one in members])
    yield from summary(at("disease_duration"), [years(one, "index", "diagnosis_date") for one in members])
    yield from yes_no(at("female"), [holds(lambda sex: sex == "female", sex) for sex in row("sex")])
    for name in ("smoker", "upper_gi", "extent_over_30cm", "perianal", "perianal_active"):
        yield from yes_no(at(name), row(name))
    named = {"location": LOCATION, "behaviour": BEHAVIOUR, "previous_surgery": SURGERY, "extraintestinal": EXTRA}
    for name, names in named.items():
        yield from levels(at(name), names, row(name))
    for name in ("previous_surgery", "extraintestinal"):
        yield from yes_no(at(f"any_{name}"), [holds(lambda kind: kind != "none", kind) for kind in row(name)])
    yield from yes_no(at("steroids_at_baseline"), [one.seen["baseline"]["steroids"] for one in members])
    yield from summary(at("harvey_bradshaw_index"), seen["hbi"])
    yield from levels(
        at("hbi_band"), [name for _, name in HBI_BANDS], [band(value, HBI_BANDS) for value in seen["hbi"]]
    )
    yield from summary(at("ses_cd"), row("ses_cd"))
    ses = [band(value, SES_BANDS) for value in row("ses_cd")]
    yield from levels(at("ses_cd_band"), [name for _, name in SES_BANDS], ses)
    yield from summary(at("c_reactive_protein"), seen["crp"])
    yield from yes_no(at("crp_over_0_5"), [more(value, Fraction(1, 2)) for value in seen["crp"]])
    yield from summary(at("faecal_calprotectin"), seen["calprotectin"])
    for limit in (150, 250):
        over = [more(value, Fraction(limit)) for value in seen["calprotectin"]]
        yield from yes_no(at(f"calprotectin_over_{limit}"), over)
    yield from summary(at("bowel_wall_thickness"), seen["bwt"])
    yield from yes_no(at("difficult_to_treat"), [one.difficult_to_treat() for one in members])


def course(members: list[Patient]) -> Iterator[tuple[Key, Number]]:
    for visit in ("baseline", *VISITS):
        for name in ("hbi", "crp", "calprotectin", "bwt"):
            where = {"analysis": "course", "population": "eligible", "handling": "observed"}
            values = [one.value(name, visit) for one in members]
            numbers = dict(summary({**where, "visit": visit, "variable": name}, values))
            yield from numbers.items()
            yield from mean_interval(numbers)


def mean_interval(numbers: dict[Key, Number]) -> Iterator[tuple[Key, Number]]:
    """Student's, of 95 %; none where there is no mean or no standard deviation."""
    by_name = {place[-1]: (place, number) for place, number in numbers.items()}
    (place, mean), (_, sd) = by_name["mean"], by_name["sd"]
    for name, sign in (("mean_lower", -1), ("mean_upper", 1)):
        end = None
        if mean.value is not None and sd.value is not None:
            half = stats.t.ppf(0.975, mean.denominator - 1) * sd.value / math.sqrt(mean.denominator)
            end = mean.value + sign * half
        yield (*place[:-1], name), mean._replace(value=end)


STATES = ["active disease", "remission, steroid-free", "response", "no response", "drug stopped", "(unknown)"]


def state(one: Patient, visit: str) -> str:
    if visit == "baseline":
        return "active disease"
    stopped = one.stopped_before(VISITS[visit][0])
    in_remission, in_response = one.endpoint("clinical_remission", visit), one.endpoint("clinical_response", visit)
    if stopped:
        return "drug stopped"
    if stopped is None or in_remission is None:
        return "(unknown)"
    if in_remission:
        return "remission, steroid-free"
    return "(unknown)" if in_response is None else "response" if in_response else "no response"


def states(members: list[Patient]) -> Iterator[tuple[Key, Number]]:
    """Where everybody is at each visit, and where those went who were in a state at the visit before."""
    weeks = ("baseline", *VISITS)
    found = {visit: [state(one, visit) for one in members] for visit in weeks}
    for visit in weeks:
        for name in STATES:
            where = {"analysis": "states", "population": "eligible", "visit": visit, "variable": "clinical_state"}
            unknown = found[visit].count("(unknown)")
            yield from plain_share({**where, "level": name}, found[visit].count(name), len(members), unknown, members)
    for before, after in itertools.pairwise(weeks):
        steps = list(zip(found[before], found[after], strict=True))
        for one, other in itertools.product(STATES, STATES):
            where = {"analysis": "states", "population": "eligible", "visit": after, "variable": "clinical_state"}
            begun, lost = sum(start == one for start, _ in steps), steps.count((one, "(unknown)"))
            level = {**where, "level": f"{one} → {other}"}
            yield from plain_share(level, steps.count((one, other)), begun, lost, members)


def known(members: list[Patient]) -> Iterator[tuple[Key, Number]]:
    """In how many each value is known; what is asked once stands under baseline."""
    fields = {name: name for name in ("visit_date", "hbi", "crp", "calprotectin", "bwt_ileum", "bwt_colon")}
    for visit in ("baseline", *VISITS):
        for name, field in {**fields, "corticosteroids": "steroids"}.items():
            answers = [one.value(field, visit) for one in members]
            yield from of_known(name, visit, answers, members)
    yield from of_known("ses_cd", "baseline", [one.row["ses_cd"] for one in members], members)


def of_known(name: str, visit: str, answers: list[Any], members: list[Patient]) -> Iterator[tuple[Key, Number]]:
    where = {"analysis": "known", "population": "eligible", "visit": visit, "variable": name}
    unknown = answers.count(None)
    yield from plain_share(where, len(members) - unknown, len(members), unknown, members)


def plain_share(
    where: dict[str, Any], count: int, of: int, missing: int, members: list[Patient]
) -> Iterator[tuple[Key, Number]]:
    """Without an interval."""
    for place, number in share(where, count, of, missing, len(members)):
        if place[-1] in ("n", "percent"):
            yield place, number


def disposition(members: list[Patient]) -> Iterator[tuple[Key, Number]]:
    def at(variable: str) -> dict[str, str]:
        return {"analysis": "disposition", "population": "eligible", "handling": "observed", "variable": variable}

    stopped = [one for one in members if one.stopped_before(84)]
    yield from yes_no(at("stopped_for_good_before_week_12"), [one.stopped_before(84) for one in members])
    yield from yes_no(at("stopped_for_good_before_week_24"), [one.stopped_before(168) for one in members])
    yield from levels(at("reason"), REASONS, [one.sure(lambda world: world[4]) for one in stopped])
    yield from yes_no(
        at("interrupted_the_drug"), [holds(lambda gaps: gaps > 0, one.sure(lambda world: world[2])) for one in members]
    )
    yield from summary(at("days_on_the_drug"), [one.sure(lambda world: Fraction(world[3])) for one in members])
    paused = [one for one in members if any_of(map(pause, one.forms["treatment"]))]
    yield from yes_no(
        at("interrupted_for_adverse_event"), [any_of(map(pause, one.forms["treatment"])) for one in members]
    )
    yield from yes_no(at("resumed_after_adverse_event"), [resumed_after_pause(one) for one in paused])
    operated = [one for one in members if one.surgery_before(84)]
    yield from yes_no(at("bowel_surgery_in_induction"), [one.surgery_before(84) for one in members])
    why = [found and found["indication"] for found in map(first_surgery, operated)]
    yield from levels(at("indication_for_surgery"), sorted(set(why) - {None}), why)
    yield from yes_no(at("resumed_after_surgery"), [resumed_since(one, first_surgery(one), "date") for one in operated])


def pause(row: Row) -> bool | None:
    """A dosing period that has stopped for a time, for an adverse event."""
    stopped = row["stop_date"] != ""
    return all_of([same(row["drug"], DRUG), stopped, same(row["stop_reason"], "temporary: adverse event")])


def resumed_after_pause(one: Patient) -> bool | None:
    return resumed_since(one, first(one.forms["treatment"], "start_date", pause), "start_date", again=True)


def first_surgery(one: Patient) -> Any:
    return first(one.forms["procedures"], "date", one.surgery)


def resumed_since(one: Patient, event: Any, dated: str, again: bool = False) -> bool | None:
    """A dosing period that starts on the day of the event or later; `again`: later."""
    since = event and event[dated]

    def resumes(row: Any) -> bool | None:
        started = holds(lambda start, day: start > day or (start == day and not again), row["start_date"], since)
        return all_of([same(row["drug"], DRUG), started])

    return exists(one.forms["treatment"], resumes)


def smaller_tables(populations: dict[str, list[Patient]]) -> Iterator[tuple[Key, Number]]:
    members = populations["eligible"]
    for name in ("active_perianal", "active_perianal_on_drug"):
        where = {"analysis": "fistulas", "population": name, "handling": "observed", "variable": "drainage"}
        drained = [one.seen["week24"]["fistula_drainage"] for one in populations[name]]
        yield from levels(where, ["improved", "no change", "worse"], drained)
    where = {"population": "eligible", "handling": "observed"}
    free = {**where, "analysis": "steroid_free"}
    yield from yes_no({**free, "variable": "on_the_day"}, [negated(one.seen["week12"]["steroids"]) for one in members])
    for days in (30, 90):
        yield from yes_no({**free, "variable": f"for_{days}_days"}, [one.steroid_free(days) for one in members])
    users = [one for one in members if one.seen["baseline"]["steroids"]]
    of_users = {
        "on_the_day": [negated(one.seen["week12"]["steroids"]) for one in users],
        "for_30_days": [one.steroid_free(30) for one in users],
        "in_remission": [one.endpoint("clinical_remission", "week12") for one in users],
    }
    for name, found in of_users.items():
        yield from yes_no({**free, "variable": f"steroid_users_{name}"}, found)
    prior = {**where, "analysis": "prior_therapies"}
    for name in MECHANISMS:
        yield from yes_no({**prior, "variable": name}, [one.failed_mechanism(name) for one in members])
    yield from yes_no({**prior, "variable": "difficult_to_treat"}, [one.difficult_to_treat() for one in members])
    for drug in ("corticosteroids", "thiopurine", "infliximab", "adalimumab", "vedolizumab", "ustekinumab"):
        variable = "thiopurines" if drug == "thiopurine" else drug
        yield from levels({**prior, "variable": variable}, OUTCOMES, [one.last_outcome(drug) for one in members])


def safety(members: list[Patient]) -> Iterator[tuple[Key, Number]]:
    """Events and patients; what has no event in a period is left out, and is zero."""
    found: dict[tuple[str, str, str | None], tuple[list[int], list[int]]] = {}
    for number, one in enumerate(members):
        for event in one.forms["adverse_events"]:
            for variable, level, verdict in kinds(event):
                for period in ("all", one.period(event) or "unknown"):
                    sure, unsure = found.setdefault((period, variable, level), ([], []))
                    if verdict is not False:
                        (sure if verdict else unsure).append(number)
    for (period, variable, level), (sure, unsure) in found.items():
        where = {"analysis": "safety", "population": "eligible", "period": period, "variable": variable, "level": level}
        count, missing, size = len(set(sure)), len(unsure), len(members)
        yield key(statistic="events", **where), Number(len(sure), count, size, missing, size)
        for place, number in share(where, count, size, missing, size):
            yield (*place[:-1], "patients" if place[-1] == "n" else place[-1]), number


def kinds(event: Any) -> Iterator[tuple[str, str | None, bool | None]]:
    """What an event counts as, and whether it does."""
    yield "any", None, True
    for name in ("term", "grade", "action_taken"):
        yield name, "unknown" if event[name] is None else str(event[name]), True
    for name in ("serious", "related"):
        yield name, answer(event[name]) or "unknown", True
    for interest, terms in SPECIAL.items():
        asked = event["serious"] if interest == "serious_infection" else True
        yield "special_interest", interest, all_of([same(event["term"], *terms), asked])


def results(folder: Path) -> dict[Key, Number]:
    patients = patients_of(folder)
    eligible = [one for one in patients if one.eligible]
    populations = {"eligible": eligible}
    for name in ("on_drug_week12", "active_perianal"):
        populations[name] = [one for one in eligible if membership(one, name)]
    active = [one for one in populations["on_drug_week12"] if one.row["perianal_active"]]
    populations["active_perianal_on_drug"] = active
    found: dict[Key, Number] = {}
    for numbers in (
        flow(patients, populations),
        effectiveness(populations),
        comparisons(populations),
        baseline(eligible),
        course(eligible),
        states(eligible),
        known(eligible),
        disposition(eligible),
        smaller_tables(populations),
        safety(eligible),
    ):
        found.update(numbers)
    return found
