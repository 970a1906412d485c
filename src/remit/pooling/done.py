"""The studies of a table, pooled as asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from remit.errors import WrongInput
from remit.inference.design import Covariate, Levels, Number
from remit.inference.pooling.effects import Effects
from remit.inference.pooling.funnel import ERROR, FEWEST, SIZE, Asymmetry, asymmetry
from remit.inference.pooling.pool import RANDOM, Linear, Pooled, TooFewStudies, need_two, pool
from remit.inference.pooling.regression import Moderation, Regression, regress
from remit.inference.pooling.subgroups import Subgroup, Subgroups, between_groups, subgroups
from remit.inference.pooling.without_each import Cumulated, Without, cumulative, leave_one_out
from remit.pooling.asked import MIXED, Asked, Choice, choose
from remit.pooling.kinds import Kind, kind_of
from remit.pooling.table import STUDY, Table, read_table

Found = TypeVar("Found")


@dataclass(frozen=True)
class Done:
    """`counts`: of how many each study is, "" where that is not known. `effects`: each study's; of a mixed model its
    logits or log rates. `asymmetry`: None below ten studies, and where all are equally exact or
    lie on one line. `unused`: columns of
    which nothing was asked."""

    table: Table
    kind: Kind
    choice: Choice
    asked: Asked
    counts: tuple[str, ...]
    effects: Effects
    pooled: Pooled
    subgroups: Subgroups | None
    regression: Regression | None
    without: tuple[Without, ...]
    cumulated: tuple[Cumulated, ...]
    asymmetry: Asymmetry | None
    unused: tuple[str, ...]


def pool_table(path: Path, asked: Asked) -> Done:
    """Raises WrongInput for a table or an option that cannot be, and where the studies cannot be pooled."""
    table = read_table(path)
    kind = kind_of(table)
    choice = choose(asked, kind)
    if asked.subgroup is not None:
        table.check_column(asked.subgroup, "--subgroup")
    for column in asked.moderators:
        table.check_column(column, "--moderator")
    if asked.cumulative is not None:
        table.check_column(asked.cumulative, "--cumulative")
    _pooled_or_refused(table, lambda: need_two(table.names))
    studies = kind.studies(table)
    effects = _pooled_or_refused(table, lambda: kind.measures[choice.measure](studies))

    def fit(places: Sequence[int]) -> Pooled:
        return _fit(kind, choice, effects, studies, places)

    every = range(len(studies))
    pooled = _with_each(_pooled_or_refused(table, lambda: fit(every)), kind, studies)
    return Done(
        table,
        kind,
        choice,
        asked,
        tuple(kind.counts(study) for study in studies),
        effects,
        pooled,
        _pooled_or_refused(table, lambda: _subgroups(table, asked, choice, effects, fit)),
        _pooled_or_refused(table, lambda: _regression(table, asked, choice, effects)),
        _pooled_or_refused(table, lambda: _without(table, asked, fit)),
        _pooled_or_refused(table, lambda: _cumulated(table, asked, fit)),
        _asymmetry(effects),
        tuple(column for column in table.columns if column not in _used(kind, asked)),
    )


def _fit(kind: Kind, choice: Choice, effects: Effects, studies: Sequence[Any], places: Sequence[int]) -> Pooled:
    if choice.model == MIXED:
        assert kind.mixed is not None
        return kind.mixed([studies[at] for at in places], choice.interval)
    if choice.model == RANDOM:
        return pool(effects.at(places), RANDOM, choice.estimator or "REML", choice.interval)
    return pool(effects.at(places), choice.model)


def _with_each(pooled: Pooled, kind: Kind, studies: Sequence[Any]) -> Pooled:
    """The studies told as they found it."""
    if kind.alone is None:
        return pooled
    told = [replace(one, estimate=kind.alone(study)) for one, study in zip(pooled.studies, studies, strict=True)]
    return replace(pooled, studies=tuple(told))


def _pooled_or_refused(table: Table, pooled: Callable[[], Found]) -> Found:
    try:
        return pooled()
    except TooFewStudies as error:
        raise WrongInput(str(table.path), str(error), "Add studies.") from None
    except OverflowError:
        what = "an effect is too large to be told"
        raise WrongInput(str(table.path), what, "Correct it; of a ratio or a rate, write its logarithm.") from None
    except (ValueError, ArithmeticError) as error:
        remedy = "Correct the table, leave the study out, or choose another measure or model."
        raise WrongInput(table.where(str(error)), str(error), remedy) from None


def _subgroups(
    table: Table, asked: Asked, choice: Choice, effects: Effects, fit: Callable[[Sequence[int]], Pooled]
) -> Subgroups | None:
    if asked.subgroup is None:
        return None
    groups = [row.text(asked.subgroup) for row in table.rows]
    if choice.model == MIXED:
        return _of_mixed(groups, fit)
    return subgroups(effects, groups, choice.model, choice.estimator or "REML", choice.interval)


def _of_mixed(groups: Sequence[str], fit: Callable[[Sequence[int]], Pooled]) -> Subgroups:
    made: list[Subgroup] = []
    for name in dict.fromkeys(groups):
        places = [at for at, group in enumerate(groups) if group == name]
        pooled = _part(fit, places, f"in the subgroup {name}")
        made.append(Subgroup(name, len(places), pooled.estimate, pooled.linear, pooled))
    if len(made) < 2:
        raise ValueError("there is one subgroup, so there is nothing to compare")
    linears: list[tuple[str, Linear]] = [(group.name, group.linear) for group in made]
    between: Moderation = between_groups(linears)
    return Subgroups(tuple(made), between)


def _part(fit: Callable[[Sequence[int]], Pooled], places: Sequence[int], told: str) -> Pooled:
    """Of some of the studies; an error says of which."""
    try:
        return fit(places)
    except (ValueError, ArithmeticError) as error:
        raise ValueError(f"{told}: {error}") from None


def _without(table: Table, asked: Asked, fit: Callable[[Sequence[int]], Pooled]) -> tuple[Without, ...]:
    if not asked.leave_one_out:
        return ()

    def told(places: Sequence[int]) -> Pooled:
        left = next(name for at, name in enumerate(table.names) if at not in places)
        return _part(fit, places, f"without {left}")

    return leave_one_out(table.names, told)


def _cumulated(table: Table, asked: Asked, fit: Callable[[Sequence[int]], Pooled]) -> tuple[Cumulated, ...]:
    column = asked.cumulative
    if column is None:
        return ()

    def told(places: Sequence[int]) -> Pooled:
        return _part(fit, places, f"up to {table.names[places[-1]]} by {column}")

    return cumulative(table.names, [row.number(column) for row in table.rows], told)


def _regression(table: Table, asked: Asked, choice: Choice, effects: Effects) -> Regression | None:
    if not asked.moderators:
        return None
    moderators = [_moderator(table, column) for column in asked.moderators]
    return regress(effects, moderators, choice.model, choice.estimator or "REML", choice.interval)


def _moderator(table: Table, column: str) -> Covariate:
    """Numbers, or levels, the first of the table as reference; not some of both, for that is a slip of the pen."""
    numeric = [row.is_number(column) for row in table.rows]
    if not any(numeric):
        written = [row.text(column) for row in table.rows]
        return Levels(column, written, tuple(dict.fromkeys(written)))
    return Number(column, [row.number(column) for row in table.rows])


def _asymmetry(effects: Effects) -> Asymmetry | None:
    """A proportion's and a rate's error hang on themselves, so they are tested against the size."""
    if len(effects) < FEWEST:
        return None
    predictor = SIZE if effects.scale.told in ("proportion", "rate") and effects.sizes else ERROR
    try:
        return asymmetry(effects, predictor=predictor)
    except ValueError:  # all studies are equally exact, or lie on one line
        return None


def _used(kind: Kind, asked: Asked) -> set[str]:
    named = [column for column in (asked.subgroup, asked.cumulative) if column is not None]
    return {STUDY, *kind.columns, *asked.moderators, *named}
