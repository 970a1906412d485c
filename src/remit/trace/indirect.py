"""Behind an indirect comparison: whose outcome and covariates are known, who has a weight; nobody behind what others
published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from remit.language.columns import BOTTOM, TOP
from remit.language.types import Number, Ratio, YesNo
from remit.language.units import DAYS_IN
from remit.schema.cohort import variable_column
from remit.schema.results import Address
from remit.schema.trace import Source
from remit.study.comparisons.indirect_kind import WEIGHTS, Indirect, Match
from remit.study.comparisons.kinds import EVIDENCE
from remit.trace.comparison import PUBLISHED, source_of
from remit.trace.counted import Counted, Definition, counted
from remit.trace.covariates import exactly_known
from remit.trace.outcomes import outcome_of
from remit.trace.people import Bits, positions, set_of
from remit.trace.study_people import StudyPeople


def behind_indirect(of: StudyPeople, analysis: Indirect, at: Address) -> Counted:
    if at.group == EVIDENCE:
        return Counted(None, None, None, None, note=PUBLISHED, source=_source(analysis, at))
    outcome = outcome_of(of, analysis, at.population)
    known = outcome.counted
    for match in analysis.matches:
        known &= exactly_known(of.people, _column(analysis, match), match.variable.query)
    definitions = (*outcome.definitions, *_definitions(of, analysis))
    found = counted(outcome.population, known, known & outcome.reached, *definitions, missing=outcome.asked & ~known)
    if at.variable == analysis.endpoint:
        return found.of_source(source_of(analysis.beside, analysis.result))
    numerator: Bits | None = None
    if at.variable == WEIGHTS and at.level is not None:
        numerator = _weighing(of, analysis, known, at)
    for match in analysis.matches:
        if match.variable.name == at.variable and match.yes_no and at.handling == analysis.estimand:
            numerator = known & of.people.yes(_column(analysis, match))
    return Counted(found.population, found.denominator, numerator, found.missing, found.definitions)


def _source(analysis: Indirect, at: Address) -> Source:
    source = source_of(analysis.beside, analysis.result)
    for match in analysis.matches:
        if match.variable.name == at.variable:
            of = f"{match.theirs}, {analysis.result.arm if match.of_arm else 'the whole study'}"
            read = match.source or source.read
            told = ", ".join(f"{each.text} [{each.certainty}]" for each in match.reported)
            return replace(source, of=of, read=read, certainties=told)
    return source


def _column(analysis: Indirect, match: Match) -> str:
    return variable_column(analysis.name, match.variable.name)


def _definitions(of: StudyPeople, analysis: Indirect) -> tuple[Definition, ...]:
    return tuple(of.definition(_column(analysis, match), match.variable.label) for match in analysis.matches)


def _weighing(of: StudyPeople, analysis: Indirect, known: Bits, at: Address) -> Bits:
    """Who has a weight of this bin."""
    bins = of.kept(f"weights of {analysis.name} in {at.population}", lambda: _bins(of, analysis, known))
    return bins[at.level or ""]


def _bins(of: StudyPeople, analysis: Indirect, known: Bits) -> Mapping[str, Bits]:
    """Weighed again, from the columns of the cohort."""
    from remit.inference.indirect.matched import Matched
    from remit.inference.indirect.weights import matching_weights

    who = [*positions(known)]
    covariates = [
        Matched(
            match.variable.label,
            _values(of, analysis, match, who),
            float(match.mean),
            None if match.sd is None else float(match.sd),
        )
        for match in analysis.matches
    ]
    weights = matching_weights(covariates)
    bins, rounded = weights.bins, weights.rounded.tolist()
    inside = {weight: next(each.label for each in bins if each.holds(weight)) for weight in set(rounded)}
    found: dict[str, list[int]] = {each.label: [] for each in bins}
    for place, weight in zip(who, rounded, strict=True):
        found[inside[weight]].append(place)
    return {label: set_of(places) for label, places in found.items()}


def _values(of: StudyPeople, analysis: Indirect, match: Match, who: Sequence[int]) -> list[float]:
    patients, column, kind = of.cohort.patients[who], _column(analysis, match), match.variable.query.type
    if isinstance(kind, Ratio):
        scale = 10**kind.bottom.decimals / 10**kind.top.decimals
        pairs = zip(patients[column + TOP].to_list(), patients[column + BOTTOM].to_list(), strict=True)
        return [top * scale / bottom for top, bottom in pairs]
    if isinstance(kind, YesNo):
        divisor = 1.0
    else:
        divisor = float(10**kind.decimals if isinstance(kind, Number) else DAYS_IN[match.variable.unit or "days"])
    return [float(value) / divisor for value in patients[column].to_list()]
