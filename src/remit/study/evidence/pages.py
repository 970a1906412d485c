"""Published evidence as plain text: what there is, and one study with each of its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from remit.errors import WrongInput
from remit.language.errors import nearest
from remit.study.evidence.evidence import (
    ALL,
    MARKS,
    Characteristic,
    Evidence,
    Kind,
    Outcome,
    PublishedArm,
    PublishedResult,
    Reported,
)
from remit.study.pack_contents import Packs
from remit.study.pack_pages import wrapped
from remit.study.packs import load_pack, pack_folders

KINDS: Mapping[Kind, str] = {"trial": "Trials", "cohort": "Cohorts", "review": "Reviews"}
SPREADS = {"mean": "mean", "median": "median", "events": "events", "rate": "per 100 person-years"}


def packs_of_remit() -> list[Packs]:
    """Those that come with remit, each by itself."""
    return [load_pack(folder, whole=False).contents for folder in pack_folders().values()]


def evidence_page(shelves: Sequence[Packs]) -> str:
    """All evidence: id, design, population, outcomes. Reads each file, and raises WrongInput where one is wrong."""
    found = [(packs.evidence[name], packs) for packs in shelves for name in packs.evidence]
    if not found:
        return "There is no evidence. It stands in files `evidence/ID.yaml` beside the study file."
    lines: list[str] = []
    for kind, title in KINDS.items():
        held = [(evidence, packs) for evidence, packs in found if evidence.kind == kind]
        if held:
            lines += [title, "-" * len(title)]
        for evidence, packs in held:
            lines += [*_listed(evidence, packs), ""]
    return "\n".join([*lines, "`remit evidence ID` tells one with each of its numbers."])


def _listed(evidence: Evidence, packs: Packs) -> Iterator[str]:
    n = f", {evidence.n.text} patients{evidence.n.mark}" if evidence.n else ""
    yield from wrapped(f"{evidence.id}: {evidence.title}; {evidence.design}{n}", "", "    ")
    yield from wrapped("; ".join([evidence.disease, *([evidence.line] if evidence.line else [])]), "    ")
    yield from wrapped(", ".join(evidence.outcomes) or "no outcome was read", "    ")
    yield from _replaced(evidence.id, packs)


def _replaced(name: str, packs: Packs) -> Iterator[str]:
    if name in packs.evidence.replaced:
        yield from wrapped(
            f"The file beside the study replaces that of the pack, {packs.evidence.replaced[name]}.", "    "
        )


def one_page(name: str, shelves: Sequence[Packs]) -> str:
    """One study, each number with how sure it is. Raises WrongInput."""
    for packs in shelves:
        if name in packs.evidence:
            return "\n".join(_explained(packs.evidence[name], packs))
    known = [each for packs in shelves for each in packs.evidence]
    what = f"there is no evidence '{name}'"
    raise WrongInput("evidence", what, f"{nearest(name, known)} `remit evidence` lists them; a path names a study.")


def _explained(evidence: Evidence, packs: Packs) -> Iterator[str]:
    heading = f"{evidence.id}: {evidence.title}"
    yield from (heading, "=" * len(heading))
    yield from _replaced(evidence.id, packs)
    yield from wrapped("; ".join([evidence.design, *([evidence.setting] if evidence.setting else [])]), "")
    yield from wrapped(f"{evidence.disease}: {evidence.population}", "")
    if evidence.line:
        yield from wrapped(f"Line of therapy: {evidence.line}", "")
    if evidence.n:
        yield f"{_marked(evidence.n)} patients"
    yield from ("", "Arms")
    for arm in evidence.arms.values():
        yield from wrapped(_arm(arm), "  ", "      ")
    if evidence.baseline:
        yield from ("", "At baseline")
    for characteristic in evidence.baseline.values():
        yield from _characteristic(characteristic)
    if evidence.outcomes:
        yield from ("", f"Outcomes, as in `{evidence.id}.{next(iter(evidence.outcomes))}`")
    for outcome in evidence.outcomes.values():
        yield from _outcome(outcome, packs)
    if evidence.safety:
        yield from ("", "Safety")
    for outcome in evidence.safety.values():
        yield from _outcome(outcome, packs)
    if evidence.cautions or evidence.overlaps:
        yield from ("", "Cautions")
    if evidence.overlaps:
        yield from wrapped(f"- shares patients with {', '.join(evidence.overlaps)}", "  ", "    ")
    for caution in evidence.cautions:
        yield from wrapped(f"- {caution}", "  ", "    ")
    yield from ("", "Publication", *wrapped(_citation(evidence), "  "))
    if evidence.source:
        yield from wrapped(f"Read in: {evidence.source}", "  ", "    ")
    used = {number.certainty for number in _numbers(evidence)}
    yield from ("", *(f"[{mark}] {words}" for mark, words in MARKS.items() if mark in used))


def _arm(arm: PublishedArm) -> str:
    told = [arm.drug, *([arm.dose] if arm.dose else [])]
    told += [f"for {_marked(arm.weeks)} weeks"] if arm.weeks else []
    told += [f"{_marked(arm.n)} patients"] if arm.n else []
    return f"{arm.name}: {', '.join(told)}"


def _characteristic(told: Characteristic) -> Iterator[str]:
    unit = f", {told.unit}" if told.unit else ""
    for arm, result in told.of.items():
        of = "" if arm == ALL else f", {arm}"
        yield from wrapped(f"{told.name}: {told.label}{unit}{of}: {_result(result)}", "  ", "      ")
    if told.source:
        yield from wrapped(f"read in: {told.source}", "      ")


def _outcome(outcome: Outcome, packs: Packs) -> Iterator[str]:
    week = f", week {outcome.week}" if outcome.week is not None else ", at a time that was not read"
    among = f"; of {outcome.among}" if outcome.among else ""
    yield from wrapped(f"{outcome.name}: {outcome.label}{week}{among} ({outcome.concept})", "  ", "      ")
    yield from wrapped(f"definition: {outcome.definition.words}", "      ", "        ")
    if outcome.definition.name is not None:
        held = packs.definitions[outcome.definition.name]
        yield from wrapped(f"in the study language: {held.text} ({held.name})", "      ", "        ")
    yield from wrapped(f"missing: {_missing(outcome)}", "      ", "        ")
    for arm, result in outcome.results.items():
        yield from wrapped(f"{arm}: {_result(result)}", "      ", "        ")
    if outcome.source:
        yield from wrapped(f"read in: {outcome.source}", "      ", "        ")


def _missing(outcome: Outcome) -> str:
    return outcome.missing if outcome.missing == outcome.handling else f"{outcome.missing} ({outcome.handling})"


def _result(result: PublishedResult) -> str:
    """38.9 % [V], 126 [D] of 324 [K+]; what fits, and the note."""
    told = [f"{_marked(result.percent, ' %')}"] if result.percent else []
    told += [_count(result)] if result.n else []
    told += [f"{words} {_marked(number)}" for name, words in SPREADS.items() if (number := result.numbers.get(name))]
    told += [f"SD {_marked(result.sd)}"] if result.sd else []
    told += [f"quartiles {_marked(result.q1)} and {_marked(result.q3)}"] if result.q1 and result.q3 else []
    if result.low and result.high:
        level = f"{result.level.text} % interval" if result.level else "interval"
        told.append(f"{level} {_marked(result.low)} to {_marked(result.high)}")
    told += [f"{_marked(result.person_years)} person-years"] if result.person_years else []
    told += [fit] if (fit := _fit(result)) else []
    return "; ".join([", ".join(told), *([result.note] if result.note else [])])


def _count(result: PublishedResult) -> str:
    assert result.n is not None
    return f"{_marked(result.n)} of {_marked(result.of)}" if result.of else f"{_marked(result.n)} patients"


def _fit(result: PublishedResult) -> str:
    """Which whole numbers of patients give the percentage."""
    if result.percent is None:
        return ""
    if result.estimated:
        return "estimated from a curve over time: no share of patients"
    if result.of is None or result.counts is None:
        return "of a number of patients that was not read"
    of = _marked(result.of)
    if not result.fits:
        return f"belongs to no whole number of {of} patients" if result.n is None else "which does not fit"
    if result.n is not None:
        return ""
    counts = result.counts
    fitting = str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    return f"fits {fitting} of {of}"


def _citation(evidence: Evidence) -> str:
    told, citation = [evidence.citation.text.removesuffix(".")], evidence.citation
    told += [f"doi {citation.doi}"] if citation.doi else []
    told += [f"PubMed {citation.pubmed}"] if citation.pubmed else []
    told += [citation.registration] if citation.registration else []
    return "; ".join(told) + "."


def _marked(number: Reported | None, unit: str = "") -> str:
    return f"{number.text}{unit} [{number.certainty}]" if number else ""


def _numbers(evidence: Evidence) -> Iterator[Reported]:
    """Each number of the page."""
    for arm in evidence.arms.values():
        yield from (number for number in (arm.n, arm.weeks) if number)
    yield from [evidence.n] if evidence.n else []
    told = [each.of for each in evidence.baseline.values()]
    told += [outcome.results for outcome in (*evidence.outcomes.values(), *evidence.safety.values())]
    for results in told:
        for result in results.values():
            yield from result.numbers.values()


def is_study(name: str) -> bool:
    """Whether the word on the command line is a path, and not the id of evidence."""
    return "/" in name or "\\" in name or name.endswith((".yaml", ".yml")) or Path(name).exists()
