"""What warns of endpoints: once a population, above their tables and among the cautions."""

from __future__ import annotations

from remit.report.arms import arms_in
from remit.report.document import Paragraph, Words, words
from remit.report.guards import guards_at
from remit.report.lookup import Lookup, Result
from remit.report.numbers import count, note
from remit.report.wording import among, closed, listed, listed_text, small, visit_label
from remit.schema.results import ALREADY, CHANGING, Address
from remit.study.analyses.kinds import Endpoints
from remit.study.study import Endpoint, Study

COUNTED = "Who fulfils an endpoint already, and still does later, counts as having reached it, though nothing changed."


def endpoint_cautions(study: Study, analysis: Endpoints, lookup: Lookup) -> list[Paragraph]:
    """For the section of the analysis: a paragraph a population."""
    found = []
    for name in analysis.every_population:
        already = fulfilled_already(study, analysis, name, lookup)
        said = [already, (COUNTED,) if already else (), changing_denominators(analysis, name, lookup)]
        if any(said):
            found.append(Paragraph(_sentences((f"Caution, {among(study.populations[name])}.",), *said)))
    return found


def _sentences(*said: Words) -> Words:
    """With a space between them."""
    given = [each for each in said if each]
    return words(*given[:1], *(words(" ", each) for each in given[1:]))


def fulfilled_already(study: Study, analysis: Endpoints, population: str, lookup: Lookup) -> Words:
    """Which endpoints some fulfil already at the reference visit, and which are known of nobody there."""
    known: list[Words] = []
    unknown: list[str] = []
    for endpoint in (study.endpoints[name] for name in analysis.endpoints):
        for result in _fulfilled(analysis, endpoint, population, lookup):
            if result.denominator:
                known.append(words(f"{closed(small(endpoint.label))} by ", _counted(result)))
            else:
                unknown.append(small(endpoint.label))
    visit = small(visit_label(study, study.scope.reference)) if study.scope.reference else ""
    return _sentences(
        words(f"Fulfilled already at {visit}: ", listed(known, comma="; "), ".") if known else (),
        (f"Known of nobody at {visit}: {listed_text(unknown)}.",) if unknown else (),
    )


def _fulfilled(analysis: Endpoints, endpoint: Endpoint, population: str, lookup: Lookup) -> list[Result]:
    start = endpoint.at_start
    if start is None:
        return []
    at = Address(analysis.name, population, visit=start.visit, variable=endpoint.name, handling=start.handling)
    return guards_at(lookup, at, ALREADY)


def _counted(result: Result) -> Words:
    """5 of 60 (4 not known)"""
    unknown = words(" (", count(result, "missing"), " not known)") if result.missing else ()
    return words(count(result, "numerator"), " of ", count(result, "denominator"), unknown)


def changing_denominators(analysis: Endpoints, population: str, lookup: Lookup) -> Words:
    """Between which numbers the denominators lie: in total, and by arm."""
    address = Address(analysis.name, population)
    by_arm = [
        words(f"{arm} ", note(each))
        for arm in arms_in(analysis)
        for each in guards_at(lookup, address.in_arm(arm), CHANGING)
    ]
    return _sentences(
        *(note(each) for each in guards_at(lookup, address, CHANGING)),
        words("By arm the denominators go: ", listed(by_arm, comma="; "), ".") if by_arm else (),
    )
