"""Methods, second part: denominators, events, statistics, software."""

from __future__ import annotations

import hashlib
from importlib.metadata import version

from remit.language.describe import describe
from remit.language.fields import carries_forward
from remit.language.query import Constant, plain
from remit.language.types import Number, Ratio, Span
from remit.report.document import Block, Definition, Definitions, Paragraph, Section
from remit.report.effectiveness import strata_in_words
from remit.report.methods_changes import changes_said, covariance_said, repeated_said
from remit.report.methods_multiplicity import allowance
from remit.report.wording import capital, listed_text, quoted, sentence, small
from remit.study.analyses.kinds import (
    Analysis,
    Ancova,
    Centres,
    Change,
    Course,
    Endpoints,
    Events,
    Multiplicity,
    Period,
    Predictors,
    Rates,
    RepeatedMeasures,
    Sensitivity,
    Summary,
    TimeToEvent,
)
from remit.study.comparisons.kinds import Comparison
from remit.study.needs import queries
from remit.study.study import Study
from remit.study.written import Missing

_LOGIC = (
    "Definitions are decided by three-valued logic: a comparison with a value that is missing is not known, and so is "
    "what depends on it."
)
_LIMIT = "A value beyond an assay’s limit decides a comparison where the limit decides it."
_NEVER_MIXED = "Each percentage is shown over each of these denominators; they are never mixed:"
_DECIDED = (
    "The patients for whom the definition gives yes or no. One part that is not met decides a definition with several "
    "parts, whatever the others are. Over these patients alone such a definition is biased low, for one part that is "
    "not met is easier to know than that all are met."
)
_COMPLETE = "The patients for whom every part of the definition is known."
_REQUIRED = "The patients who have the basis that the protocol requires for the endpoint, and for whom it is decided."
_ESTIMANDS = "All patients of the population{}; those in whom the endpoint is not known count as not having reached it."

_PROPORTIONS = (
    "Proportions are given with 95 % confidence intervals by Wilson’s score method without continuity correction "
    "(J Am Stat Assoc 1927;22:209–12)."
)
_NUMBERS = (
    "Numbers are given as mean and standard deviation, and as median, quartiles and range; quartiles are averages of "
    "adjacent order statistics (type 2 of Hyndman and Fan, Am Stat 1996;50:361–5)."
)
_MEANS = "Means over the visits have 95 % confidence intervals by Student’s t (Biometrika 1908;6:1–25)."
_CENSORED = (
    "Values beyond an assay’s limit take their place in the order; where there is one no mean is given, for it would "
    "need a substitution."
)
_WITHOUT_PROPORTIONS = (Course, TimeToEvent, Change, Ancova, RepeatedMeasures, Rates)  # none of their numbers is one
_EXACT = "Comparisons and conversions of units are exact, and only printed numbers are rounded (half up)."
_NOTHING_CARRIED = "Nothing is imputed or carried forward."
_CARRIED = "Values are carried forward where a definition says so; {}."
_HANDLINGS: dict[Missing, str] = {
    "decided": "those not known are left out",
    "non-response": "they count as not having reached it",
    "last observed": "the last known value after the reference visit is carried forward; those without one are left "
    "out",
    "bounds": "they count all as not having reached it, and all as having reached it",
    "imputation": "they are imputed",
    "hybrid": "those who had an event before count as not having reached it, and the others are imputed",
}
_COMPLETIONS = (
    "For each number of those not known who could have reached it, the percentage is given with its interval (after "
    "Hollis, Stat Med 2002;21:3823–34)."
)
_PAIRS = (
    "Arms are compared for every way in which their unknown may have ended (after Yan, Lee and Li, J Biopharm Stat "
    "2009;19:1085–98)."
)
_BENCHMARK = (
    "Percentages are compared with {} by the two-sided exact binomial test, and by the posterior probability of "
    "exceeding it, after Jeffreys’ prior, beta(0.5, 0.5)."
)


