"""The section `analyses`: each table and figure, as its kind is made. CONTRIBUTING.md says where a new kind goes."""

from __future__ import annotations

from dataclasses import replace

from remit.study.analyses.ancova import ancova
from remit.study.analyses.centres import centres
from remit.study.analyses.change import change
from remit.study.analyses.course import course
from remit.study.analyses.declared import Declared
from remit.study.analyses.endpoints import endpoints
from remit.study.analyses.events import events
from remit.study.analyses.model import (
    AnalysisPart,
    AncovaPart,
    CentresPart,
    ChangePart,
    CoursePart,
    EndpointsPart,
    EventsPart,
    PredictorsPart,
    RatesPart,
    SensitivityPart,
    ShiftPart,
    SummaryPart,
    TimeToEventPart,
)
from remit.study.analyses.predictors import predictors
from remit.study.analyses.rates import rates
from remit.study.analyses.sensitivity import sensitivity
from remit.study.analyses.shift import shift
from remit.study.analyses.summary import summary
from remit.study.analyses.time_to_event import time_to_event
from remit.study.arms import ArmsOfAnalyses
from remit.study.place import Place
from remit.study.study import Analysis


def make_analyses(declared: Declared, arms: ArmsOfAnalyses) -> tuple[Analysis, ...]:
    """In the order of the study file. Raises WrongInput."""
    found = []
    for name, part in declared.file.analyses.items():
        place = declared.place / "analyses" / name
        found.append(replace(_analysis(name, part, place, declared), arms=arms.of(part, place)))
    return tuple(found)


def _analysis(name: str, part: AnalysisPart, place: Place, declared: Declared) -> Analysis:
    title = part.title or name.replace("_", " ").capitalize()
    # Those of endpoints are by visit, or perhaps those of the primary one.
    if not isinstance(part, EndpointsPart | SensitivityPart | PredictorsPart | CentresPart):
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
        case AncovaPart():
            return ancova(name, title, part, place, declared)
