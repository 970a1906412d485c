"""Results → the same, each of which says whether it was planned."""

from __future__ import annotations

from dataclasses import fields

import polars as pl

from remit.plan.asked import asking
from remit.schema.results import Address, Results
from remit.study.analyses.kinds import Multiplicity
from remit.study.study import Study

_ADDRESS = [part.name for part in fields(Address)]


def with_planned(results: Results, study: Study, planned: Study) -> Results:
    """`planned` is False of each result that the study asks for and the locked one does not.

    An adjusted p-value is planned if its family is, and all the tests in it.
    """
    now, before = asking(study), asking(planned)
    found: dict[str, bool] = {}
    known: dict[tuple[str, frozenset[tuple[str, str]]], bool] = {}
    for *address, statistic, result in results.table.select(*_ADDRESS, "statistic", "result").iter_rows():
        place = Address(*address)
        asked = now.analyses[place.analysis]
        parts = frozenset(asked.parts(place, statistic))
        if (place.analysis, parts) not in known:
            known[place.analysis, parts] = before.asks(asked, dict(parts))
        found[result] = known[place.analysis, parts]
    for family in study.analyses:
        if isinstance(family, Multiplicity) and not all(found.get(test.result, True) for test in family.tests):
            mine = results.table.filter(pl.col("analysis") == family.name)["result"]
            found |= dict.fromkeys(mine, False)
    return Results(results.table.with_columns(planned=pl.Series([*found.values()], dtype=pl.Boolean)))
