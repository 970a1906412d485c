"""Methods, of missing values that are imputed."""

from __future__ import annotations

from remit.report.document import Definition, Definitions, Section
from remit.report.imputation import signed
from remit.report.wording import listed_text, small
from remit.study.analyses.kinds import Change, Sensitivity
from remit.study.study import Imputation, Study
from remit.study.written import IMPUTED

_CHAINED = (
    "Values that endpoints read and that are not known are imputed {m} times by chained equations (van Buuren and "
    "Groothuis-Oudshoorn, J Stat Softw 2011;45(3)), of all eligible patients together, in {iterations} iterations from "
    "the seed {seed}: scores and ordered levels by local residual draws (Morris, White and Royston, BMC Med Res "
    "Methodol 2014;14:75), other numbers by predictive mean matching, yes and no by logistic regression, levels "
    "without an order by nested ones; a number known only to lie beyond a limit is drawn from beyond it."
)
_PREDICTED = (
    "Each is predicted by {arms}the same field at other visits, the other fields of the endpoint{predictors}, in this "
    "order of nearness, as long as there are five known values for each."
)
_DERIVED = (
    "Endpoints are derived in each completed cohort by their own definitions. What is known stays as it is; nobody "
    "becomes eligible, or changes arm, by a value that was imputed."
)
_POOLED = (
    "The proportions are one by Rubin’s rules (Multiple imputation for nonresponse in surveys, 1987), with Wilson’s "
    "interval for multiple imputations (Lott and Reiter, Am Stat 2020;74:109–15){compared}."
)
_COMPARED = (
    "; differences of arms by Newcombe’s method on these intervals (after Zou and Donner, Stat Med 2008;27:1693–702)"
)
_CHANGES = (
    "Mean changes are one by Rubin’s rules, with the t distribution and the degrees of freedom of Barnard and Rubin "
    "(Biometrika 1999;86:948–55)."
)
_ASSUMED = (
    "This takes it that, among patients who are alike in what is known of them, those whose values are missing fared "
    "like the others (missing at random), which the data cannot show."
)
_SHIFTED = (
    "What would follow if it were not so is shown by shifts of the log odds of those who were imputed by {shifts} (van "
    "Buuren, Flexible Imputation of Missing Data, 2018, 9.2)."
)
_HYBRID = (
    "In the hybrid, an endpoint that is not known counts as not reached by those who had {events} before the visit, "
    "and is imputed in the others."
)
_SET_ASIDE = (
    "Under a hypothetical strategy, values after the event are set aside, and imputed as they would have been without "
    "it."
)


def imputation_section(study: Study) -> Section | None:
    """None where nothing is imputed."""
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, Sensitivity)]
    asked = {missing for analysis in analyses for missing in analysis.missing if missing in IMPUTED}
    how = study.imputation
    if how is None or not study.imputes:
        return None
    changes = any(isinstance(analysis, Change) and "imputation" in analysis.missing for analysis in study.analyses)
    compared = _COMPARED if any(analysis.arms and analysis.arms.compared for analysis in analyses) else ""
    hypothetical = any(
        study.estimands[estimand].events("hypothetical") for analysis in analyses for estimand in analysis.estimands
    )
    items = {
        "How": [_CHAINED.format(m=how.imputations, iterations=how.iterations, seed=how.seed), _predicted(study, how)],
        "Then": [
            _DERIVED,
            *([_POOLED.format(compared=compared)] if asked else []),
            *([_CHANGES] if changes else []),
        ],
        "Assumption": [_ASSUMED, *([_SHIFTED.format(shifts=_numbers(how))] if how.shifts else [])],
        "Events": [
            *([_HYBRID.format(events=_events(study, how))] if "hybrid" in asked else []),
            *([_SET_ASIDE] if hypothetical else []),
        ],
    }
    said = tuple(Definition(term, ((" ".join(lines),),)) for term, lines in items.items() if lines)
    return Section("methods-imputed", "Missing values that are imputed", (Definitions(said),))


def _predicted(study: Study, how: Imputation) -> str:
    named = listed_text([small(variable.label) for variable in how.predictors])
    arms = "the arm, " if study.arms else ""
    return _PREDICTED.format(arms=arms, predictors=f", and {named}" if named else "")


def _numbers(how: Imputation) -> str:
    return listed_text([signed(level) for level in how.shift_levels])


def _events(study: Study, how: Imputation) -> str:
    return listed_text([small(study.events[event].label) for event in how.non_response_after], last="or")
