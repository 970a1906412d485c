"""An indirect comparison in sentences, and what it takes for granted."""

from __future__ import annotations

from remit.language.describe import describe
from remit.report.document import Paragraph, Words, words
from remit.report.indirect.found import Found, found_of, printed, with_ends
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup
from remit.report.numbers import decimal, note, percent
from remit.report.proportions import proportion, spelled
from remit.report.wording import among, capital, quoted, sentence
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.comparisons.indirect_model import Method
from remit.study.study import Study


def indirect_sentences(
    study: Study, analysis: Indirect, lookup: Lookup, say: Language = ENGLISH
) -> tuple[Paragraph, ...]:
    """Of each population the numbers; then what such a comparison assumes."""
    found = found_of(study, analysis, lookup, say)
    return *(Paragraph(_numbers(each)) for each in found), Paragraph(_assumed(found[0]))


def _numbers(found: Found) -> Words:
    return _in_a_row(_ours(found), _theirs(found), _adjusted(found), _effective(found))


def _in_a_row(*said: Words) -> Words:
    """A full stop and the space behind it are one text, so that each sentence can be left out for itself."""
    told = [sentence for sentence in said if sentence]
    return words(*(words(*each[:-1], f"{each[-1]} ") for each in told[:-1]), *told[-1:])


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
    return found.say("{study}: {printed} as published.", study=found.arm, printed=printed(found))


def _adjusted(found: Found) -> Words:
    say = found.say
    ways = [_by(found, method) for method in found.analysis.methods]
    return say(
        "Made alike in {covariates}, ours would be: {ways}.",
        covariates=found.covariates,
        ways=say.listed(ways, comma="; "),
    )


def _by(found: Found, method: Method) -> Words:
    say, its = found.say, found.by(method)
    if its["percent"].value is None:
        told = say("not made ({why})", why=note(its["percent"], say))
    else:
        told = say(
            "{percent}~% (95~% CI {low} to {high}), which differs by {difference} percentage points",
            percent=percent(its["percent"]),
            low=percent(its["lower"]),
            high=percent(its["upper"]),
            difference=with_ends(its, "difference", 1, say),
        )
    if method == "maic":
        return say("weighted to look like theirs, {found}", found=told)
    return say("by a model of ours in a population like theirs, {found}", found=told)


def _effective(found: Found) -> Words:
    if (weights := found.weights) is None:
        return ()
    return found.say("The weights leave {effective} effective patients.", effective=decimal(weights["effective"], 1))


def _assumed(found: Found) -> Words:
    return found.say(
        "Nobody randomised these patients against each other, and no group in common links the two studies. The "
        "comparison is fair only if everything that foretells the outcome, and everything that changes what the "
        "treatment does, was measured and made alike; made alike was only this: {covariates}.",
        covariates=found.covariates,
    )


# In the report alone: definitions are told in English


def not_mended(study: Study, analysis: Indirect) -> Paragraph:
    """What no weights make alike."""
    outcome = analysis.outcome
    ours = describe(analysis.judged.queries[analysis.visit], study.scope, analysis.visit)
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
