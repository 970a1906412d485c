"""The section `comparisons` of the study file, as it is written: our endpoints beside those of published studies."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from remit.study.comparisons.indirect_model import IndirectPart
from remit.study.comparisons.pool_model import PoolPart
from remit.study.forms_model import Bindings
from remit.study.written import CLOSED, Expression, Label, Name, Text, Texts, Truth, takes


class Part(BaseModel):
    """A mapping of this section."""

    model_config = CLOSED


def _whole_outcome(written: Any) -> Any:
    """`trial.remission` is {of: trial.remission}."""
    return {"of": written} if isinstance(written, str) else written


def _of_pack(written: Any) -> Any:
    """`CDAI remission` is {definition: CDAI remission}."""
    return {"definition": written} if isinstance(written, str) else written


class BesidePart(Part):
    """A published outcome that stands beside ours; in short, its name: `trial.remission`."""

    of: Text
    """The study and its outcome, as in `trial.remission`."""
    arms: Texts | None = None
    """Which arms; without it, all."""


class RulePart(Part):
    """One more definition by which our patients are judged; in short, the name of a pack's definition."""

    name: Name | None = None
    """Its stable name in the results; without it, one is made from the label."""
    label: Label | None = None
    """What is printed; without it, the definition's own title, or the expression."""
    expression: Expression | None = Field(default=None, alias="is")
    """The definition, yes or no."""
    definition: Text | None = None
    """Instead of `is`: a definition of a pack, or `CDAI response`, a criterion of an instrument."""
    bindings: Bindings = Field(default={}, alias="with")
    """What the definition's parameters are in this study."""
    requires: Expression | None = None
    """Who has what it takes to be judged, for the denominator of that name."""


class ComparisonPart(Part):
    """One of our endpoints beside what other studies published, and our patients under their definitions."""

    title: Label | None = None
    """Heads the section; without it, the name."""
    endpoint: Text | None = None
    """Which endpoint of ours; without it, the primary one."""
    visit: Text | None = None
    """At which of its visits; without it, the primary one's."""
    populations: Annotated[Texts | None, takes("a list of populations, as in [eligible]")] = None
    """In whom; without it, the primary one's."""
    estimand: Text | None = None
    """Under which estimand ours stands beside theirs; without it, the primary one's. `decided`: of those in whom the
    endpoint is known."""
    bindings: Bindings = Field(default={}, alias="with")
    """What the parameters of their definitions are in this study."""
    evidence: Annotated[
        list[
            Annotated[
                BesidePart,
                BeforeValidator(_whole_outcome, json_schema_input_type=Text | BesidePart),
                takes("a study with its outcome, as in trial.remission, or {of: trial.remission, arms: […]}"),
            ]
        ],
        Field(min_length=1),
        takes("a list of published outcomes, as in [trial.remission]"),
    ]
    """What stands beside ours, in its order: a study with its outcome, all arms or those named."""
    rules: Annotated[
        list[
            Annotated[
                RulePart,
                BeforeValidator(_of_pack, json_schema_input_type=Text | RulePart),
                takes("a definition of a pack, or {label: …, is: …}"),
            ]
        ],
        takes("a list of definitions, each one of a pack, or {label: …, is: …}"),
    ] = []
    """More definitions by which our patients are judged."""
    benchmark: Truth = False
    """Whether ours is tested against each stated percentage."""
    pool: dict[Name, PoolPart] = {}
    """Pooled estimates of what stands here, by name."""
    indirect: dict[Name, IndirectPart] = {}
    """Indirect comparisons with a published arm, by name."""
