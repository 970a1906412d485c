"""The section `analyses`: each table and figure, as its kind is made. CONTRIBUTING.md says where a new kind goes."""

from __future__ import annotations

from dataclasses import replace

from remit.study.analyses.adjusted import adjusted
from remit.study.analyses.ancova import ancova
from remit.study.analyses.centres import centres
from remit.study.analyses.change import change
from remit.study.analyses.completeness import completeness
from remit.study.analyses.course import course
from remit.study.analyses.declared import Declared
from remit.study.analyses.endpoints import endpoints
from remit.study.analyses.events import events
from remit.study.analyses.kinds import Analysis, OfStudy
from remit.study.analyses.model import (
    AdjustedPart,
    AnalysisPart,
    AncovaPart,
    CentresPart,
    ChangePart,
    CompletenessPart,
    CoursePart,
    EndpointsPart,
    EventsPart,
    MultiplicityPart,
    PartOfPatients,
    PredictorsPart,
    RatesPart,
    RepeatedMeasuresPart,
    SensitivityPart,
    ShiftPart,
    StatesPart,
    SummaryPart,
    TimeToEventPart,
)
from remit.study.analyses.multiplicity import multiplicity
from remit.study.analyses.predictors import predictors
from remit.study.analyses.rates import rates
from remit.study.analyses.repeated_measures import repeated_measures
from remit.study.analyses.sensitivity import sensitivity
from remit.study.analyses.shift import shift
from remit.study.analyses.states import states
from remit.study.analyses.summary import summary
from remit.study.analyses.time_to_event import time_to_event
from remit.study.arms import ArmsOfAnalyses
from remit.study.place import Place


def make_analyses(declared: Declared, arms: ArmsOfAnalyses) -> tuple[Analysis, ...]:
    """In the order of the study file. Raises WrongInput."""
    place = declared.place / "analyses"
    written = declared.file.analyses
    found: dict[str, Analysis] = {
        name: replace(_analysis(name, part, place / name, declared), arms=arms.of(part, place / name))
        for name, part in written.items()
        if not isinstance(part, MultiplicityPart)
    }
    families = {
        name: multiplicity(name, _title(name, part), part, place / name, declared, found)
        for name, part in written.items()
        if isinstance(part, MultiplicityPart)
    }
    return tuple((found | families)[name] for name in written)


def _title(name: str, part: AnalysisPart) -> str:
    return part.title or name.replace("_", " ").capitalize()


def _analysis(name: str, part: PartOfPatients, place: Place, declared: Declared) -> OfStudy:
    title = _title(name, part)
    # Those of endpoints are by visit, or perhaps those of the primary one.
    if not isinstance(part, EndpointsPart | SensitivityPart | PredictorsPart | CentresPart | AdjustedPart):
        (place / "populations").each(part.populations, declared.populations, "population")
    match part:
        case SummaryPart():
            return summary(name, title, part, place, declared)
        case EndpointsPart():
            return endpoints(name, title, part, place, declared)
        case CoursePart():
            return course(name, title, part, place, declared)
        case EventsPart():
            return events(name, title, part, place, declared)
        case ShiftPart():
            return shift(name, title, part, place, declared)
        case StatesPart():
            return states(name, title, part, place, declared)
        case CompletenessPart():
            return completeness(name, title, part, place, declared)
        case TimeToEventPart():
            return time_to_event(name, title, part, place, declared)
        case SensitivityPart():
            return sensitivity(name, title, part, place, declared)
        case ChangePart():
            return change(name, title, part, place, declared)
        case PredictorsPart():
            return predictors(name, title, part, place, declared)
        case RatesPart():
            return rates(name, title, part, place, declared)
        case CentresPart():
            return centres(name, title, part, place, declared)
        case RepeatedMeasuresPart():
            return repeated_measures(name, title, part, place, declared)
        case AdjustedPart():
            return adjusted(name, title, part, place, declared)
        case AncovaPart():
            return ancova(name, title, part, place, declared)
