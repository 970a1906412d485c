"""A published outcome by its name: `trial.remission`."""

from __future__ import annotations

from remit.study.analyses.declared import Declared
from remit.study.evidence.evidence import Evidence, Outcome
from remit.study.place import Place


def outcome_named(written: str, place: Place, declared: Declared) -> tuple[Evidence, Outcome]:
    """`place`: where the name stands. Raises WrongInput."""
    shelf = declared.packs.evidence
    study, dot, name = written.partition(".")
    if not dot:
        what = f"'{written}' is no published outcome"
        raise place.wrong(what, "Write the study and its outcome, with a point between them: `trial.remission`.")
    place.known(study, shelf, "evidence")
    evidence = shelf[study]
    outcomes = {**evidence.outcomes, **evidence.safety}
    place.known(name, outcomes, f"outcome of {study}")
    return evidence, outcomes[name]
