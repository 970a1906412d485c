"""Study file → Study: read, complete from the packs, resolve every expression. Raises WrongInput with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from remit.errors import WrongInput
from remit.language.errors import LanguageError, nearest
from remit.language.query import And, Constant, Named, Not, OneOf, Query, RowValue
from remit.language.resolve import resolve
from remit.language.scope import Definition, Scope
from remit.language.types import Date, Level, Number, Span, Text, YesNo, name_of
from remit.study.document import Document, Key, read_document
from remit.study.forms import Form
from remit.study.loading import validate
from remit.study.model import AnalysisPart, CoursePart, EndpointsPart, EventsPart, RowPart, StudyFile, SummaryPart
from remit.study.packs import Packs, load_packs
from remit.study.scope import full_scope, index_scope, make_charts, make_forms, make_visits
from remit.study.study import (
    ELIGIBLE,
    Analysis,
    Course,
    Criterion,
    Dosing,
    Endpoint,
    Endpoints,
    Estimand,
    Events,
    IntercurrentEvent,
    Period,
    Population,
    Primary,
    SpecialInterest,
    Study,
    Summary,
    Variable,
)


def read_study(path: Path | str) -> Study:
    """Read a study file, or the study.yaml of a folder.

    Raises WrongInput for the first thing that is wrong, with file, line and column.
    """
    path = Path(path)
    path = path / "study.yaml" if path.is_dir() else path
    document = read_document(path)
    file = validate(document, StudyFile)
    packs = load_packs(file.packs, document, path.parent)
    forms, totals = make_forms(file, packs, document)
    return _Builder(path, document, file, packs, forms, totals).study()


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


@dataclass
class _Builder:
    path: Path
    document: Document
    file: StudyFile
    packs: Packs
    forms: Mapping[str, Form]
    totals: Mapping[str, Definition]

    def study(self) -> Study:
        file = self.file
        self.visits = make_visits(file, self.document)
        self.before = index_scope(file, self.forms, self.packs)
        self.scope = full_scope(file, self.forms, self.packs, self.visits, self._definitions())
        self._check_definitions()
        populations = self._populations()
        self.endpoints = self._endpoints()
        return Study(
            path=self.path,
            identity=file.study,
            packs=self.packs,
            charts_folder=self.path.parent / file.charts.folder,
            source=file.charts.source,
            charts=make_charts(file.charts),
            forms=self.forms,
            scope=self.scope,
            index=self._resolve(("index",), file.index, Date, scope=self.before),
            observed_until=self._observed_until(),
            visits=self.visits,
            dosing=self._dosing(),
            criteria=self._criteria(),
            populations=populations,
            endpoints=self.endpoints,
            events=self._events(),
            estimands=self._estimands(),
            primary=self._primary(populations),
            subgroups=self._subgroups(),
            periods=self._periods(),
            analyses=tuple(self._analysis(name, part, populations) for name, part in file.analyses.items()),
        )

    # Expressions

    def _resolve(
        self,
        key: Key,
        text: str,
        expected: type | None = None,
        *,
        visit: str | None = None,
        form: str | None = None,
        scope: Scope | None = None,
    ) -> Query:
        try:
            return resolve(text, scope or self.scope, visit=visit, form=form, expected=expected)
        except LanguageError as error:
            raise WrongInput(self.document.where(key, error.place.start), error.what, error.remedy) from None

    def _wrong(self, key: Key, what: str, remedy: str) -> WrongInput:
        return WrongInput(self.document.where(key), what, remedy)

    def _known(self, key: Key, name: str, known: Mapping[str, object], kind: str) -> None:
        if name not in known:
            raise self._wrong(key, f"there is no {kind} '{name}'", nearest(name, known))

    def _definitions(self) -> dict[str, Definition]:
        """Derived values, endpoints and intercurrent events, by name; none may be called as another or as a field."""
        found = dict(self.totals)
        for section, parts in (("derived", self.file.derived), ("endpoints", self.file.endpoints)):
            for name, part in parts.items():
                self._refuse_taken(name, (section, name), found)
                phrases = (part.yes, part.no) if getattr(part, "yes", None) and getattr(part, "no", None) else None
                label = part.label or name.replace("_", " ")
                found[name] = Definition(name, label, part.expression, phrases=phrases)
        return found

    def _refuse_taken(self, name: str, key: Key, found: Mapping[str, Definition]) -> None:
        if name in found:
            raise self._wrong(key, f"'{name}' is defined twice", "Rename one.")
        for form in self.forms.values():
            if name in form.fields and form.rows in ("once", "visit"):
                raise self._wrong(key, f"'{name}' is also a field of {form.name}", "Rename one.")

    def _check_definitions(self) -> None:
        """Each derived definition must mean something by itself, at a visit if it reads visits."""
        some_visit = self.visits[-1].name if self.visits else None
        for name, part in self.file.derived.items():
            self._resolve_definition(name, ("derived", name), part.expression, some_visit)

    def _resolve_definition(self, name: str, key: Key, text: str, visit: str | None) -> Query:
        inside = key if isinstance(self._at(key), str) else (*key, "is")
        try:
            resolve(name, self.scope, visit=visit)
        except LanguageError as error:
            if error.what.startswith("circular"):
                raise WrongInput(self.document.where(inside), error.what, error.remedy) from None
        return self._resolve(inside, text, visit=visit)

    def _at(self, key: Key) -> object:
        data = self.document.data
        for step in key:
            data = data[step]
        return data

    # Parts of the study

    def _observed_until(self) -> str | None:
        name = self.file.observed_until
        if name is None:
            return None
        dates = {
            f"{form.name}.{field.name}": field
            for form in self.forms.values()
            if form.rows == "once"
            for field in form.fields.values()
            if isinstance(field.type, Date)
        }
        matching = [full for full in dates if name in (full, full.split(".")[1])]
        if not matching:
            remedy = nearest(name, [full.split(".")[1] for full in dates])
            raise self._wrong(("observed_until",), f"no form filled once has a date '{name}'", remedy)
        return matching[0]

    def _dosing(self) -> Dosing | None:
        part = self.file.dosing
        if part is None:
            return None
        self._known(("dosing", "form"), part.form, self.forms, "form")
        form = self.forms[part.form]
        if form.rows != "period":
            raise self._wrong(
                ("dosing", "form"), f"{form.name} is not a form of periods", "Name one with `rows: period`."
            )
        if part.reason is not None:
            self._known(("dosing", "reason"), part.reason, form.fields, f"field of {form.name}")
        where: Query = Constant(True, YesNo())
        if part.where is not None:
            where = self._resolve(("dosing", "where"), part.where, YesNo, form=form.name, scope=self.before)
        permanent = self._resolve(("dosing", "permanent"), part.permanent, YesNo, form=form.name, scope=self.before)
        return Dosing(form.name, where, permanent, part.reason)

    def _criteria(self) -> tuple[Criterion, ...]:
        found = []
        for label, part in self.file.eligibility.items():
            key = ("eligibility", label)
            if (part.include is None) == (part.exclude is None):
                raise self._wrong(
                    key, f"'{label}' needs either include or exclude", "Add `include: …` or `exclude: …`."
                )
            if part.include is not None:
                passes = self._resolve((*key, "include"), part.include, YesNo)
                found.append(Criterion(slug(label), label, passes, "include", part.selects_survivors))
            elif part.exclude is not None:
                passes = Not(self._resolve((*key, "exclude"), part.exclude, YesNo))
                found.append(Criterion(slug(label), label, passes, "exclude", part.selects_survivors))
        return tuple(found)

    def _populations(self) -> dict[str, Population]:
        found = {ELIGIBLE: Population(ELIGIBLE, "Eligible patients", None, None)}
        for name, part in self.file.populations.items():
            key = ("populations", name)
            if name in found:
                raise self._wrong(key, f"'{name}' is defined already", "Rename it.")
            self._known((*key, "of"), part.of, found, "population (above this one)")
            where = self._resolve((*key, "where"), part.where, YesNo)
            found[name] = Population(name, part.label or name.replace("_", " "), part.of, where)
        return found

    def _endpoints(self) -> dict[str, Endpoint]:
        found = {}
        for name, part in self.file.endpoints.items():
            key: Key = ("endpoints", name)
            queries, requires = {}, {}
            for number, visit in enumerate(part.at):
                self._known((*key, "at", number), visit, self.scope.visits, "visit")
                self._resolve_definition(name, key, part.expression, visit)
                inner = self._resolve((*key, "is"), part.expression, YesNo, visit=visit)
                queries[visit] = Named(name, visit, inner)
                if part.requires is not None:
                    requires[visit] = self._resolve((*key, "requires"), part.requires, YesNo, visit=visit)
            label = self.scope.definitions[name].label
            found[name] = Endpoint(name, label, tuple(part.at), queries, requires)
        return found

    def _events(self) -> dict[str, IntercurrentEvent]:
        found = {}
        for name, part in self.file.intercurrent_events.items():
            key: Key = ("intercurrent_events", name)
            key = key if isinstance(self._at(key), str) else (*key, "is")
            queries = {
                visit.name: self._resolve(key, part.expression, YesNo, visit=visit.name)
                for visit in self.visits
                if visit.day > 0
            }
            found[name] = IntercurrentEvent(name, part.label or name.replace("_", " "), queries)
        return found

    def _estimands(self) -> dict[str, Estimand]:
        found = {}
        for name, part in self.file.estimands.items():
            for event in part.intercurrent:
                key = ("estimands", name, "intercurrent", event)
                self._known(key, event, self.file.intercurrent_events, "intercurrent event")
            for event in self.file.intercurrent_events:
                if event not in part.intercurrent:
                    raise self._wrong(
                        ("estimands", name),
                        f"the estimand {name} does not say how '{event}' is handled",
                        f"Add `{event}: treatment policy` or `{event}: composite` under intercurrent.",
                    )
            label = part.label or name.replace("_", " ")
            found[name] = Estimand(name, label, part.intercurrent, part.missing)
        return found

    def _primary(self, populations: Mapping[str, Population]) -> Primary | None:
        part = self.file.primary
        if part is None:
            return None
        self._known(("primary", "endpoint"), part.endpoint, self.endpoints, "endpoint")
        visits = {visit: visit for visit in self.endpoints[part.endpoint].at}
        self._known(("primary", "visit"), part.visit, visits, f"visit of {part.endpoint}")
        self._known(("primary", "population"), part.population, populations, "population")
        self._known(("primary", "estimand"), part.estimand, self.file.estimands, "estimand")
        return Primary(part.endpoint, part.visit, part.population, part.estimand)

    def _subgroups(self) -> dict[str, Variable]:
        found = {}
        for name, text in self.file.subgroups.items():
            query = self._resolve(("subgroups", name), text)
            if not isinstance(query.type, YesNo | Level | Text):
                raise self._wrong(
                    ("subgroups", name), f"{name} is {name_of(query.type)}", "Subgroups are of levels or yes/no."
                )
            found[name] = Variable(name, self._label(text, query), query)
        return found

    def _periods(self) -> tuple[Period, ...]:
        events = [part for part in self.file.analyses.values() if isinstance(part, EventsPart)]
        if not events or not self.file.periods:
            return ()
        form = events[0].form
        self._known(("analyses",), form, self.forms, "form")
        return tuple(
            Period(slug(label), label, self._resolve(("periods", label), text, YesNo, form=form))
            for label, text in self.file.periods.items()
        )

    # Analyses

    def _analysis(self, name: str, part: AnalysisPart, populations: Mapping[str, Population]) -> Analysis:
        key: Key = ("analyses", name)
        if isinstance(part, EndpointsPart):
            return self._endpoints_analysis(name, part, populations, key)
        for number, population in enumerate(part.populations):
            self._known((*key, "populations", number), population, populations, "population")
        if isinstance(part, SummaryPart):
            rows = tuple(self._variable(row, (*key, "rows", number)) for number, row in enumerate(part.rows))
            self._refuse_same([row.name for row in rows], (*key, "rows"))
            return Summary(name, part.title, tuple(part.populations), rows)
        if isinstance(part, CoursePart):
            return self._course(name, part, key)
        return self._events_analysis(name, part, key)

    def _refuse_same(self, names: list[str], key: Key) -> None:
        for number, name in enumerate(names):
            if name in names[:number]:
                raise self._wrong((*key, number), f"two rows are called '{name}'", "Give one a label of its own.")

    def _variable(self, part: RowPart, key: Key, visit: str | None = None) -> Variable:
        inside = key if isinstance(self._at(key), str) else (*key, "is")
        query = self._resolve(inside, part.expression, visit=visit)
        among = None if part.among is None else self._resolve((*key, "among"), part.among, YesNo, visit=visit)
        label = part.label or self._label(part.expression, query)
        bare = part.expression if re.fullmatch(r"[a-z0-9_]+", part.expression) else slug(label)
        name = part.name or bare
        return Variable(name, label, query, self._unit(query), among)

    def _unit(self, query: Query) -> str | None:
        if not isinstance(query.type, Span):
            return None
        part = self.file.derived.get(query.name) if isinstance(query, Named) else None
        return (part.unit if part else None) or "days"

    def _label(self, text: str, query: Query) -> str:
        bare = text.split("@")[0].split(".")[-1].strip()
        if bare in self.scope.definitions:
            return self.scope.definitions[bare].label
        for form in self.scope.forms.values():
            if bare in form.fields:
                return form.fields[bare].label
        if text in self.scope.patient:
            return self.scope.patient[text].label
        return text

    def _endpoints_analysis(
        self, name: str, part: EndpointsPart, populations: Mapping[str, Population], key: Key
    ) -> Endpoints:
        for visit, wanted in part.populations.items():
            self._known((*key, "populations", visit), visit, self.scope.visits, "visit")
            for population in wanted:
                self._known((*key, "populations", visit), population, populations, "population")
        chosen = part.endpoints if part.endpoints is not None else list(self.endpoints)
        for endpoint in chosen:
            self._known((*key, "endpoints"), endpoint, self.endpoints, "endpoint")
        subgroups = part.subgroups if part.subgroups is not None else list(self.file.subgroups)
        for subgroup in subgroups:
            self._known((*key, "subgroups"), subgroup, self.file.subgroups, "subgroup")
        by_visit = {visit: tuple(wanted) for visit, wanted in part.populations.items()}
        return Endpoints(name, part.title, by_visit, tuple(chosen), tuple(subgroups))

    def _course(self, name: str, part: CoursePart, key: Key) -> Course:
        rows = []
        for number, row in enumerate(part.rows):
            at = (*key, "rows", number)
            variables = {visit.name: self._variable(row, at, visit.name) for visit in self.visits}
            first = next(iter(variables.values()))
            if not isinstance(first.query.type, Number):
                raise self._wrong(at, f"{first.name} is {name_of(first.query.type)}", "A course is of numbers.")
            rows.append((first, {visit: variable.query for visit, variable in variables.items()}))
        return Course(name, part.title, tuple(part.populations), tuple(rows))

    def _events_analysis(self, name: str, part: EventsPart, key: Key) -> Events:
        self._known((*key, "form"), part.form, self.forms, "form")
        form = self.forms[part.form]
        for number, field in enumerate(part.by):
            self._known((*key, "by", number), field, form.fields, f"field of {form.name}")
        self._known((*key, "term"), part.term, form.fields, f"field of {form.name}")
        special: tuple[SpecialInterest, ...] = ()
        source = None
        if part.special_interest is not None:
            self._known(
                (*key, "special_interest"), part.special_interest, self.packs.special_interest, "list of events"
            )
            entry = self.packs.special_interest[part.special_interest]
            source = entry.source
            special = tuple(
                SpecialInterest(slug(label), label, self._special(form, part, tuple(event.terms), event.serious))
                for label, event in entry.events.items()
            )
        return Events(name, part.title, tuple(part.populations), form.name, part.term, tuple(part.by), special, source)

    def _special(self, form: Form, part: EventsPart, terms: tuple[str, ...], serious: bool) -> Query:
        matches = OneOf(RowValue(form.name, part.term, form.fields[part.term].type), terms)
        if not serious:
            return matches
        self._known(("analyses",), part.serious, form.fields, f"field of {form.name}")
        return And(matches, RowValue(form.name, part.serious, YesNo()))
