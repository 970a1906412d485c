"""What a data manager wants to know before a run: are the study file and the charts sound, and what do they lack?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from remit.derive.derive import derive_cohort
from remit.language.fields import collected
from remit.language.types import Level
from remit.plan.follow import followed
from remit.report.wording import few
from remit.run import make_intake, read_records, with_charts, with_synthetic
from remit.schema.cohort import ELIGIBLE, EXCLUDED_BY, UNDECIDABLE, Cohort
from remit.schema.intake import DOUBTFUL, Doubt, Intake
from remit.schema.plan import said_of_plan
from remit.schema.records import CENTRE, ONGOING, PATIENT, Records
from remit.study.as_read import files_of
from remit.study.build import read_study
from remit.study.forms import Field, Form
from remit.study.needs import Where, needs
from remit.study.study import Study

MOSTLY = 0.5  # missing in more than this share of the rows
WIDTH = 100


@dataclass(frozen=True)
class Missing:
    """How many of a centre's rows lack a field; `no_column`: its sheet has no column for it."""

    centre: str
    missing: int
    rows: int
    no_column: bool

    def __str__(self) -> str:
        return f"{self.centre} {'no column' if self.no_column else f'{self.missing}/{self.rows}'}"


@dataclass(frozen=True)
class Lack:
    """A field that something needs, and that some centres lack."""

    form: str
    field: str
    centres: tuple[Missing, ...]
    needed_by: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, str]:
        where = ", ".join(str(each) for each in self.centres)
        return f"{self.form}.{self.field}: {where}", f"    needed by {few(self.needed_by, 3)}"


@dataclass(frozen=True)
class Check:
    """`rows`: by form and centre. `bare`: files without a row that can be used. `seen`: by visit and centre, patients
    with that visit. `unseen`: levels that no chart has, by field. `unread`: fields that nothing else reads.
    """

    study: Study
    centres: tuple[str, ...]
    rows: Mapping[str, Mapping[str, int]]
    bare: tuple[str, ...]
    seen: Mapping[str, Mapping[str, int]]
    lacks: tuple[Lack, ...]
    unseen: Mapping[str, tuple[str, ...]]
    unread: tuple[str, ...]
    flow: Mapping[str, int]
    recognised: tuple[str, ...]
    intake: Intake
    plan: str

    def lines(self) -> Iterator[str]:
        """The check as plain text."""
        yield from _title(self)
        yield from _section("Rows", _table([*self.rows], self.rows, self.centres))
        yield from _section("Files without a row that can be used", self.bare)
        yield from _section("Patients with a visit in its window", _table([*self.seen], self.seen, self.centres))
        lacks = [line for lack in self.lacks for line in lack.lines]
        yield from _section("Needed, and missing in more than half of a centre's rows", lacks)
        yield from _section("Forms without a row", [*self._empty_forms()])
        levels = [f"{field}: {', '.join(levels)}" for field, levels in self.unseen.items()]
        yield from _section("Levels that no chart has", levels)
        yield from _section("Read from the charts, and used by nothing in the study file", _wrapped(self.unread))
        yield from intake_lines(self.intake)
        yield from _section("Recognised, not told in the study file", self.recognised)
        yield ""
        yield "The study can be run." + (f" {_left_out(self.intake)}" if self.intake.left_out else "")

    def _empty_forms(self) -> Iterator[str]:
        for form, counts in self.rows.items():
            without = [centre for centre in self.centres if not counts.get(centre)]
            if without:
                everywhere = len(without) == len(self.centres)
                yield f"{form}: in {'each centre' if everywhere else ', '.join(without)}"


def check_study(path: Path | str, charts: Path | str | None = None) -> Check:
    """Read a study file and its charts (or others, in the folder `charts`), and derive the cohort.

    Raises WrongInput if that cannot be done.
    """
    study = with_charts(read_study(path), charts)
    plan = followed(study, files_of(study))
    records = read_records(study)
    study = with_synthetic(study, records)
    cohort = derive_cohort(study, records)
    centres = tuple(sorted(cohort.patients[CENTRE].drop_nulls().unique()))
    return Check(
        study=study,
        centres=centres,
        rows={name: _by_centre(frame) for name, frame in records.forms.items()},
        bare=tuple(sorted(set(records.columns["file"]) - set(records.rows["file"]))),
        seen=_seen(study, cohort),
        lacks=tuple(_lacks(study, records, centres)),
        unseen=_unseen(study, records),
        unread=tuple(_unread(study)),
        flow=_flow(cohort),
        recognised=tuple(_recognised(records.ledger)),
        intake=make_intake(records, cohort),
        plan=said_of_plan(plan.note if plan else None),
    )


