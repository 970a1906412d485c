"""Methods, of adjusted comparisons of arms that chance did not assign."""

from __future__ import annotations

from remit.report.document import Block, Definition, Definitions, Paragraph, Section
from remit.report.methods_predictors import covariate_said
from remit.report.wording import capital, listed_text, quoted, sentence, small, visit_label
from remit.study.analyses.kinds import AdjustedComparison
from remit.study.study import Study

_SCORE = (
    "The propensity score, the probability of being in the arm that is compared, is that of a logistic regression on "
    "the covariates as they are (Rosenbaum and Rubin, Biometrika 1983;70:41–55). Whether covariates tell the arms "
    "apart is decided exactly; where they do, in part or wholly, nothing is adjusted."
)
_METHODS = {
    "weighting": "Weights are divided by their sum in each arm.",
    "standardisation": "Standardisation averages what a logistic regression of the endpoint on the covariates, one in "
    "each arm, predicts for the patients of the target (Lane and Nelder, Biometrics 1982;38:613–21).",
    "doubly robust": "The doubly robust estimate adds to it the weighted mean of what those regressions miss (Robins, "
    "Rotnitzky and Zhao, J Am Stat Assoc 1994;89:846–66).",
}
_INTERVALS = (
    "The 95 % confidence intervals allow for the models being estimated (M-estimation: Stefanski and Boos, Am Stat "
    "2002;56:29–38); those of crude risk ratios are Katz’s (Biometrics 1978;34:469–74). E-values are those of "
    "VanderWeele and Ding (Ann Intern Med 2017;167:268–74), effective numbers of patients Kish’s. The arms count as "
    "alike where the standardised difference is at most 0.1 in size (Austin, Stat Med 2009;28:3083–107)."
)
_COMPLETE = (
    "Patients of whom the arm or a covariate is not known (or the endpoint, where no estimand says how that counts) "
    "are left out, also of the crude numbers."
)
_TARGETS = {
    "treated": "the effect is that in patients such as those of the arm that is compared, weighted 1, the others by "
    "the odds of their score",
    "all": "the effect is that in patients such as those of both arms, weighted by the inverse of the probability of "
    "their arm",
    "overlap": "the effect is that in patients who might have been in either arm, weighted by the probability of the "
    "other arm (Li, Morgan and Zaslavsky, J Am Stat Assoc 2018;113:390–400)",
}


def adjusted_methods(study: Study) -> Section | None:
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, AdjustedComparison)]
    if not analyses:
        return None
    items = tuple(Definition(capital(each.title), ((_asked(study, each),),)) for each in analyses)
    methods = dict.fromkeys(method for each in analyses for method in each.methods)
    said = " ".join([_SCORE, *(_METHODS[method] for method in methods), _INTERVALS, _COMPLETE])
    blocks: tuple[Block, ...] = (Definitions(items), Paragraph((said,)))
    return Section("methods-adjusted", "Adjusted comparisons", blocks)


def _asked(study: Study, analysis: AdjustedComparison) -> str:
    endpoint = small(study.endpoints[analysis.endpoint].label)
    under = "where it is known"
    if analysis.estimand in study.estimands:
        under = f"under the estimand {quoted(study.estimands[analysis.estimand].label)}"
    of = listed_text([f"{arm} against {reference}" for arm, reference in analysis.pairs])
    by = listed_text([covariate_said(study, each) for each in analysis.covariates], comma="; ")
    cut = f"; of the weights {float(100 * analysis.truncate):g} % at each end are cut" if analysis.truncate else ""
    what = f"{endpoint} at {small(visit_label(study, analysis.visit))}, {under}, of {of}, adjusted for {by}"
    return f"{sentence(what)} {sentence(_TARGETS[analysis.target] + cut)}"
