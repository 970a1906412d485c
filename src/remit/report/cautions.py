"""What to keep in mind: what the results themselves warn of."""

from __future__ import annotations

from collections.abc import Iterator

from remit.report.addresses import belonging, excluded, in_arm
from remit.report.adjusted_comparison import adjusted_addresses
from remit.report.centres import by_centre
from remit.report.document import Definition, Definitions, Section, Words, words
from remit.report.endpoint_cautions import COUNTED, changing_denominators, fulfilled_already
from remit.report.guards import guards_at
from remit.report.hazards import models_of as hazards_of
from remit.report.imputation import imputation_warnings
from remit.report.indirect.found import found_of
from remit.report.lookup import Lookup
from remit.report.numbers import count, note, rounded
from remit.report.places import Place, all_places
from remit.report.predictors import models_of
from remit.report.wording import among, capital, listed, listed_text, quoted, sentence, small
from remit.schema.cohort import ELIGIBLE
from remit.schema.intake import Intake
from remit.schema.results import DECIDED, MULTIVARIABLE, SELECTED, guard
from remit.study.analyses.kinds import (
    AdjustedComparison,
    Ancova,
    Centres,
    Course,
    Endpoints,
    Predictors,
    RepeatedMeasures,
    Summary,
    TimeToEvent,
)
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.comparisons.kinds import Comparison
from remit.study.comparisons.pooled import HETEROGENEITY, Pooling
from remit.study.study import Study

_NOT_RANDOMISED = (
    "Patients were not assigned by chance to the arms that are compared, or the study file does not say so: what made "
    "the choice may have made the difference. Nothing is adjusted for.",
)
_ONLY_COVARIATES = (
    "Patients were not assigned by chance to the arms that are compared in {}, or the study file does not say so: only "
    "the covariates that it names are adjusted for."
)
_EXTERNAL = (
    "{} had its patients at another time or place, or in another study: usual care, assessment and charting may have "
    "differed, whatever is adjusted for."
)
_NO_FINDING = (
    "Where nobody was assessed, the 0 % under an estimand follows from counting the unknown as “no”: it is no finding.",
)
_BIASED_LOW = (
    "That one part is not met is easier to know than that all are met: over “decided” alone, such endpoints look rarer "
    "than they are.",
)


_NAKED = (
    "Percentages of other studies are of other patients, most of them by other definitions: set beside ours they "
    "describe, and nothing is adjusted for. So it is in {}."
)
_NO_COMPARATOR = (
    "Indirect comparisons set our patients beside those of another study, whom nobody randomised against each other: "
    "what was not matched, and what was measured otherwise, is in the difference. So it is in {}."
)