def _by_centre(frame: pl.DataFrame) -> dict[str, int]:
    return dict(frame.group_by(CENTRE).len().sort(CENTRE).iter_rows())


def _seen(study: Study, cohort: Cohort) -> dict[str, dict[str, int]]:
    centres = cohort.patients.select(PATIENT, CENTRE)
    used = cohort.visits.join(centres, on=PATIENT).unique([PATIENT, "visit"])
    return {visit.label: _by_centre(used.filter(pl.col("visit") == visit.name)) for visit in study.visits}


def _flow(cohort: Cohort) -> dict[str, int]:
    reasons = cohort.patients[EXCLUDED_BY]
    found = {"screened": cohort.patients.height, "eligible": int(cohort.patients[ELIGIBLE].sum())}
    if undecidable := int((reasons == UNDECIDABLE).sum()):
        found["undecidable, because something is missing"] = undecidable
    return found


# What is missing


def _lacks(study: Study, records: Records, centres: Sequence[str]) -> Iterator[Lack]:
    for (form, field), needed_by in needs(study).items():
        if field == study.forms[form].stop:
            continue  # an empty stop says that the period goes on
        home = study.forms[form]
        missing = [_missing(study, home, home.fields[field], centre, records) for centre in centres]
        mostly = tuple(each for each in missing if each.missing > MOSTLY * each.rows)
        if mostly:
            yield Lack(form, field, mostly, needed_by)


def _missing(study: Study, form: Form, field: Field, centre: str, records: Records) -> Missing:
    rows = records.forms[form.name].filter(pl.col(CENTRE) == centre)
    if _asked_at_stop(study, form, field):
        rows = rows.filter(~pl.col(ONGOING))
    missing = int(rows[field.name].is_null().sum())
    return Missing(centre, missing, rows.height, _no_column(form, field, centre, records))


def _asked_at_stop(study: Study, form: Form, field: Field) -> bool:
    """Is it about why a period ended? Of one that goes on there is nothing to say."""
    dosing = study.dosing
    if dosing is None or dosing.form != form.name:
        return False
    return field.name == dosing.reason or (form.name, field.name) in collected(dosing.permanent)


def _no_column(form: Form, field: Field, centre: str, records: Records) -> bool:
    ledger = records.ledger
    absent = ledger.filter(code="no-column", form=form.name, field=field.name)
    return absent.filter((pl.col("centre") == centre) | pl.col("centre").is_null()).height > 0


def _unseen(study: Study, records: Records) -> dict[str, tuple[str, ...]]:
    found = {}
    for form in study.forms.values():
        for field in form.fields.values():
            if isinstance(field.type, Level) and records.forms[form.name].height:
                seen = set(records.forms[form.name][field.name].drop_nulls())
                if unseen := tuple(level for level in field.type.levels if level not in seen):
                    found[f"{form.name}.{field.name}"] = unseen
    return found


def _unread(study: Study) -> Iterator[str]:
    read: Mapping[Where, object] = needs(study)
    for form in study.forms.values():
        for field in form.fields:
            if (form.name, field) not in read:
                yield f"{form.name}.{field}"


def _recognised(ledger: pl.DataFrame) -> Iterator[str]:
    """What was recognised, with the files for which it is the same."""
    keys = ["sheet", "column", "reason"]
    alike = ledger.filter(action="recognised").group_by(keys, maintain_order=True).agg("file")
    for sheet, column, reason, files in alike.sort("sheet", "reason", "column", nulls_last=True).iter_rows():
        told = [f"sheet {sheet}" if sheet else None, f"column {column}" if column else None]
        where = ", ".join(each for each in told if each) or "charts"
        yield f"{where}: {reason} ({few(list(dict.fromkeys(files)), 8)})"


# Layout


