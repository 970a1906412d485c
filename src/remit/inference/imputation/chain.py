"""Chained equations: each column's empty cells from the others, in turn and again, until the draws have settled.

S. van Buuren and K. Groothuis-Oudshoorn, Journal of Statistical Software 2011;45(3). All m imputations run at once, as
the first axis of each array.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from remit.inference.estimate import Guard
from remit.inference.imputation import draws
from remit.inference.imputation.convergence import SURE, Chain, of_draws
from remit.inference.imputation.imputed import Filled, Imputed, Method, Model
from remit.inference.imputation.predictors import ENOUGH, PER_TERM, Chosen, chosen, levels_seen
from remit.inference.imputation.table import NOT_SAID, Coded, Column, Numbers, coded_table

IMPUTATIONS = 20
ITERATIONS = 10
MANY = 0.25  # of the empty cells of a column


def impute(
    columns: Sequence[Column],
    seed: int,
    m: int = IMPUTATIONS,
    iterations: int = ITERATIONS,
    per_term: int = PER_TERM,
) -> Imputed:
    """Complete a table m times.

    Numbers by predictive mean matching, so each imputed value is one that a patient has; scores and ordered levels by
    local residual draws; yes and no by augmented logistic regression; unordered levels by nested ones; a number known
    to lie between two, within them.
    Predictors: see `predictors.chosen`. Columns are visited from the fewest empty cells to the most. The draws of a
    column hang on the seed, its name and the iteration alone, so a column or a patient added at the end leaves the
    others' draws as they were. Raises ValueError where the table is none, or unless m >= 2 and iterations >= 1.
    """
    if m < 2 or iterations < 1 or per_term < 1:
        raise ValueError("an imputation needs two data sets or more, an iteration and a known value for each term")
    table = coded_table(columns)
    steps = [_step(coded, chosen(coded, table, per_term)) for coded in table if not coded.known.all()]
    by_model = sorted((step for step in steps if step.predictors), key=lambda step: int((~step.coded.known).sum()))
    values = {coded.column.name: _started(coded, m, seed) for coded in table if coded.donors.any()}
    traces = {step.name: _Trace() for step in by_model}
    for iteration in range(1, iterations + 1):
        for step in by_model:
            values[step.name] = _drawn(step, values, _generator(seed, step.name, iteration))
            traces[step.name].add(*of_draws(values[step.name][:, ~step.coded.known]))
    chains = {name: Chain(np.stack(trace.means), np.stack(trace.deviations)) for name, trace in traces.items()}
    return Imputed(
        table=table,
        values=values,
        models=tuple(_model(step) for step in steps),
        ledger=tuple(filled for step in steps for filled in _filled(step)),
        chains=chains,
        guards=(
            *(guard for step in steps for guard in _guards(step)),
            *(guard for step in by_model for guard in _extrapolated(step, values)),
            *_unsettled(chains),
        ),
        m=m,
        iterations=iterations,
        seed=seed,
    )


@dataclass(frozen=True)
class _Step:
    coded: Coded
    method: Method
    chosen: Chosen

    @property
    def name(self) -> str:
        return self.coded.column.name

    @property
    def predictors(self) -> tuple[Coded, ...]:
        return self.chosen.predictors


@dataclass(frozen=True)
class _Trace:
    means: list[Numbers] = field(default_factory=list)
    deviations: list[Numbers] = field(default_factory=list)

    def add(self, mean: Numbers, deviation: Numbers) -> None:
        self.means.append(mean)
        self.deviations.append(deviation)


def _step(coded: Coded, of: Chosen) -> _Step:
    nothing = Chosen((), of.predictors + of.left_out)
    if not coded.donors.any():
        return _Step(coded, "not filled", nothing)
    if coded.constant:
        return _Step(coded, "the only known value", nothing)
    if int(coded.donors.sum()) < ENOUGH or not of.predictors:
        return _Step(coded, "drawn from the known values", nothing)
    return _Step(coded, _method(coded), of)


def _method(coded: Coded) -> Method:
    match coded.column.kind:
        case "number" | "score" | "ordered":
            return "local residual draws" if coded.bounded else "predictive mean matching"
        case "yes/no":
            return "logistic regression"
        case "unordered":
            return "nested logistic regressions"


def _generator(seed: int, name: str, iteration: int) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(name.encode()), iteration])


def _started(coded: Coded, m: int, seed: int) -> Numbers:
    """Known values everywhere, drawn where empty: the chain's start, and the result where there is no model."""
    rng = _generator(seed, coded.column.name, 0)
    values = np.tile(coded.values, (m, 1))
    if coded.between.any():
        place = rng.random((len(coded.values), m)).T[:, coded.between]
        low, high = coded.low[coded.between], coded.high[coded.between]
        start, width = np.where(np.isinf(low), high, low), np.where(np.isinf(high - low), 0.0, high - low)
        values[:, coded.between] = coded.written(start + place * width)
    if coded.missing.any():
        values[:, coded.missing] = draws.of_the_known(values, coded.donors, coded.missing, rng)
    return values


