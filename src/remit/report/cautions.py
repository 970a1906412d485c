"""What to keep in mind: what the results themselves warn of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from remit.report.addresses import belonging, excluded
from remit.report.document import Definition, Definitions, Section, Words, words
from remit.report.effectiveness import endpoints_at, places
from remit.report.lookup import Lookup
from remit.report.methods import survivor_warning
from remit.report.numbers import count, note, rounded
from remit.report.proportions import Proportion, proportion
from remit.report.wording import among, capital, listed, sentence, small, visit_label
from remit.schema.intake import Intake
from remit.schema.results import COMPLETE, DECIDED, Address
from remit.study.study import Course, Endpoint, Endpoints, Study, Summary

Share = tuple[Endpoint, Proportion]


def cautions_section(study: Study, lookup: Lookup, intake: Intake) -> Section | None:
    """None if there is nothing to warn of."""
    found = [
        ("Synthetic data", _synthetic(study)),
        ("Survivors", _survivors(study, lookup)),
        ("Denominators differ", _changing(study, lookup)),
        ("Not assessed", _nobody(study, lookup)),
        ("Biased low", _decided_alone(study, lookup)),
        ("Populations", _unknown_members(study, lookup)),
        ("Beyond the assay", _limits(study, lookup)),
        ("Refused cells", _refused(intake)),
    ]
    items = tuple(Definition(term, tuple(lines)) for term, lines in found if lines)
    return Section("cautions", "What to keep in mind", (Definitions(items),)) if items else None


def _synthetic(study: Study) -> list[Words]:
    return [(sentence(study.identity.synthetic),)] if study.identity.synthetic else []


def _survivors(study: Study, lookup: Lookup) -> list[Words]:
    found = []
    for criterion in study.criteria:
        if criterion.selects_survivors:
            n = lookup.one(excluded(criterion.name), "n")
            kept = words(" It kept out ", count(n), " of the ", count(n, "denominator"), " screened.")
            found.append(words(survivor_warning([criterion.label]), kept))
    return found


# Endpoints


def _places(study: Study) -> Iterator[tuple[Endpoints, str, str, str]]:
    """Each analysis of endpoints with visit and population, and how these are called."""
    for analysis in study.analyses:
        if isinstance(analysis, Endpoints):
            for visit, population in places(study, analysis):
                yield analysis, visit, population, f"{visit_label(study, visit)}, {among(study, population)}"


def _decided(study: Study, lookup: Lookup, analysis: Endpoints, visit: str, population: str) -> list[Share]:
    address = Address(analysis.name, population, visit=visit, handling=DECIDED)
    return [
        (endpoint, proportion(lookup.at(replace(address, variable=endpoint.name))))
        for endpoint in endpoints_at(study, analysis, visit)
    ]


def _changing(study: Study, lookup: Lookup) -> list[Words]:
    """Endpoints are known in different numbers of patients: the fewest and the most."""
    found = []
    for analysis, visit, population, where in _places(study):
        shares = [share for share in _decided(study, lookup, analysis, visit, population) if share[1].known]
        if len({share.of for _, share in shares}) > 1:
            least, most = (choose(shares, key=lambda pair: pair[1].of) for choose in (min, max))
            found.append(words(f"{where}: known in ", _known(least), " to ", _known(most), " of ", _of(most), "."))
    if not found:
        return []
    said = "Each endpoint is known in other patients, so that percentages over “decided”, “complete” and “required” do not compare."
    return [(said,), *found]


def _known(share: Share) -> Words:
    return words(count(share[1].n, "denominator"), f" ({small(share[0].label)})")


def _of(share: Share) -> Words:
    return words(count(share[1].n, "population_n"))


def _nobody(study: Study, lookup: Lookup) -> list[Words]:
    found = []
    for analysis, visit, population, where in _places(study):
        unseen = [
            pair
            for pair in _decided(study, lookup, analysis, visit, population)
            if not pair[1].known and pair[1].unknown
        ]
        if unseen:
            labels = listed([small(endpoint.label) for endpoint, _ in unseen])
            known = words(" (known in ", count(unseen[0][1].n, "denominator"), " of ", _of(unseen[0]), ")")
            found.append(words(f"{where}: ", labels, known, "."))
    if not found:
        return []
    return [
        (
            "Where nobody was assessed, the 0 % under an estimand follows from counting the unknown as “no”: it is no finding.",
        ),
        *found,
    ]


def _decided_alone(study: Study, lookup: Lookup) -> list[Words]:
    """Endpoints that are decided in more patients than have every part known."""
    found = []
    for analysis, visit, population, where in _places(study):
        for endpoint, decided in _decided(study, lookup, analysis, visit, population):
            address = Address(analysis.name, population, visit=visit, variable=endpoint.name, handling=COMPLETE)
            complete = proportion(lookup.at(address))
            if complete.of < decided.of:
                counts = words(count(decided.n, "denominator"), ", complete in ", count(complete.n, "denominator"))
                found.append(words(f"{where}: {small(endpoint.label)} is decided in ", counts, "."))
    if not found:
        return []
    said = "One part that is not met is easier to know than that all are met. Over “decided” alone such endpoints look rarer than they are."
    return [(said,), *found]


# Populations, values, cells


def _unknown_members(study: Study, lookup: Lookup) -> list[Words]:
    found = []
    for name, population in study.populations.items():
        result = lookup.one(belonging(study, name), "n")
        if result.note:
            found.append(words(f"{capital(population.label)}: ", note(result), "."))
    return found


def _limits(study: Study, lookup: Lookup) -> list[Words]:
    """Variables with values beyond an assay's limits, of which no mean is given."""
    labels: dict[str, None] = {}
    for analysis in study.analyses:
        variables = _labels(analysis) if isinstance(analysis, Summary | Course) else {}
        for address, result in lookup.noted():
            mine = address.analysis == analysis.name and address.variable in variables
            if mine and result.statistic == "mean" and result.denominator:
                labels[small(variables[address.variable or ""])] = None
    if not labels:
        return []
    return [
        words("No mean is given where some values are known only to be beyond a limit: ", listed(list(labels)), ".")
    ]


def _labels(analysis: Summary | Course) -> dict[str, str]:
    if isinstance(analysis, Course):
        return {variable.name: variable.label for variable, _ in analysis.rows}
    return {variable.name: variable.label for variable in analysis.rows}


def _refused(intake: Intake) -> list[Words]:
    if not intake.refused:
        return []
    many = intake.refused != 1
    number = rounded(float(intake.refused), 0)
    return [
        (f"{number} {'cells or rows were' if many else 'cell or row was'} refused on reading the charts and {'are' if many else 'is'} "
         "missing here: see “Charts and intake”.",)
    ]  # fmt: skip