def _title(check: Check) -> Iterator[str]:
    study = check.study
    fields = sum(len(form.fields) for form in study.forms.values())
    flow = ", ".join(f"{number} {what}" for what, number in check.flow.items())
    yield f"{study.identity.title} ({study.identity.id}, version {study.identity.version})"
    yield f"  study file  {study.path}: {_count(len(study.forms), 'form')} with {_count(fields, 'field')}, "
    yield f"              {_count(len(study.visits), 'visit')}, {_count(len(study.endpoints), 'endpoint')}"
    yield f"  charts      {study.charts_folder}: {_count(len(check.centres), 'centre')}"
    yield f"  patients    {flow}"
    yield f"  plan        {check.plan}"
    if study.identity.synthetic:
        yield f"  synthetic   {' '.join(study.identity.synthetic.split())}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    """Nothing where there is nothing to say."""
    if lines:
        yield ""
        yield title
        yield from (f"  {line}" for line in lines)


def _table(names: Sequence[str], counts: Mapping[str, Mapping[str, int]], centres: Sequence[str]) -> list[str]:
    """One line a name, one column a centre; all together where there are too many centres for a line."""
    if not names:
        return []
    wide = max(len(name) for name in names)
    columns = list(centres) if sum(len(centre) + 2 for centre in centres) + wide < WIDTH - 12 else []
    widths = [max(5, len(column)) + 2 for column in columns]
    head = (
        " " * wide + "".join(f"{column:>{width}}" for column, width in zip(columns, widths, strict=True)) + "     all"
    )
    lines = [head]
    for name in names:
        cells = "".join(
            f"{counts[name].get(column, 0):>{width}}" for column, width in zip(columns, widths, strict=True)
        )
        lines.append(f"{name:<{wide}}{cells}{sum(counts[name].values()):>8}")
    return lines


def _wrapped(items: Sequence[str]) -> list[str]:
    """The items one behind the other, in lines that fit."""
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + len(item) + 2 < WIDTH:
            lines[-1] += f", {item}"
        else:
            lines.append(item)
    return lines


# The intake


_MEANS = {
    "corrected": "corrected",
    "converted": "converted exactly",
    "censored": "beyond a limit of the test",
    "missing": "said to be not done, or without a column",
    "refused": "refused",
    "unused": "not used",
    "queried": "used, but doubtful",
}


def intake_lines(intake: Intake) -> Iterator[str]:
    """How the charts' cells and rows were read, by kind and centre, and each that is refused, unused or doubtful."""
    yield ""
    yield f"How the {_count(sum(intake.rows.values()), 'row')} were read"
    if not any(count.action in _MEANS for count in intake.counts):
        yield "  each cell as it is written"
    for action, words in _MEANS.items():
        of_action = [count for count in intake.counts if count.action == action]
        for code in dict.fromkeys(count.code for count in of_action):
            counts = [count for count in of_action if count.code == code]
            by = ", ".join(f"{count.centre or 'no centre'} {count.entries}" for count in counts)
            yield f"  {sum(count.entries for count in counts):>6}  {words}: {code} ({by})"
    yield from doubt_lines(intake, 50)


def doubt_lines(intake: Intake, most: int) -> Iterator[str]:
    """The rows and cells that are refused, unused or doubtful, up to `most` of each."""
    for action in DOUBTFUL:
        doubts = [doubt for doubt in intake.doubts if doubt.action == action]
        yield from _section(_MEANS[action].capitalize(), [_told(doubt) for doubt in doubts[:most]])
        if (more := intake.entries(action) - most) > 0:
            yield f"  … and {more} more: see the ledger of a run"


def summary_line(intake: Intake) -> str:
    """The intake in a line."""
    counts = dict.fromkeys(_MEANS, 0)
    for count in intake.counts:
        if count.action in counts:
            counts[count.action] += count.entries
    said = ", ".join(f"{number} {_MEANS[action]}" for action, number in counts.items())
    rows, centres = _count(sum(intake.rows.values()), "row"), _count(len(intake.centres), "centre")
    return f"{rows} from {centres}; rows and cells: {said}."


def _told(doubt: Doubt) -> str:
    written = f" '{doubt.written}'" if doubt.written and doubt.written != doubt.patient else ""
    who = f" ({doubt.patient})" if doubt.patient else ""
    where = f"{doubt.place}{who}".strip()  # of a patient as such there is no place
    return f"{where}{written}: {doubt.code}: {doubt.reason}"


def _left_out(intake: Intake) -> str:
    what = "row or cell" if intake.left_out == 1 else "rows and cells"
    return f"{intake.left_out} {what} of patients cannot be used."
