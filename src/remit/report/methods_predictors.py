"""Methods, of predictors."""

from __future__ import annotations

from remit.language.describe import describe
from remit.language.query import Named, Value
from remit.report.document import Block, Definition, Definitions, Paragraph, Section
from remit.report.wording import capital, listed_text, quoted, sentence, small, visit_label
from remit.study.analyses.kinds import Covariate, Predictors
from remit.study.study import Study

_REGRESSION = (
    "Odds ratios are those of logistic regression: first of each covariate alone, in the patients in whom it is known, "
    "then of all of them together, in the patients in whom all are known. No covariate is chosen by its p-value. "
    "The 95 % confidence intervals are of the profile likelihood, the p-values of the likelihood-ratio test. Whether "
    "covariates separate those who reached the endpoint from the others is decided exactly (Albert and Anderson, "
    "Biometrika 1984;71:1–10; Konis, thesis, Oxford 2007). Where they do, and with fewer than 5 events a coefficient, "
    "Firth’s penalised likelihood is used (Biometrika 1993;80:27–38; Heinze and Schemper, Stat Med 2002;21:2409–19). "
    "With fewer than 10 a warning is given (Peduzzi and others, J Clin Epidemiol 1996;49:1373–9). Events are the "
    "patients with the rarer outcome. A number known only to lie beyond a limit of the test counts as not known."
)


def predictors_section(study: Study) -> Section | None:
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, Predictors)]
    if not analyses:
        return None
    items = tuple(Definition(capital(each.title), ((_asked(study, each),),)) for each in analyses)
    blocks: tuple[Block, ...] = (Definitions(items), Paragraph((_REGRESSION,)))
    return Section("methods-predictors", "Predictors", blocks)


def _asked(study: Study, analysis: Predictors) -> str:
    endpoint = small(study.endpoints[analysis.endpoint].label)
    where = f"{endpoint} at {small(visit_label(study, analysis.visit))}"
    under = "where it is known"
    if analysis.estimand in study.estimands:
        under = f"under the estimand {quoted(study.estimands[analysis.estimand].label)}"
    named = listed_text([covariate_said(study, each) for each in analysis.covariates], comma="; ")
    return sentence(f"{where}, {under}, by {named}")


def covariate_said(study: Study, covariate: Covariate) -> str:
    """With what it is, where that has no name of its own in the study file."""
    variable = covariate.variable
    versus = f", against {covariate.reference}" if len(covariate.levels) > 2 else ""
    said = "" if isinstance(variable.query, Named | Value) else f" ({describe(variable.query, study.scope)})"
    return f"{small(variable.label)}{versus}{said}"
