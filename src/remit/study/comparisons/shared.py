"""Definitions of packs, as far as the charts of a study can tell them: what is bound to what, or what is lacking.

A parameter is what `with:` says, else the only field with that laboratory test; a criterion of an instrument is of the
only field with it. Of a definition that the study itself names, a parameter may also be what the study calls so, as of
endpoints; of one that a publication brings it may not: the same word need not mean the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from remit.language.errors import LanguageError
from remit.language.query import Query
from remit.language.resolve import resolve
from remit.language.scope import Bound, FieldName
from remit.language.types import Number, YesNo, name_of
from remit.study.analyses.declared import Declared
from remit.study.bindings import Binder, bound_values, check_bound
from remit.study.forms_model import FieldPart
from remit.study.pack_contents import SharedDefinition
from remit.study.place import Place

Bindings = Mapping[str, str]


@dataclass(frozen=True)
class SharedQuery:
    """A definition of a pack with its names bound to the study."""

    shared: SharedDefinition
    bound: Mapping[str, Bound]
    declared: Declared
    place: Place

    def __call__(self, visit: str) -> Query:
        """At a visit. Raises WrongInput."""
        scope = self.declared.expressions.scope
        try:
            query = resolve(self.shared.text, scope, visit=visit, bound=self.bound)
        except LanguageError as error:
            raise self.place.wrong(f"in {self.shared.name}: {error.what}", error.remedy) from None
        if not isinstance(query.type, YesNo):
            what = f"{self.shared.name} is {name_of(query.type)}"
            raise self.place.wrong(what, "What patients are judged by is yes or no: compare it in an `is:`.")
        return query


@dataclass(frozen=True)
class Charts:
    """What the charts can tell at a visit. `by_name`: whether a parameter may be what the study calls so."""

    declared: Declared
    visit: str
    by_name: bool

    def query(self, shared: SharedDefinition, given: Bindings, place: Place) -> SharedQuery:
        """Raises WrongInput where it cannot be told."""
        bindings = {**self._found(shared, given), **given}
        file, packs, scope = self.declared.file, self.declared.packs, self.declared.expressions.scope
        definition = Binder(file, packs, scope.definitions).definition(shared.name, shared.name, None, bindings, place)
        wanted = {name: shared.parameters[name] for name in definition.bound}
        check_bound(definition.bound, wanted, bindings, scope, place, visit=self.visit)
        return SharedQuery(shared, definition.bound, self.declared, place)

    def lacking(self, shared: SharedDefinition, given: Bindings) -> str | None:
        """What the charts do not have, in words; None where nothing is known to be lacking."""
        if shared.instrument is not None:
            fields = [name for name, part in self._fields() if shared.instrument in (part.instrument, part.score)]
            return None if fields else f"it needs {shared.instrument}, which the charts do not have"
        for name in shared.uses:
            if name in given or self._is_known(name):
                continue
            parameter = shared.parameters[name]
            fields = self._with_test(parameter)
            if not fields:
                return f"it needs {parameter.label}, which the charts do not have"
            if len(fields) > 1:
                several = ", ".join(fields)
                return f"it needs {parameter.label}, and several fields are that: {several}; `with:` says which"
        return None

    def check_given(self, name: str, text: str, parameter: FieldName, place: Place) -> None:
        """What `with:` of the comparison at `place` says is what a definition asks for. Raises WrongInput."""
        bound = bound_values({name: parameter}, {name: text}, "", place)
        check_bound(bound, {name: parameter}, {name: text}, self.declared.expressions.scope, place, visit=self.visit)

    def _found(self, shared: SharedDefinition, given: Bindings) -> dict[str, str]:
        """Parameters that nothing else tells, each with the only field of its laboratory test."""
        if shared.instrument is not None:
            return {}
        asked = [name for name in shared.uses if name not in given and not self._is_known(name)]
        fields = {name: self._with_test(shared.parameters[name]) for name in asked}
        return {name: each[0] for name, each in fields.items() if len(each) == 1}

    def _is_known(self, name: str) -> bool:
        """Whether the study itself calls something so."""
        if not self.by_name:
            return False
        try:
            resolve(name, self.declared.expressions.scope, visit=self.visit)
        except LanguageError as error:
            return error.what.startswith("in ")  # a definition, in which something is wrong
        return True

    def _with_test(self, parameter: FieldName) -> list[str]:
        test = parameter.type.test if isinstance(parameter.type, Number) else ""
        return [name for name, part in self._fields() if test and part.lab == test]

    def _fields(self) -> Iterator[tuple[str, FieldPart]]:
        for form, written in self.declared.file.forms.items():
            for name, part in written.fields.items():
                yield f"{form}.{name}", part