def cautions_section(study: Study, lookup: Lookup, intake: Intake) -> Section | None:
    """None if there is nothing to warn of."""
    places = all_places(study, lookup)
    found = [
        ("Synthetic data", _synthetic(study)),
        ("Survivors", _survivors(study, lookup)),
        ("Reached already", _already(study, lookup)),
        ("Denominators differ", _changing(study, lookup)),
        ("Not assessed", _nobody(places)),
        ("Biased low", _decided_alone(places)),
        ("Populations", _unknown_members(study, lookup)),
        ("Arms", _in_no_arm(study, lookup)),
        ("Comparisons", _confounded(study)),
        ("External arms", _external(study)),
        ("Adjusted comparisons", _adjusted(study, lookup)),
        ("Predictors", _models(study, lookup)),
        ("Centres", _centres(study, lookup)),
        ("Hazard ratios", _hazards(study, lookup)),
        ("Other studies", _other_studies(study)),
        ("Indirect comparisons", _indirect(study, lookup)),
        ("Pooled results", _pooled(study, lookup)),
        ("Imputation", [note(each) for each in imputation_warnings(study, lookup)]),
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
            told = lookup.one(excluded(criterion.name), guard(SELECTED))
            kept_out = words(count(told, "numerator"), " of the ", count(told, "denominator"), " screened.")
            found.append(words(note(told), " It kept out ", kept_out))
    of_population = {
        address.population: result
        for address, result in lookup.noted()
        if address.population and result.statistic == guard(SELECTED)
    }
    return [*found, *(note(result) for result in of_population.values())]


# Endpoints


def _where(place: Place) -> str:
    return f"{place.visit.label}, {place.among}: "


def _already(study: Study, lookup: Lookup) -> list[Words]:
    """Who fulfils an endpoint before there was any treatment."""
    found = [
        words(where, said)
        for where, analysis, population in _populations(study)
        if (said := fulfilled_already(study, analysis, population, lookup))
    ]
    return [(COUNTED,), *found] if found else []


def _changing(study: Study, lookup: Lookup) -> list[Words]:
    return [
        words(where, said)
        for where, analysis, population in _populations(study)
        if (said := changing_denominators(analysis, population, lookup))
    ]


def _populations(study: Study) -> Iterator[tuple[str, Endpoints, str]]:
    """Of each analysis of endpoints, in words and by name."""
    for analysis in study.analyses:
        if isinstance(analysis, Endpoints):
            for name in analysis.every_population:
                yield f"{analysis.title}, {among(study.populations[name])}. ", analysis, name


def _nobody(places: list[Place]) -> list[Words]:
    found = []
    for place in places:
        unseen = [endpoint for endpoint in place.endpoints if place.assessed(endpoint).in_nobody]
        if unseen:
            n = place.share(unseen[0], DECIDED).n
            known = words(" (known in ", count(n, "denominator"), " of ", count(n, "population_n"), ").")
            found.append(words(_where(place), listed([small(endpoint.label) for endpoint in unseen]), known))
    return [_NO_FINDING, *found] if found else []


def _decided_alone(places: list[Place]) -> list[Words]:
    """Endpoints that are decided in more patients than have every part known."""
    found = []
    for place in places:
        for endpoint in place.endpoints:
            assessed = place.assessed(endpoint)
            if assessed.biased_low:
                decided, complete = (count(share.n, "denominator") for share in (assessed.decided, assessed.complete))
                label = f"{small(endpoint.label)} is decided in "
                found.append(words(_where(place), label, decided, ", complete in ", complete, "."))
    return [_BIASED_LOW, *found] if found else []


# Populations, values, cells


def _unknown_members(study: Study, lookup: Lookup) -> list[Words]:
    found = []
    for name, population in study.populations.items():
        result = lookup.one(belonging(study, name), "n")
        if result.note:
            found.append(words(f"{capital(population.label)}: ", note(result), "."))
    return found


def _confounded(study: Study) -> list[Words]:
    """Comparisons of arms to which chance did not assign the patients."""
    found: dict[bool, list[str]] = {False: [], True: []}  # by whether something is adjusted for
    for analysis in study.analyses:
        if analysis.arms and analysis.arms.compared and not analysis.arms.randomised:
            covariates = isinstance(analysis, Ancova | TimeToEvent | AdjustedComparison) and bool(analysis.covariates)
            found[covariates or isinstance(analysis, RepeatedMeasures)].append(quoted(analysis.title))
    said: list[Words] = [_NOT_RANDOMISED, (f"So it is in {listed_text(found[False])}.",)] if found[False] else []
    return [*said, (_ONLY_COVARIATES.format(listed_text(found[True])),)] if found[True] else said


def _external(study: Study) -> list[Words]:
    names = next(iter(study.arms.values())).external if study.arms else ()
    return [(_EXTERNAL.format(capital(listed_text(list(names)))),)] if names else []


def _adjusted(study: Study, lookup: Lookup) -> list[Words]:
    """What limits the comparison of arms that chance did not assign."""
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, AdjustedComparison)]
    return [
        words(f"{analysis.title}, {among(study.populations[population])}: ", note(each))
        for analysis in analyses
        for population in analysis.populations
        for at in adjusted_addresses(analysis, population)
        for each in guards_at(lookup, at)
    ]


