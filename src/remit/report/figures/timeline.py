"""One patient on one time axis: doses and other treatment, events, visits, and under them each number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from remit.report.document import Figure, Key, Panel
from remit.report.figures.style import COLOURS, INK, LETTER, RULE, SOFT, Layer, chart, pixel, written
from remit.report.figures.swimmer import ADVERSE, OTHER, SERIOUS, SHADES, STEPS
from remit.report.numbers import signed
from remit.report.wording import amount_in_words, capital, with_unit
from remit.schema.profiles import Event, Lane, Measure, Measured, Period, Profile
from remit.study.study import Study

WIDTH, LEFT, RIGHT, BOTTOM = 520, 150, 30, 46
BAR, ROW, APART, NUMBER = 22, 15, 10, 58  # heights: of a lane of bars, a line of events, between lanes, of a number
BEFORE = 60  # days at most that are drawn before day 0, if no visit is earlier
MOST_LINES = 6  # of events


def timeline_figure(study: Study, profile: Profile, number: int) -> Figure | None:
    """None of a patient without a day 0."""
    if profile.start is None:
        return None
    drawing = _Timeline(study, profile)
    return Figure(
        name=f"patient-{number}",
        title=(f"{profile.patient} over time",),
        panels=(drawing.panel(number),),
        legend=tuple(drawing.legend()),
        notes=tuple((note,) for note in drawing.notes()),
        individual=True,
    )


@dataclass(frozen=True)
class _Mark:
    """An event, or several of one form on one day."""

    day: int
    look: tuple[str, str]
    words: str


@dataclass(frozen=True)
class _Timeline:
    study: Study
    profile: Profile

    # Days

    @cached_property
    def first(self) -> int:
        days = [visit.day for visit in self.profile.attended if visit.visit and visit.day is not None]
        others = [period.start for lane in self.lanes for period in lane.periods if period.start is not None]
        events = [event.day for event in self.profile.treated.events if event.day is not None]
        near = [day for day in (*others, *events) if day >= -BEFORE]
        return min([0, *days, *near])

    @cached_property
    def last(self) -> int:
        told = self.profile.treated
        days = [told.observed, told.stopped, *(dose.stop for dose in told.doses), *(dose.start for dose in told.doses)]
        days += [visit.day for visit in self.profile.attended if visit.visit]
        return max([self.first + 1, *(day for day in days if day is not None)])

    def x(self, day: int) -> float:
        inside = min(max(day, self.first), self.last)
        return round((inside - self.first) / (self.last - self.first) * WIDTH, 2)

    def shown(self, day: int | None) -> bool:
        return day is not None and self.first <= day <= self.last

    # Lanes, from top to bottom

    @property
    def doses(self) -> Lane:
        drug = self.study.identity.drug or "drug"
        return Lane(drug, self.profile.unit, self.profile.treated.doses)

    @property
    def lanes(self) -> list[Lane]:
        """The drug, then what else was given meanwhile."""
        others = [lane for lane in self.profile.lanes if any(self._meanwhile(period) for period in lane.periods)]
        return [self.doses, *others] if self.study.dosing else others

    def _meanwhile(self, period: Period) -> bool:
        return period.ongoing or (period.stop is not None and period.stop > -BEFORE) or (period.start or -1) >= 0

    @cached_property
    def events(self) -> list[_Mark]:
        """Those that are drawn, by their day: each adverse event, and of other events those of one form on one day."""
        adverse: list[_Mark] = []
        others: dict[tuple[int, str], list[Event]] = {}
        for event in self.profile.treated.events:
            if event.day is None or not self.shown(event.day):
                continue
            if event.adverse:
                adverse.append(
                    _Mark(event.day, SERIOUS if event.serious else ADVERSE, _short(event.term or "not named"))
                )
            else:
                others.setdefault((event.day, event.form), []).append(event)
        together = [_Mark(day, OTHER, self._together(form, events)) for (day, form), events in others.items()]
        return sorted([*adverse, *together], key=lambda mark: mark.day)

    def _together(self, form: str, events: list[Event]) -> str:
        if len(events) > 1:
            return f"{self._form(form)} ({len(events)})"
        return _short(events[0].term or self._form(form))

    @cached_property
    def placed(self) -> list[tuple[_Mark, int, bool]]:
        """Each mark with its line, the first where its words find room, and whether there is one; else the last."""
        ends = [-1.0] * MOST_LINES
        found = []
        for mark in self.events:
            x = self.x(mark.day)
            line = next((line for line, end in enumerate(ends) if end < x), None)
            if line is not None:
                ends[line] = x + 14 + len(mark.words) * LETTER * 0.86
            found.append((mark, MOST_LINES if line is None else line, line is not None))
        return found

    @property
    def measures(self) -> list[Measure]:
        return [
            one
            for one in self.profile.measures
            if one.is_number and one.observed and any(_middle(value) is not None for value in one.values)
        ]

    # The drawing

    def panel(self, number: int) -> Panel:
        layers: list[Layer] = []
        y = 22.0
        labels: list[dict[str, Any]] = []
        for lane in self.lanes:
            labels.append(_label(y + BAR / 2, self._lane_label(lane)))
            layers += self._bars(lane, y)
            y += BAR + APART
        if self.placed:
            lines = 1 + max(line for _, line, _ in self.placed)
            labels.append(_label(y + ROW / 2, "Events"))
            layers += self._events(y)
            y += ROW * lines + APART
        if self._visit_days():
            labels.append(_label(y + ROW / 2, "Visits"))
            layers += self._visits(y)
            y += ROW + APART
        for measure in self.measures:
            labels.append(_label(y + NUMBER / 2, with_unit(capital(measure.label), measure.unit)))
            layers += self._measure(measure, y)
            y += NUMBER + APART
        height = round(y)
        named = [line for label in labels for line in _wrapped(label)]
        layers = [*self._grid(height), *layers, written(named, {"color": INK, "fontSize": 11.5, "align": "left"})]
        padding = {"left": LEFT, "right": RIGHT, "top": 6, "bottom": BOTTOM}
        spec = chart(WIDTH, height, layers, self.study.identity.synthetic is not None, padding)
        return Panel(
            f"patient-{number}-timeline", ("Treatment, events and values",), self.alt(), spec, WIDTH + LEFT + RIGHT
        )

    def _lane_label(self, lane: Lane) -> str:
        label = lane.form if lane is self.doses or lane.form not in self.study.scope.forms else self._form(lane.form)
        return with_unit(capital(label), lane.unit)

    def _form(self, name: str) -> str:
        return self.study.scope.forms[name].label

    def _grid(self, height: int) -> list[Layer]:
        span = self.last - self.first
        step = next((step for step in STEPS if span / step <= 9), STEPS[-1])
        days = [day for day in range(self.first - self.first % step, self.last + 1, step) if day >= self.first]
        ticks = [{"x": self.x(day), "y": 16, "y2": height, "text": signed(day)} for day in days]
        start = [{"x": self.x(0), "y": 16, "y2": height}]
        below = [{**tick, "y": height + 16} for tick in ticks]
        below.append({"x": WIDTH / 2, "y": height + 33, "text": "days from the start"})
        planned = [visit for visit in self.study.visits if visit.high >= self.first and visit.low <= self.last]
        bands = [{"x": self.x(visit.low), "x2": self.x(visit.high), "y": 16, "y2": height} for visit in planned]
        heads = [
            {"x": (band["x"] + band["x2"]) / 2, "y": 10, "text": visit.label}
            for band, visit in zip(bands, planned, strict=True)
        ]
        place = {"x": pixel("x"), "y": pixel("y"), "y2": {"field": "y2"}}
        return [
            {
                "data": {"values": bands},
                "mark": {"type": "rect", "color": "#f1f3f4"},
                "encoding": place | {"x2": {"field": "x2"}},
            },
            {"data": {"values": ticks}, "mark": {"type": "rule", "color": RULE, "strokeWidth": 1}, "encoding": place},
            {"data": {"values": start}, "mark": {"type": "rule", "color": SOFT, "strokeWidth": 1}, "encoding": place},
            written(below, {"color": SOFT, "fontSize": 11, "align": "center"}),
            written(_apart(heads), {"color": SOFT, "fontSize": 11, "align": "center"}),
        ]

    def _bars(self, lane: Lane, y: float) -> list[Layer]:
        amounts = sorted({period.amount for period in lane.periods if period.amount})
        bars, words, unsure = [], [], []
        for period in lane.periods:
            if period.start is None or not self._meanwhile(period):
                continue
            end = self.last if period.ongoing else period.stop
            x, x2 = self.x(period.start), self.x(end if end is not None else period.start + 1)
            share = (amounts.index(period.amount) + 1) / len(amounts) if period.amount else 0.5
            half = BAR / 2 * (0.45 + 0.5 * share)
            middle = y + BAR / 2
            fill = SHADES[1] if lane.form == self.doses.form else "#cfcfcf"
            bars.append({"x": x, "x2": max(x2, x + 1.5), "y": middle - half, "y2": middle + half, "fill": fill})
            said = _of_period(period, lane.form == self.doses.form)
            if period.start < self.first:
                said = f"{said}, since day {signed(period.start)}"
            if len(said) * LETTER * 0.86 < x2 - x - 4:
                words.append({"x": x + 4, "y": middle + 4, "text": said})
            if end is None:
                unsure.append({"x": x + 5, "y": middle + 4, "text": "until when is not known"})
            if period.ongoing:
                unsure.append({"x": WIDTH + 6, "y": middle + 4, "text": "→"})
        fill_of = {"fill": {"field": "fill", "type": "nominal", "scale": None}}
        place = {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y"), "y2": {"field": "y2"}}
        edge = {"type": "rect", "stroke": "#5a7f93" if lane.form == self.doses.form else "#8a8a8a", "strokeWidth": 0.7}
        return [
            {"data": {"values": bars}, "mark": edge, "encoding": place | fill_of},
            written(words, {"color": INK, "fontSize": 11, "align": "left"}),
            written(unsure, {"color": SOFT, "fontSize": 11, "align": "left"}),
        ]

    def _events(self, y: float) -> list[Layer]:
        layers = []
        for look in (OTHER, ADVERSE, SERIOUS):
            marks = [{"x": self.x(mark.day), "y": _on(y, line)} for mark, line, _ in self.placed if mark.look == look]
            layers.append(_points(look, marks))
        words: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
        for mark, line, has_room in self.placed:
            x = self.x(mark.day)
            before = x + 9 + len(mark.words) * LETTER * 0.86 > WIDTH + RIGHT
            if has_room:
                words[before].append({"x": x - 9 if before else x + 9, "y": _on(y, line) + 4, "text": mark.words})
        for before, some in words.items():
            layers.append(written(some, {"color": INK, "fontSize": 11, "align": "right" if before else "left"}))
        return layers

    def _visit_days(self) -> dict[int, bool]:
        """Each day on which there was a visit that is drawn, and whether some rule uses it."""
        found: dict[int, bool] = {}
        for visit in self.profile.attended:
            if visit.day is not None and self.shown(visit.day):
                found[visit.day] = found.get(visit.day, False) or visit.visit is not None
        return found

    def _visits(self, y: float) -> list[Layer]:
        middle = y + ROW / 2
        used = [{"x": self.x(day), "y": middle} for day, is_used in self._visit_days().items() if is_used]
        others = [{"x": self.x(day), "y": middle} for day, is_used in self._visit_days().items() if not is_used]
        return [_points(("circle", INK), used), _points(("ring", SOFT), others)]

    def _measure(self, measure: Measure, y: float) -> list[Layer]:
        known = [value for value in measure.values if value.day is not None and _middle(value) is not None]
        values = [_middle(value) or 0.0 for value in known]
        low, high = min([0.0, *values]), max([0.0, *values])
        inner = NUMBER - 24
        span = (high - low) or 1.0

        def height(value: float) -> float:
            return round(y + NUMBER - 6 - (value - low) / span * inner, 2)

        marks = [(self.x(one.day or 0), height(value), one) for one, value in zip(known, values, strict=True)]
        points = [{"x": x, "y": at, "exact": one.low == one.high} for x, at, one in marks]
        words = [{"x": x, "y": at - 8, "text": _number(one.text, measure.unit)} for x, at, one in marks]
        base = [{"x": 0, "x2": WIDTH, "y": height(0.0)}]
        place = {"x": pixel("x"), "y": pixel("y")}
        rule = {"type": "rule", "color": "#b5b5b5", "strokeWidth": 0.8}
        return [
            {"data": {"values": base}, "mark": rule, "encoding": place | {"x2": {"field": "x2"}}},
            {
                "data": {"values": points},
                "mark": {"type": "line", "color": COLOURS[0], "strokeWidth": 1.6},
                "encoding": place,
            },
            _points(("circle", COLOURS[0]), [point for point in points if point["exact"]]),
            _points(("ring", COLOURS[0]), [point for point in points if not point["exact"]]),
            written(words, {"color": INK, "fontSize": 11, "align": "center"}),
        ]

    # In words

    def legend(self) -> list[Key]:
        kinds = {mark.look for mark in self.events}
        told = ((SERIOUS, "serious adverse event"), (ADVERSE, "adverse event"), (OTHER, "other event"))
        keys = [Key(kind[1], kind[0], label) for kind, label in told if kind in kinds]
        days = self._visit_days().values()
        keys += [Key(INK, "circle", "visit")] if True in days else []
        return keys + ([Key(SOFT, "ring", "visit that no rule uses")] if False in days else [])

    def notes(self) -> list[str]:
        said = ["Grey bands are the windows of the visits." if self.study.visits else ""]
        if not all(has_room for _, _, has_room in self.placed):
            said.append("Events for whose name there is no room are named in the table.")
        undated = sum(period.start is None for lane in self.lanes for period in lane.periods)
        said.append(f"Treatment whose start is not known is not drawn: {undated}." if undated else "")
        hidden = [event for event in self.profile.treated.events if not self.shown(event.day)]
        if hidden:
            many = len(hidden)
            said.append(
                f"{many} event{'s' if many > 1 else ''} not drawn, for the day is outside of the axis or not known."
            )
        beyond = any(value.low != value.high for one in self.measures for value in one.values)
        said.append("A ring is a value known only to lie beyond a limit, or between two." if beyond else "")
        return [each for each in said if each]

    def alt(self) -> str:
        said = [f"Patient {self.profile.patient}, from day {signed(self.first)} to day {self.last}"]
        for lane in self.lanes:
            periods = [_period_in_words(period, lane.unit) for period in lane.periods if self._meanwhile(period)]
            said.append(f"{self._lane_label(lane)}: {', '.join(periods) or 'none'}")
        said += [f"day {signed(mark.day)}: {mark.words}" for mark in self.events]
        for measure in self.measures:
            values = [f"{one.visit} {one.text}" for one in measure.values if one.text]
            said.append(f"{measure.label}: {', '.join(values)}")
        return "; ".join(said) + "."


def _short(words: str) -> str:
    return words if len(words) <= 34 else words[:33] + "…"


def _on(y: float, line: int) -> float:
    """The middle of a line of events."""
    return y + ROW * line + ROW / 2


def _of_period(period: Period, of_the_drug: bool) -> str:
    amount = f"{period.amount:g}" if period.amount is not None else ""
    return amount if of_the_drug else " ".join(each for each in (period.what, amount) if each)


def _period_in_words(period: Period, unit: str | None) -> str:
    """prednisone 20 mg from day 3 to day 20"""
    amount = amount_in_words(period.amount, unit) if period.amount is not None else ""
    start = "an unknown day" if period.start is None else f"day {signed(period.start)}"
    stop = "on" if period.ongoing else "to an unknown day" if period.stop is None else f"to day {signed(period.stop)}"
    return " ".join(each for each in (period.what, amount, f"from {start}", stop) if each)


def _middle(value: Measured) -> float | None:
    """Where a value is drawn: of one beyond a limit, at the limit."""
    if value.low is not None and value.high is not None:
        return (value.low + value.high) / 2
    return value.high if value.low is None else value.low


def _number(text: str | None, unit: str | None) -> str:
    """Without the unit, which stands beside the axis."""
    return (text or "").removesuffix(f" {unit}") if unit else text or ""


def _label(y: float, text: str) -> dict[str, Any]:
    return {"x": -LEFT + 4, "y": y + 4, "text": text}


def _wrapped(label: dict[str, Any]) -> list[dict[str, Any]]:
    """In lines that fit before the axis."""
    from textwrap import wrap

    lines = wrap(label["text"], 22)[:3]
    top = label["y"] - 6.5 * (len(lines) - 1)
    return [{**label, "y": top + 13 * number, "text": line} for number, line in enumerate(lines)]


def _apart(heads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without those that would run into the one before."""
    found: list[dict[str, Any]] = []
    for head in heads:
        half = len(head["text"]) * LETTER / 2
        last = found[-1] if found else None
        if last is None or last["x"] + len(last["text"]) * LETTER / 2 + 6 <= head["x"] - half:
            found.append(head)
    return found


def _points(look: tuple[str, str], values: Sequence[dict[str, Any]]) -> Layer:
    shape, colour = look
    mark: Layer = {"type": "point", "filled": True, "opacity": 1, "shape": shape, "color": colour, "size": 52}
    if shape == "ring":
        mark |= {"shape": "circle", "color": None, "fill": "#ffffff", "stroke": colour, "strokeWidth": 1.6, "size": 42}
    return {"data": {"values": list(values)}, "mark": mark, "encoding": {"x": pixel("x"), "y": pixel("y")}}
