"""What a study asks, as a list that people read and that compares by meaning: a changed label or comment is none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from remit.language.describe import describe
from remit.language.query import Query
from remit.plan.meaning import UNSAID, meaning
from remit.schema.plan import Difference
from remit.study.analyses.kinds import Analysis, Arms, Covariate, SpecialInterest, Test, Variable
from remit.study.comparisons.kinds import Beside, Rule
from remit.study.comparisons.pooled import LeftOut, Ours, Published
from remit.study.study import ELIGIBLE, Study


@dataclass(frozen=True)
class Ref:
    """Another item, called by its name."""

    kind: str
    name: str


@dataclass(frozen=True)
class Item:
    """A part of a study. `words`: in English. `meaning`: what is compared. `marks`: see Difference. `lines`: the words
    in their parts, of what has several."""

    kind: str
    name: str
    label: str
    words: str
    meaning: tuple[str | Ref, ...]
    marks: bool = True
    lines: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr(self.meaning).encode()).hexdigest()[:16]


# In the order in which they refer to each other. Differences are told in the order of SHOWN.
SHOWN = (
    "primary result", "endpoint", "estimand", "intercurrent event", "population", "eligibility criterion",
    "order of the eligibility criteria", "index date",
    "analysis", "subgroup", "arms", "imputation", "visit", "dosing", "period", "range", "end of observation",
    "data cut-off",
)  # fmt: skip


def items_of(study: Study) -> Iterator[Item]:
    """All that is asked, what others refer to before them."""
    yield Item("index date", "", "", describe(study.index, study.scope), (meaning(study.index),))
    yield from _conduct(study)
    for visit in study.visits:
        words = f"day {visit.day}, window from day {visit.low} to day {visit.high}, {visit.pick}"
        yield Item("visit", visit.name, visit.label, words, (meaning(visit),))
    yield from _dosing(study)
    for criterion in study.criteria:
        words = describe(criterion.passes, study.scope)
        yield Item("eligibility criterion", criterion.name, criterion.label, words, (meaning(criterion.passes),))
    for population in study.populations.values():
        if population.name != ELIGIBLE:
            of = Ref("population", population.of or ELIGIBLE)
            words = f"of {of.name}: {_said(study, population.where)}"
            yield Item("population", population.name, population.label, words, (of, meaning(population.where)))
    yield from _endpoints(study)
    for name, variable in study.subgroups.items():
        yield Item("subgroup", name, variable.label, _variable(study, variable), (meaning(variable),))
    for name, arms in study.arms.items():
        words = f"{_said(study, arms.query)}: {', '.join(arms.names)}; reference: {arms.reference or 'none'}"
        yield Item("arms", name, name, words, (meaning(arms),))
    if study.imputation is not None:
        yield Item("imputation", "", "", _imputation(study), (meaning(study.imputation),))
    for period in study.periods:
        yield Item("period", period.name, period.label, describe(period.where, study.scope), (meaning(period.where),))
    for analysis in study.analyses:
        yield _analysis(study, analysis)
    if study.primary is not None:
        refs = {
            name: Ref(name, getattr(study.primary, name)) for name in ("endpoint", "visit", "population", "estimand")
        }
        words = ", ".join(f"{kind} {ref.name}" for kind, ref in refs.items())
        yield Item("primary result", "", "", words, tuple(refs.values()))


def _conduct(study: Study) -> Iterator[Item]:
    """What bounds the data; results that differ by it alone are not marked, for they are of the same definitions."""
    cutoff = study.data_cutoff.isoformat() if study.data_cutoff else "none"
    yield Item("data cut-off", "", "", cutoff, (cutoff,), marks=False)
    yield Item("end of observation", "", "", study.observed_until or "none", (str(study.observed_until),))
    for form in study.forms.values():
        for field in form.fields.values():
            if (field.low, field.high) != (None, None):
                words = f"{'…' if field.low is None else field.low} to {'…' if field.high is None else field.high}"
                name = f"{form.name}.{field.name}"
                yield Item("range", name, field.label, words, (f"{field.low}", f"{field.high}"), marks=False)


def _dosing(study: Study) -> Iterator[Item]:
    if (dosing := study.dosing) is not None:
        words = f"{_said(study, dosing.where)}; for good: {_said(study, dosing.permanent)}"
        yield Item("dosing", "", "", words, (meaning(dosing),))


def _endpoints(study: Study) -> Iterator[Item]:
    for endpoint in study.endpoints.values():
        visits = tuple(Ref("visit", name) for name in endpoint.at)
        words = f"at {', '.join(endpoint.at)}: {_by_visit(study, endpoint.queries)}"
        if endpoint.requires:
            words += f"; required: {_by_visit(study, endpoint.requires)}"
        held: tuple[str | Ref, ...] = (*visits, meaning(endpoint.queries), meaning(endpoint.requires))
        yield Item("endpoint", endpoint.name, endpoint.label, words, held)
    for event in study.events.values():
        words = _by_visit(study, event.queries)
        yield Item("intercurrent event", event.name, event.label, words, (meaning(event.queries),))
    for estimand in study.estimands.values():
        pairs = [(Ref("intercurrent event", event), how) for event, how in sorted(estimand.strategies.items())]
        said = [f"{ref.name}: {how}" for ref, how in pairs]
        words = "; ".join([*said, f"missing: {estimand.missing}"])
        held = (*(part for pair in pairs for part in pair), estimand.missing)
        yield Item("estimand", estimand.name, estimand.label, words, held)


def _imputation(study: Study) -> str:
    made = study.imputation
    if made is None:
        return ""
    predictors = ", ".join(variable.label for variable in made.predictors) or "none"
    after, shifts = ", ".join(made.non_response_after) or "none", ", ".join(map(str, made.shifts)) or "none"
    return (
        f"{made.imputations} imputations of {made.iterations} iterations, seed {made.seed}; further predictors: "
        f"{predictors}; not reached after: {after}; shifts: {shifts}"
    )


# Analyses

_REFS = {
    "endpoint": "endpoint", "endpoints": "endpoint", "visit": "visit", "visits": "visit", "origin": "visit",
    "to": "visit", "population": "population", "populations": "population", "subgroups": "subgroup",
    "estimand": "estimand", "estimands": "estimand",
}  # fmt: skip


def _analysis(study: Study, analysis: Analysis) -> Item:
    kind = type(analysis).__name__
    held: list[str | Ref] = [kind]
    lines = [_spaced(kind)]
    for part in fields(analysis):
        value = getattr(analysis, part.name)
        if part.name in UNSAID or value in (None, (), {}):
            continue
        held += [part.name, *_held(part.name, value)]
        asked = value if isinstance(value, tuple) and part.name not in _REFS else (value,)
        texts = [text for each in asked if (text := _in_words(study, each))]
        lines += [f"{part.name.replace('_', ' ')}: {text}" for text in texts]
    return Item("analysis", analysis.name, analysis.title, "; ".join(lines), tuple(held), lines=tuple(lines))


def _held(name: str, value: Any) -> Iterator[str | Ref]:
    if isinstance(value, Arms):
        yield Ref("arms", value.kind)
    elif name in _REFS and isinstance(value, Mapping):  # populations by visit
        for visit, names in sorted(value.items()):
            yield Ref("visit", visit)
            yield from (Ref(_REFS[name], each) for each in names)
    elif name in _REFS:
        yield from (Ref(_REFS[name], each) for each in ((value,) if isinstance(value, str) else value))
    elif name in ("rows", "covariates"):  # in whatever order
        yield from sorted(meaning(each) for each in value)
    else:
        yield meaning(value)


def _in_words(study: Study, value: Any) -> str:
    if isinstance(value, Query):
        return _said(study, value)
    match value:
        case Variable():
            return _variable(study, value)
        case Covariate():
            return _variable(study, value.variable)
        case Arms():
            return f"{value.kind}, against {value.reference or 'nothing'}"
        case Test():
            return value.label
        case SpecialInterest():
            return value.label
        case Beside():
            return f"{value.name} ({', '.join(value.arms)})"
        case Published():
            return f"{value.beside.name} ({value.arm})"
        case LeftOut():
            return f"{value.published.beside.name} ({value.why})"
        case Ours():
            return f"{value.endpoint} at {value.visit} in {value.population}, {value.estimand}"
        case Rule():
            return f"{value.label} ({value.why_not or _rule(study, value)})"
        case (Variable() as variable, Mapping() as queries):
            return f"{variable.label} ({_by_visit(study, queries)})"
        case Mapping():
            return ", ".join(f"{key} ({_in_words(study, each)})" for key, each in value.items())
        case tuple():
            return ", ".join(_in_words(study, each) for each in value)
    return str(getattr(value, "label", value))


def _rule(study: Study, rule: Rule) -> str:
    return _by_visit(study, rule.endpoint.queries) if rule.endpoint else ""


def _spaced(kind: str) -> str:
    """TimeToEvent → time to event."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind).strip()


