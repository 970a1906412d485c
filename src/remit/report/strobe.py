"""The STROBE checklist of cohort studies, filled as far as study file and report decide; what the authors still owe.

Source: von Elm et al., PLoS Med 2007;4:e296. The items stand in strobe.yaml, in our own words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Literal

import yaml
from pydantic import TypeAdapter

from remit.report.document import (
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Flow,
    Fold,
    Listing,
    Paragraph,
    Row,
    Section,
    Table,
    blocks_of,
    numbered,
)
from remit.report.wording import capital, listed_text
from remit.study.analyses.kinds import (
    AdjustedComparison,
    Ancova,
    Centres,
    Endpoints,
    Multiplicity,
    Predictors,
    Rates,
    RepeatedMeasures,
    Sensitivity,
    Summary,
    TimeToEvent,
)
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.comparisons.kinds import Comparison
from remit.study.study import Study

NAME = "strobe"
TITLE = "STROBE checklist"
SOURCE = "von Elm et al., PLoS Med 2007;4:e296"
_DESIGNS = ("cohort", "observational", "longitudinal", "registry", "trial")

Status = Literal["yes", "in part", "no", "n/a"]


@dataclass(frozen=True)
class Part:
    """An item of the checklist, as strobe.yaml says it."""

    item: str
    part: str
    asks: str
    rule: str | None = None
    found: tuple[str, ...] = ()
    unadjusted: tuple[str, ...] = ()
    owed: str | None = None
    also: str | None = None
    absent: str | None = None
    none: str | None = None


@dataclass(frozen=True)
class Checked:
    """An item with where the report answers it, and what the authors still owe."""

    part: Part
    status: Status
    where: tuple[str, ...]
    owed: str | None


def parts() -> tuple[Part, ...]:
    """The items in their order."""
    text = resources.files("remit.report").joinpath("strobe.yaml").read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return TypeAdapter(tuple[Part, ...]).validate_python(yaml.load(text, Loader=loader))


def checklist(study: Study, sections: Sequence[Section]) -> tuple[Checked, ...]:
    """sections: of the report, numbered."""
    known = {section.name: section for section in _all(sections)}
    return tuple(_checked(part, study, known) for part in parts())


def _all(sections: Sequence[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _all(section.sections)


def _checked(part: Part, study: Study, known: Mapping[str, Section]) -> Checked:
    def holds(rule: str | None) -> bool:
        return rule is not None and RULES[rule.removeprefix("not ")](study, known) != rule.startswith("not ")

    if holds(part.absent):
        return Checked(part, "n/a", (part.none or "",), None)
    answered = holds(part.rule)
    names = _names(part.found if answered else part.unadjusted, study, known)
    where = tuple(_where(known[name]) for name in names)
    if not answered:
        return Checked(part, "in part" if where else "no", where, part.owed)
    return Checked(part, "in part" if part.also else "yes", where, part.also)


def _names(found: Sequence[str], study: Study, known: Mapping[str, Section]) -> list[str]:
    """The names of sections that are there; of a kind, those of its analyses."""
    names: list[str] = []
    for each in found:
        kind = each.removeprefix("kind:")
        own = [f"analysis-{analysis.name}" for analysis in study.analyses if type(analysis).__name__ == kind]
        names += own if kind != each else [each]
    return [name for name in dict.fromkeys(names) if name in known]


def _where(section: Section) -> str:
    """The section's title, with its tables and figures."""
    blocks = [block for block in blocks_of((section,)) if isinstance(block, Table | Figure)]
    shown = [block.number for block in blocks if block.number]
    shown += ["flow diagram"] if any(isinstance(block, Flow) for block in section.blocks) else []
    few = shown[:4] + ([f"and {len(shown) - 4} more"] if len(shown) > 4 else [])
    return f"{section.title} ({', '.join(few)})" if few else section.title


# Rules: whether study file and report answer an item

Rule = Callable[[Study, Mapping[str, Section]], bool]


def _has(*kinds: type) -> Rule:
    return lambda study, known: any(isinstance(analysis, kinds) for analysis in study.analyses)


def _adjusted(study: Study, known: Mapping[str, Section]) -> bool:
    times = (analysis for analysis in study.analyses if isinstance(analysis, TimeToEvent))
    return any(each.covariates for each in times) or _has(Predictors, Ancova, RepeatedMeasures, AdjustedComparison)(
        study, known
    )


