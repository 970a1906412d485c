"""What the methods section says of changes within patients."""

from __future__ import annotations

from remit.study.study import Change, Study

_CHANGES = (
    "Changes within patients are those of the patients with both values: means with intervals by the paired t "
    "distribution (Student, Biometrika 1908;6:1–25); Wilcoxon’s signed rank test, two-sided, exact up to 500 patients, "
    "in which differences of zero are ranked and then left out (Pratt, J Am Stat Assoc 1959;54:655–67); and the "
    "estimate of Hodges and Lehmann (Ann Math Stat 1963;34:598–611)."
)


def changes_said(study: Study) -> list[str]:
    """In a study that asks for none: nothing."""
    return [_CHANGES] if any(isinstance(analysis, Change) for analysis in study.analyses) else []
