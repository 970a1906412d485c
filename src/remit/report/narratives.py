"""Serious adverse events as narratives, drafted from the charts. What these do not say stands in square brackets.

What a narrative tells follows ICH E3, section 12.3.2, and the CIOMS form: who the patient is, the disease, the drug and
its dose, when and what, how grave, whether related, what was done, how it ended, and what was given and measured
around it.
"""

from __future__ import annotations

from collections.abc import Iterator

from remit.report.document import Block, Listing, Paragraph, Section, Words
from remit.report.numbers import signed
from remit.report.wording import amount_in_words, capital, listed_text, small
from remit.schema.profiles import MOST_NARRATED, Lane, Measured, Narrated, Period, Profile, Profiles
from remit.study.study import Study

MOST_FACTS = 8
_GRADES = ("grade", "severity", "toxicity")
_RELATED = ("relat", "causal")
_ACTION = ("action",)
_OUTCOME = ("outcome", "recover", "resol")


def narratives_section(study: Study, profiles: Profiles) -> Section:
    """All of them, by patient and day."""
    told = [(profile, one) for profile in profiles.patients for one in profile.narratives]
    blocks: list[Block] = [Paragraph((_head(profiles, len(told)),))]
    sections = tuple(
        Section(
            f"narrative-{number}", title(profile, one), (Paragraph(narrative(study, profile, one)),), individual=True
        )
        for number, (profile, one) in enumerate(told, start=1)
    )
    if told:
        blocks.append(Listing(_TO_BE_DONE))
    return Section("narratives", "Serious adverse events", tuple(blocks), sections, individual=True)


_TO_BE_DONE: tuple[Words, ...] = (
    ("Drafted from the charts: a physician must read each, complete what stands in square brackets, and sign it.",),
    ("Days are counted from the index date, which is day 0.",),
)


def _head(profiles: Profiles, many: int) -> str:
    if not profiles.tells_serious:
        return "No field of the charts says which adverse events are serious, so that no narrative can be drafted."
    if not many:
        return "No adverse event of these patients is serious by the charts."
    events = f"{many} serious adverse event{'s' if many > 1 else ''}"
    patients = sum(bool(profile.narratives) for profile in profiles.patients)
    said = f"{events} of {patients} patient{'s' if patients > 1 else ''}, by centre and patient."
    if patients == MOST_NARRATED:
        said += f" Of more patients with a serious event the first {patients} are told; name others with --patient."
    return said


def title(profile: Profile, one: Narrated) -> str:
    term = capital(one.event.term) if one.event.term else "Event without a name"
    return f"{profile.patient}: {term}"


def narrative(study: Study, profile: Profile, one: Narrated) -> Words:
    """One paragraph."""
    parts = [
        _who(study, profile, one),
        _facts(profile),
        _drug(study, profile, one),
        _event(one),
        *_assessed(one),
        *_afterwards(study, profile, one),
        *_same_day(study, profile, one),
        _beside(study, one),
        _around(one),
        *_other(one),
    ]
    return (" ".join(part for part in parts if part),)


def _who(study: Study, profile: Profile, one: Narrated) -> str:
    age = f"{one.age}-year-old" if one.age is not None else None
    sex = {"female": "woman", "male": "man"}.get(
        (profile.sex or "").lower(), f"{profile.sex} patient" if profile.sex else None
    )
    if age and one.age is not None and one.age < 18:
        sex = f"{profile.sex} patient" if profile.sex else sex
    article = "An" if age and age.startswith(("8", "11-", "18-")) else "A"
    person = f"{article} {age} {sex or 'patient'}" if age else f"{capital(_a(sex))}" if sex else "A patient"
    missing = [f"[{name}: not in the charts]" for name, told in (("age", age), ("sex", sex)) if not told]
    disease = f" with {study.identity.disease}" if study.identity.disease else " [disease: not in the study file]"
    where = f", centre {profile.centre}" if profile.centre else ""
    where += f", arm {profile.treated.arm}" if profile.treated.arm else ""
    gaps = f" {' '.join(missing)}" if missing else ""
    verb = "was eligible for the study" if profile.included else "was not eligible for the study"
    why = "" if profile.included else f" ({profile.excluded_by})"
    return f"{person}{gaps}{disease} (patient {profile.patient}{where}) {verb}{why}."


def _a(noun: str | None) -> str:
    return f"an {noun}" if noun and noun[0] in "aeiou" else f"a {noun}"


def _facts(profile: Profile) -> str:
    """The first of those that are not the age or the sex."""
    own = [fact for fact in profile.facts if small(fact.label) not in ("age", "sex", "gender", "female", "male")]
    known = [
        f"{fact.label} {fact.text}" if fact.text not in ("yes", "no") else f"{fact.label}: {fact.text}"
        for fact in own
        if fact.text
    ]
    shown = known[:MOST_FACTS]
    return f"At the start: {'; '.join(shown)}." if shown else "[disease characteristics: not in the charts]"


def _drug(study: Study, profile: Profile, one: Narrated) -> str:
    drug = study.identity.drug or "the drug"
    name = capital(drug)
    if study.dosing is None:
        return f"[{drug}: the study file says nothing of doses]"
    day = one.event.day
    if day is None:
        unknown = "[dose at onset: the day of the event is not known]"
        return f"Whether {drug} was taken when the event began is not known. {unknown}"
    if one.dose is None:
        first = profile.treated.doses
        if not first:
            return f"No dose of {drug} is in the charts."
        if one.on_drug is None:
            return f"[dose at onset: the charts do not say when {drug} was begun]"
        return f"{name} had not been begun when the event occurred."
    dose = _amount(one.dose.amount, profile.unit)
    since = f"since day {signed(one.dose.start or 0)}"
    if one.on_drug:
        return f"{name} was being taken at {dose} {since}."
    if one.on_drug is None:
        return f"The last known dose of {drug} was {dose}, {since}. [dose at onset: not known]"
    stop = one.dose.stop
    if stop == day:
        why = f" (reason: “{one.dose.reason}”)" if one.dose.reason else ""
        return f"{name} had been taken at {dose} {since}; the day of the event was the first without it{why}."
    until = f"until day {signed(stop - 1)}" if stop is not None else "until an unknown day"
    reason = f" (reason for stopping: “{one.dose.reason}”)" if one.dose.reason else ""
    return f"{name} had been taken at {dose} {since} {until}{reason}; it was not being taken on the day of the event."