def _subgroups(study: Study, known: Mapping[str, Section]) -> bool:
    return any(isinstance(analysis, Endpoints) and analysis.subgroups for analysis in study.analyses)


RULES: Mapping[str, Rule] = {
    "always": lambda study, known: True,
    "design_in_title": lambda study, known: any(word in study.identity.title.lower() for word in _DESIGNS),
    "design": lambda study, known: study.identity.design is not None,
    "primary": lambda study, known: study.primary is not None,
    "criteria": lambda study, known: bool(study.criteria),
    "without_arms": lambda study, known: not study.arms,
    "compared": lambda study, known: any(arms.compared for arms in study.arms.values()),
    "endpoints": lambda study, known: bool(study.endpoints),
    "cautions": lambda study, known: "cautions" in known,
    "subgroups": _subgroups,
    "follow_up": lambda study, known: bool(study.estimands) or _has(TimeToEvent)(study, known),
    "sensitivity": _has(Sensitivity),
    "summary": _has(Summary),
    "times": _has(TimeToEvent, Rates),
    "outcomes": lambda study, known: any(name.startswith("analysis-") for name in known),
    "adjusted": _adjusted,
    "others": _has(Sensitivity, Predictors, Centres, Multiplicity, Comparison, Indirect),
    "compared_with_others": _has(Comparison),
}


# The section


def with_strobe(document: Document, study: Study) -> Document:
    """The report with the checklist, before what made it."""
    section = strobe_section(checklist(study, document.sections))
    last = [each for each in document.sections if each.name == "made"]
    others = [each for each in document.sections if each.name != "made"]
    return replace(document, sections=numbered((*others, section, *last)))


def strobe_section(found: Sequence[Checked]) -> Section:
    counts = {status: sum(each.status == status for each in found) for status in ("yes", "in part", "no")}
    said = (
        f"Of the {len(found)} parts of the checklist for cohort studies ({SOURCE}), this report answers "
        f"{counts['yes']}, and {counts['in part']} in part; {counts['no']} are for the authors to write."
    )
    owed = Listing(tuple((f"{each.part.item}: {each.owed}",) for each in found if each.owed))
    blocks: tuple[Block, ...] = (
        Paragraph((said,)),
        Fold("What the authors still owe", (owed,)),
        Fold("The whole checklist", (_table(found),)),
    )
    return Section(NAME, TITLE, blocks)


def _table(found: Sequence[Checked]) -> Table:
    rows: list[Row] = []
    for each in found:
        if not rows or each.part.part not in {row.label[0] for row in rows if row.heading}:
            rows.append(Row((each.part.part,), heading=True))
        cells = (each.part.asks, "; ".join(each.where) or "—", each.owed or "—")
        told = tuple(Cell(((text,),), wraps=True, muted=text == "—") for text in (*cells,))
        rows.append(Row((each.part.item,), (told[0], Cell(((each.status,),), wraps=True), *told[1:]), level=1))
    columns = tuple(Column((title,)) for title in ("What it asks for", "In this report", "Where", "Still owed"))
    notes = ((f"{TITLE}, cohort studies, in our own words: {SOURCE}.",),)
    return Table(NAME, ("STROBE checklist for cohort studies",), "Item", columns, tuple(rows), notes)


def markdown(found: Sequence[Checked], title: str, synthetic: str | None, edition: str) -> str:
    """The checklist as a Markdown file. edition: what stands on the first page."""
    lines = [f"# {TITLE}: {title}", "", f"{edition}.", ""]
    if synthetic:
        lines += [f"**Synthetic data.** {' '.join(synthetic.split())}", ""]
    lines += [f"Cohort studies, {SOURCE}; the items are in our own words.", ""]
    lines += [
        "| Item | What it asks for | In the report | Where | Still owed by the authors |",
        "|---|---|---|---|---|",
    ]
    for each in found:
        cells = (each.part.item, each.part.asks, each.status, "; ".join(each.where), each.owed or "")
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    owed = [each.part.item for each in found if each.owed]
    return "\n".join([*lines, "", capital(f"still owed: items {listed_text(owed)}."), ""])
