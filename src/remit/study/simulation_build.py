"""The section `simulate` of a study file → Simulation: every name and number in it checked. Raises WrongInput."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import TypeVar

from remit.errors import WrongInput
from remit.language.query import Query, Value
from remit.language.scope import Definition
from remit.language.types import Date, Level, Number, Type, YesNo, name_of
from remit.language.units import DAYS_IN
from remit.study.assumed import assumed_shapes
from remit.study.centres import check_centres
from remit.study.draws import draw_of, merged, shares_of
from remit.study.forms import Field, Form
from remit.study.model import StudyFile
from remit.study.pack_contents import Packs
from remit.study.place import Place
from remit.study.shape_limits import check_assay, check_items, limits_of
from remit.study.simulate_model import DrawPart, FormShapes, InterruptionsPart, RowsPart, ShapePart, StopPart
from remit.study.simulation import INDEX, Anchor, Draw, FormShape, Item, Rows, Shape, Shares, Simulation, Stop
from remit.study.study import Dosing, Visit
from remit.study.written import Range

Kind = TypeVar("Kind", Shape, WrongInput)

NUMBER, SCORE = Number(decimals=9), Number()
NO_LIMITS: Range = (None, None)


@dataclass(frozen=True)
class SimulationBuilder:
    """`place`: of the section. `totals`: of instruments, by name."""

    file: StudyFile
    packs: Packs
    totals: Mapping[str, Definition]
    forms: Mapping[str, Form]
    visits: tuple[Visit, ...]
    dosing: Dosing | None
    index: Query
    place: Place

    def simulation(self) -> Simulation:
        part, place = self.file.simulate, self.place
        self._check_starts()
        check_centres(part.centres or {}, (place / "centres").wrong)
        for centre, size in (part.centres or {}).items():
            if not size:
                raise (place / "centres" / centre).wrong(
                    "a centre without patients", "Write its relative size, above 0."
                )
        self._common(part.correlation, part.centre_effect, place)
        assumed = {name: self._assumed(form) for name, form in self.forms.items()}
        return Simulation(
            centres={name: float(size) for name, size in (part.centres or {}).items()},
            starts=part.starts,
            follow_up=self._days(part.follow_up, place / "follow_up", low=Fraction(0)),
            jitter=None if part.jitter is None else float(part.jitter),
            missed=self._missed(part.missed),
            drop_out=self._drop_out(),
            missing=float(part.missing or 0),
            correlation=None if part.correlation is None else float(part.correlation),
            centre_effect=float(part.centre_effect or 0),
            benchmark=part.benchmark,
            instruments={name: self._items_of(form) for name, form in self.forms.items()},
            forms=self._forms(assumed),
            assumed=tuple(_named(assumed, Shape)),
            unfit={name: error.what for name, error in _named(assumed, WrongInput).items()},
        )

    def _check_starts(self) -> None:
        starts, cutoff, here = self.file.simulate.starts, self.file.study.data_cutoff, self.place / "starts"
        if starts and starts[0] > starts[1]:
            raise here.wrong("the last start lies before the first", "Write the first day first.")
        if starts and cutoff and starts[1] > cutoff:
            raise here.wrong(f"patients start after the data cut-off, {cutoff}", "Write an earlier last day.")

    def _items_of(self, form: Form) -> dict[str, tuple[Item, ...]]:
        """The instruments whose total is the sum of their items: only such a total can be split into them."""
        found = {}
        for name, total in self.totals.items():
            items = [f"{name}_{item}" for item in total.text.split(" + ")]
            if total.form == form.name and all(item in form.fields and _is_whole(form.fields[item]) for item in items):
                fields = [form.fields[item] for item in items]
                found[name] = tuple(Item(each.name, ceil(each.low or 0), _floor(each.high)) for each in fields)
        return found

    def _missed(self, part: Fraction | Mapping[str, Fraction] | None) -> dict[str, float] | None:
        if part is None:
            return None
        if isinstance(part, Fraction):
            return {visit.name: float(part) for visit in self.visits if visit.day > 0}
        for visit in part:
            (self.place / "missed" / visit).known_key([visit.name for visit in self.visits], "visit")
        return {visit: float(share) for visit, share in part.items()}

    def _drop_out(self) -> Stop | None:
        part, here = self.file.simulate.drop_out, self.place / "drop_out"
        if part is None:
            return None
        self._below_all(part.share, here)
        if part.reason is None:
            return Stop(float(part.share))
        levels = self._levels_of_reasons(here / "reason")
        if levels is not None:
            (here / "reason").known(part.reason, levels, "level")
        return Stop(float(part.share), Shares((part.reason,), (1.0,)))

    def _below_all(self, share: Fraction, place: Place) -> None:
        if share == 1:
            raise place.wrong("not all can have left by the last visit", "Write a share below 100 %.")

    def _reasons(self, shares: Mapping[str, Fraction], place: Place) -> Shares:
        levels = self._levels_of_reasons(place)
        for reason in shares if levels is not None else ():
            (place / reason).known_key(levels or (), "level")
        return Shares(tuple(shares), shares_of(shares, place))

    def _levels_of_reasons(self, place: Place) -> tuple[str, ...] | None:
        """Of the field that says why doses end; None if it is a text."""
        if self.dosing is None or self.dosing.reason is None:
            raise place.wrong_name("no field holds reasons for stopping", "Name it: `dosing: {reason: …}`.")
        kind = self.forms[self.dosing.form].fields[self.dosing.reason].type
        return kind.levels if isinstance(kind, Level) else None

    # Forms

    def _forms(self, assumed: Mapping[str, Mapping[str, Shape | WrongInput]]) -> dict[str, FormShape]:
        told = {
            name: self._form(name, shape, self.place / "forms" / name)
            for name, shape in self.file.simulate.forms.items()
        }
        for name, found in assumed.items():
            form = told.get(name, FormShape())
            shapes = {field: shape for field, shape in found.items() if isinstance(shape, Shape)}
            told[name] = replace(form, shapes={**shapes, **form.shapes})
        return told

    def _assumed(self, form: Form) -> dict[str, Shape | WrongInput]:
        """What packs assume of the fields that the study does not declare; or why that does not fit the field, which
        may have a narrower range here. That does not make the study file wrong."""
        general, told = self.file.simulate, self.file.simulate.forms.get(form.name, FormShapes())
        found: dict[str, Shape | WrongInput] = {}
        sums = self._items_of(form)
        fields = self.file.forms[form.name].fields
        later = [visit.name for visit in self.visits if visit.day > 0] if form.rows == "visit" else []
        for name, part, place in assumed_shapes(form, fields, sums, self.packs, later):
            items = {item.field for item in sums.get(name, ())}
            if told.fields.keys() & {name, *items}:
                continue
            try:
                shape = self._shape(form, name, part, place)
            except WrongInput as error:
                found[name] = error
                continue
            found[name] = shape if general.missing is None else replace(shape, missing={})
        return found

    def _form(self, name: str, part: FormShapes, place: Place) -> FormShape:
        place.known_key(self.forms, "form")
        form = self.forms[name]
        if part.rows is not None and form.rows not in ("period", "event"):
            what = f"{name} has `rows: {form.rows}`: its rows are those of the patients and their visits"
            raise (place / "rows").wrong_name(what, "Rows are for forms of periods or events.")
        shapes = {
            field: self._shape(form, field, shape, place / "fields" / field) for field, shape in part.fields.items()
        }
        rows = part.rows
        return FormShape(
            shapes=shapes,
            rows=None
            if rows is None
            else tuple(self._rows(form, row, place / "rows" / i) for i, row in enumerate(rows)),
            stop=self._stop(form, part.stop, place / "stop"),
            interruptions=self._stop(form, part.interruptions, place / "interruptions"),
        )

    def _stop(self, form: Form, part: StopPart | InterruptionsPart | None, place: Place) -> Stop | None:
        if part is None:
            return None
        if self.dosing is None or self.dosing.form != form.name:
            raise place.wrong_name(f"{form.name} is not the form of `dosing`", "Only doses stop and are interrupted.")
        self._below_all(part.share, place)
        reasons = None
        if part.reasons is not None:
            reasons = self._reasons(part.reasons, place / "reasons")
        length = None
        if isinstance(part, InterruptionsPart):
            length = self._days(part.days, place / "days", low=Fraction(1))
        return Stop(float(part.share), reasons, length)

    def _rows(self, form: Form, part: RowsPart, place: Place) -> Rows:
        if part.rate is not None and (part.share is not None or part.start is not None):
            remedy = "A rate is of rows over the whole follow-up; a share is of patients with one row."
            raise (place / "rate").wrong_name("a rate has neither `share` nor `from`", remedy)
        if form.rows == "event":
            for key, written in (("to", part.to), ("days", part.days)):
                if written is not None:
                    raise (place / key).wrong_name(f"an event of {form.name} has no end", "Remove it.")
        start = self._days(part.start, place / "from")
        if part.to is not None and isinstance(start, Shares) and part.to <= start.values[0]:  # type: ignore[operator]
            raise (place / "to").wrong("the period ends before it starts", "`to` is the first day without.")
        here = place / "fields"
        return Rows(
            share=1.0 if part.share is None else float(part.share),
            rate=None if part.rate is None else float(part.rate),
            among=self._among(part.among, place / "among"),
            start=start,
            to=part.to,
            length=self._days(part.days, place / "days", low=Fraction(1)),
            shapes={name: self._shape(form, name, shape, here / name) for name, shape in part.fields.items()},
        )

    def _days(self, part: DrawPart | None, place: Place, low: Fraction | None = None) -> Draw | None:
        if part is None:
            return None
        draw = draw_of(part, NUMBER, (low, None), place)
        if draw is None:
            raise place.wrong_name(
                "it does not say how many days", "Write 84, [0, 84] or {median: 84, quartiles: [60, 120]}."
            )
        return draw

    def _among(self, name: str | None, place: Place) -> tuple[str, str] | None:
        if name is None:
            return None
        known = {
            field.name: (form.name, field.name)
            for form in self.forms.values()
            if form.rows == "once"
            for field in form.fields.values()
            if isinstance(field.type, YesNo)
        }
        place.known(name, known, "yes/no field in a form with `rows: once`")
        return known[name]

    # Fields

    def _shape(self, form: Form, name: str, part: ShapePart, place: Place) -> Shape:
        instrument = self._items_of(form).get(name)
        if instrument is not None:
            kind: Type = SCORE
            whole = _range_of(instrument)
        else:
            field = self._field(form, name, place)
            kind, whole = field.type, (field.low, field.high)
        self._refuse_foreign(kind, instrument, part, name, place)
        if part.at and form.rows != "visit":
            raise (place / "at").wrong_name(f"{form.name} has no visits", "`at` is for forms with `rows: visit`.")
        limits = limits_of(part.range, whole, place / "range")
        anchor = self._anchor(form, name, part, place) if isinstance(kind, Date) else None
        if anchor is not None:
            limits = part.range or NO_LIMITS
        check_assay(kind, name, part, limits, place)
        not_done = self.file.charts.not_done
        draws: dict[str | None, Draw] = {}
        missing: dict[str | None, float] = {}
        for visit in [visit.name for visit in self.visits] if form.rows == "visit" else [None]:
            told = part.at.get(visit) if visit else None
            here = place / "at" / visit if visit and told else place
            whole_part = merged(part, told) if told else part
            draw = draw_of(whole_part, kind, limits, here, not_done)
            if draw is not None:
                draws[visit] = draw
            if whole_part.missing is not None:
                missing[visit] = float(whole_part.missing)
        for visit in part.at:
            (place / "at" / visit).known_key([visit.name for visit in self.visits], "visit")
        if draws and len(draws) < len(self.visits) and form.rows == "visit":
            lacking = next(visit.name for visit in self.visits if visit.name not in draws)
            raise place.wrong_name(
                f"nothing says the shape of {name} at {lacking}", "Write it under `at:`, or one for all."
            )
        correlation, centre_effect = self._common(part.correlation, part.centre_effect, place, part.severity)
        return Shape(
            draws=draws,
            missing=missing,
            low=limits[0],
            high=limits[1],
            below=part.below,
            above=part.above,
            anchor=anchor,
            among=self._among(part.among, place / "among"),
            items=self._items(name, part, instrument, place),
            correlation=correlation,
            severity=float(part.severity or 0),
            centre_effect=centre_effect,
        )

    def _field(self, form: Form, name: str, place: Place) -> Field:
        if name not in form.fields:
            place.known_key([*form.fields, *self._items_of(form)], f"field of {form.name}")
        structural = {form.date: "the visits or rows", form.start: "`from`", form.stop: "`to`, `days` or `stop`"}
        if self.file.observed_until in (name, f"{form.name}.{name}") and form.rows == "once":
            structural[name] = "`follow_up` and `drop_out`"
        if isinstance(self.index, Value) and (self.index.form, self.index.field) == (form.name, name):
            structural[name] = "`starts`"
        if name in structural:
            raise place.wrong_name(f"{structural[name]} of `simulate` say when {name} is", "Remove its shape.")
        return form.fields[name]

    def _refuse_foreign(
        self, kind: Type, instrument: tuple[Item, ...] | None, part: ShapePart, name: str, place: Place
    ) -> None:
        """What says nothing about a field of this kind."""
        dates, numbers = isinstance(kind, Date), isinstance(kind, Number)
        fits = {
            "range": dates or numbers,
            "below": numbers,
            "above": numbers,
            "before": dates,
            "after": dates,
            "unit": dates,
            "items": instrument is not None,
        }
        for key, does in fits.items():
            if getattr(part, key) is not None and not does:
                what = f"{key} does not fit {name}, which is {'an instrument' if instrument else name_of(kind)}"
                raise (place / key).wrong_name(what, "Remove it.")

    def _anchor(self, form: Form, name: str, part: ShapePart, place: Place) -> Anchor | None:
        if part.before is None and part.after is None:
            if part.model_fields_set & {"value", "shares", "mean", "median", "between", "at", "unit"}:
                raise place.wrong_name(
                    f"{name} is a date, and nothing says from when on", "Add `before: index` or `after: index`."
                )
            return None
        if part.before is not None and part.after is not None:
            raise (place / "after").wrong_name(f"{name} lies both before and after something", "Leave one of them.")
        key = "before" if part.before is not None else "after"
        origin = part.before or part.after or INDEX
        above = list(form.fields)[: list(form.fields).index(name)]
        dates = [field for field in above if isinstance(form.fields[field].type, Date)]
        (place / key).known(origin, [INDEX, *dates], f"date above {name} in {form.name}")
        return Anchor(origin, -1 if key == "before" else 1, float(DAYS_IN[part.unit or "days"]))

    def _items(self, name: str, part: ShapePart, instrument: tuple[Item, ...] | None, place: Place) -> dict[str, float]:
        if part.items is None or instrument is None:
            return {}
        names = [item.field.removeprefix(f"{name}_") for item in instrument]
        check_items(part.items, names, place / "items")
        return {f"{name}_{item}": float(part.items.get(item, 0)) for item in names}

    def _common(
        self,
        correlation: Fraction | None,
        centre_effect: Fraction | None,
        place: Place,
        severity: Fraction | None = None,
    ) -> tuple[float | None, float | None]:
        """Correlation over visits and sd between centres; the parts of a value's variance cannot be more than all."""
        defaults = self.file.simulate
        centre = (defaults.centre_effect if centre_effect is None else centre_effect) or Fraction(0)
        common = (severity or Fraction(0)) ** 2 + centre**2
        if common > 1:
            what = "severity and centre together explain more than everything"
            raise place.wrong_name(what, "The sum of their squares is at most 1.")
        told = defaults.correlation if correlation is None else correlation
        if told is not None and told < common:
            what = (
                f"severity and centre alone make values correlate by {float(common):.3g}, more than {float(told):.3g}"
            )
            raise place.wrong_name(what, "Write a higher `correlation`, or less `severity` or `centre_effect`.")
        return (
            None if correlation is None else float(correlation),
            None if centre_effect is None else float(centre_effect),
        )


def _named(assumed: Mapping[str, Mapping[str, Shape | WrongInput]], kind: type[Kind]) -> dict[str, Kind]:
    """What is of this kind, by form.field."""
    return {
        f"{form}.{field}": each
        for form, found in assumed.items()
        for field, each in found.items()
        if isinstance(each, kind)
    }


def _is_whole(field: Field) -> bool:
    return isinstance(field.type, Number) and field.type.decimals == 0


def _floor(high: Fraction | None) -> int | None:
    return None if high is None else floor(high)


def _range_of(items: tuple[Item, ...]) -> Range:
    """What the items can give together."""
    highs = [item.high for item in items if item.high is not None]
    return Fraction(sum(item.low for item in items)), Fraction(sum(highs)) if len(highs) == len(items) else None
