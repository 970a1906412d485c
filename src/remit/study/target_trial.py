"""The section `target_trial`: the trial that a comparison without chance stands for, element by element.

M. A. Hernán and J. M. Robins, American Journal of Epidemiology 2016;183:758-64.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from remit.study.analyses.kinds import AdjustedComparison, Analysis
from remit.study.model import StudyFile, TargetTrialPart
from remit.study.place import Place
from remit.study.study import Element

ELEMENTS = tuple(TargetTrialPart.model_fields)


def make_target_trial(file: StudyFile, analyses: Sequence[Analysis], place: Place) -> Mapping[str, Element]:
    """What the author tells of each element. `place`: of the section. Raises WrongInput."""
    part = file.target_trial
    if part is None:
        return {}
    if not any(isinstance(analysis, AdjustedComparison) for analysis in analyses):
        remedy = "Add an analysis of `kind: adjusted`, whose table shows it; or remove this."
        raise place.wrong_name("no analysis emulates this trial", remedy)
    told = {name: getattr(part, name) for name in ELEMENTS}
    return {name: Element(each.target, each.emulated) for name, each in told.items() if each is not None}
