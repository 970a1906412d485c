"""Who was screened, who was not included and why, and the populations: as a diagram and as a paragraph."""

from __future__ import annotations

from remit.report.addresses import INCLUDED, SCREENED, UNDECIDABLE, belonging, excluded
from remit.report.document import Box, Flow, Inline, Paragraph, Words, words
from remit.report.guards import cautions_at
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Result
from remit.report.numbers import SPACE, count, is_many, note
from remit.report.wording import capital, is_people, small
from remit.schema.cohort import ELIGIBLE
from remit.study.study import Study


def flow_diagram(study: Study, lookup: Lookup) -> Flow:
    reasons = [
        Box((capital(criterion.label),), _n(lookup.one(excluded(criterion.name), "n"))) for criterion in study.criteria
    ]
    undecidable = Box(("Eligibility could not be decided",), _n(lookup.one(UNDECIDABLE, "n")))
    return Flow(
        start=Box(("Patients screened",), _n(lookup.one(SCREENED, "n"))),
        excluded=(*reasons, undecidable),
        included=_population(study, lookup, ELIGIBLE),
    )


def _population(study: Study, lookup: Lookup, name: str) -> Box:
    """The population with those inside it."""
    result = lookup.one(INCLUDED if name == ELIGIBLE else belonging(study, name), "n")
    inside = tuple(_population(study, lookup, other.name) for other in study.populations.values() if other.of == name)
    count_of = (
        _n(result)
        if name == ELIGIBLE
        else words(f"n{SPACE}={SPACE}", count(result), " of ", count(result, "denominator"))
    )
    label = study.populations[name].label
    return Box((capital(label),), count_of, inside, note(result) if result.note else ())


def _n(result: Result) -> Words:
    return words(f"n{SPACE}={SPACE}", count(result))


def participants(study: Study, lookup: Lookup, say: Language = ENGLISH) -> tuple[Paragraph, ...]:
    """How many were screened and included, what kept the others out, and which criteria select survivors."""
    included = lookup.one(INCLUDED, "n")
    said = _screened(included, say)
    populations = [_belong(study, lookup, name, say) for name in study.populations if name != ELIGIBLE]
    within = say(" Populations within: {populations}.", populations=say.listed(populations, comma="; "))
    warned = [told for criterion in study.criteria for told in cautions_at(lookup, excluded(criterion.name), say=say)]
    flow = words(said, " ", _reasons(study, lookup, say), within if populations else ())
    return (Paragraph(flow), *(Paragraph(told) for told in warned))


def _screened(included: Result, say: Language) -> Words:
    of, n = count(included, "denominator"), count(included)
    if not is_many(included, "denominator"):
        if is_many(included):
            return say("Of {of} patient screened, {n} were eligible.", of=of, n=n)
        return say("Of {of} patient screened, {n} was eligible.", of=of, n=n)
    if not is_many(included):
        return say("Of {of} patients screened, {n} was eligible.", of=of, n=n)
    return say("Of {of} patients screened, {n} were eligible.", of=of, n=n)


def _reasons(study: Study, lookup: Lookup, say: Language) -> Words:
    undecidable = say("eligibility could not be decided in {n}", n=count(lookup.one(UNDECIDABLE, "n")))
    if not study.criteria:
        return say("The study file names no criteria; {undecidable}.", undecidable=undecidable)
    reasons: list[Inline | Words] = [
        words(small(say.label(criterion.label)), " (", count(lookup.one(excluded(criterion.name), "n")), ")")
        for criterion in study.criteria
    ]
    return say(
        "Not included, each at the first criterion that failed: {reasons}; {undecidable}.",
        reasons=say.listed(reasons),
        undecidable=undecidable,
    )


def _belong(study: Study, lookup: Lookup, name: str, say: Language) -> Words:
    result = lookup.one(belonging(study, name), "n")
    outer = study.populations[study.populations[name].of or ELIGIBLE].label
    parts: dict[str, Inline] = {
        "population": small(say.label(study.populations[name].label)),
        "n": count(result),
        "of": count(result, "denominator"),
        "outer": small(say.label(outer)),
    }
    if is_people(outer):
        return say("“{population}”, {n} of {of} {outer}", **parts)
    return say("“{population}”, {n} of {of} in “{outer}”", **parts)