def _variable(study: Study, variable: Variable) -> str:
    among = f", among those for whom {_said(study, variable.among)}" if variable.among is not None else ""
    return f"{variable.label} ({_said(study, variable.query)}{among})"


def _said(study: Study, query: Query | None) -> str:
    return "" if query is None else describe(query, study.scope)


def _by_visit(study: Study, queries: Mapping[str, Query]) -> str:
    """Once where all visits say the same."""
    said = {visit: describe(query, study.scope, visit) for visit, query in queries.items()}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"{visit}: {text}" for visit, text in said.items())


# Comparison


def differences(planned: Iterable[Item], now: Iterable[Item]) -> tuple[Difference, ...]:
    """In what the one differs from the other, the most important first; what is only renamed is the same."""
    before = {(item.kind, item.name): item for item in planned}
    after = {(item.kind, item.name): item for item in now}
    called: dict[Ref, str] = {}  # what is renamed, with its name in the plan
    met: set[tuple[str, str]] = set()
    found: list[Difference] = []
    for key, item in after.items():
        held = _renamed(item, called)
        same = before.get(key)
        if same is None or same.meaning != held:
            alike = [other for other, each in before.items() if other[0] == item.kind and each.meaning == held]
            other = next((each for each in alike if each not in after and each not in met), None)
            if other is not None:
                called[Ref(*key)] = other[1]
                met.add(other)
                continue
            found.append(_difference(same, item))
        met.add(key)
    left = [item for key, item in before.items() if key not in met]
    found += [Difference(item.kind, item.label, item.words, None, item.marks) for item in left]
    found += _reordered(before, after, called)
    return tuple(sorted(found, key=lambda each: SHOWN.index(each.kind)))


def _reordered(
    before: Mapping[tuple[str, str], Item], after: Mapping[tuple[str, str], Item], called: Mapping[Ref, str]
) -> Iterator[Difference]:
    """Whether the criteria of both stand in another order: a patient is counted at the first that fails."""
    kind = "eligibility criterion"
    one = [name for each, name in before if each == kind]
    other = [called.get(Ref(*key), key[1]) for key in after if key[0] == kind]
    planned, now = [name for name in one if name in other], [name for name in other if name in one]
    if planned != now:
        yield Difference("order of the eligibility criteria", "", ", ".join(planned), ", ".join(now))


def _difference(before: Item | None, now: Item) -> Difference:
    """Of what has several parts, those that differ."""
    if before is None:
        return Difference(now.kind, now.label, None, now.words, now.marks)
    planned = "; ".join(line for line in before.lines if line not in now.lines) or before.words
    other = "; ".join(line for line in now.lines if line not in before.lines) or now.words
    return Difference(now.kind, now.label, planned, other, now.marks)


def _renamed(item: Item, called: Mapping[Ref, str]) -> tuple[str | Ref, ...]:
    return tuple(
        Ref(part.kind, called.get(part, part.name)) if isinstance(part, Ref) else part for part in item.meaning
    )
