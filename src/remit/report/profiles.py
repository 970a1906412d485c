"""A page a patient, and the serious adverse events as narratives: documents of the internal edition."""

from __future__ import annotations

from collections.abc import Iterator

from remit.report.document import (
    Block,
    Cell,
    Column,
    Document,
    Fact,
    Fold,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
    numbered,
)
from remit.report.figures.timeline import BEFORE, timeline_figure
from remit.report.head import footer
from remit.report.narratives import narrative, narratives_section
from remit.report.numbers import NONE, signed
from remit.report.wording import amount_in_words, capital, listed_text, plural, small, with_unit
from remit.schema.profiles import Decision, Event, Lane, Measure, Measured, Period, Profile, Profiles
from remit.study.study import Study

INTERNAL = "Internal edition: it shows single patients. Keep it among those who may see them."
MOST_DOUBTS = 20


def profiles_document(study: Study, profiles: Profiles) -> Document:
    """An overview, then each patient."""
    pages = [_page(study, profiles, profile, number) for number, profile in enumerate(profiles.patients, start=1)]
    return _document(study, profiles, "patient by patient", (_overview(study, profiles), *pages))


def narratives_document(study: Study, profiles: Profiles) -> Document:
    return _document(study, profiles, "serious adverse events", (narratives_section(study, profiles),))


def _document(study: Study, profiles: Profiles, what: str, sections: tuple[Section, ...]) -> Document:
    return Document(
        title=f"{study.identity.title}: {what}",
        synthetic=study.identity.synthetic,
        facts=(
            Fact("Edition", (INTERNAL,)),
            Fact("Study", (f"{study.identity.id}, version {study.identity.version}",)),
            Fact("Patients", (_shown(profiles),)),
        ),
        findings=(),
        sections=numbered(sections),
        footer=footer(study)[:1],
    )


def _shown(profiles: Profiles) -> str:
    shown = len(profiles.patients)
    if shown == profiles.of:
        return f"all {shown}"
    return f"{shown} of {profiles.of}; name others with --patient"


# All of them


def _overview(study: Study, profiles: Profiles) -> Section:
    """A row a patient."""
    primary = study.primary
    heads = ["Centre", "Eligible", *(["Doses"] if study.dosing else []), "Visits"]
    heads += [capital(study.endpoints[primary.endpoint].label)] if primary else []
    heads += ["Adverse events"]
    table = Table(
        name="patients",
        title=("Patients",),
        stub="Patient",
        columns=tuple(Column((head,)) for head in heads),
        rows=tuple(Row((profile.patient,), tuple(_overview_cells(study, profile))) for profile in profiles.patients),
        notes=tuple((note,) for note in _overview_notes(study, profiles)),
        cards=True,
    )
    return Section("patients", "Patients", (table,), individual=True)


def _overview_cells(study: Study, profile: Profile) -> Iterator[Cell]:
    yield _cell(profile.centre)
    yield _cell("yes" if profile.included else f"no: {profile.excluded_by}", wraps=True)
    if study.dosing:
        yield _cell(_treatment(profile), wraps=True)
    yield _cell(f"{len({visit.visit for visit in profile.attended if visit.visit})}")
    if study.primary:
        yield _cell(_primary(study, profile), wraps=True)
    adverse = [event for event in profile.treated.events if event.adverse]
    serious = sum(bool(event.serious) for event in adverse)
    yield _cell(f"{len(adverse)}" + (f", {serious} serious" if serious else ""))


def _overview_notes(study: Study, profiles: Profiles) -> Iterator[str]:
    if study.primary:
        visit = next(visit.label for visit in study.visits if visit.name == study.primary.visit)
        estimand = (
            f", and in brackets how it counts under the estimand “{profiles.estimand}”" if profiles.estimand else ""
        )
        yield f"{capital(study.endpoints[study.primary.endpoint].label)}: at {small(visit)}{estimand}."
    yield "Visits: in how many of the study’s visits the patient was seen. Days are counted from the index date, day 0."


