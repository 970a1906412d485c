"""What is asked of `remit pool`: its options, checked. Raises WrongInput."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from remit.errors import WrongInput
from remit.inference.pooling.between import ESTIMATORS
from remit.inference.pooling.mixed import STUDENT
from remit.inference.pooling.pool import COMMON, HARTUNG_KNAPP, NEVER_NARROWER, NORMAL, RANDOM
from remit.pooling.kinds import Kind

MIXED = "mixed model"
MODELS = {"random": RANDOM, "common": COMMON, "mixed": MIXED}
INTERVALS = {"hartung-knapp": HARTUNG_KNAPP, "never-narrower": NEVER_NARROWER, "normal": NORMAL, "t": STUDENT}
_OF_MODEL = {RANDOM: (HARTUNG_KNAPP, NEVER_NARROWER, NORMAL), COMMON: (NORMAL,), MIXED: (STUDENT, NORMAL)}


@dataclass(frozen=True)
class Asked:
    """As it was written; None: what the model or the kind of the table takes unasked."""

    measure: str | None = None
    model: str = "random"
    heterogeneity: str | None = None
    interval: str | None = None
    subgroup: str | None = None
    moderators: Sequence[str] = ()
    leave_one_out: bool = False
    cumulative: str | None = None


@dataclass(frozen=True)
class Choice:
    """`estimator`: of tau²; None where the model has its own, or none."""

    measure: str
    model: str
    estimator: str | None
    interval: str


def choose(asked: Asked, kind: Kind) -> Choice:
    measure = _named(asked.measure or next(iter(kind.measures)), kind.measures, "--measure")
    model = MODELS[_named(asked.model, MODELS, "--model")]
    if model == MIXED:
        _check_mixed(asked, kind, measure)
    intervals = {written: INTERVALS[written] for written in INTERVALS if INTERVALS[written] in _OF_MODEL[model]}
    interval = intervals[_named(asked.interval, intervals, "--interval")] if asked.interval else _OF_MODEL[model][0]
    if asked.heterogeneity and model != RANDOM:
        what = f"a {model} has no choice of how tau² is estimated"
        raise WrongInput("--heterogeneity", what, "Leave it out, or take `--model random`.")
    estimator = _named(asked.heterogeneity or "REML", ESTIMATORS, "--heterogeneity") if model == RANDOM else None
    return Choice(measure, model, estimator, interval)


def _check_mixed(asked: Asked, kind: Kind, measure: str) -> None:
    if kind.mixed is None:
        what = "a mixed model is of counts in single groups, and the table has none"
        raise WrongInput(
            "--model", what, "Take `--model random`, or a table with n and of, or events and person_years."
        )
    if measure != next(iter(kind.measures)):
        what = f"a mixed model pools on the {next(iter(kind.measures))} alone"
        raise WrongInput("--measure", what, "Leave it out, or take `--model random`.")
    if asked.moderators:
        raise WrongInput("--moderator", "moderators are for `--model random` or common", "Leave one of them out.")


def _named(written: str, names: Iterable[str], option: str) -> str:
    """The name as it is spelled, whatever its capitals."""
    spelled = {name.lower(): name for name in names}
    if written.lower() not in spelled:
        raise WrongInput(option, f"'{written}' is none of its choices", f"Write one of: {', '.join(spelled.values())}.")
    return spelled[written.lower()]