def _amount(amount: float | None, unit: str | None) -> str:
    if amount is None:
        return "[dose: not in the charts]"
    return amount_in_words(amount, unit)


def _event(one: Narrated) -> str:
    term = one.event.term or "[event: not named in the charts]"
    grade = _told(one, _GRADES)
    graded = f" ({grade[0]} {grade[1]})" if grade and grade[1] else " [grade: not in the charts]"
    if one.event.day is None:
        return f"The patient had {term}{graded}, reported as serious. [day of onset: not in the charts]"
    began = f"On day {signed(one.event.day)} {term}{graded} began, reported as serious."
    return f"{began} [criterion of seriousness: not in the charts]"


def _assessed(one: Narrated) -> Iterator[str]:
    related = _told(one, _RELATED)
    if related and related[1]:
        label = related[0]
        words = {"yes": f"The event was judged {label}.", "no": f"The event was judged not {label}."}
        is_phrase = label.startswith("related")
        yield (
            words.get(related[1], f"{capital(label)}: {related[1]}.")
            if is_phrase
            else f"{capital(label)}: {related[1]}."
        )
    else:
        yield "[relation to the drug: not in the charts]"
    action = _told(one, _ACTION)
    yield f"{capital(action[0])}: {action[1]}." if action and action[1] else "[action taken: not in the charts]"
    outcome = _told(one, _OUTCOME)
    yield f"{capital(outcome[0])}: {outcome[1]}." if outcome and outcome[1] else "[outcome: not in the charts]"


def _afterwards(study: Study, profile: Profile, one: Narrated) -> Iterator[str]:
    """Whether the drug was taken again after it had stopped by the day of the event."""
    stop, day = one.dose.stop if one.dose else None, one.event.day
    if stop is None or day is None or stop > day:
        return
    drug = study.identity.drug or "the drug"
    later = [dose for dose in profile.treated.doses if dose.start is not None and dose.start > day]
    if later:
        again = min(later, key=lambda dose: dose.start or 0)
        amount = _amount(again.amount, profile.unit)
        yield f"{capital(drug)} was taken again at {amount} from day {signed(again.start or 0)}."
    elif any(dose.start is None for dose in profile.treated.doses):
        yield f"[whether {drug} was taken again: not known]"
    else:
        yield f"No later dose of {drug} is in the charts."


def _same_day(study: Study, profile: Profile, one: Narrated) -> Iterator[str]:
    """What else is charted with this date, as a procedure."""
    for event in profile.treated.events:
        if event.day is None or event.day != one.event.day or event == one.event:
            continue
        more = [f"{told.label}: {told.text}" for told in event.told if told.text]
        name = event.term or study.scope.forms[event.form].label
        yield f"Also charted on that day: {name}{f' ({listed_text(more)})' if more else ''}."


def _told(one: Narrated, names: tuple[str, ...]) -> tuple[str, str | None] | None:
    """The field of the event whose label speaks of this."""
    return next(
        ((told.label, told.text) for told in one.event.told if any(name in told.label.lower() for name in names)), None
    )


def _other(one: Narrated) -> Iterator[str]:
    """What else the charts say of the event."""
    roles = (*_GRADES, *_RELATED, *_ACTION, *_OUTCOME)
    for told in one.event.told:
        if told.text and not any(name in told.label.lower() for name in roles):
            yield f"{capital(told.label)}: {told.text}."


def _beside(study: Study, one: Narrated) -> str:
    if one.event.day is None:
        return "[concomitant treatment: the day of the event is not known]"
    said = [_period(study, lane, period) for lane, period in one.beside]
    if said:
        return f"Also given on that day: {listed_text(said)}."
    forms = [
        form
        for form in study.forms.values()
        if form.rows == "period" and (not study.dosing or form.name != study.dosing.form)
    ]
    if not forms:
        return "[concomitant treatment: not in the charts]"
    labels = listed_text([f"{study.scope.forms[form.name].label}" for form in forms], last="or")
    return f"No other treatment is charted for that day ({labels})."


def _period(study: Study, lane: Lane, period: Period) -> str:
    what = period.what or study.scope.forms[lane.form].label
    amount = f" {_amount(period.amount, lane.unit)}" if period.amount is not None else ""
    since = f", since day {signed(period.start)}" if period.start is not None else ""
    return f"{what}{amount} ({study.scope.forms[lane.form].label}{since})"


def _around(one: Narrated) -> str:
    """Of each number, the last value until the event and the first after it."""
    if one.event.day is None:
        return "[values around the event: its day is not known]"
    said = []
    for label, before, after in one.around:
        values = [f"{measured.text} on day {signed(measured.day or 0)}" for measured in (before, after) if measured]
        said.append(f"{label} {_joined(values, before, after)}")
    return f"Values around it: {'; '.join(said)}." if said else "[values around the event: not in the charts]"


def _joined(values: list[str], before: Measured | None, after: Measured | None) -> str:
    if before and after:
        return f"{values[0]} and {values[1]}"
    return f"{values[0]} ({'none after' if before else 'none before'})"
