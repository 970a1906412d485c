"""Our patients under their definitions: a table, and how much of the difference is definition."""

from __future__ import annotations

from dataclasses import replace

from remit.language.describe import describe
from remit.report.addresses import size
from remit.report.arms import difference
from remit.report.comparison.compared import Compared, Published
from remit.report.comparison.numbers import percent_words
from remit.report.document import Cell, Inline, Paragraph, Row, Table, Words, words
from remit.report.effectiveness import head, left_out_notes, share_cell
from remit.report.numbers import NONE, count, decimal
from remit.report.places import handlings
from remit.report.proportions import Proportion, in_percent, proportion, spelled
from remit.report.wording import capital, listed_text, quoted, sentence
from remit.schema.results import REQUIRED, Address
from remit.study.comparisons.kinds import OWN_ONLY, RULE_ONLY, Rule
from remit.study.endpoint import Endpoint

_CELLS = (
    "Each cell: n/N (percentage); 95\u00a0% CI; how many are not known; then the difference from our own definition in "
    "the patients who are in both denominators, in percentage points with its 95\u00a0% CI (Tango’s), and how many "
    "reach it by this definition alone (+) or by ours alone (\u2212).",
)


def rules_table(found: Compared) -> Table | None:
    """A row a definition, ours first, and a column a handling; None where there is no other definition."""
    if not found.analysis.rules:
        return None
    columns = _handlings(found)
    rows = [_own_row(found, columns), *(_rule_row(found, rule, columns) for rule in found.analysis.rules)]
    title = f"{capital(found.label)} at {found.at_visit}: our patients under other definitions "
    return Table(
        name=f"{found.analysis.name}-{found.population}-rules",
        title=words(title, size(found.study, found.lookup, found.population)),
        stub="Definition",
        columns=tuple(head(found.study, handling) for handling in columns),
        rows=tuple(rows),
        notes=(_CELLS,),
        cards=True,
    )


def _handlings(found: Compared) -> list[str]:
    """Each under which our own definition was counted; who has what is required is asked of ours alone."""
    return [each for each in handlings(found.study, [found.endpoint]) if each != REQUIRED]


def _own_row(found: Compared, columns: list[str]) -> Row:
    shares = (proportion(found.lookup.at(found.analysis.ours(found.population, each))) for each in columns)
    return Row(("Ours",), tuple(_share_cell(each) for each in shares), detail=(_in_words(found, found.endpoint),))


def _rule_row(found: Compared, rule: Rule, columns: list[str]) -> Row:
    """What cannot be computed stands there with its reason."""
    if rule.endpoint is None:
        why = sentence(rule.why_not or "its definition cannot be read here")
        cells = (
            Cell((("not computed",),), ((why,),), muted=True),
            *(Cell(((NONE,),), muted=True) for _ in columns[1:]),
        )
        return Row((capital(rule.label),), cells, detail=_of(found, rule))
    if rule.endpoint.name == found.endpoint.name:
        same = Cell((("as ours",),), muted=True)
        return Row((capital(rule.label),), tuple(same for _ in columns), detail=_of(found, rule))
    detail = words(_in_words(found, rule.endpoint), words("; ", _of(found, rule)) if rule.of else ())
    return Row((capital(rule.label),), tuple(_cell(found, rule, each) for each in columns), detail=detail)


def _share_cell(share: Proportion) -> Cell:
    return replace(share_cell(share), notes=left_out_notes(share))


def _in_words(found: Compared, endpoint: Endpoint) -> str:
    visit = found.analysis.visit
    return describe(endpoint.queries[visit], found.study.scope, visit)


def _of(found: Compared, rule: Rule) -> Words:
    """of U-EXCEL and U-EXCEED"""
    titles = dict.fromkeys(each.evidence.title for each in found.analysis.beside if each.name in rule.of)
    return (f"of {listed_text(list(titles))}",) if titles else ()


def _cell(found: Compared, rule: Rule, handling: str) -> Cell:
    cell = _share_cell(_share(found, rule, handling))
    against = found.lookup.at(_against(found, rule, handling))
    if against["difference"].value is None:
        return cell
    changed = words("+", count(against[RULE_ONLY]), ", \u2212", count(against[OWN_ONLY]))
    return Cell((*cell.lines, difference(against, 1), changed), cell.notes, cell.muted)


def _share(found: Compared, rule: Rule, handling: str) -> Proportion:
    return proportion(found.lookup.at(found.analysis.by_rule(rule.name, found.population, handling)))


def _against(found: Compared, rule: Rule, handling: str) -> Address:
    return found.analysis.rule_against_ours(rule.name, found.population, handling)


# In words


def rules_sentence(found: Compared) -> Paragraph | None:
    """How much of the difference is definition; None where no other definition was computed, or nobody is known."""
    computed = [rule for rule, _ in found.analysis.judged if _share(found, rule, found.analysis.estimand).known]
    if not computed or not found.ours.known:
        return None
    return Paragraph(words(_opening(found, computed), *(_changed(found, rule) for rule in computed)))


def _opening(found: Compared, computed: list[Rule]) -> Words:
    """Definition alone changes only where each definition counts the same patients."""
    if all(_is_of_both(found, rule) for rule in computed):
        return found.say(
            "In the same patients, {under}, other definitions give other numbers: what changes is definition alone.",
            under=found.under,
        )
    return found.say(
        "Other definitions, {under}, give other numbers, and know other patients: each change is in those whom both "
        "definitions know.",
        under=found.under,
    )


def _is_of_both(found: Compared, rule: Rule) -> bool:
    """Whether ours and the rule count the same patients, all who are in both denominators."""
    paired = found.lookup.at(_against(found, rule, found.analysis.estimand))["difference"].denominator
    return paired == found.ours.percent.denominator == _share(found, rule, found.analysis.estimand).percent.denominator


def _changed(found: Compared, rule: Rule) -> Words:
    """A sentence of its own, so that where it may not be shared the others stay."""
    say, handling = found.say, found.analysis.estimand
    share = _share(found, rule, handling)
    changed = found.lookup.at(_against(found, rule, handling))["difference"]
    parts: dict[str, Inline | Words] = {"n": spelled(share, say), "percent": in_percent(share)}
    parts["rule"] = quoted(say.label(rule.label))
    parts["change"] = decimal(changed, 1, say)
    theirs = [each for each in found.published if each.beside.name in rule.of]
    parts["published"] = say.listed([_published(found, each) for each in theirs])
    if _is_of_both(found, rule):
        if not theirs:
            return say(" By {rule}: {n} ({percent}), a change of {change} percentage points.", **parts)
        return say(
            " By {rule}: {n} ({percent}), a change of {change} percentage points; published {published}.", **parts
        )
    parts["both"] = count(changed, "denominator")
    if not theirs:
        return say(
            " By {rule}: {n} ({percent}); in the {both} known by both, a change of {change} percentage points.", **parts
        )
    return say(
        " By {rule}: {n} ({percent}); in the {both} known by both, a change of {change} percentage points; published "
        "{published}.",
        **parts,
    )


def _published(found: Compared, theirs: Published) -> Words:
    return words(percent_words(theirs), f" ({found.name(theirs)})")