def _treatment(profile: Profile) -> str:
    told = profile.treated
    if not told.doses:
        return "none"
    if told.stopped is not None:
        return f"stopped for good on day {told.stopped}" + (f": {told.reason}" if told.reason else "")
    if told.ongoing:
        return f"goes on at day {told.observed}" if told.observed is not None else "goes on"
    return "ended, not for good or not known"


def _primary(study: Study, profile: Profile) -> str:
    keys = [(name, visit) for name, endpoint in study.endpoints.items() for visit in endpoint.queries]
    asked = (study.primary.endpoint, study.primary.visit) if study.primary else None
    found = next((one for key, one in zip(keys, profile.endpoints, strict=True) if key == asked), None)
    if found is None:
        return NONE
    return _verdict(found.verdict) + (f" ({found.counted})" if found.counted else "")


def _verdict(verdict: bool | None) -> str:
    return "not known" if verdict is None else "yes" if verdict else "no"


# One of them


def _page(study: Study, profiles: Profiles, profile: Profile, number: int) -> Section:
    figure = timeline_figure(study, profile, number)
    blocks: list[Block] = [Paragraph((_lead(study, profile),), lead=True), *_at_start(profile)]
    blocks += [figure] if figure else [Paragraph(("No time axis: the charts do not give an index date, day 0.",))]
    tables = (
        _values(profile, number),
        _over_time(study, profile, number),
        _eligibility(profile, number),
        _reached(profiles, profile, number),
    )
    blocks += [table for table in tables if table]
    blocks += [Paragraph(narrative(study, profile, one)) for one in profile.narratives]
    blocks += _doubts(profile, number)
    return Section(f"patient-{number}", profile.patient, tuple(blocks), individual=True, own_page=True)


def _lead(study: Study, profile: Profile) -> str:
    said = [f"Centre {profile.centre}." if profile.centre else ""]
    said.append("Eligible." if profile.included else f"Not eligible: {profile.excluded_by}.")
    if profile.treated.arm:
        said.append(f"Arm: {profile.treated.arm}.")
    said.append(f"Day 0 is {profile.start}" + _until(profile) + "." if profile.start else "")
    if study.dosing:
        said.append(f"{capital(study.identity.drug or 'the drug')}: {_treatment(profile)}.")
    return " ".join(each for each in said if each)


def _until(profile: Profile) -> str:
    return f", observed until day {profile.treated.observed}" if profile.treated.observed is not None else ""


def _at_start(profile: Profile) -> list[Block]:
    known = [f"{fact.label}: {fact.text}" for fact in profile.facts if fact.text]
    unknown = [fact.label for fact in profile.facts if not fact.text]
    said = [f"{capital('; '.join(known))}." if known else ""]
    said.append(f"Not known: {listed_text(unknown)}." if unknown else "")
    told = " ".join(each for each in said if each)
    return [Paragraph((f"At the start. {told}",))] if told else []


def _values(profile: Profile, number: int) -> Table | None:
    """A row a value, a column a visit."""
    visits = list(dict.fromkeys(value.visit for measure in profile.measures for value in measure.values))
    if not visits:
        return None
    columns = [Column((visit,), detail=(_seen(profile, visit),)) for visit in visits]
    return Table(
        name=f"patient-{number}-values",
        title=(f"{profile.patient}: values at the visits",),
        stub="Value",
        columns=tuple(columns),
        rows=tuple(_value_row(measure, visits) for measure in profile.measures),
        notes=_unused(profile),
    )


def _seen(profile: Profile, visit: str) -> str:
    """The day of the visit, or its days: forms may have their own."""
    values = [value for measure in profile.measures for value in measure.values if value.visit == visit]
    seen = {value.day for value in values if value.day is not None}
    known = {value.day for value in values if value.day is not None and value.text is not None}
    if not seen:
        return "not seen"
    return _on_days(sorted(known)) if known else f"{_on_days(sorted(seen))}: none of these known"