def denominators(study: Study) -> Section | None:
    if not study.endpoints:
        return None
    required = any(endpoint.requires for endpoint in study.endpoints.values())
    given = {
        "Decided": _DECIDED,
        "Complete": _COMPLETE,
        **({"Required": _REQUIRED} if required else {}),
        **({"Estimands": _ESTIMANDS.format(strata_in_words(study.estimands.values()))} if study.estimands else {}),
    }
    items = tuple(Definition(term, ((text,),)) for term, text in given.items())
    title = "Denominators and missing data"
    opening = " ".join([_LOGIC, *([_LIMIT] if _has_limits(study) else []), _NEVER_MIXED])
    return Section("methods-denominators", title, (Paragraph((opening,)), Definitions(items)))


def _has_limits(study: Study) -> bool:
    """Whether any value of the charts may be given as beyond an assay's limit."""
    fields = (field for form in study.forms.values() for field in form.fields.values())
    return any(isinstance(field.type, Number) and field.type.censored for field in fields)


def events_section(study: Study) -> Section | None:
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, Events)]
    if not analyses:
        return None
    titles = listed_text([small(analysis.title) for analysis in analyses])
    said = f"{capital(titles)} are counted as events, and as patients with at least one."
    blocks: list[Block] = [Paragraph((said,))]
    if analyses[0].periods:
        blocks.append(Paragraph(("An event belongs to the first of these periods whose condition holds for it:",)))
        blocks.append(Definitions(tuple(_period(study, period) for period in analyses[0].periods)))
    sources = dict.fromkeys(analysis.special_interest_source for analysis in analyses)
    blocks += [Paragraph((_special_interest(source),)) for source in sources if source]
    return Section("methods-events", "Events", tuple(blocks))


def _special_interest(source: str) -> str:
    return (
        "Events of special interest are found by their terms, which are matched whole and without regard to case. "
        f"Source of the list: {sentence(source)} Where none occurred, the upper end of the interval is given."
    )


def _period(study: Study, period: Period) -> Definition:
    """A last period whose condition is "yes" takes what remains."""
    inner = plain(period.where)
    rest = isinstance(inner, Constant) and inner.value is True
    text = "all other events" if rest else describe(period.where, study.scope)
    return Definition(capital(period.label), ((sentence(text),),))


def statistics_section(study: Study) -> Section:
    numbers = any(_has_numbers(analysis) for analysis in study.analyses)
    printed = [
        *([_PROPORTIONS] if any(not isinstance(analysis, _WITHOUT_PROPORTIONS) for analysis in study.analyses) else []),
        *([_NUMBERS] if numbers else []),
        *([_MEANS] if any(isinstance(each, Course) and each.intervals for each in study.analyses) else []),
        *([_CENSORED] if numbers and _has_limits(study) else []),
        _EXACT,
    ]
    sensitivity = [analysis for analysis in study.analyses if isinstance(analysis, Sensitivity)]
    missing = [_carried(study), *_sensitivity(sensitivity)]
    compared = [*changes_said(study), *covariance_said(study), *repeated_said(study)]
    tested = [f"No hypothesis is tested{_but(study)}, and {allowance(study)}."]
    groups = [small(variable.label) for variable in study.subgroups.values()]
    if groups and any(isinstance(analysis, Endpoints) and analysis.subgroups for analysis in study.analyses):
        tested.append(f"Endpoints are also shown by {listed_text(groups)}.")
    said = tuple(Paragraph((" ".join(part),)) for part in (printed, missing, compared, tested) if part)
    return Section("methods-statistics", "Statistics", said)


def _carried(study: Study) -> str:
    by_definition = carries_forward(query for _, query in queries(study))
    asked = [analysis for analysis in study.analyses if isinstance(analysis, Sensitivity)]
    titles = [quoted(analysis.title) for analysis in asked if "last observed" in analysis.missing]
    imputed = study.imputes
    nothing = "beside what is told above, nothing is imputed" if imputed else "nothing else is imputed"
    if not titles:
        if by_definition:
            return _CARRIED.format(nothing)
        return "Nothing is carried forward." if imputed else _NOTHING_CARRIED
    definition = "where a definition says so, and " if by_definition else ""
    return f"Values are carried forward {definition}in a column of {listed_text(titles)}; {nothing}."


