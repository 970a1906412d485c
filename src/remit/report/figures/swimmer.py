"""A line a patient from the start of the drug: doses, interruptions, events, and how it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from remit.report.document import Figure, Key, Panel, Words
from remit.report.figures.style import COLOURS, INK, LETTER, RULE, SOFT, Layer, chart, pixel, written
from remit.report.wording import amount_in_words, capital
from remit.schema.profiles import Event, Period, Treated, Treatments
from remit.study.study import Study

WIDTH, RIGHT, TOP, BOTTOM = 560, 26, 8, 52
STEPS = (1, 7, 14, 28, 56, 84, 168, 336, 672)  # days between two marks of the axis
SHADES = ("#cfe3ef", "#8fbfdb", "#4592bd", "#0b5f8f", "#06344f")  # more is darker
NOT_TOLD = "#e9e9e9"
SERIOUS, ADVERSE, OTHER = ("triangle-up", COLOURS[1]), ("ring", COLOURS[1]), ("diamond", "#3a3a3a")
STOPS = ("cross", "square", "triangle-down")
ONGOING = ("triangle-right", SHADES[3])


def swimmer_figure(study: Study, treatments: Treatments | None) -> Figure | None:
    """A panel an arm. None where nobody has a dose."""
    if treatments is None:
        return None
    scale = _Scale(study, treatments)
    arms = dict.fromkeys(patient.arm for patient in treatments.patients)
    panels = [
        _Swimmers(scale, arm, [one for one in treatments.patients if one.arm == arm]) for arm in scale.ordered(arms)
    ]
    if not any(patient.doses for patient in treatments.patients):
        return None
    return Figure(
        name="treatment-swimmer",
        title=("Treatment and events, patient by patient",),
        panels=tuple(panel.panel(number) for number, panel in enumerate(panels)),
        legend=tuple(scale.legend()),
        notes=tuple((note,) for note in scale.notes()),
        individual=True,
    )


@dataclass(frozen=True)
class _Scale:
    """What all panels share: the days, the shades of the doses, the marks."""

    study: Study
    treatments: Treatments

    def ordered(self, arms: dict[str | None, None]) -> list[str | None]:
        known = [arm for told in self.study.arms.values() for arm in told.names]
        return sorted(arms, key=lambda arm: known.index(arm) if arm in known else len(known))

    @cached_property
    def last_day(self) -> int:
        ends = [day for patient in self.treatments.patients for day in _days(patient)]
        return max([1, *ends])

    def x(self, day: int) -> float:
        return round(min(max(day, 0), self.last_day) / self.last_day * WIDTH, 2)

    @property
    def ticks(self) -> list[int]:
        step = next((step for step in STEPS if self.last_day / step <= 9), STEPS[-1])
        return list(range(0, self.last_day + 1, step))

    @cached_property
    def amounts(self) -> list[float]:
        """The doses above zero, from the least."""
        doses = [dose.amount for patient in self.treatments.patients for dose in patient.doses]
        return sorted({amount for amount in doses if amount})

    def rank(self, amount: float) -> float:
        """From 0, the least dose, to 1, the greatest."""
        others = self.amounts
        if len(others) <= len(SHADES):
            return others.index(amount) / (len(others) - 1) if len(others) > 1 else 0.6
        return (amount - others[0]) / (others[-1] - others[0])

    def shade(self, amount: float | None) -> str:
        if amount is None:
            return NOT_TOLD if self.amounts else SHADES[2]
        if not amount:
            return "#ffffff"
        few = {1: (2,), 2: (1, 3), 3: (0, 2, 4)}.get(len(self.amounts))
        return SHADES[few[self.amounts.index(amount)] if few else round(self.rank(amount) * (len(SHADES) - 1))]

    def thickness(self, amount: float | None) -> float:
        """Of a bar, as a share of the line."""
        return 0.42 if not amount else 0.5 + 0.38 * self.rank(amount)

    @cached_property
    def reasons(self) -> dict[str | None, str]:
        """The mark of each reason of a permanent stop, the most frequent first."""
        counts = Counter(one.reason for one in self.treatments.patients if one.stopped is not None)
        return {reason: STOPS[min(number, len(STOPS) - 1)] for number, (reason, _) in enumerate(counts.most_common())}

    @property
    def events(self) -> list[Event]:
        return [event for patient in self.treatments.patients for event in drawn_events(patient)]

    def legend(self) -> Iterator[Key]:
        unit = self.treatments.unit
        doses = [dose.amount for patient in self.treatments.patients for dose in patient.doses]
        if 0 in doses:
            yield Key("#8a8a8a", "frame", amount_in_words(0, unit))
        shown = self.amounts if len(self.amounts) <= len(SHADES) else [self.amounts[0], self.amounts[-1]]
        yield from (Key(self.shade(amount), "bar", amount_in_words(amount, unit)) for amount in shown)
        if None in doses:
            yield Key(self.shade(None), "bar", "dose not known" if self.amounts else "on the drug")
        yield Key(SOFT, "line", "observed, without the drug")
        kinds = [_kind(event) for event in self.events]
        for kind, label in ((SERIOUS, "serious adverse event"), (ADVERSE, "adverse event"), (OTHER, "other event")):
            if kind in kinds:
                yield Key(kind[1], kind[0], self._others() if kind == OTHER else label)
        yield from self._stops()
        if any(patient.ongoing for patient in self.treatments.patients):
            yield Key(ONGOING[1], ONGOING[0], "goes on")

    def _others(self) -> str:
        forms = dict.fromkeys(event.form for event in self.events if not event.adverse)
        return " or ".join(self.study.scope.forms[form].label for form in forms)

    def _stops(self) -> Iterator[Key]:
        by_mark: dict[str, list[str]] = {}
        for reason, mark in self.reasons.items():
            by_mark.setdefault(mark, []).append(reason or "reason not told")
        for mark, reasons in by_mark.items():
            yield Key(INK, mark, f"stopped for good: {', '.join(reasons)}" if any(self.reasons) else "stopped for good")

    def notes(self) -> Iterator[str]:
        found = self.treatments
        shade = "; more is darker and thicker" if len(self.amounts) > 1 else ""
        yield f"Each line is an eligible patient, from day 0{shade}. A gap is an interruption."
        if len(found.patients) < found.of:
            yield f"Of {found.of} patients the first {len(found.patients)} by their index date are drawn."
        undated = sum(dose.start is None for patient in found.patients for dose in patient.doses)
        if undated:
            yield f"Doses whose start is not known are not drawn: {undated}."
        hidden = [
            event for patient in found.patients for event in patient.events if event.adverse and event.day is None
        ]
        if hidden:
            yield f"Adverse events whose day is not known are not drawn: {len(hidden)}."


def _days(patient: Treated) -> list[int]:
    ends = [
        patient.observed,
        patient.stopped,
        *(dose.stop for dose in patient.doses),
        *(dose.start for dose in patient.doses),
    ]
    return [day for day in ends if day is not None]


def drawn_events(patient: Treated) -> list[Event]:
    """Those with a day from the start to the end of observation."""
    last = max([0, *_days(patient)])
    return [event for event in patient.events if event.day is not None and 0 <= event.day <= last]


def _kind(event: Event) -> tuple[str, str]:
    if not event.adverse:
        return OTHER
    return SERIOUS if event.serious else ADVERSE


@dataclass(frozen=True)
class _Swimmers:
    scale: _Scale
    arm: str | None
    patients: Sequence[Treated]

    @cached_property
    def lanes(self) -> list[Treated]:
        """Who was treated longest stands on top."""
        return sorted(self.patients, key=lambda one: (-_length(one), -(one.observed or 0), one.patient))

    @property
    def each(self) -> float:
        """The height of a line."""
        return 13 if len(self.patients) <= 40 else 10.5

    @property
    def left(self) -> int:
        return 14 + int(max(len(patient.patient) for patient in self.patients) * LETTER * 0.75)

    def panel(self, number: int) -> Panel:
        height = round(self.each * len(self.lanes))
        title: Words = (f"{capital(self.arm)}: patients over time" if self.arm else "Patients over time",)
        layers = [*self._grid(height), *self._bars(), *self._marks(), self._names()]
        padding = {"left": self.left, "right": RIGHT, "top": TOP, "bottom": BOTTOM}
        spec = chart(WIDTH, height, layers, self.scale.study.identity.synthetic is not None, padding)
        return Panel(f"treatment-swimmer-{number}", title, self._alt(), spec, WIDTH + self.left + RIGHT)

    def y(self, lane: int) -> float:
        return round((lane + 0.5) * self.each, 2)

    def _grid(self, height: int) -> list[Layer]:
        ticks = [{"x": self.scale.x(day), "y": 0, "y2": height, "text": f"{day}"} for day in self.scale.ticks]
        labels = [{**tick, "y": height + 17} for tick in ticks]
        labels.append({"x": WIDTH / 2, "y": height + 36, "text": "days from the start"})
        grid = {"type": "rule", "color": RULE, "strokeWidth": 1}
        return [
            {
                "data": {"values": ticks},
                "mark": grid,
                "encoding": {"x": pixel("x"), "y": pixel("y"), "y2": {"field": "y2"}},
            },
            written(labels, {"color": SOFT, "fontSize": 11.5, "align": "center"}),
        ]

    def _names(self) -> Layer:
        names = [{"x": -8, "y": self.y(lane) + 3, "text": one.patient} for lane, one in enumerate(self.lanes)]
        return written(names, {"color": SOFT, "fontSize": 9 if self.each < 12 else 10, "align": "right"})

    def _bars(self) -> list[Layer]:
        thin = [
            {
                "x": 0,
                "x2": self.scale.x(one.observed),
                "y": self.y(lane),
                **_datum(one, "observed", 0, one.observed),
            }
            for lane, one in enumerate(self.lanes)
            if one.observed is not None
        ]
        bars = [self._bar(lane, one, dose) for lane, one in enumerate(self.lanes) for dose in one.doses]
        rule = {"type": "rule", "color": SOFT, "strokeWidth": 0.8}
        place = {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y")}
        colours = {"fill": {"field": "fill", "type": "nominal", "scale": None}}
        edge = {"field": "edge", "type": "nominal", "scale": None}
        return [
            {"data": {"values": thin}, "mark": rule, "encoding": place},
            {
                "data": {"values": [bar for bar in bars if bar]},
                "mark": {"type": "rect", "strokeWidth": 0.6},
                "encoding": place | {"y2": {"field": "y2"}, "stroke": edge} | colours,
            },
        ]

    def _bar(self, lane: int, patient: Treated, dose: Period) -> dict[str, Any]:
        """Of a stop that is not known, the bar is of a day."""
        if dose.start is None:
            return {}
        stop = dose.stop if not dose.ongoing else patient.observed
        half = self.scale.thickness(dose.amount) * self.each / 2
        end = self.scale.x(stop if stop is not None else dose.start + 1)
        fill = self.scale.shade(dose.amount)
        edge = "#8a8a8a" if fill in ("#ffffff", NOT_TOLD) else fill
        y = self.y(lane)
        unit = self.scale.treatments.unit
        what = "dose not known" if dose.amount is None else amount_in_words(dose.amount, unit)
        return {
            "x": self.scale.x(dose.start),
            "x2": end,
            "y": y - half,
            "y2": y + half,
            "fill": fill,
            "edge": edge,
            **_datum(patient, what, dose.start, stop),
        }

    def _marks(self) -> list[Layer]:
        """The shape tells them apart; a white edge lifts them off the bars."""
        found: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for lane, one in enumerate(self.lanes):
            for event in drawn_events(one):
                what = event.term or self.scale.study.scope.forms[event.form].label
                point = {"x": self.scale.x(event.day or 0), "y": self.y(lane), **_datum(one, what, event.day)}
                found.setdefault(_kind(event), []).append(point)
            if one.stopped is not None:
                what = f"stopped for good: {one.reason or 'reason not told'}"
                point = {"x": self.scale.x(one.stopped) + 5, "y": self.y(lane), **_datum(one, what, one.stopped)}
                found.setdefault((self.scale.reasons[one.reason], INK), []).append(point)
            elif one.ongoing and one.observed is not None:
                point = {"x": self.scale.x(one.observed) + 5, "y": self.y(lane), **_datum(one, "goes on", one.observed)}
                found.setdefault(ONGOING, []).append(point)
        return [self._points(shape, colour, values) for (shape, colour), values in found.items()]

    def _points(self, shape: str, colour: str, values: list[dict[str, Any]]) -> Layer:
        size = 52 if self.each > 12 else 38
        mark: Layer = {"type": "point", "filled": True, "opacity": 1, "shape": shape, "color": colour, "size": size}
        if shape == "ring":
            mark |= {
                "shape": "circle",
                "color": None,
                "fill": "#ffffff",
                "stroke": colour,
                "strokeWidth": 1.6,
                "size": size * 0.7,
            }
        elif shape in (SERIOUS[0], OTHER[0]):
            mark |= {"stroke": "#ffffff", "strokeWidth": 0.8, "size": size * 1.3}
        return {"data": {"values": values}, "mark": mark, "encoding": {"x": pixel("x"), "y": pixel("y")}}

    def _alt(self) -> str:
        many = len(self.patients)
        ongoing = sum(one.ongoing for one in self.patients if one.stopped is None)
        stopped = Counter(one.reason or "reason not told" for one in self.patients if one.stopped is not None)
        reasons = "; ".join(f"{reason} {n}" for reason, n in stopped.most_common())
        events = [event for one in self.patients for event in drawn_events(one) if event.adverse]
        serious = sum(bool(event.serious) for event in events)
        said = [f"Lines of {many} patients" + (f" of the arm {self.arm}" if self.arm else "") + " from day 0"]
        said.append(f"the drug goes on in {ongoing}")
        said.append(f"{sum(stopped.values())} stopped it for good" + (f" ({reasons})" if reasons else ""))
        said.append(f"{len(events)} adverse events are marked, {serious} of them serious")
        return f"{'; '.join(said)}."


def _datum(patient: Treated, what: str, day: int | None, until: int | None = None) -> dict[str, Any]:
    """What a mark is, for the data of the figure."""
    return {"patient": patient.patient, "what": what, "day": day, "until": until}


def _length(patient: Treated) -> int:
    ends = [patient.observed if dose.ongoing else dose.stop for dose in patient.doses]
    return max([0, *(end for end in ends if end is not None)])
