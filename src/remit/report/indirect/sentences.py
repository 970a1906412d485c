"""An indirect comparison in sentences, and what it takes for granted."""

from __future__ import annotations

from remit.language.describe import describe
from remit.report.document import Inline, Paragraph, Words, words
from remit.report.indirect.found import Found, found_of, marked, of_patients, with_ends
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import decimal, note, percent
from remit.report.proportions import proportion, spelled
from remit.report.wording import among, capital, quoted, sentence, small
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.study import Study

_BY = {
    "maic": "weighted to look like theirs, {found}",
    "stc": "by a model of ours in a population like theirs, {found}",
}


def indirect_sentences(
    study: Study, analysis: Indirect, lookup: Lookup, say: Language = ENGLISH
) -> tuple[Paragraph, ...]:
    """Of each population the numbers; then what such a comparison assumes."""
    found = found_of(study, analysis, lookup, say)
    return *(Paragraph(_numbers(each)) for each in found), Paragraph(_assumed(found[0]))


def _numbers(found: Found) -> Words:
    return words(_ours(found), " ", _theirs(found), " ", _adjusted(found), _effective(found))


def _ours(found: Found) -> Words:
    say, share = found.say, proportion(found.as_they_are)
    if not share.known:
        return say("Nobody is in this denominator.")
    return say(
        "{visit}, {population}: {endpoint} in {n} ({percent}~%) as they are.",
        visit=capital(found.at_visit),
        population=among(found.study.populations[found.population], say),
        endpoint=found.label,
        n=spelled(share, say),
        percent=percent(share.percent),
    )


def _theirs(found: Found) -> Words:
    say, theirs = found.say, found.theirs
    said = say(
        "{study} printed {percent}~%{mark}",
        study=found.arm,
        percent=percent(theirs["percent"]),
        mark=marked(theirs, "percent"),
    )
    of = say(" of {n} patients", n=of_patients(theirs)) if "n" in theirs else ()
    return words(said, of, ".")


def _adjusted(found: Found) -> Words:
    say = found.say
    ways: list[Inline | Words] = [
        say(_BY[method], found=_by(found, found.by(method))) for method in found.analysis.methods
    ]
    covariates = say.listed([small(say.label(match.variable.label)) for match in found.analysis.matches])
    return say(
        "Made alike in {covariates}, ours would be: {ways}.", covariates=covariates, ways=say.listed(ways, comma="; ")
    )


def _by(found: Found, statistics: Statistics) -> Words:
    say = found.say
    if statistics["percent"].value is None:
        return say("not made ({why})", why=note(statistics["percent"], say))
    return say(
        "{percent}~% (95~% CI {low} to {high}), which differs by {difference} percentage points",
        percent=percent(statistics["percent"]),
        low=percent(statistics["lower"]),
        high=percent(statistics["upper"]),
        difference=with_ends(statistics, "difference", 1, say),
    )


def _effective(found: Found) -> Words:
    if (weights := found.weights) is None:
        return ()
    return found.say(" The weights leave {effective} effective patients.", effective=decimal(weights["effective"], 1))


def _assumed(found: Found) -> Words:
    say = found.say
    covariates = say.listed([small(say.label(match.variable.label)) for match in found.analysis.matches])
    return say(
        "No trial compared the two, and no comparator links them. The comparison is fair only if everything that "
        "foretells the outcome, and everything that changes what the treatment does, was measured and made alike; made "
        "alike was only {covariates}. It is an illustration, and no evidence that one treatment is better.",
        covariates=covariates,
    )


# In the report alone: definitions are told in English


def not_mended(study: Study, analysis: Indirect) -> Paragraph:
    """What no weights make alike."""
    outcome, endpoint = analysis.outcome, study.endpoints[analysis.endpoint]
    ours = describe(endpoint.queries[analysis.visit], study.scope, analysis.visit)
    said = [
        "No weights mend what differs in how it was measured.",
        sentence(f"Their {outcome.label}: {outcome.definition.words.rstrip('.')}"),
        sentence(f"Ours: {ours}"),
        sentence(f"Where theirs was missing: {outcome.missing.rstrip('.')}"),
    ]
    if analysis.estimand in study.estimands:
        said.append(f"Ours is under the estimand {quoted(study.estimands[analysis.estimand].label)}.")
    if outside := [match.theirs for match in analysis.matches if not match.of_arm]:
        said.append(f"Told of their whole study, not of this arm: {', '.join(outside)}.")
    said += [sentence(capital(caution)) for caution in analysis.evidence.cautions]
    said.append(f"Source: {analysis.evidence.citation.text}")
    return Paragraph((" ".join(said),))