def _drawn(step: _Step, values: dict[str, Numbers], rng: np.random.Generator) -> Numbers:
    coded, now = step.coded, values[step.name].copy()
    predictors = _predictors(step, values)
    m, n = now.shape
    match coded.column.kind:
        case "number" | "score" | "ordered":
            model = draws.linear(now, predictors, coded.donors, rng)
            noise = rng.random((n, 3, m)).transpose(1, 2, 0)
            if coded.between.any():
                placed = draws.within(model, coded.between, coded.low, coded.high, noise[2])
                now[:, coded.between] = coded.written(placed)
            if coded.missing.any() and coded.bounded:
                residuals = draws.matched(now - model.fitted, model, coded.donors, coded.missing, noise[:2])
                now[:, coded.missing] = coded.in_range(model.drawn[:, coded.missing] + residuals)
            elif coded.missing.any():
                now[:, coded.missing] = draws.matched(now, model, coded.donors, coded.missing, noise[:2])
        case "yes/no":
            chance = draws.chance_of_yes(now, predictors, coded.known, rng)
            now[:, coded.missing] = (chance > rng.random((n, m)).T)[:, coded.missing]
        case "unordered":
            now[:, coded.missing] = draws.levels(now, predictors, coded.known, coded.missing, levels_seen(coded), rng)
    return now


def _predictors(step: _Step, values: dict[str, Numbers]) -> Numbers:
    """m × n × terms."""
    return np.stack([term for each in step.predictors for term in _terms(each, values)], axis=2)


def _terms(predictor: Coded, values: dict[str, Numbers]) -> Iterator[Numbers]:
    """A number for each row; of unordered levels one each for all but the most frequent."""
    found = values[predictor.column.name]
    if predictor.column.kind != "unordered":
        yield found
        return
    for level in levels_seen(predictor)[1:]:
        yield (found == level).astype(np.float64)


def _model(step: _Step) -> Model:
    coded = step.coded
    return Model(
        step.name,
        step.method,
        tuple(each.column.name for each in step.predictors),
        tuple(each.column.name for each in step.chosen.left_out),
        int(coded.known.sum()),
        int(coded.between.sum()),
        int(coded.missing.sum()),
    )


def _filled(step: _Step) -> Iterator[Filled]:
    if step.method == "not filled":
        return
    coded, predictors = step.coded, tuple(each.column.name for each in step.predictors)
    for row in np.flatnonzero(~coded.known):
        between = bool(coded.between[row])
        interval = (float(coded.low[row]), float(coded.high[row])) if between else None
        method = "drawn within the interval" if between else step.method
        why = coded.column.reasons.get(int(row), NOT_SAID)
        yield Filled(step.name, int(row), interval, why, method, predictors)


def _guards(step: _Step) -> Iterator[Guard]:
    known, empty = int(step.coded.known.sum()), int(step.coded.missing.sum())
    match step.method:
        case "not filled":
            yield Guard("nothing-known", f"{step.name}: no value is known, so none of {empty} could be imputed.")
        case "the only known value":
            same = f"all {known} known values are the same" if known > 1 else "only one value is known"
            yield Guard("constant", f"{step.name}: {same}, so {empty} were imputed by it as if sure.")
        case "drawn from the known values":
            why = "too few for a model" if known < ENOUGH else "and nothing predicts them"
            told = f"{step.name}: {known} values are known, {why}; {empty} were drawn from them at random."
            yield Guard("few-known", told)


def _extrapolated(step: _Step, values: dict[str, Numbers]) -> Iterator[Guard]:
    """Of numbers, scores and ordered levels that are empty. Some lie beyond the others by chance alone."""
    coded = step.coded
    if coded.column.kind not in ("number", "score", "ordered") or not coded.missing.any():
        return
    predictors = _predictors(step, values)
    n = int(draws.extrapolated(values[step.name], predictors, coded.donors, coded.missing).sum())
    of = int(coded.missing.sum())
    if n > max(1, MANY * of):
        told = (
            f"{step.name}: in {n} of the {of} in whom it is not known, more or less is expected than in anybody in "
            "whom it is known: they are unlike those from whom they are imputed."
        )
        yield Guard("extrapolated", told)


def _unsettled(chains: dict[str, Chain]) -> Iterator[Guard]:
    for name, chain in chains.items():
        r_hat = chain.r_hat
        if r_hat is not None and r_hat > SURE:
            told = f"{name}: the imputations have not come together (R-hat {r_hat:.2f}). Ask for more iterations."
            yield Guard("not-converged", told)
