"""One entry of `indirect:` in a comparison: with which published arm our patients are compared, and how."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from remit.study.written import CLOSED, Count, Expression, Label, Name, Seed, Text, Truth, is_in_short, takes

Method = Literal["maic", "stc"]  # matching-adjusted indirect comparison, simulated treatment comparison


class MatchPart(BaseModel):
    """What of our patients a published characteristic is; in short, its expression."""

    model_config = CLOSED

    expression: Expression = Field(alias="is")
    """Yes or no where they give a percentage, a number where they give a mean."""
    label: Label | None = None
    """What is printed; without it, that of the expression."""
    spread: Truth = False
    """Whether the published standard deviation is matched too; without it, the mean alone."""


class IndirectPart(BaseModel):
    """An indirect comparison, in which our patients are made like those of a published arm."""

    model_config = CLOSED

    label: Label | None = None
    """Heads the section; without it, the study and its arm."""
    against: Text
    """The published outcome, as in `trial.remission`."""
    arm: Text | None = None
    """Which arm; may be left out where the outcome has but one."""
    endpoint: Text | None = None
    """Which endpoint of ours; without it, that of the comparison."""
    match: Annotated[
        dict[
            Name,
            Annotated[
                MatchPart,
                BeforeValidator(is_in_short, json_schema_input_type=Expression | MatchPart),
                takes("an expression, or {is: …, label: …}"),
            ],
        ],
        Field(min_length=1),
        takes("by the name of a published characteristic, what it is of our patients: {steroids: on_steroids}"),
    ]
    """By the name of their characteristic at baseline, what it is of our patients."""
    methods: Annotated[list[Method], Field(min_length=1), takes("a list of maic, stc or both")] = ["maic", "stc"]
    """Weights with which our patients look like theirs (`maic`), or a model of ours applied to a population like theirs
    (`stc`)."""
    seed: Seed = 1
    """Where the random numbers begin: of the population that `stc` draws, and of the bootstrap."""
    bootstrap: Count | None = None
    """How many times our patients are drawn anew, for one more interval of `maic`; without it, none."""
