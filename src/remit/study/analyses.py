"""The analyses of the study file: what each table and figure is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from remit.language.fields import aggregates
from remit.language.query import And, Named, OneOf, Query, RowValue
from remit.language.types import Level, Number, Ratio, Span, Text, YesNo, name_of
from remit.study.arms import ArmsOfAnalyses
from remit.study.expressions import Expressions, inside, refuse_type
from remit.study.forms import Form
from remit.study.model import (
    AnalysisPart,
    CoursePart,
    EndpointsPart,
    EventsPart,
    RowPart,
    ShiftPart,
    StudyFile,
    SummaryPart,
)
from remit.study.names import PERIODS, named_by_label, slug
from remit.study.packs import Packs
from remit.study.place import Place
from remit.study.study import (
    Analysis,
    Course,
    Endpoint,
    Endpoints,
    Events,
    Period,
    Population,
    Shift,
    SpecialInterest,
    Summary,
    Variable,
    Visit,
)
from remit.study.times import time_to_event
from remit.study.times_model import TimeToEventPart

# What the rows of an analysis of events are counted by, besides the fields of the form.
EVENT_WORDS = ("patient", "analysis", "day", "period", "term", "any", "special_interest")


@dataclass(frozen=True)
class Analyses:
    """Makes the study's analyses from what is known before them."""

    file: StudyFile
    packs: Packs
    forms: Mapping[str, Form]
    visits: tuple[Visit, ...]
    populations: Mapping[str, Population]
    endpoints: Mapping[str, Endpoint]
    expressions: Expressions
    arms: ArmsOfAnalyses
    place: Place  # of the section

    def all(self) -> tuple[Analysis, ...]:
        found = []
        for name, part in self.file.analyses.items():
            made = self._analysis(name, part, self.place / name)
            found.append(replace(made, arms=self.arms.of(part, self.place / name)))
        return tuple(found)

    def _analysis(self, name: str, part: AnalysisPart, place: Place) -> Analysis:
        title = part.title or name.replace("_", " ").capitalize()
        if isinstance(part, EndpointsPart):
            return self._endpoints(name, title, part, place)
        (place / "populations").each(part.populations, self.populations, "population")
        populations = tuple(part.populations)
        if isinstance(part, SummaryPart):
            return Summary(name, title, populations, self._rows(part, place / "rows"))
        if isinstance(part, CoursePart):
            return self._course(name, title, populations, part, place)
        if isinstance(part, ShiftPart):
            return self._shift(name, title, populations, part, place)
        if isinstance(part, TimeToEventPart):
            return time_to_event(name, title, part, self.visits, self.expressions, place)
        return self._events(name, title, populations, part, place)

    # Rows of a table

    def _rows(self, part: SummaryPart, place: Place) -> tuple[Variable, ...]:
        rows = []
        for number, row in enumerate(part.rows):
            variable = self._variable(row, place / number)
            remedy = "A table is of numbers, times, levels and yes/no; of a date take the time to another."
            refuse_type(variable.query, (Number, Ratio, Span, Level, Text, YesNo), inside(place / number), remedy)
            rows.append(variable)
        self._refuse_same(rows, place)
        return tuple(rows)

    def _refuse_same(self, rows: list[Variable], place: Place) -> None:
        first: dict[str, int] = {}
        for number, row in enumerate(rows):
            if first.setdefault(row.name, number) != number:
                what = f"two rows are called '{row.name}': this one and row {first[row.name] + 1}"
                raise (place / number).wrong(what, "Give one a `name:` or a `label:` of its own.")

    def _variable(self, part: RowPart, place: Place, visit: str | None = None) -> Variable:
        query = self.expressions.query(part.expression, inside(place), visit=visit)
        among = None
        if part.among is not None:
            among = self.expressions.query(part.among, place / "among", YesNo, visit=visit)
        label = part.label or self.expressions.label(part.expression, query)
        plain = re.fullmatch(r"[a-z0-9_]+", part.expression) is not None
        name = part.name or (part.expression if plain else slug(label))
        if not name:
            raise place.wrong("no name can be made of this label", "Add `name:` with small letters.")
        return Variable(name, label, query, self._unit(query), among)

    def _unit(self, query: Query) -> str | None:
        if not isinstance(query.type, Span):
            return None
        part = self.file.derived.get(query.name) if isinstance(query, Named) else None
        return (part.unit if part else None) or "days"

    # Endpoints

    def _endpoints(self, name: str, title: str, part: EndpointsPart, place: Place) -> Endpoints:
        if part.endpoints is not None:
            (place / "endpoints").each(part.endpoints, self.endpoints, "endpoint")
        if part.subgroups is not None:
            (place / "subgroups").each(part.subgroups, self.file.subgroups, "subgroup")
        chosen = tuple(part.endpoints if part.endpoints is not None else self.endpoints)
        if not chosen:
            raise place.wrong_name(f"{name} is about endpoints, and the study has none", "Add `endpoints:`.")
        subgroups = tuple(part.subgroups if part.subgroups is not None else self.file.subgroups)
        return Endpoints(name, title, self._by_visit(part, chosen, place / "populations"), chosen, subgroups)

    def _by_visit(self, part: EndpointsPart, chosen: tuple[str, ...], place: Place) -> dict[str, tuple[str, ...]]:
        visits = {visit.name for visit in self.visits}
        used = {visit for endpoint in chosen for visit in self.endpoints[endpoint].at}
        if isinstance(part.populations, list):
            place.each(part.populations, self.populations, "population")
            return {visit.name: tuple(part.populations) for visit in self.visits if visit.name in used}
        for visit, wanted in part.populations.items():
            (place / visit).known_key(visits, "visit")
            if visit not in used:
                remedy = f"Its endpoints are at {', '.join(sorted(used))}."
                raise (place / visit).wrong_name(f"no endpoint of this analysis is at {visit}", remedy)
            (place / visit).each(wanted, self.populations, "population")
        return {visit: tuple(wanted) for visit, wanted in part.populations.items()}

    # Courses

    def _course(self, name: str, title: str, populations: tuple[str, ...], part: CoursePart, place: Place) -> Course:
        known = [visit.name for visit in self.visits]
        if part.visits is not None:
            (place / "visits").each(part.visits, known, "visit")
        visits = [visit for visit in known if part.visits is None or visit in part.visits]
        if not visits:
            raise place.wrong_name("a course goes over visits, and the study has none", "Add `visits:` to the study.")
        rows = []
        for number, row in enumerate(part.rows):
            here = place / "rows" / number
            variables = {visit: self._variable(row, here, visit) for visit in visits}
            first = next(iter(variables.values()))
            refuse_type(first.query, (Number,), inside(here), "A course is of numbers.")
            queries = {visit: variable.query for visit, variable in variables.items()}
            if len(visits) > 1 and len(set(queries.values())) == 1:
                what = "this is the same at each visit"
                raise inside(here).wrong(what, "Name a field of the visits, without @; or take it into a summary.")
            rows.append((first, queries))
        self._refuse_same([variable for variable, _ in rows], place / "rows")
        return Course(name, title, populations, tuple(rows))

    # Shifts

    def _shift(self, name: str, title: str, populations: tuple[str, ...], part: ShiftPart, place: Place) -> Shift:
        known = [visit.name for visit in self.visits]
        origin = part.origin or self.expressions.scope.reference
        if origin is None:
            what = "a shift goes from a visit to later ones, and the study has no reference visit"
            raise place.wrong_name(what, "Declare a visit on day 0 or before, or name one: `from: …`.")
        (place / "from").known(origin, known, "visit")
        if part.to is not None:
            (place / "to").each(part.to, known, "visit")
        day = next(visit.day for visit in self.visits if visit.name == origin)
        later = [visit.name for visit in self.visits if visit.day > day]
        to = tuple(visit for visit in later if part.to is None or visit in part.to)
        if not to or len(to) < len(part.to or ()):
            what = f"a shift goes from {origin} to visits after it"
            raise (place / "to" if part.to else place / "from").wrong_name(what, "Name later visits: `to: [week24]`.")
        rows = []
        for number, row in enumerate(part.rows):
            here = place / "rows" / number
            if row.among is not None:
                raise (here / "among").wrong_name("a shift has no `among`", "Name a population of those asked.")
            variables = {visit: self._variable(row, here, visit) for visit in (origin, *to)}
            first = variables[origin]
            refuse_type(
                first.query, (Level, Text, YesNo), inside(here), "A shift is of levels: take band(…), or if(…)."
            )
            queries = {visit: variable.query for visit, variable in variables.items()}
            if len(set(queries.values())) == 1:
                remedy = "Name a field of the visits, without @."
                raise inside(here).wrong("this is the same at each visit", remedy)
            rows.append((first, queries))
        self._refuse_same([variable for variable, _ in rows], place / "rows")
        return Shift(name, title, populations, origin, to, tuple(rows))

    # Events

    def _events(self, name: str, title: str, populations: tuple[str, ...], part: EventsPart, place: Place) -> Events:
        (place / "form").known(part.form, self.forms, "form")
        form = self.forms[part.form]
        if form.rows not in ("event", "period"):
            what = f"{form.name} is a form with `rows: {form.rows}`"
            raise (place / "form").wrong(what, "Name one with `rows: event` or `rows: period`.")
        (place / "term").known(part.term, form.fields, f"field of {form.name}")
        if not isinstance(form.fields[part.term].type, Text | Level):
            what = f"{part.term} is {name_of(form.fields[part.term].type)}"
            raise (place / "term").wrong(what, "The term is a text or a level.")
        (place / "by").each(part.by, form.fields, f"field of {form.name}")
        for number, field in enumerate(part.by):
            self._check_by(field, form, part, place / "by" / number)
        special, source = self._special_interest(form, part, place)
        periods = self.periods(form.name)
        return Events(name, title, populations, form.name, part.term, tuple(part.by), periods, special, source)

    def _check_by(self, field: str, form: Form, part: EventsPart, place: Place) -> None:
        if field == part.term or field in EVENT_WORDS:
            what = f"'{field}' is what the events are listed by already"
            raise place.wrong(what, "Remove it, or give the field another name and keep its heading: `column: …`.")
        kind = form.fields[field].type
        if not isinstance(kind, YesNo | Level | Text | Number) or (
            isinstance(kind, Number) and (kind.decimals or kind.censored)
        ):
            raise place.wrong(f"{field} is {name_of(kind)}", "Events are counted by levels, yes/no and whole numbers.")

    def periods(self, form: str) -> tuple[Period, ...]:
        """The periods of follow-up, as conditions on a row of the form."""
        place = Place(self.place.document, ("periods",))
        names = named_by_label(self.file.periods, place, PERIODS)
        return tuple(
            Period(names[label], label, self._period(text, place / label, form))
            for label, text in self.file.periods.items()
        )

    def _period(self, text: str, place: Place, form: str) -> Query:
        query = self.expressions.query(text, place, YesNo, form=form)
        if aggregates(query):
            remedy = "Use the row's own fields, and the patient's values."
            raise place.wrong("a period cannot ask for other rows", remedy)
        return query

    def _special_interest(
        self, form: Form, part: EventsPart, place: Place
    ) -> tuple[tuple[SpecialInterest, ...], str | None]:
        if part.special_interest is None:
            return (), None
        here = place / "special_interest"
        here.known(part.special_interest, self.packs.special_interest, "list of events of special interest")
        entry = self.packs.special_interest[part.special_interest]
        found = []
        for label, event in entry.events.items():
            where: Query = OneOf(RowValue(form.name, part.term, form.fields[part.term].type), tuple(event.terms))
            if event.serious:
                where = And(where, self._serious(label, form, part, place))
            found.append(SpecialInterest(slug(label), label, where))
        return tuple(found), entry.source

    def _serious(self, label: str, form: Form, part: EventsPart, place: Place) -> Query:
        field = form.fields.get(part.serious)
        if field is None or not isinstance(field.type, YesNo):
            what = f"'{label}' asks for serious events, and {form.name} has no yes/no field '{part.serious}'"
            given = "serious" in part.model_fields_set
            here = place / "serious" if given else place / "special_interest"
            raise here.wrong_name(what, "Name the yes/no field that says it: `serious: …`.")
        return RowValue(form.name, field.name, YesNo())
