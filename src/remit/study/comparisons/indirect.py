"""`indirect:` of a comparison, as it is written, into what is asked. Raises WrongInput."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from remit.language.types import Number, Ratio, Span, YesNo
from remit.language.units import factor, in_words, spelled
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import Variable
from remit.study.analyses.model import LabelledPart
from remit.study.analyses.rows import variable
from remit.study.comparisons.indirect_kind import WEIGHTS, Indirect, Match
from remit.study.comparisons.indirect_model import IndirectPart, MatchPart
from remit.study.comparisons.kinds import Comparison
from remit.study.comparisons.model import ComparisonPart
from remit.study.comparisons.named import outcome_named
from remit.study.endpoint import Endpoint
from remit.study.evidence.evidence import ALL, Characteristic, Evidence, Outcome, PublishedResult
from remit.study.expressions import inside
from remit.study.place import Place


def make_indirect(
    comparison: Comparison, part: ComparisonPart, place: Place, declared: Declared
) -> Iterator[tuple[Place, Indirect]]:
    """Those of one comparison, in their order, each with its place. `place`: of them all."""
    for name, each in part.indirect.items():
        yield place / name, _indirect(f"{comparison.name}_{name}", comparison, each, place / name, declared)


def _indirect(name: str, comparison: Comparison, part: IndirectPart, place: Place, declared: Declared) -> Indirect:
    evidence, outcome = outcome_named(part.against, place / "against", declared)
    result = _result(evidence, outcome, part.arm, place)
    judged = _judged(part.endpoint or comparison.endpoint, comparison, place, declared)
    endpoint = part.endpoint or comparison.endpoint
    taken = {WEIGHTS: "what the weights are called", endpoint: "our endpoint", outcome.name: "their outcome"}
    for of in part.match:
        if of in taken:
            what = f"'{of}' is also {taken[of]}, and results would have one name"
            raise (place / "match" / of).wrong_name(what, "Call the characteristic otherwise in the file of evidence.")
    matches = tuple(
        _match(of, each, evidence, result.arm, place / "match" / of, declared) for of, each in part.match.items()
    )
    return Indirect(
        name,
        part.label or f"{evidence.title}, {result.arm}: indirect comparison",
        comparison.name,
        comparison.populations,
        endpoint,
        judged,
        comparison.visit,
        comparison.estimand,
        evidence,
        outcome,
        result,
        matches,
        tuple(dict.fromkeys(part.methods)),
        part.seed,
        part.bootstrap,
    )


def _judged(name: str, comparison: Comparison, place: Place, declared: Declared) -> Endpoint:
    """An endpoint of ours, or a rule of the comparison."""
    rules = {rule.name: endpoint for rule, endpoint in comparison.judged}
    if name in rules:
        return rules[name]
    (place / "endpoint").known(name, [*declared.endpoints, *rules], "endpoint or rule")
    if comparison.visit not in declared.endpoints[name].at:
        what = f"{name} is not evaluated at {comparison.visit}, at which the comparison is made"
        raise (place / "endpoint").wrong(what, f"Name one that is, or add {comparison.visit} to its `at:`.")
    return declared.endpoints[name]


def _result(evidence: Evidence, outcome: Outcome, arm: str | None, place: Place) -> PublishedResult:
    """Of the arm, with a share of patients."""
    if arm is None and len(outcome.results) > 1:
        what = f"{outcome.label} of {evidence.title} is told of several arms"
        raise place.wrong_name(what, f"Add `arm:`, one of {', '.join(outcome.results)}.")
    chosen = next(iter(outcome.results)) if arm is None else arm
    if arm is not None:
        (place / "arm").known(arm, outcome.results, f"arm of {evidence.id}.{outcome.name}")
    result = outcome.results[chosen]
    if result.percent is None and (result.n is None or result.of is None):
        what = f"{evidence.title} gives no percentage of {outcome.label} in {chosen}"
        raise (place / "against").wrong(
            what, "An indirect comparison is of a percentage: name an outcome that has one."
        )
    return result


# What is matched


def _match(name: str, part: MatchPart, evidence: Evidence, arm: str, place: Place, declared: Declared) -> Match:
    if not evidence.baseline:
        what = f"the evidence {evidence.id} tells nothing of its patients at baseline"
        raise place.wrong_name(what, f"Add `baseline:` with {name} to its file, or remove this indirect comparison.")
    place.known_key(evidence.baseline, f"characteristic at the baseline of {evidence.id}")
    characteristic = evidence.baseline[name]
    told = characteristic.of.get(arm) or characteristic.of.get(ALL)
    if told is None:
        what = f"{evidence.id} tells {name} of {', '.join(characteristic.of)}, not of {arm}"
        raise place.wrong_name(what, "Take another arm, or leave this characteristic out.")
    ours = variable(
        LabelledPart.model_validate({"is": part.expression, "name": name, "label": part.label}), place, declared
    )
    source = characteristic.source or evidence.source
    if told.percent is not None:
        _expect_yes_no(ours, part, characteristic, place)
        share = told.percent.value / 100
        return Match(
            ours, characteristic.label, share, None, (told.percent,), told.arm != ALL, yes_no=True, source=source
        )
    if told.mean is None:
        what = f"{evidence.id} gives neither a percentage nor a mean of {characteristic.label}"
        raise place.wrong_name(what, "Leave it out: a median or counts alone are not matched.")
    factor = _factor(ours, characteristic, place)
    if part.spread and told.sd is None:
        what = f"{evidence.id} gives no standard deviation of {characteristic.label}"
        raise (place / "spread").wrong(what, "Leave `spread` out: the mean alone is matched.")
    sd = told.sd.value * factor if part.spread and told.sd else None
    reported = (told.mean, *([told.sd] if told.sd else []))
    mean = told.mean.value * factor
    return Match(ours, characteristic.label, mean, sd, reported, told.arm != ALL, False, factor, source)


def _expect_yes_no(ours: Variable, part: MatchPart, characteristic: Characteristic, place: Place) -> None:
    if not isinstance(ours.query.type, YesNo):
        what = f"they give a percentage of {characteristic.label}, and this is no yes or no"
        raise inside(place).wrong(what, 'Ask yes or no, as in `age >= 40` or `sex == "female"`.')
    if part.spread:
        raise (place / "spread").wrong("a yes or no has no spread of its own", "Leave `spread` out.")


def _factor(ours: Variable, characteristic: Characteristic, place: Place) -> Fraction:
    """What a published number is multiplied with to be in our unit."""
    kind = ours.query.type
    if not isinstance(kind, Number | Span | Ratio):
        what = f"they give a mean of {characteristic.label}, and this is no number"
        raise inside(place).wrong(what, "Name a number, or a characteristic of which they give a percentage.")
    theirs = spelled(characteristic.unit or "")
    own = spelled((kind.unit if isinstance(kind, Number) else ours.unit) or "")
    found = factor(theirs, own)
    if found is None or (isinstance(kind, Ratio) and found != 1):
        what = f"{characteristic.label} is theirs in {in_words(theirs)}, and ours in {in_words(own)}"
        raise inside(place).wrong(what, "Write theirs in our unit into the file of evidence, with certainty D.")
    return found
