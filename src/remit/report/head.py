"""The head of the report: what the study is, and the key findings."""

from __future__ import annotations

from dataclasses import replace

from remit.report.addresses import ALL_PERIODS, ANY, EVENTS, INCLUDED, PATIENTS
from remit.report.document import Fact, Finding, Words, words
from remit.report.lookup import Lookup
from remit.report.methods import day_in_words
from remit.report.methods_statistics import remit_version, study_digest
from remit.report.numbers import count, is_many
from remit.report.proportions import Proportion, in_percent, interval_words, proportion, spelled, unknown
from remit.report.sentences import main_handling, primary_address
from remit.report.wording import capital, plural, quoted, small, visit_label
from remit.schema.results import DECIDED, Address
from remit.study.study import Events, Study


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
    return Finding(
        (count(included),), ("eligible patients",), (words("of ", count(included, "denominator"), " screened"),)
    )


def _primary(study: Study, lookup: Lookup) -> list[Finding]:
    """The primary endpoint, and the same over those decided and under the other estimands."""
    address = study.primary and primary_address(study, study.primary)
    if not address:
        return []
    handling = main_handling(study)
    share = proportion(lookup.at(replace(address, handling=handling)))
    endpoint = study.endpoints[address.variable or ""]
    label = f"{small(endpoint.label)} at {small(visit_label(study, address.visit or ''))}"
    lines = [
        words(spelled(share), " patients"),
        interval_words(share),
        words(f"estimand {quoted(study.estimands[handling].label)}: ", _unknown(share)),
    ]
    return [Finding(in_percent(share), (label,), tuple(lines), main=True), *_otherwise(study, address, lookup)[:2]]


def _unknown(share: Proportion) -> Words:
    if not share.unknown:
        return ("known in all",)
    return words(unknown(share), " not known, counted as “no”")


def _otherwise(study: Study, address: Address, lookup: Lookup) -> list[Finding]:
    found = []
    labels = {name: f"estimand {quoted(part.label)}" for name, part in study.estimands.items()}
    for handling, label in {DECIDED: "known outcomes only", **labels}.items():
        share = proportion(lookup.at(replace(address, handling=handling)))
        if handling != main_handling(study) and share.known:
            lines = (words(spelled(share), " patients"), interval_words(share))
            found.append(Finding(in_percent(share), (label,), lines))
    return found


def _events(study: Study, lookup: Lookup) -> list[Finding]:
    for analysis in study.analyses:
        if isinstance(analysis, Events):
            found = lookup.at(Address(analysis.name, analysis.populations[0], period=ALL_PERIODS, variable=ANY))
            one = study.scope.forms[analysis.form].label
            share = proportion(found, PATIENTS)
            label = plural(small(one), is_many(found[EVENTS]))
            lines = (words("in ", spelled(share), " patients (", in_percent(share), ")"), interval_words(share))
            return [Finding((count(found[EVENTS]),), (label,), lines)]
    return []


def footer(study: Study) -> tuple[Words, ...]:
    identity = study.identity
    return (
        (f"{capital(identity.title)}. Study file {identity.id}, version {identity.version}, SHA-256 {study_digest(study)}.",),
        (f"Made by remit {remit_version()} from results.parquet, which holds each number with its denominator, how many are "
         "missing, how they were handled, and the fingerprint of its definition. Nothing is computed in this report.",),
    )  # fmt: skip
