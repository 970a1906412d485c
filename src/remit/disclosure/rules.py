"""Comparisons: our patients by other definitions than our own, and beside published numbers.

A definition has one count wherever it stands, also as an endpoint or in another comparison. What is compared with a
published number can be worked out from it: it is as our own. Published numbers are of nobody here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from remit.language.implication import implies
from remit.language.query import Query, digest
from remit.study.comparisons.kinds import EVIDENCE, OWN_ONLY, RULE_AGAINST_OURS, RULE_ONLY, Comparison
from remit.study.study import Study

Row = Mapping[str, Any]
PAIRED = "paired"
_OF_PAIRS = {RULE_ONLY: RULE_ONLY, OWN_ONLY: OWN_ONLY}


def is_published(row: Row, analysis: object) -> bool:
    """Whether the row counts patients of another study."""
    return isinstance(analysis, Comparison) and row["group"] == EVIDENCE and row["population"] is None


def as_counted(study: Study, row: Row, analysis: object) -> Row:
    """The row of a comparison with the place where its patients are counted; any other as it is."""
    if not isinstance(analysis, Comparison):
        return row
    if row["group"] == EVIDENCE:
        nowhere = dict.fromkeys(("group", "group_level", "time", "contrast"))
        return {**row, **nowhere, "variable": analysis.endpoint}
    if row["variable"] == analysis.endpoint:
        return row
    variable = variable_of(study, row["definition"], row["visit"])
    if row["contrast"] == RULE_AGAINST_OURS:
        return {**row, "contrast": None, "variable": paired(variable, analysis.endpoint, row["statistic"])}
    return {**row, "variable": variable}


def variable_of(study: Study, definition: str | None, visit: str | None) -> str:
    """The name of the endpoint that means the same; else one made of the meaning."""
    for endpoint in study.endpoints.values():
        if visit is not None and visit in endpoint.queries and digest(endpoint.queries[visit]) == definition:
            return endpoint.name
    return f"rule {definition}"


def paired(rule: str, own: str, statistic: str) -> str:
    """The patients who are judged by both, and those who are yes by one alone."""
    return f"{rule} and {own}: {_OF_PAIRS.get(statistic, PAIRED)}"


def pair_with(variable: str | None, statistic: str) -> str:
    """Of the variable of some who are judged by both, that of those who are yes by one alone."""
    return f"{(variable or '').rpartition(': ')[0]}: {statistic}"


def definitions_of(study: Study, analysis: Comparison) -> Mapping[str, Query]:
    """Of the comparison, our own and those of its rules, by the variable under which they are counted."""
    found: dict[str, Query] = {analysis.endpoint: study.endpoints[analysis.endpoint].queries[analysis.visit]}
    for _, endpoint in analysis.judged:
        query = endpoint.queries[analysis.visit]
        found[variable_of(study, digest(query), analysis.visit)] = query
    return found


def implied(definitions: Mapping[str, Query]) -> Iterator[tuple[str, str]]:
    """Of definitions those of which the first implies the second: their difference is a count, too."""
    for one, query in definitions.items():
        for other, wider in definitions.items():
            if one != other and implies(query, wider):
                yield one, other
