"""What the methods section says of changes within patients, and of arms compared with allowance for covariates."""

from __future__ import annotations

from remit.language.types import Level, Text, YesNo
from remit.report.wording import listed_text, quoted, small
from remit.study.study import Ancova, Change, Study

_CHANGES = (
    "Changes within patients are those of the patients with both values: means with intervals by the paired t "
    "distribution (Student, Biometrika 1908;6:1–25); Wilcoxon’s signed rank test, two-sided, exact up to 500 patients, "
    "in which differences of zero are ranked and then left out (Pratt, J Am Stat Assoc 1959;54:655–67); and the "
    "estimate of Hodges and Lehmann (Ann Math Stat 1963;34:598–611)."
)


def changes_said(study: Study) -> list[str]:
    """In a study that asks for none: nothing."""
    return [_CHANGES] if any(isinstance(analysis, Change) for analysis in study.analyses) else []


def covariance_said(study: Study) -> list[str]:
    """What each analysis of covariance allows for."""
    return [_covariance(analysis) for analysis in study.analyses if isinstance(analysis, Ancova)]


def _covariance(analysis: Ancova) -> str:
    by = listed_text([small(variable.label) for variable in analysis.covariates])
    allowed = f", with {by} as covariates and the same slopes in all arms" if by else ""
    levels = any(isinstance(variable.query.type, Level | Text | YesNo) for variable in analysis.covariates)
    weighed = "levels count equally" if analysis.weights == "equal" else "levels count as many patients as have them"
    held = f"; for adjusted means numbers are held at their mean{f', and {weighed}' if levels else ''}" if by else ""
    trend = f". The trend is that of a straight line over {small(analysis.dose.label)}" if analysis.dose else ""
    return (
        f"{quoted(analysis.title)} is an analysis of covariance by least squares (Fisher, Statistical Methods for "
        f"Research Workers, 1932, 49.1) of {quoted(small(analysis.outcome.label))}{allowed}{held}{trend}. Patients in "
        "whom the outcome or a covariate is not known are left out."
    )
