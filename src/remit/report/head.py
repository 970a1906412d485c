"""The head of the report: what the study is, and the key findings."""

from __future__ import annotations

from remit.report.addresses import ALL_PERIODS, ANY, EVENTS, INCLUDED, PATIENTS
from remit.report.arms import arms_in
from remit.report.document import Fact, Finding, Words, words
from remit.report.lookup import Lookup
from remit.report.methods import day_in_words
from remit.report.methods_statistics import remit_version, study_digest
from remit.report.numbers import count
from remit.report.places import Place, main_handling, primary_place
from remit.report.proportions import Proportion, in_percent, interval_words, proportion, spelled, unknown
from remit.report.wording import quoted, small
from remit.schema.results import DECIDED, Address
from remit.study.study import Endpoint, Events, Study


def facts(study: Study, lookup: Lookup) -> tuple[Fact, ...]:
    identity = study.identity
    included = lookup.one(INCLUDED, "n")
    given = [
        ("Disease", identity.disease),
        ("Drug", identity.drug),
        ("Study", f"{identity.id}, version {identity.version}"),
        ("Data cut-off", day_in_words(study) or None),
    ]
    found = [Fact(label, (text,)) for label, text in given if text]
    patients = words(count(included, "denominator"), " screened, ", count(included), " eligible")
    return (*found, Fact("Patients", patients), Fact("Made with", (f"remit {remit_version()}",)))


def findings(study: Study, lookup: Lookup) -> tuple[Finding, ...]:
    return (*_primary(study, lookup), _patients(lookup), *_events(study, lookup))


def _patients(lookup: Lookup) -> Finding:
    included = lookup.one(INCLUDED, "n")
    screened = words("of ", count(included, "denominator"), " screened")
    return Finding((count(included),), ("eligible patients",), (screened,))


def _primary(study: Study, lookup: Lookup) -> list[Finding]:
    """The primary endpoint, and the same over those decided and under another estimand."""
    primary = primary_place(study, lookup)
    if not primary:
        return []
    place, endpoint = primary
    handling = main_handling(study)
    share = place.share(endpoint, handling)
    label = f"{small(endpoint.label)} at {place.at_visit}"
    estimand = f"estimand {quoted(study.estimands[handling].label)}: "
    lines = (*_behind(share), words(estimand, _unknown(share)))
    main = Finding(in_percent(share), (label,), lines, main=True)
    return [main, *(_by_arm(place, endpoint) if place.analysis.arms else _otherwise(place, endpoint)[:2])]


def _by_arm(place: Place, endpoint: Endpoint) -> list[Finding]:
    shares = {arm: place.of(arm).share(endpoint, main_handling(place.study)) for arm in arms_in(place.analysis)}
    return [Finding(in_percent(share), (f"the same, {arm}",), _behind(share)) for arm, share in shares.items()]


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
            found = lookup.at(Address(analysis.name, analysis.populations[0], period=ALL_PERIODS, variable=ANY))
            share = proportion(found, PATIENTS)
            lines = [words("in ", spelled(share), " patients (", in_percent(share), ")"), interval_words(share)]
            if analysis.periods:
                lines.append(("all periods together",))
            return [Finding((count(found[EVENTS]),), (small(analysis.title),), tuple(lines))]
    return []


def footer(study: Study) -> tuple[Words, ...]:
    identity = study.identity
    digest = f"SHA-256 {study_digest(study)}"
    made = (
        f"Made by remit {remit_version()} from results.parquet, which holds each number with its denominator, how many "
        "are missing, how they were handled, and the fingerprint of its definition. Nothing is computed in this report."
    )
    return ((f"{identity.title}. Study file {identity.id}, version {identity.version}, {digest}.",), (made,))
