"""The head of the report: what the study is, and the key findings."""

from __future__ import annotations

from dataclasses import replace

from remit.report.addresses import ALL_PERIODS, ANY, EVENTS, INCLUDED, PATIENTS, in_arm
from remit.report.adjusted_comparison import compared
from remit.report.arms import arms_in, contrasts_of, difference
from remit.report.document import Fact, Finding, Words, words
from remit.report.lookup import Lookup, Statistics
from remit.report.methods import cutoff_in_words
from remit.report.methods_statistics import remit_version, study_digest
from remit.report.numbers import count, note
from remit.report.places import Place, main_handling, primary_place
from remit.report.proportions import Proportion, in_percent, interval_words, proportion, spelled, unknown
from remit.report.wording import listed, quoted, small
from remit.schema.cohort import ELIGIBLE
from remit.schema.results import DECIDED, Address
from remit.study.analyses.kinds import AdjustedComparison, Events
from remit.study.study import Endpoint, Study


def facts(study: Study, lookup: Lookup) -> tuple[Fact, ...]:
    identity = study.identity
    included = lookup.one(INCLUDED, "n")
    given = [
        ("Disease", identity.disease),
        ("Drug", identity.drug),
        ("Study", f"{identity.id}, version {identity.version}"),
        ("Data cut-off", cutoff_in_words(study) or None),
    ]
    found = [Fact(label, (text,)) for label, text in given if text]
    patients = words(count(included, "denominator"), " screened, ", count(included), " eligible")
    return (*found, Fact("Patients", patients), Fact("Made with", (f"remit {remit_version()}",)))


def findings(study: Study, lookup: Lookup) -> tuple[Finding, ...]:
    """Where patients are compared by arm, no percentage of all arms together: it would be that of no treatment."""
    return (*_primary(study, lookup), _patients(study, lookup), *_events(study, lookup))


def _patients(study: Study, lookup: Lookup) -> Finding:
    included = lookup.one(INCLUDED, "n")
    lines = [words("of ", count(included, "denominator"), " screened")]
    for arms in [*study.arms.values()][:1]:
        sizes = [words(f"{arm} ", count(lookup.one(in_arm(arms, ELIGIBLE, arm), "n"))) for arm in arms.names]
        lines.append(words(listed(sizes)))
    return Finding((count(included),), ("eligible patients",), tuple(lines))


def _primary(study: Study, lookup: Lookup) -> list[Finding]:
    """The primary endpoint, and the same over those decided and under another estimand."""
    primary = primary_place(study, lookup)
    if not primary:
        return []
    place, endpoint = primary
    handling = main_handling(study)
    if place.analysis.arms:
        return _by_arm(place, endpoint)
    share = place.share(endpoint, handling)
    main = Finding(in_percent(share), (_label(place, endpoint),), _lines(place, share), main=True)
    return [main, *_otherwise(place, endpoint)[:2]]


def _label(place: Place, endpoint: Endpoint) -> str:
    return f"{small(endpoint.label)} at {place.at_visit}"


def _lines(place: Place, share: Proportion) -> tuple[Words, ...]:
    estimand = f"estimand {quoted(place.study.estimands[main_handling(place.study)].label)}: "
    left_out = (note(share.n),) if share.n.note else ()
    return (*_behind(share), words(estimand, _unknown(share)), *left_out)


def _by_arm(place: Place, endpoint: Endpoint) -> list[Finding]:
    """Each arm, with its difference from the reference."""
    handling = main_handling(place.study)
    at = replace(place.address(endpoint), handling=handling)
    differences = {each.arm: (each, place.lookup.at(each.at(at))) for each in contrasts_of(place.analysis)}
    found = []
    for arm in arms_in(place.analysis):
        share = place.of(arm).share(endpoint, handling)
        lines = [*_lines(place, share)]
        if arm in differences and differences[arm][1]["difference"].value is not None:
            contrast, values = differences[arm]
            adjusted = _adjusted(place, endpoint, arm)
            crude = "crude " if adjusted else ""
            said = words(f"{crude}difference from {contrast.reference}: ", difference(values, 1), " percentage points")
            lines += [said, *adjusted]
        found.append(Finding(in_percent(share), (f"{_label(place, endpoint)}, {arm}",), tuple(lines)))
    return found


def _adjusted(place: Place, endpoint: Endpoint, arm: str) -> list[Words]:
    """The difference of arms that chance did not assign, by the first analysis that adjusts it."""
    asked = (endpoint.name, place.visit.name, main_handling(place.study))
    for analysis in place.study.analyses:
        if isinstance(analysis, AdjustedComparison) and asked == (analysis.endpoint, analysis.visit, analysis.estimand):
            every = compared(place.study, analysis, place.lookup)
            pairs = [each for each in every if (each.population, each.arm) == (place.population.name, arm)]
            for found in pairs:
                for method in found.given[-1:]:
                    return [words(f"adjusted ({method}): ", difference(found.effect(method), 1))]
    return []


def _behind(share: Proportion) -> tuple[Words, Words]:
    return words(spelled(share), " patients"), interval_words(share)


def _unknown(share: Proportion) -> Words:
    return words(unknown(share), " not known, counted as “no”") if share.unknown else ("known in all",)


def _otherwise(place: Place, endpoint: Endpoint) -> list[Finding]:
    found = []
    labels = {name: f"the same, estimand {quoted(part.label)}" for name, part in place.study.estimands.items()}
    for handling, label in {DECIDED: "the same, known outcomes only", **labels}.items():
        share = place.share(endpoint, handling)
        if handling != main_handling(place.study) and share.known:
            found.append(Finding(in_percent(share), (label,), _behind(share)))
    return found


def _events(study: Study, lookup: Lookup) -> list[Finding]:
    for analysis in study.analyses:
        if isinstance(analysis, Events):
            at = Address(analysis.name, analysis.populations[0], period=ALL_PERIODS, variable=ANY)
            found = lookup.at(at)
            share = proportion(found, PATIENTS)
            lines = [words("in ", spelled(share), " patients (", in_percent(share), ")"), interval_words(share)]
            if analysis.arms:
                lines = [_events_in(arm, lookup.at(at.in_arm(arm))) for arm in arms_in(analysis)]
                lines += [("arms as treated",)] if analysis.arms.kind == "actual" else []
            if analysis.periods:
                lines.append(("all periods together",))
            return [Finding((count(found[EVENTS]),), (small(analysis.title),), tuple(lines))]
    return []


def _events_in(arm: str, found: Statistics) -> Words:
    share = proportion(found, PATIENTS)
    return words(f"{arm}: ", count(found[EVENTS]), " in ", spelled(share), " patients (", in_percent(share), ")")


def footer(study: Study) -> tuple[Words, ...]:
    identity = study.identity
    digest = f"SHA-256 {study_digest(study)}"
    made = (
        f"Made by remit {remit_version()} from results.parquet, which holds each number with its denominator, how many "
        "are missing, how they were handled, and the fingerprint of its definition. Nothing is computed in this report."
    )
    return ((f"{identity.title}. Study file {identity.id}, version {identity.version}, {digest}.",), (made,))
