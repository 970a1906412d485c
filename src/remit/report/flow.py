"""Who was screened, who was not included and why, and the populations: as a diagram and as a paragraph."""

from __future__ import annotations

from remit.report.addresses import INCLUDED, SCREENED, UNDECIDABLE, belonging, excluded
from remit.report.document import Box, Flow, Inline, Paragraph, Words, words
from remit.report.guards import cautions_at
from remit.report.lookup import Lookup, Result
from remit.report.numbers import SPACE, count, note
from remit.report.wording import capital, is_people, listed, quoted, small
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


def participants(study: Study, lookup: Lookup) -> tuple[Paragraph, ...]:
    """How many were screened and included, what kept the others out, and which criteria select survivors."""
    included = lookup.one(INCLUDED, "n")
    said = words(
        "Of ",
        count(included, "denominator"),
        " patients screened, ",
        count(included),
        " were eligible. ",
        _reasons(study, lookup),
    )
    populations = [_belong(study, lookup, name) for name in study.populations if name != ELIGIBLE]
    if populations:
        said = words(said, " ", "Populations within: ", listed(populations, comma="; "), ".")
    warned = [told for criterion in study.criteria for told in cautions_at(lookup, excluded(criterion.name))]
    return (Paragraph(said), *(Paragraph(told) for told in warned))


def _reasons(study: Study, lookup: Lookup) -> Words:
    undecidable = words(
        "eligibility could not be decided in ",
        count(lookup.one(UNDECIDABLE, "n")),
    )
    if not study.criteria:
        return words("The study file names no criteria; ", undecidable, ".")
    reasons: list[Inline | Words] = [
        words(small(criterion.label), " (", count(lookup.one(excluded(criterion.name), "n")), ")")
        for criterion in study.criteria
    ]
    said = words("Not included, each at the first criterion that failed: ", listed(reasons))
    return words(said, "; ", undecidable, ".")


def _belong(study: Study, lookup: Lookup, name: str) -> Words:
    result = lookup.one(belonging(study, name), "n")
    label = study.populations[name].label
    of = study.populations[study.populations[name].of or ELIGIBLE].label
    outer = small(of) if is_people(of) else f"in {quoted(small(of))}"
    return words(quoted(small(label)), ", ", count(result), " of ", count(result, "denominator"), f" {outer}")
