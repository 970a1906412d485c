"""One entry of `pool:` in a comparison: which published results are pooled, and how."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from remit.study.evidence.evidence import Design
from remit.study.written import CLOSED, Label, PerhapsTexts, Text, Texts, Truth, Whole, takes

Measure = Literal["proportion", "rate", "mean"]
Model = Literal["glmm", "inverse variance", "freeman-tukey"]
Heterogeneity = Literal["REML", "Paule-Mandel", "DerSimonian-Laird"]
IntervalMethod = Literal["Hartung-Knapp", "Hartung-Knapp never narrower", "normal"]
Property = Literal["design", "kind", "line", "definition", "handling", "disease", "setting", "certainty"]


class Part(BaseModel):
    """A mapping of this section."""

    model_config = CLOSED


class StudyPart(Part):
    """A published result that is pooled; in short, its name: `trial.remission`, or that of the study."""

    of: Text
    """The study, or the study and its outcome, as in `trial.remission`."""
    arms: Texts | None = None
    """Which arms; without it, those of the drug."""


class ChosenPart(Part):
    """Published results by what they are of, instead of by their names."""

    concept: Text
    """What they are of, as in clinical remission."""
    weeks: Annotated[tuple[Whole, Whole] | None, takes("two weeks, as in [8, 16]")] = None
    """From which week to which; without it, at any, and also where no week was told."""
    designs: Annotated[list[Design] | None, takes("a list of designs, as in [prospective cohort]")] = None
    """Of studies of which design; without it, of any."""
    but: PerhapsTexts = []
    """Studies that are not pooled."""


def _whole_study(written: Any) -> Any:
    """`trial.remission` is {of: trial.remission}."""
    return {"of": written} if isinstance(written, str) else written


def _one_or_more(written: Any) -> Any:
    """`design` is [design]."""
    return [written] if isinstance(written, str) else written


Studies = Annotated[
    list[
        Annotated[
            StudyPart,
            BeforeValidator(_whole_study, json_schema_input_type=Text | StudyPart),
            takes("a study, or a study with its outcome: trial, trial.remission or {of: trial.remission, arms: […]}"),
        ]
    ],
    Field(min_length=1),
    takes("a list of studies, as in [cohort, trial.remission], or {concept: …}"),
]


class PoolPart(Part):
    """A pooled estimate of published results."""

    label: Label | None = None
    """What is printed; without it, the name with spaces."""
    of: Annotated[
        Studies | ChosenPart | None, takes("a list of studies, as in [cohort, trial.remission], or {concept: …}")
    ] = None
    """Which results: a list, or {concept: …, weeks: …, designs: …}; without it, those of the comparison."""
    drug: Text | None = None
    """Whose arms; without it, the drug of the study."""
    ours: Text = "no"
    """Whether our own result is pooled too: yes (under the estimand of the comparison), no, or under which estimand."""
    population: Text | None = None
    """In which of the comparison's populations ours is; without it, the first."""
    measure: Measure = "proportion"
    """What is pooled: proportions of patients, rates of events, or means."""
    model: Model | None = None
    """How: by a mixed model of the counts (glmm), by the inverse of variances, or by Freeman and Tukey's way; without
    it, of proportions and rates glmm, of means inverse variance."""
    heterogeneity: Heterogeneity = "REML"
    """The estimator of the variance between studies, where studies are weighted by the inverse of their variance."""
    interval: IntervalMethod = "Hartung-Knapp"
    """How the interval of a mean of effects that differ is made."""
    leave_one_out: Truth = False
    """Whether also without each study."""
    subgroups: Annotated[
        list[Property],
        BeforeValidator(_one_or_more, json_schema_input_type=Property | list[Property]),
        takes("what studies differ in, as in design or [design, definition]"),
    ] = []
    """By what studies are also pooled apart: design, kind, line, definition, handling, disease, setting, certainty."""
    moderators: Annotated[PerhapsTexts, takes("a list, as in [week, year]")] = []
    """What the results may hang on: week, year, or a characteristic at baseline, by its name."""
