"""A comparison in sentences: ours, between which percentages theirs lie, what is alike; what none of it can show."""

from __future__ import annotations

from collections.abc import Sequence

from remit.report.comparison.compared import KINDS, Compared, Published
from remit.report.comparison.differences import Aspect
from remit.report.comparison.numbers import percent_of, percent_words
from remit.report.document import Paragraph, Words, words
from remit.report.language import ENGLISH, Language
from remit.report.proportions import in_percent, interval_words, spelled
from remit.study.comparisons.kinds import Comparison
from remit.study.evidence.evidence import Kind

_ALIKE: tuple[Aspect, ...] = ("definition", "week", "missing")


def comparison_sentences(found: Compared) -> list[Paragraph]:
    """Ours, theirs and what is alike."""
    return [Paragraph(words(_ours(found), _theirs(found), _alike(found)))]


def caution(analysis: Comparison, say: Language = ENGLISH) -> Paragraph:
    """What a comparison of percentages cannot show, and what would be needed."""
    naked = say(
        "These are percentages of different patients, set side by side. Nothing is adjusted for: what differs may "
        "be the patients, the definition, the week or the handling of missing data as well as the treatment. The "
        "comparison describes, and says nothing of cause."
    )
    known = say(" A test against a stated percentage takes it as known without error, which no published one is.")
    needed = say(
        " A fair comparison would need one protocol with one definition and arms assigned by chance; or the patients "
        "of both studies one by one, judged by one definition and made alike in what matters for the outcome."
    )
    return Paragraph(words(naked, known if analysis.benchmark else (), needed))


def _ours(found: Compared) -> Words:
    say = found.say
    if not found.ours.known:
        return say("At {visit}, {population}, nobody is in the denominator {under}.", **_where(found))
    return say(
        "At {visit}, {population}, {endpoint} was seen in {n} ({percent}, {interval}) {under}.",
        **_where(found),
        endpoint=found.label,
        n=spelled(found.ours, say),
        percent=in_percent(found.ours),
        interval=interval_words(found.ours, say),
    )


def _where(found: Compared) -> dict[str, str]:
    return {"visit": found.at_visit, "population": found.among, "under": found.under}


def _theirs(found: Compared) -> Words:
    """Between which percentages the published ones lie, by kind of study: of arms with our drug, where any has it."""
    same = [each for each in found.published if _is_same(found, each, "drug")]
    known = {kind: _known(same or found.published, kind) for kind in KINDS}
    ranges = [_range(found, kind, published) for kind, published in known.items() if published]
    if not ranges:
        return ()
    if same:
        return found.say(" With the same drug others published {ranges}.", ranges=found.say.listed(ranges, comma="; "))
    return found.say(" Others published {ranges}.", ranges=found.say.listed(ranges, comma="; "))


def _is_same(found: Compared, theirs: Published, aspect: Aspect) -> bool:
    return any(each.aspect == aspect and each.verdict == "same" for each in found.differences(theirs))


def _known(published: Sequence[Published], kind: Kind) -> list[Published]:
    """Those with a percentage, the least first."""
    known = [(each, percent_of(each)) for each in published if each.evidence.kind == kind]
    values = [(percent.value, each) for each, percent in known if percent is not None and percent.value is not None]
    return [each for _, each in sorted(values, key=lambda pair: pair[0])]


def _range(found: Compared, kind: Kind, known: Sequence[Published]) -> Words:
    say, low, high = found.say, known[0], known[-1]
    studies = say.text(KINDS[kind])
    if len(known) == 1:
        return say("{low} ({least}) in {studies}", low=percent_words(low), least=found.name(low), studies=studies)
    return say(
        "from {low} ({least}) to {high} ({most}) in {studies}",
        low=percent_words(low),
        least=found.name(low),
        high=percent_words(high),
        most=found.name(high),
        studies=studies,
    )


def _alike(found: Compared) -> Words:
    """How many of them are surely like ours in what makes the number."""
    say = found.say
    same = [{aspect for aspect in _ALIKE if _is_same(found, theirs, aspect)} for theirs in found.published]
    counts = {aspect: sum(aspect in each for each in same) for aspect in _ALIKE}
    whole = sum(len(each) == len(_ALIKE) for each in same)
    return say(
        " Surely like ours, of {all} published results: definition {definition}, week {week}, handling of missing data "
        "{missing}; all three {whole}.",
        all=str(len(same)),
        definition=str(counts["definition"]),
        week=str(counts["week"]),
        missing=str(counts["missing"]),
        whole=str(whole),
    )
