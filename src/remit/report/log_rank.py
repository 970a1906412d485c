"""The times of the arms compared: a sentence, and lines of the table of times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from remit.report.arms import Contrast, Group, contrasts_of
from remit.report.document import Cell, Row, Words, words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Result, Statistics
from remit.report.numbers import NONE, count, decimal, is_many, not_given, note, p_number, p_words
from remit.report.wording import capital
from remit.schema.results import ARM, Address
from remit.study.analyses.kinds import TimeToEvent

_EXPECTED = ("Events expected: those that the arm would have had if it did not differ from the others.",)


def log_rank_sentence(analysis: TimeToEvent, population: str, lookup: Lookup, say: Language = ENGLISH) -> Words:
    """The times differ between the arms with p = 0.012 (log-rank test, …); or why they are not compared."""
    if not analysis.arms or not analysis.compare:
        return ()
    found = lookup.at(replace(_address(analysis, population), group=ARM))
    if found["p"].value is None:
        return say(" The arms are not compared: {note}.", note=note(found["p"], say))
    degrees = found["degrees_of_freedom"]
    freedom = (
        say("{n} degrees of freedom", n=count(degrees))
        if is_many(degrees)
        else say("{n} degree of freedom", n=count(degrees))
    )
    said = say(
        " Log-rank test over the arms: chi-squared {chi_squared} with {freedom}, {p}",
        chi_squared=decimal(found["chi_squared"], 2),
        freedom=freedom,
        p=p_words(found["p"]),
    )
    pairs = pairs_of(analysis, _address(analysis, population), lookup)
    if not pairs:
        return words(said, ".")
    each = [words(f"{say.label(pair.arm)}, ", _p_or_why(statistics, say)) for pair, statistics in pairs]
    against = say.label(pairs[0][0].reference)
    return words(said, say("; against {reference}: {arms}.", reference=against, arms=say.listed(each, comma="; ")))


def log_rank_lines(analysis: TimeToEvent, population: str, groups: Sequence[Group], lookup: Lookup) -> list[Row]:
    """The expected events of each arm; p over the arms, under the total; and of each arm against the reference."""
    if not analysis.arms or not analysis.compare:
        return []
    at = _address(analysis, population)
    expected = [Cell() if group.arm is None else _expected(lookup.at(group.at(at))) for group in groups]
    return [
        Row(("Log-rank test",), heading=True),
        Row(("Events expected",), tuple(expected), level=1, notes=(_EXPECTED,)),
        *p_lines(analysis, at, groups, lookup),
    ]


def p_lines(analysis: TimeToEvent, at: Address, groups: Sequence[Group], lookup: Lookup, test: str = "") -> list[Row]:
    """p of the test at an address: over the arms, under the total; and of each arm against the reference."""
    over_all = p_cell(lookup.one(replace(at, group=ARM), "p"))
    cells = tuple(over_all if group.arm is None else Cell() for group in groups)
    lines = [Row((f"{test}over the arms, p" if test else "Over the arms, p",), cells, level=1)]
    pairs = {pair.arm: p_cell(found["p"]) for pair, found in pairs_of(analysis, at, lookup)}
    if pairs and analysis.arms:
        cells = tuple(pairs.get(group.arm or "", Cell()) for group in groups)
        against = f"against {analysis.arms.reference}, p"
        lines.append(Row((f"{test}{against}" if test else capital(against),), cells, level=1))
    return lines


def _address(analysis: TimeToEvent, population: str) -> Address:
    return Address(analysis.name, population, variable="log_rank")


def pairs_of(analysis: TimeToEvent, at: Address, lookup: Lookup) -> list[tuple[Contrast, Statistics]]:
    """The tests at an address of each arm against the reference; none where there are but two arms, for that is the
    test over the arms."""
    if not analysis.arms or len(analysis.arms.names) < 3:
        return []
    return [(pair, lookup.at(pair.at(at))) for pair in contrasts_of(analysis)]


def _p_or_why(found: Statistics, say: Language) -> Words:
    if found["p"].value is not None:
        return p_words(found["p"])
    return say("not compared ({note})", note=note(found["p"], say))


def p_cell(p: Result) -> Cell:
    if p.value is None:
        return Cell(((NONE,),), (not_given(p),), muted=True)
    return Cell((words(p_number(p)),))


def _expected(found: Statistics) -> Cell:
    expected = found["expected"]
    if expected.value is None:
        return Cell(((NONE,),), (not_given(expected),), muted=True)
    return Cell((words(decimal(expected, 1)),))
