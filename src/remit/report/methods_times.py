"""Methods, of the time to an event."""

from __future__ import annotations

from remit.language.describe import describe
from remit.language.query import Aggregate, Known, plain
from remit.report.document import Block, Definition, Definitions, Paragraph, Section
from remit.report.methods_predictors import covariate_said
from remit.report.wording import capital, listed_text, sentence
from remit.study.analyses.kinds import TimeToEvent
from remit.study.study import Study

_LOG_RANK = (
    "Times of the arms are compared by the two-sided log-rank test (Mantel, Cancer Chemother Rep 1966;50:163–70; Peto "
    "and Peto, J R Stat Soc A 1972;135:185–206), over all arms{}. Who is in no arm is not compared."
)

_KAPLAN_MEIER = (
    "The share without the event is Kaplan and Meier’s (J Am Stat Assoc 1958;53:457–81), its variance Greenwood’s, its "
    "95 % confidence interval made on the scale of log(−log); the interval of a median is Brookmeyer and Crowley’s "
    "(Biometrics 1982;38:29–41). A median is not reached where more than half are without the event to the end of "
    "the curve. Patients of whom the time is not known are counted as such, and are in no curve."
)
_AALEN_JOHANSEN = (
    "The incidence of an event for each reason, where the others compete with it, is Aalen and Johansen’s (Scand J "
    "Stat 1978;5:141–50), its 95 % confidence interval made on the scale of log(−log). A reason that nobody had is not "
    "shown; an event of which the reason is not known stands as such."
)
_GRAY = "Incidences of the arms are compared by Gray’s test (Ann Stat 1988;16:1141–54)."

_COX = (
    "Hazard ratios are those of Cox’s regression (J R Stat Soc B 1972;34:187–220), events on one day handled as by "
    "Efron (J Am Stat Assoc 1977;72:557–65), with Wald’s 95 % confidence intervals and tests{}. That a hazard ratio "
    "stays the same over time is tested by the score test against one that changes with the share that has had the "
    "event (Grambsch and Therneau, Biometrika 1994;81:515–26); where p is below 0.05 a warning is given, and so it is"
    " with fewer than 10 events a coefficient (Peduzzi and others, J Clin Epidemiol 1995;48:1503–10). Where the "
    "likelihood has no maximum, as in a group without events, no hazard ratio is given, and the interval is of the "
    "profile likelihood."
)
_COVARIATES = (
    ": first of each covariate alone, in the patients in whom it is known, then of all of them{} together, in the "
    "patients in whom all are known. No covariate is chosen by its p-value. A number known only to lie beyond a limit"
    " of the test counts as not known"
)


def times_section(study: Study) -> Section | None:
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, TimeToEvent)]
    if not analyses:
        return None
    items = tuple(Definition(capital(each.title), ((_definition(study, each),),)) for each in analyses)
    blocks: list[Block] = [Definitions(items), Paragraph((_KAPLAN_MEIER,))]
    blocks += [*_compared(analyses), *_hazards(analyses), *_by_reason(analyses)]
    return Section("methods-times", "Time to an event", tuple(blocks))


def _compared(analyses: list[TimeToEvent]) -> list[Block]:
    arms = [analysis.arms for analysis in analyses if analysis.arms and analysis.compare]
    if not arms:
        return []
    reference = next((each.reference for each in arms if each.reference), None)
    return [Paragraph((_LOG_RANK.format(f", and of each other arm against {reference}" if reference else ""),))]


def _hazards(analyses: list[TimeToEvent]) -> list[Block]:
    """Said where some hazard ratio is given."""
    models = [analysis for analysis in analyses if analysis.modelled]
    if not models:
        return []
    others = [analysis for analysis in models if analysis.covariates]
    with_arm = " and the arm" if any(len(each.modelled) > len(each.covariates) for each in others) else ""
    return [Paragraph((_COX.format(_COVARIATES.format(with_arm) if others else ""),))]


def _by_reason(analyses: list[TimeToEvent]) -> list[Block]:
    """Said of the analyses that tell by which of several events a time ended."""
    told = [analysis for analysis in analyses if analysis.reason is not None]
    if not told:
        return []
    gray = [_GRAY] if any(analysis.arms and analysis.compare for analysis in told) else []
    return [Paragraph((" ".join([_AALEN_JOHANSEN, *gray]),))]


def _definition(study: Study, analysis: TimeToEvent) -> str:
    start, event, censored = (
        describe(query, study.scope) for query in (analysis.start, analysis.event, analysis.censored)
    )
    reasons = [] if analysis.reason is None else [describe(analysis.reason, study.scope)]
    said = [
        sentence(f"days from {start}, which is day 0, to {event}"),
        *_happened(study, analysis),
        sentence(f"a patient without it is observed until {censored}"),
        "An event after that date is not counted.",
        *(sentence(f"events of different reasons exclude one another; the reason is {reason}") for reason in reasons),
        *_covariates(study, analysis),
    ]
    return " ".join(said)


def _covariates(study: Study, analysis: TimeToEvent) -> list[str]:
    named = listed_text([covariate_said(study, each) for each in analysis.covariates], comma="; ")
    return [sentence(f"covariates: {named}")] if named else []


def _happened(study: Study, analysis: TimeToEvent) -> list[str]:
    """Said where it is not told by the date itself."""
    match plain(analysis.event), analysis.happened:
        case Aggregate() as rows, Aggregate("any") as asked if rows.where == asked.where:
            return []
        case _, Known(event) if event == analysis.event:
            return []
    return [sentence(f"there is an event where this holds: {describe(analysis.happened, study.scope)}")]