def _on_days(days: list[int]) -> str:
    return f"day {signed(days[0])}" if len(days) == 1 else f"days {signed(days[0])} to {signed(days[-1])}"


def _value_row(measure: Measure, visits: list[str]) -> Row:
    by_visit = {value.visit: value for value in measure.values}
    cells = [_measured(by_visit.get(visit), measure.unit) for visit in visits]
    return Row((with_unit(capital(measure.label), measure.unit),), tuple(cells))


def _measured(value: Measured | None, unit: str | None) -> Cell:
    if value is None or value.text is None:
        return Cell(((NONE,),), muted=True)
    return _cell(value.text.removesuffix(f" {unit}") if unit else value.text)


def _unused(profile: Profile) -> tuple[Words, ...]:
    """Visits that no rule of the study uses."""
    days = [visit.day for visit in profile.attended if visit.visit is None]
    known = sorted({day for day in days if day is not None})
    said = (
        [f"Also seen on {listed_text([f'day {signed(day)}' for day in known])}, which no rule uses."] if known else []
    )
    undated = sum(day is None for day in days)
    said += [f"{undated} {plural('visit', undated > 1)} of unknown date." if undated else ""]
    return tuple((each,) for each in said if each)


def _over_time(study: Study, profile: Profile, number: int) -> Table | None:
    """Doses, other treatment and events, by their day; what ended long before day 0 is a row a form."""
    drug = Lane(study.identity.drug or "the drug", profile.unit, profile.treated.doses)
    rows: list[tuple[tuple[bool, int], Row]] = []
    for lane in (drug, *profile.lanes):
        label = study.scope.forms[lane.form].label if lane is not drug else drug.form
        past = [one for one in lane.periods if one.stop is not None and one.stop < -BEFORE]
        rows += [_past_row(label, lane.unit, past)] if past else []
        recent = [one for one in lane.periods if one not in past]
        rows += [(_order(one.start), _period_row(label, lane.unit, one)) for one in recent]
    rows += [(_order(event.day), _event_row(study, event)) for event in profile.treated.events if event.adverse]
    for (form, day), events in _same_day(profile).items():
        rows.append((_order(day), _events_row(study.scope.forms[form].label, day, events)))
    if not rows:
        return None
    return Table(
        name=f"patient-{number}-events",
        title=(f"{profile.patient}: treatment and events",),
        stub="Day",
        columns=(Column(("Kind",)), Column(("What",))),
        rows=tuple(row for _, row in sorted(rows, key=lambda each: each[0])),
        cards=True,
        prose=True,
    )


def _order(day: int | None) -> tuple[bool, int]:
    return day is None, day or 0


def _row(day: str, kind: str, what: str) -> Row:
    return Row((day,), (_cell(capital(kind)), _cell(what, wraps=True)))


def _past_row(label: str, unit: str | None, past: list[Period]) -> tuple[tuple[bool, int], Row]:
    said = "; ".join(f"{_given(label, unit, one)}, {_days(one)}" for one in past)
    starts = [one.start for one in past if one.start is not None]
    first = min(starts, default=-BEFORE)
    return (False, first), _row(f"before {signed(-BEFORE)}", label, said)


def _period_row(label: str, unit: str | None, period: Period) -> Row:
    more = [period.reason or "", "for good" if period.permanent else ""]
    said = ", ".join(each for each in (_given(label, unit, period), *more) if each)
    return _row(_days(period), label, said)


def _given(label: str, unit: str | None, period: Period) -> str:
    amount = amount_in_words(period.amount, unit) if period.amount is not None else ""
    return " ".join(each for each in (period.what or label, amount) if each)


