"""A page a patient: what was given, seen, measured and decided."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from remit.derive.values import INDEX_DATE
from remit.errors import WrongInput
from remit.language.types import Level
from remit.language.words import day_in_words
from remit.schema.cohort import ELIGIBLE, EXCLUDED_BY, UNDECIDABLE, Cohort, event_column
from remit.schema.intake import placed_in_words
from remit.schema.profiles import MOST_NARRATED, Attended, Lane, Profile, Profiles, Told
from remit.schema.records import CENTRE, PATIENT, ROW, Records
from remit.study.study import Study
from remit.trace.charted import DAY, Charted, charted
from remit.trace.decisions import decisions_of, primary_estimand
from remit.trace.measures import measures_of
from remit.trace.narratives import narrated
from remit.trace.treatment import amount_field, amount_unit, event_forms, period_of, serious_field, terms, treated

MOST = 100
_DOUBTFUL = ("refused", "unused", "queried")


def profiles_of(study: Study, records: Records, cohort: Cohort, names: pl.Series) -> Profiles:
    """Of these patients of the cohort, in their order."""
    patients = pl.DataFrame({PATIENT: names}).join(cohort.patients, on=PATIENT, how="left", maintain_order="left")
    forms = [form.name for form in study.forms.values() if form.rows != "once"]
    found = charted(study, records, cohort, names, tuple(forms))
    measures = measures_of(study, records, cohort, patients)
    decided = decisions_of(study, records, patients)
    used = _used(cohort, names)
    doubts = _doubts(cohort, names)
    labels = {criterion.name: criterion.label for criterion in study.criteria}
    made = []
    for place, (patient, over_time) in enumerate(
        zip(found.patients, treated(study, records, cohort, names), strict=True)
    ):
        lanes = tuple(_lanes(study, found, over_time.patient))
        made.append(
            Profile(
                treated=over_time,
                centre=patient[CENTRE],
                included=bool(patient[ELIGIBLE]),
                excluded_by=_excluded(labels, patient[EXCLUDED_BY]),
                start=day_in_words(patient[INDEX_DATE]) if patient[INDEX_DATE] else None,
                sex=_sex(study, patient),
                facts=decided[place].facts,
                unit=amount_unit(study.forms[study.dosing.form]) if study.dosing else None,
                lanes=lanes,
                attended=tuple(_attended(study, found, over_time.patient, used)),
                measures=measures[place],
                criteria=decided[place].criteria,
                endpoints=decided[place].endpoints,
                narratives=tuple(
                    narrated(over_time, lanes, measures[place], *_born(study, patient), _age(decided[place].facts))
                ),
                doubts=tuple(doubts.get(over_time.patient, ())),
            )
        )
    estimand = primary_estimand(study)
    tells = any(serious_field(study.forms[form]) for form in terms(study))
    return Profiles(tuple(made), cohort.patients.height, estimand.label if estimand else None, tells)


def first_patients(cohort: Cohort) -> pl.Series:
    """By centre and id."""
    return _first(cohort.patients.lazy(), MOST)


def patients_with_serious_events(study: Study, cohort: Cohort) -> pl.Series:
    """By centre and id. Nobody, where the charts do not say which events are serious."""
    told = [pl.lit(value=False)]
    for form in terms(study):
        if field := serious_field(study.forms[form]):
            told.append(pl.col(event_column(form, field.name)).fill_null(value=False))
    serious = cohort.events.lazy().filter(pl.any_horizontal(told)) if len(told) > 1 else cohort.events.lazy().head(0)
    return _first(cohort.patients.lazy().join(serious.select(PATIENT), on=PATIENT, how="semi"), MOST_NARRATED)


def _first(patients: pl.LazyFrame, most: int) -> pl.Series:
    found = patients.select(CENTRE, PATIENT).bottom_k(most, by=[CENTRE, PATIENT])
    return found.sort(CENTRE, PATIENT, nulls_last=True).collect()[PATIENT]


def known_patients(cohort: Cohort, asked: Sequence[str]) -> pl.Series:
    """Those asked for, each once. Raises WrongInput where one is not in the cohort."""
    names = pl.Series(PATIENT, [*dict.fromkeys(asked)], dtype=pl.String)
    known = set(cohort.patients.join(names.to_frame(), on=PATIENT, how="semi")[PATIENT])
    for name in names:
        if name not in known:
            few = ", ".join(cohort.patients[PATIENT].head(3))
            remedy = f"Name patients as the charts do: {few}, …" if few else "The run has no patients."
            raise WrongInput("--patient", f"there is no patient '{name}' in this run", remedy)
    return names


def _excluded(labels: Mapping[str, str], reason: str | None) -> str | None:
    return labels.get(reason, UNDECIDABLE) if reason else None


def _sex(study: Study, patient: Mapping[str, object]) -> str | None:
    """The level of a field of that name, of a form filled once."""
    for form in study.forms.values():
        for field in form.fields.values() if form.rows == "once" else ():
            if field.name in ("sex", "gender") and isinstance(field.type, Level):
                value = patient[f"{form.name}__{field.name}"]
                return None if value is None else str(value)
    return None


def _born(study: Study, patient: Mapping[str, object]) -> tuple[datetime.date | None, datetime.date | None]:
    """The dates of birth and of day 0."""
    start, born = patient[INDEX_DATE], None
    if study.birth:
        born = patient["__".join(study.birth.split("."))]
    return (
        born if isinstance(born, datetime.date) else None,
        start if isinstance(start, datetime.date) else None,
    )


def _age(facts: Sequence[Told]) -> int | None:
    """In full years, as the charts hold it."""
    told = next((fact.text for fact in facts if fact.label.lower() == "age" and fact.text), "")
    found = re.fullmatch(r"(\d+)(?:\.\d+)?(?: years)?", told)
    return int(found[1]) if found else None


def _lanes(study: Study, found: Charted, patient: str) -> Iterator[Lane]:
    """What was given besides: the forms of periods, but for the drug's own rows."""
    for form in study.forms.values():
        if form.rows != "period" or (study.dosing and study.dosing.form == form.name):
            continue
        if form.name in event_forms(study):
            continue
        if rows := found.of(form.name, patient):
            amount = amount_field(form)
            yield Lane(form.name, amount_unit(form), tuple(period_of(form, row, amount) for row in rows))


def _used(cohort: Cohort, names: pl.Series) -> dict[tuple[str, int], str]:
    theirs = cohort.visits.join(pl.DataFrame({PATIENT: names}), on=PATIENT, how="semi")
    return {(form, row): visit for form, row, visit in theirs.select("form", ROW, "visit").iter_rows()}


def _attended(study: Study, found: Charted, patient: str, used: Mapping[tuple[str, int], str]) -> Iterator[Attended]:
    labels = {visit.name: visit.label for visit in study.visits}
    for form in study.forms.values():
        for row in found.of(form.name, patient) if form.rows == "visit" else ():
            visit = used.get((form.name, row[ROW]))
            yield Attended(form.name, row[DAY], labels[visit] if visit else None)


def _doubts(cohort: Cohort, names: pl.Series) -> dict[str, list[Told]]:
    """What the ledger says of each patient's rows and cells."""
    theirs = cohort.ledger.filter(pl.col("action").is_in(_DOUBTFUL))
    theirs = theirs.join(pl.DataFrame({PATIENT: names}), on=PATIENT, how="semi", maintain_order="left")
    found: dict[str, list[Told]] = {}
    for row in theirs.iter_rows(named=True):
        found.setdefault(row[PATIENT], []).append(Told(placed_in_words(row), row["reason"]))
    return found
