"""What has a name in expressions: instruments' totals, derived values and endpoints, by expression or from a pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from remit.language.scope import Definition, Scope
from remit.language.types import Span, YesNo, name_of
from remit.study.bindings import Binder, check_bound, check_need_ranges
from remit.study.expressions import Expressions, check_definitions, inside
from remit.study.forms import Form
from remit.study.model import DefinitionPart, EndpointPart, StudyFile
from remit.study.names import Taken, in_print
from remit.study.packs import Packs
from remit.study.place import Place
from remit.study.study import Check


@dataclass(frozen=True)
class DefinitionsBuilder:
    """`totals`: of instruments, by name. `place`: of the study file."""

    file: StudyFile
    packs: Packs
    totals: Mapping[str, Definition]
    place: Place

    def definitions(self, taken: Taken) -> dict[str, Definition]:
        """Instruments' totals, derived values and endpoints, by name; no name may mean two things.

        Raises WrongInput.
        """
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
            self._check_form(name, part, place)
            found[name] = replace(self._definition(name, part, place), phrases=phrases, form=part.form)
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
        return Definition(name, in_print(name, part.label), part.expression)

    def _check_form(self, name: str, part: DefinitionPart, place: Place) -> None:
        """A value of a row is of a form that has rows, and written out."""
        if part.form is None:
            return
        many = [form for form, written in self.file.forms.items() if written.rows != "once"]
        (place / "form").known(part.form, many, "form with many rows")
        if part.definition is not None:
            what = f"{name} is of a row of {part.form}, and a pack's definition is of a patient"
            raise (place / "definition").wrong_name(what, "Write it out: `is: …`.")

    def check(self, expressions: Expressions, forms: Mapping[str, Form], last: str | None) -> None:
        """Each means something, at the visit `last` if it is about one. Raises WrongInput."""
        derived, endpoints = self.place / "derived", self.place / "endpoints"
        self._check_bound(expressions.scope, forms, last)
        parts = [
            (name, part.expression or name, _written(place / name, part), _form_of(part))
            for place, entries in ((derived, self.file.derived), (endpoints, self.file.endpoints))
            for name, part in cast("Mapping[str, DefinitionPart | EndpointPart]", entries).items()
        ]
        check_definitions(parts, expressions.scope, last)
        for name, part in self.file.derived.items():
            text, here, visit = part.expression or name, _written(derived / name, part), None if part.form else last
            query = expressions.query(text, here, visit=visit, form=part.form)
            if part.unit is not None and not isinstance(query.type, Span):
                what = f"{name} is {name_of(query.type)}"
                raise (derived / name / "unit").wrong(what, "Only a time between two dates has its unit told here.")
            if part.yes is not None and not isinstance(query.type, YesNo):
                raise (derived / name / "yes").wrong(f"{name} is {name_of(query.type)}", "It is not yes or no.")

    def _check_bound(self, scope: Scope, forms: Mapping[str, Form], visit: str | None) -> None:
        """What stands behind the names of packs."""
        for form, part in self.file.forms.items():
            for name, field in part.fields.items():
                if field.instrument is not None:
                    instrument = self.packs.instruments[field.instrument]
                    here = self.place / "forms" / form / "fields" / name
                    at = {"form": form} if part.rows in ("event", "period") else {"visit": visit}
                    bound, given = self.totals[name].bound, field.bindings or {}
                    queries = check_bound(bound, instrument.needs, given, scope, here, **at)
                    check_need_ranges(queries, instrument, forms, scope, here)
        for section, entries in (("derived", self.file.derived), ("endpoints", self.file.endpoints)):
            for name, entry in entries.items():
                if entry.definition is not None:
                    wanted, bound = self.packs.definitions[entry.definition].parameters, scope.definitions[name].bound
                    check_bound(bound, wanted, entry.bindings, scope, self.place / section / name, visit=visit)

    def checks(self, expressions: Expressions) -> tuple[Check, ...]:
        """The rules of the instruments that stand with their items."""
        found = []
        for form, part in self.file.forms.items():
            for name, field in part.fields.items():
                instrument = self.packs.instruments.get(field.instrument or "")
                for check in instrument.checks if instrument else ():
                    row = None if part.rows == "once" else form
                    bound = self.totals[name].bound
                    holds = expressions.of_pack(check.text, bound, self.place / "forms" / form / "fields" / name, row)
                    found.append(Check(form, name, check.label, holds))
        return tuple(found)


def _form_of(part: DefinitionPart | EndpointPart) -> str | None:
    return part.form if isinstance(part, DefinitionPart) else None


def _written(place: Place, part: DefinitionPart | EndpointPart) -> Place:
    """Where the definition itself stands."""
    return place / "definition" if part.definition is not None else inside(place)