def _sensitivity(analyses: list[Sensitivity]) -> list[str]:
    """What each handling does, said once of the analyses that show the same ones; and each benchmark."""
    titles: dict[tuple[Missing, ...], list[str]] = {}
    for analysis in analyses:
        titles.setdefault(tuple(analysis.missing), []).append(quoted(analysis.title))
    said = []
    for missing, of in titles.items():
        shows = f"{listed_text(of)} {'show' if len(of) > 1 else 'shows'}"
        ways = "; ".join(_HANDLINGS[each] for each in missing)
        said.append(f"{shows} what the handling of missing assessments changes: {ways}.")
    benchmarks = dict.fromkeys(analysis.benchmark for analysis in analyses if analysis.benchmark is not None)
    tests = [_BENCHMARK.format(f"{float(100 * benchmark):g} %") for benchmark in benchmarks]
    pairs = [_PAIRS] if any(analysis.arms and analysis.arms.compared for analysis in analyses) else []
    return [*said, *([_COMPLETIONS] if said else []), *pairs, *tests]


def _but(study: Study) -> str:
    """By which tests, if any: in a clause."""
    tests = _tests(study)
    return f" but by {listed_text(tests)}" if tests else ""


def _tests(study: Study) -> list[str]:
    """The tests that the study makes."""
    times = [analysis for analysis in study.analyses if isinstance(analysis, TimeToEvent)]
    compared = [analysis for analysis in times if analysis.arms and analysis.compare]
    made = {
        "the log-rank test": bool(compared),
        "the Wald and proportionality tests of Cox’s regression": any(analysis.modelled for analysis in times),
        "Gray’s test": any(analysis.reason is not None for analysis in compared),
        "the t and F tests of the analysis of covariance": any(
            isinstance(analysis, Ancova) for analysis in study.analyses
        ),
        "the t tests of the mixed model": any(isinstance(analysis, RepeatedMeasures) for analysis in study.analyses),
        "Wilcoxon’s signed rank test": any(isinstance(analysis, Change) for analysis in study.analyses),
        "the t test of changes with missing values imputed": any(
            isinstance(analysis, Change) and "imputation" in analysis.missing for analysis in study.analyses
        ),
        "likelihood-ratio tests of predictors": any(isinstance(analysis, Predictors) for analysis in study.analyses),
        "the exact test of rate ratios": any(
            isinstance(analysis, Rates) and analysis.arms and analysis.arms.compared for analysis in study.analyses
        ),
        "the exact binomial test against a benchmark": any(
            isinstance(analysis, Sensitivity) and analysis.benchmark is not None for analysis in study.analyses
        ),
        "the exact binomial test against published percentages": any(
            isinstance(analysis, Comparison) and analysis.benchmark for analysis in study.analyses
        ),
        "Fisher’s exact test": any(
            isinstance(analysis, Multiplicity) and any(test.of_two_arms_by_counts for test in analysis.tests)
            for analysis in study.analyses
        ),
        "the test that centres do not differ": any(isinstance(analysis, Centres) for analysis in study.analyses),
    }
    return [test for test, is_made in made.items() if is_made]


def _has_numbers(analysis: Analysis) -> bool:
    if isinstance(analysis, Course):
        return True
    kinds = [row.query.type for row in analysis.rows] if isinstance(analysis, Summary) else []
    return any(isinstance(kind, Number | Span | Ratio) for kind in kinds)


def software(study: Study) -> Section:
    return Section("methods-software", "Software", (Paragraph((software_text(study),)),))


def software_text(study: Study) -> str:
    identity, names = study.identity, study.packs.names
    packs = listed_text([f"{name} {number}" for name, number in names.items()])
    with_packs = f", with the pack{'s' if len(names) > 1 else ''} {packs}" if packs else ""
    digest = f"SHA-256 {study_digest(study)}"
    return f"remit {remit_version()}; study file {identity.id}, version {identity.version} ({digest}){with_packs}."


def remit_version() -> str:
    return version("remit")


def study_digest(study: Study) -> str:
    """The fingerprint of the study file, its first sixteen digits: what `sha256sum` says of it begins so."""
    return hashlib.sha256(study.path.read_bytes()).hexdigest()[:16]