def _centres(study: Study, lookup: Lookup) -> list[Words]:
    """What limits the comparison of centres."""
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, Centres)]
    return [
        words(f"{found.analysis.title}, {among(study.populations[found.population])}: ", note(each))
        for analysis in analyses
        for found in by_centre(study, analysis, lookup)
        for each in guards_at(lookup, found.address)
    ]


def _models(study: Study, lookup: Lookup) -> list[Words]:
    """What warns of the models of all covariates."""
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, Predictors)]
    models = [model for analysis in analyses for model in models_of(study, analysis, lookup)]
    return [
        words(f"{model.analysis.title}, {among(study.populations[model.population])}: ", note(each))
        for model in models
        for each in guards_at(lookup, model.at(MULTIVARIABLE))
    ]


def _pooled(study: Study, lookup: Lookup) -> list[Words]:
    """What warns of pooled published results."""
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, Pooling)]
    return [
        words(f"{pooling.title}: ", note(each))
        for pooling in analyses
        for each in guards_at(lookup, pooling.pooled(), HETEROGENEITY)
    ]


def _hazards(study: Study, lookup: Lookup) -> list[Words]:
    """What warns of hazard ratios: of the model of all covariates, or of that of the arms if there are no others."""
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, TimeToEvent)]
    models = [model for analysis in analyses for model in hazards_of(analysis, lookup)]
    return [
        words(f"{model.analysis.title}, {among(study.populations[model.population])}: ", note(each))
        for model in models
        for each in guards_at(lookup, model.whole)
    ]


def _other_studies(study: Study) -> list[Words]:
    """Percentages of others that stand beside ours, and which of them are not sure."""
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, Comparison)]
    if not analyses:
        return []
    titles = listed_text([quoted(analysis.title) for analysis in analyses])
    unsure = {
        each.evidence.title
        for analysis in analyses
        for each in analysis.beside
        if any(not number.sure for result in each.results for number in result.numbers.values())
    }
    marked = f" Not sure, and therefore marked, are numbers of {listed_text(sorted(unsure))}." if unsure else ""
    return [(f"{_NAKED.format(titles)}{marked}",)]


def _indirect(study: Study, lookup: Lookup) -> list[Words]:
    """Patients whom nobody randomised against each other, and what else limits it."""
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, Indirect)]
    said: list[Words] = [(_NO_COMPARATOR.format(listed_text([each.title for each in analyses])),)] if analyses else []
    for analysis in analyses:
        for found in found_of(study, analysis, lookup):
            label = f"{analysis.title}, {among(study.populations[found.population])}: "
            said += [words(label, note(each)) for at in found.addresses for each in guards_at(lookup, at)]
    return said


def _in_no_arm(study: Study, lookup: Lookup) -> list[Words]:
    """Of the eligible patients, who is in the total and in no arm."""
    results = [lookup.one(in_arm(arms, ELIGIBLE, arms.names[0]), "n") for arms in study.arms.values()]
    return [words(capital(study.populations[ELIGIBLE].label), ": ", note(each), ".") for each in results if each.note]


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
    return [words("No mean is given where some values are known only to be beyond a limit: ", listed([*labels]), ".")]


def _labels(analysis: Summary | Course) -> dict[str, str]:
    if isinstance(analysis, Course):
        return {variable.name: variable.label for variable, _ in analysis.rows}
    return {variable.name: variable.label for variable in analysis.rows}


def _refused(intake: Intake) -> list[Words]:
    """Counted by the intake, not in the results."""
    if not intake.refused:
        return []
    number = rounded(float(intake.refused), 0)
    were, are = ("cells or rows were", "are") if intake.refused != 1 else ("cell or row was", "is")
    return [(f"{number} {were} refused on reading the charts, and {are} missing here: see “Charts and intake”.",)]
