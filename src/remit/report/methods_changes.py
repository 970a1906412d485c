"""What the methods section says of changes within patients, and of arms compared with allowance for covariates."""

from __future__ import annotations

from remit.language.types import Level, Text, YesNo
from remit.report.wording import listed_text, quoted, small, visit_label
from remit.study.analyses.kinds import Ancova, Change, RepeatedMeasures
from remit.study.study import Study

_CHANGES = (
    "Changes within patients are those of the patients with both values: means with intervals by the paired t "
    "distribution (Student, Biometrika 1908;6:1–25); Wilcoxon’s signed rank test, two-sided, exact up to 500 patients, "
    "in which differences of zero are ranked and then left out (Pratt, J Am Stat Assoc 1959;54:655–67); and the "
    "estimate of Hodges and Lehmann (Ann Math Stat 1963;34:598–611)."
)

_WEIGHED = {
    "equal": "levels count equally",
    "proportional": "levels count as many patients as have them",
}
_WEIGHED_BY_CHANGE = {**_WEIGHED, "proportional": "levels count as many changes as have them"}
_KENWARD_ROGER = "Kenward and Roger’s standard errors (Biometrics 1997;53:983–97)"
_AT_RANDOM = (
    "A patient counts with the visits that were seen, and nothing is imputed: this is right if a missed visit depends "
    "only on what is in the model and on the patient’s other changes (missing at random), which cannot be tested. It "
    "estimates what would have been seen if nobody had missed a visit, also after a stop of the drug. Patients without "
    "any change, or of whom a covariate is not known, are not in the model."
)


def changes_said(study: Study) -> list[str]:
    """In a study that asks for none: nothing."""
    return [_CHANGES] if any(isinstance(analysis, Change) for analysis in study.analyses) else []


def repeated_said(study: Study) -> list[str]:
    """What each mixed model assumes, above all of the missing."""
    return [_repeated(study, analysis) for analysis in study.analyses if isinstance(analysis, RepeatedMeasures)]


def _repeated(study: Study, analysis: RepeatedMeasures) -> str:
    outcome, origin = small(analysis.outcome.label), small(visit_label(study, analysis.origin))
    others = [small(variable.label) for variable in analysis.covariates]
    arms = ["arm", "visit", "arm by visit"] if analysis.arms else ["visit"]
    terms = listed_text([*arms, f"the value at {origin} by visit", *others])
    reference = analysis.arms.reference if analysis.arms else None
    compared = f"; each other arm is compared with {reference} at each visit" if reference else ""
    levels = any(isinstance(variable.query.type, Level | Text | YesNo) for variable in analysis.covariates)
    weighed = f"; {_WEIGHED_BY_CHANGE[analysis.weights]}" if levels else ""
    numbers = any(not isinstance(variable.query.type, Level | Text | YesNo) for variable in analysis.covariates)
    held = f"the value at {origin} and other numbers are held at their averages" if numbers else ""
    errors = "" if analysis.errors == "satterthwaite" else f", {_KENWARD_ROGER}"
    return (
        f"{quoted(analysis.title)} is a mixed model for repeated measures of the change of {outcome} from {origin}, "
        f"of all visits at once, on {terms}, by restricted maximum likelihood with an unstructured "
        "covariance of the visits (Jennrich and Schluchter, Biometrics 1986;42:805–20), Satterthwaite’s degrees of "
        f"freedom (Biometrics Bulletin 1946;2:110–4){errors} and t intervals{compared}. {_AT_RANDOM} For adjusted "
        f"means {held or f'the value at {origin} is held at its average'} over the changes in the model, in which a "
        f"patient counts once for each{weighed}. A number known only to lie beyond a limit of the test counts as not "
        "known."
    )


def covariance_said(study: Study) -> list[str]:
    """What each analysis of covariance allows for."""
    return [_covariance(analysis) for analysis in study.analyses if isinstance(analysis, Ancova)]


def _covariance(analysis: Ancova) -> str:
    by = listed_text([small(variable.label) for variable in analysis.covariates])
    allowed = f", with {by} as covariates and the same slopes in all arms" if by else ""
    levels = any(isinstance(variable.query.type, Level | Text | YesNo) for variable in analysis.covariates)
    weighed = _WEIGHED[analysis.weights]
    held = f"; for adjusted means numbers are held at their mean{f', and {weighed}' if levels else ''}" if by else ""
    trend = f". The trend is that of a straight line over {small(analysis.dose.label)}" if analysis.dose else ""
    return (
        f"{quoted(analysis.title)} is an analysis of covariance by least squares (Fisher, Statistical Methods for "
        f"Research Workers, 1932, 49.1) of {quoted(small(analysis.outcome.label))}{allowed}{held}{trend}. Patients in "
        "whom the outcome or a covariate is not known are left out."
    )
