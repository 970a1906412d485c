"""Methods, of events per patient-years."""

from __future__ import annotations

from remit.language.describe import describe
from remit.report.document import Block, Definition, Definitions, Paragraph, Section
from remit.report.wording import capital, sentence
from remit.study.analyses.kinds import Rates
from remit.study.study import Study

_RATES = (
    "Rates are events per 100 patient-years of 365.25 days, of the patients of whom both are known, with Garwood’s "
    "exact 95 % Poisson intervals (Biometrika 1936;28:437–42), which take the events as independent, also those of one "
    "patient. Where none occurred, the one-sided exact upper bound is given too."
)


_RATIOS = (
    "Arms are compared by the ratio of their rates, with the exact conditional interval and test (Przyborowski and "
    "Wilenski, Biometrika 1940;31:313–23)."
)


def rates_section(study: Study) -> Section | None:
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, Rates)]
    if not analyses:
        return None
    items = tuple(Definition(capital(each.title), tuple((line,) for line in _asked(study, each))) for each in analyses)
    ratios = f" {_RATIOS}" if any(each.arms and each.arms.compared for each in analyses) else ""
    blocks: tuple[Block, ...] = (Definitions(items), Paragraph((f"{_RATES}{ratios}",)))
    return Section("methods-rates", "Rates", blocks)


def _asked(study: Study, analysis: Rates) -> list[str]:
    exposure = sentence(f"exposure is {describe(analysis.exposure, study.scope)}")
    return [exposure, *(sentence(f"{row.label}: {describe(row.query, study.scope)}") for row in analysis.rows)]