def _days(period: Period) -> str:
    start = signed(period.start) if period.start is not None else "not known"
    if period.ongoing:
        return f"{start}, goes on"
    return f"{start} to {signed(period.stop)}" if period.stop is not None else f"{start}, until when is not known"


def _event_row(study: Study, event: Event) -> Row:
    return _events_row(study.scope.forms[event.form].label, event.day, [event])


def _same_day(profile: Profile) -> dict[tuple[str, int | None], list[Event]]:
    """Events that are not adverse, of one form on one day."""
    found: dict[tuple[str, int | None], list[Event]] = {}
    for event in profile.treated.events:
        if not event.adverse:
            found.setdefault((event.form, event.day), []).append(event)
    return found


def _events_row(label: str, day: int | None, events: list[Event]) -> Row:
    return _row(signed(day) if day is not None else "not known", label, "; ".join(_event(event) for event in events))


def _event(event: Event) -> str:
    told = [] if event.serious is None else ["serious" if event.serious else "not serious"]
    told += [f"{told.label}: {told.text}" for told in event.told if told.text]
    name = event.term or "not named"
    return f"{name} ({', '.join(told)})" if told else name


def _eligibility(profile: Profile, number: int) -> Table | None:
    """A row a criterion: what must hold is the reason why a patient is not excluded."""
    if not profile.criteria:
        return None
    rows = [
        _decision_row(one, False, _verdict(None if one.verdict is None else not one.verdict))
        for one in profile.criteria
    ]
    return Table(
        name=f"patient-{number}-eligibility",
        title=(f"{profile.patient}: eligibility, and why",),
        stub="Excluded for",
        columns=(Column(("Excluded",)), Column(("Why",))),
        rows=tuple(rows),
        cards=True,
        prose=True,
    )


def _reached(profiles: Profiles, profile: Profile, number: int) -> Table | None:
    """A row an endpoint and visit."""
    if not profile.endpoints:
        return None
    counted = any(one.counted for one in profile.endpoints)
    heads = ["Reached", *([f"Counts, {profiles.estimand}"] if counted else []), "Why"]
    return Table(
        name=f"patient-{number}-endpoints",
        title=(f"{profile.patient}: endpoints, and why",),
        stub="Endpoint",
        columns=tuple(Column((head,)) for head in heads),
        rows=tuple(_decision_row(one, counted, _verdict(one.verdict)) for one in profile.endpoints),
        notes=((_NOT_KNOWN.format(profiles.estimand),),) if counted else (),
        cards=True,
        prose=True,
    )


_NOT_KNOWN = "Under the estimand “{}” what is not known counts as “no”."


def _decision_row(one: Decision, counted: bool, verdict: str) -> Row:
    under = [_cell(one.counted or NONE)] if counted else []
    handled = [f"counts as “{one.counted}”, for {one.handled}"] if one.handled else []
    why = "; ".join([*one.why, *handled])
    return Row((capital(one.what),), (_cell(verdict), *under, _cell(capital(why), wraps=True)))


def _doubts(profile: Profile, number: int) -> list[Block]:
    """What the ledger says of the patient's charts."""
    if not profile.doubts:
        return []
    shown = profile.doubts[:MOST_DOUBTS]
    more = len(profile.doubts) - len(shown)
    table = Table(
        name=f"patient-{number}-doubts",
        title=(f"{profile.patient}: what could not be used as written, or is doubtful",),
        stub="Where",
        columns=(Column(("What",)),),
        rows=tuple(Row((doubt.label,), (_cell(doubt.text, wraps=True),)) for doubt in shown),
        notes=((f"And {more} more, in ledger.parquet.",),) if more > 0 else (),
    )
    return [Fold(f"Doubts about the charts of {profile.patient} ({len(profile.doubts)})", (table,))]


def _cell(text: str | None, wraps: bool = False) -> Cell:
    return Cell(((text,),), wraps=wraps) if text else Cell(((NONE,),), muted=True)
