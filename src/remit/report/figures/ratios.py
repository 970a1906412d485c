"""Ratios of covariates, each alone and all together, as a forest plot on a scale of ratios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from remit.report import hazards, predictors
from remit.report.addresses import size
from remit.report.document import Figure, Key, plain, words
from remit.report.figures.forest import Forest, Line, Mark, ratio_scale, told_of
from remit.report.figures.style import look
from remit.report.lookup import Statistics
from remit.report.numbers import NONE, SPACE
from remit.report.ratios import Model, covariate_label, ratio_words
from remit.report.wording import capital
from remit.study.analyses.kinds import Covariate, Predictors, TimeToEvent
from remit.study.study import Study

_MODELS = ("each alone", "all together")


def predictors_figure(study: Study, analysis: Predictors, models: Sequence[predictors.Model]) -> Figure | None:
    """A panel a population; None where no odds ratio can be given."""
    title = f"{analysis.title}: odds ratios"
    return _figure(study, analysis, title, {model.population: model for model in models}, analysis.covariates)


def hazards_figure(study: Study, analysis: TimeToEvent, models: Sequence[hazards.Model]) -> Figure | None:
    """A panel a population; None where no hazard ratio can be given."""
    title = f"{analysis.title}: hazard ratios of {analysis.label}"
    return _figure(study, analysis, title, {model.population: model for model in models}, analysis.modelled)


def _figure(
    study: Study,
    analysis: Predictors | TimeToEvent,
    title: str,
    models: Mapping[str, Model],
    covariates: Sequence[Covariate],
) -> Figure | None:
    lines = {population: _lines(model, covariates) for population, model in models.items()}
    drawn = [population for population, found in lines.items() if _any(found)]
    if not drawn:
        return None
    return Figure(
        name=f"{analysis.name}-ratios",
        title=(title,),
        panels=tuple(_forest(study, analysis, name, models[name], lines[name]).panel() for name in drawn),
        legend=tuple(Key(*look(number), f"Covariates {said}") for number, said in enumerate(_MODELS)),
        notes=(
            (f"Dashed line: a ratio of 1; an arrow: the interval goes on; {NONE}: not given, see the table.",),
            *told_of(max((lines[name] for name in drawn), key=len)),
        ),
    )


def _any(lines: Sequence[Line]) -> bool:
    return any(mark.value is not None for line in lines for mark in line.marks)


def _forest(
    study: Study, analysis: Predictors | TimeToEvent, population: str, model: Model, lines: Sequence[Line]
) -> Forest:
    ratio = model.ratio.replace("_", " ")
    short = "".join(word[0] for word in ratio.split()).upper()
    title = words(f"{capital(study.populations[population].label)} ", size(study, model.lookup, population))
    scale = ratio_scale(capital(ratio), lines)
    columns = (short, f"95{SPACE}% CI")
    name = f"{analysis.name}-{population}-ratios"
    return Forest(name, title, lines, columns, scale, study.identity.synthetic is not None)


def _lines(model: Model, covariates: Sequence[Covariate]) -> list[Line]:
    lines: list[Line] = []
    for covariate in covariates:
        label = capital(covariate_label(covariate))
        if not covariate.levels:
            lines.append(Line(label, _marks(model, covariate, None)))
            continue
        lines.append(Line(f"{label}, against {covariate.reference}"))
        lines += [Line(capital(level or ""), _marks(model, covariate, level), level=1) for level in covariate.compared]
    return lines


def _marks(model: Model, covariate: Covariate, level: str | None) -> tuple[Mark, ...]:
    found = [model.lookup.at(model.at(name, covariate, level)) for name in model.models]
    return tuple(_mark(each, model.ratio, number) for number, each in enumerate(found))


def _mark(found: Statistics, ratio: str, number: int) -> Mark:
    value, low, high = (found[name].value for name in (ratio, "lower", "upper"))
    texts = (NONE, "")
    if value is not None:
        whole, _, *ends, _ = ratio_words(found, ratio)
        texts = plain((whole,)), plain(tuple(ends))
    return Mark(value, low, high, found[ratio].id, texts, *look(number), of=_MODELS[number])
