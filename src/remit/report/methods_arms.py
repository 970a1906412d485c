"""Methods: the arms, and how they are compared."""

from __future__ import annotations

from remit.language.describe import describe
from remit.report.document import Block, Definition, Definitions, Paragraph, Section
from remit.report.wording import capital, listed_text, quoted, sentence
from remit.study.analyses.kinds import AdjustedComparison, Ancova, Arms, Endpoints, RepeatedMeasures, TimeToEvent
from remit.study.study import Study

_KINDS = {"planned": "planned arm", "actual": "actual arm"}
_TOTAL = (
    "Numbers are given in each arm and in total. A patient whose arm is not known, or is none of these, counts in the "
    "total and in no arm; how many there are is said under the table."
)
_PROPORTIONS = (
    "Differences of proportions are given in percentage points, with 95 % confidence intervals by Newcombe’s hybrid "
    "score method without continuity correction (method 10; Stat Med 1998;17:873–90)."
)
_MEANS = (
    "Differences of means are given with 95 % confidence intervals by Welch’s method for unequal variances "
    "(Biometrika 1947;34:28–35). None of these differences is adjusted, neither for the "
    "value at the reference visit nor for anything else."
)

_OF_THEIR_OWN = (TimeToEvent, Ancova, RepeatedMeasures, AdjustedComparison)  # said with the method


def arms_section(study: Study) -> Section | None:
    if not study.arms:
        return None
    items = tuple(
        Definition(capital(_KINDS[kind]), ((sentence(describe(arms.query, study.scope)),),))
        for kind, arms in study.arms.items()
    )
    blocks: list[Block] = [Paragraph((_arms(study),)), Definitions(items), *_compared(study)]
    return Section("methods-arms", "Arms", tuple(blocks))


def _arms(study: Study) -> str:
    """Which there are, and which analyses go by which."""
    names = listed_text(list(next(iter(study.arms.values())).names))
    chance = ["Patients were assigned to the planned arms at random."] if _is_random(study) else []
    said = [f"The arms are {names}.", *chance, _TOTAL]
    if len(study.arms) > 1:
        for kind, words in _KINDS.items():
            titles = [
                quoted(analysis.title) for analysis in study.analyses if analysis.arms and analysis.arms.kind == kind
            ]
            said += [f"By {words}: {listed_text(titles)}."] if titles else []
    groups = any(isinstance(analysis, Endpoints) and analysis.subgroups for analysis in study.analyses)
    said += [_external(study)] if _external(study) else []
    return " ".join([*said, *(["Subgroups are of all arms together, and compare no arms."] if groups else [])])


def _external(study: Study) -> str:
    """Which arms are cohorts of another time, place or study."""
    names = next(iter(study.arms.values())).external
    if not names:
        return ""
    are = "are external arms" if len(names) > 1 else "is an external arm"
    return (
        f"{capital(listed_text(list(names)))} {are}, of another time, place or study: nobody was assigned to it here."
    )


def _is_random(study: Study) -> bool:
    return any(arms.randomised for arms in study.arms.values())


def _compared(study: Study) -> list[Block]:
    compared = [
        analysis
        for analysis in study.analyses
        if analysis.arms and analysis.arms.compared and not isinstance(analysis, _OF_THEIR_OWN)
    ]
    if not compared:
        return []
    arms = compared[0].arms
    assert isinstance(arms, Arms)
    titles = listed_text([quoted(analysis.title) for analysis in compared])
    said = f"Each other arm is compared with {arms.reference} ({titles}), by its result minus that of {arms.reference}."
    return [Paragraph((" ".join([said, _PROPORTIONS, _MEANS]),))]
