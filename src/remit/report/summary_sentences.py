"""A summary of characteristics in sentences: what its table says, for the text of a paper."""

from __future__ import annotations

from dataclasses import replace

from remit.language.types import Level, Text, YesNo
from remit.report.addresses import size
from remit.report.arms import Group, groups_of
from remit.report.characteristics import asked_of, ends_of
from remit.report.document import Inline, Paragraph, Words, words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import count, decimal, decimals_shown, needed
from remit.report.proportions import Proportion, in_percent, proportion, spelled, unknown
from remit.report.wording import among, capital, with_unit
from remit.schema.results import OBSERVED, Address
from remit.study.analyses.kinds import Summary, Variable
from remit.study.study import Study

_MOST_LEVELS = 8  # of a text, that a sentence tells


def summary_sentences(
    study: Study, analysis: Summary, lookup: Lookup, say: Language = ENGLISH
) -> tuple[Paragraph, ...]:
    """A paragraph a population."""
    found = []
    for population in analysis.populations:
        groups = groups_of(study, analysis, population, lookup)
        rows = [
            _row(study, analysis, variable, groups[:-1] if analysis.arms else groups, lookup, say)
            for variable in analysis.rows
        ]
        said = say(
            "{population} {size}, characteristics were as follows.",
            population=capital(among(study.populations[population], say)),
            size=size(study, lookup, population),
        )
        found.append(Paragraph(words(said, *(words(" ", row, ".") for row in rows))))
    return tuple(found)


def _row(
    study: Study, analysis: Summary, variable: Variable, groups: list[Group], lookup: Lookup, say: Language
) -> Words:
    """Age, years: median 36.1 (28.5 to 43.0; n = 64); by arm: Age, years: placebo …, low dose …"""
    at = Address(analysis.name, groups[0].population, variable=variable.name, handling=OBSERVED)
    label = capital(say.label(variable.label))
    said: list[Inline | Words] = []
    for group in groups:
        address = group.at(at)
        arm = f"{say.label(group.arm)} " if group.arm else ""
        match variable.query.type:
            case YesNo():
                said.append(words(arm, _share(proportion(lookup.at(address)), say)))
            case Level() | Text():
                said.append(words(arm, _levels(address, lookup, say)))
            case _:
                found = lookup.at(address)
                label = with_unit(capital(say.label(variable.label)), found["n"].unit or found["median"].unit, say)
                said.append(words(arm, _median(variable, found, say)))
    named = words(label, asked_of(study, analysis, variable, say))
    return words(named, ": ", say.listed(said))


def _share(share: Proportion, say: Language) -> Words:
    """25 of 64 (39.1 %; 2 not known)"""
    if not share.known:
        return say("not known in anybody")
    rest = say("; {n} not known", n=unknown(share)) if share.unknown else ()
    return say("{n} ({percent})", n=spelled(share, say), percent=words(in_percent(share), rest))


def _levels(address: Address, lookup: Lookup, say: Language) -> Words:
    """stage I 20 of 64 (31.3 %), stage II …; of many texts the first, and how many others there are."""
    levels = lookup.levels(address)
    if not levels:
        return say("none recorded")
    shares = {level: proportion(lookup.at(replace(address, level=level))) for level in levels}
    told = [
        words(f"{say.label(level)} ", say("{n} ({percent})", n=spelled(share, say), percent=in_percent(share)))
        for level, share in [*shares.items()][:_MOST_LEVELS]
    ]
    others = len(levels) - len(told)
    more = say("; and {n} others: see the table", n=str(others)) if others else ()
    some = shares[levels[0]]
    rest = say(" ({n} not known)", n=unknown(some)) if some.unknown else ()
    return words(say.listed(told), more, rest)


def _median(variable: Variable, found: Statistics, say: Language) -> Words:
    if not found["n"].denominator:
        return say("not known in anybody")
    quantiles = [found[name] for name in ("median", "q1", "q3")]
    base = decimals_shown(variable.query.type, ends_of([found]))
    decimals = needed((quantile.value for quantile in quantiles), base)
    median, q1, q3 = (decimal(quantile, decimals, say) for quantile in quantiles)
    return say("median {median} ({q1} to {q3}; n~=~{n})", median=median, q1=q1, q3=q3, n=count(found["n"]))
