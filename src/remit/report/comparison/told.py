"""What a result of a comparison is, in words: for the panel of the report, and for `remit explain`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from remit.language.describe import describe
from remit.report.comparison.differences import NOT_TOLD
from remit.report.wording import sentence, small
from remit.schema.trace import Source
from remit.study.comparisons.kinds import EVIDENCE, Beside, Comparison
from remit.study.comparisons.pooled import Pooling
from remit.study.evidence.evidence import MARKS
from remit.study.study import Study

Words = tuple[str, str]  # what it is, and its definition


def of_comparison(study: Study, analysis: Comparison, variable: str) -> Words:
    """Our own endpoint, or another definition by which our patients are judged."""
    rule = next((each for each in analysis.rules if each.name == variable), None)
    endpoint = rule.endpoint if rule and rule.endpoint else study.endpoints[analysis.endpoint]
    said = sentence(describe(endpoint.queries[analysis.visit], study.scope, analysis.visit))
    return small(rule.label if rule else endpoint.label), said


def of_evidence(analysis: Comparison | Pooling, row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """A published number: what it is, its definition, in whom, and how what is missing was handled."""
    beside, arm = _published(analysis, row)
    evidence, outcome = beside.evidence, beside.outcome
    treated = evidence.arms.get(arm)
    week = "" if outcome.week is None else f", week {outcome.week}"
    drug = ", ".join(text for text in (treated.drug, treated.dose) if text) if treated else ""
    whom = [evidence.patients, outcome.among or "", f"line of therapy: {evidence.line}" if evidence.line else ""]
    return (
        f"{outcome.label} in {evidence.title}, {arm}{week}",
        sentence(f"as published: {outcome.definition.words if outcome.definition.stated else NOT_TOLD}"),
        " ".join(sentence(text) for text in (*whom, f"treatment: {drug}" if drug else "") if text),
        sentence(f"as published: {outcome.missing if outcome.handling != 'not stated' else NOT_TOLD}"),
    )


def is_of_evidence(row: Mapping[str, Any]) -> bool:
    return bool(row["group"] == EVIDENCE)


def _published(analysis: Comparison | Pooling, row: Mapping[str, Any]) -> tuple[Beside, str]:
    """The published outcome and the arm that a row is of."""
    if isinstance(analysis, Pooling):
        study = next(each for each in analysis.every if each.name == row["group_level"])
        return study.beside, study.arm
    for beside in analysis.beside:
        for arm in beside.arms:
            asked = analysis.published(beside, arm)
            if (asked.group_level, asked.variable) == (row["group_level"], row["variable"]):
                return beside, arm
    raise LookupError(f"nothing published stands at {row['group_level']}")


# Where it stands

_LINKS = {"doi": "doi", "pubmed": "PubMed", "registration": "Registered"}


def source_lines(source: Source) -> Iterator[tuple[str, str]]:
    """Each line with its label: of what, where it stands, how sure it is, and what to keep in mind."""
    yield "Study", source.study
    yield "Of", source.of
    yield "Citation", sentence(source.citation)
    yield from ((_LINKS.get(name, name), text) for name, text in source.links.items())
    if source.read:
        yield "Read in", sentence(source.read)
    if source.certainties:
        yield "As printed", sentence(source.certainties)
        used = [mark for mark in MARKS if f"[{mark}]" in source.certainties]
        yield "Marks", sentence("; ".join(f"[{mark}] {MARKS[mark]}" for mark in used))
    yield from (("Caution", sentence(caution)) for caution in source.cautions)
