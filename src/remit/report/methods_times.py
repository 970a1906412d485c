"""Methods, of the time to an event."""

from __future__ import annotations

from remit.language.describe import describe
from remit.language.query import Aggregate, Known, plain
from remit.report.document import Block, Definition, Definitions, Paragraph, Section
from remit.report.wording import capital, sentence
from remit.study.study import Study, TimeToEvent

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


def times_section(study: Study) -> Section | None:
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, TimeToEvent)]
    if not analyses:
        return None
    items = tuple(Definition(capital(each.title), ((_definition(study, each),),)) for each in analyses)
    blocks: list[Block] = [Definitions(items), Paragraph((_KAPLAN_MEIER,))]
    blocks += [*_compared(analyses), *_by_reason(analyses)]
    return Section("methods-times", "Time to an event", tuple(blocks))


def _compared(analyses: list[TimeToEvent]) -> list[Block]:
    arms = [analysis.arms for analysis in analyses if analysis.arms and analysis.compare]
    if not arms:
        return []
    reference = next((each.reference for each in arms if each.reference), None)
    return [Paragraph((_LOG_RANK.format(f", and of each other arm against {reference}" if reference else ""),))]


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
    ]
    return " ".join(said)


def _happened(study: Study, analysis: TimeToEvent) -> list[str]:
    """Said where it is not told by the date itself."""
    match plain(analysis.event), analysis.happened:
        case Aggregate() as rows, Aggregate("any") as asked if rows.where == asked.where:
            return []
        case _, Known(event) if event == analysis.event:
            return []
    return [sentence(f"there is an event where this holds: {describe(analysis.happened, study.scope)}")]
