"""Analyses of times and of shifts, as they are written in the study file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from remit.study.written import CLOSED, Day, Expression, Text, Texts, takes

Populations = Annotated[Texts, takes("a list of populations, as in [eligible]")]
Days = Annotated[list[Day], takes("a list of days, as in [28, 56, 84]")]


class TimeToEventPart(BaseModel):
    """The time to an event, by Kaplan and Meier."""

    model_config = CLOSED

    kind: Literal["time_to_event"]
    """The time to an event, by Kaplan and Meier."""
    title: Text | None = None
    """Heads the table and figure; without it, the name."""
    populations: Populations = ["eligible"]
    """In whom."""
    event: Expression
    """The date of the event, as in `first(adverse_events.start_date, where serious)`."""
    label: Text = "event"
    """What the event is called: `serious adverse event`."""
    happened: Expression | None = None
    """Whether there was an event, yes or no. Without it: whether any row of the form that `first` asks is one; of
    another date, whether it is known."""
    censored: Expression
    """The last date until which a patient without the event is known to be without it."""
    start: Expression = Field(default="index_date", alias="from")
    """The date from which the time is counted: this is day 0."""
    arm: Literal["planned", "actual", "none"] | None = None
    """By which arm: without it the planned one; `none` gives numbers in total only."""
    days: Days | None = None
    """The days at which the share without the event and who is at risk are given; without it, those of the visits."""
