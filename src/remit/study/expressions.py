"""Expressions of the study file → queries, with their errors at the exact place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from remit.errors import WrongInput
from remit.language.errors import CircularDefinition, LanguageError
from remit.language.query import Constant, If, Query, plain
from remit.language.resolve import resolve, resolve_name
from remit.language.scope import Bound, Scope
from remit.language.types import Date, YesNo, name_of
from remit.study.place import Place


@dataclass(frozen=True)
class Expressions:
    """Resolves expressions in a scope. `before`: the scope of what is known before there are visits."""

    scope: Scope
    before: Scope

    def query(
        self,
        text: str,
        place: Place,
        expected: type | None = None,
        *,
        visit: str | None = None,
        form: str | None = None,
        before: bool = False,
    ) -> Query:
        """The query of an expression that stands at `place`. Raises WrongInput."""
        try:
            return resolve(text, self.before if before else self.scope, visit=visit, form=form, expected=expected)
        except LanguageError as error:
            wrong = located(error, text, place)
            if "'dosing." in error.what:
                remedy = "It is known of a study with `dosing:`; a reason needs `reason:` there."
                wrong = WrongInput(wrong.where, wrong.what, remedy)
            if before and self._known_later(text, form):
                remedy = "This is asked before there are visits and definitions: use the fields of the forms alone."
                wrong = WrongInput(wrong.where, wrong.what, remedy)
            raise wrong from None

    def of_pack(self, text: str, bound: Mapping[str, Bound], place: Place, form: str | None) -> Query:
        """A condition of a pack, about one row of a form. Raises WrongInput."""
        try:
            return resolve(text, self.scope, form=form, expected=YesNo, bound=bound)
        except LanguageError as error:
            raise place.wrong_name(error.what, error.remedy) from None

    def named(self, name: str, place: Place, visit: str | None) -> Query:
        """The query of a definition by its name, at a visit. Raises WrongInput."""
        try:
            return resolve_name(name, self.scope, visit=visit)
        except LanguageError as error:
            raise place.wrong(error.what, error.remedy) from None

    def _known_later(self, text: str, form: str | None) -> bool:
        """Would the expression mean something once there are visits and definitions?"""
        try:
            resolve(text, self.scope, visit=next(iter(self.scope.visits), None), form=form)
        except LanguageError:
            return False
        return True

    def label(self, text: str, query: Query) -> str:
        """What is printed for an expression without a label: that of the definition, field or value it names."""
        bare = text.split("@")[0].split(".")[-1].strip()
        if bare in self.scope.definitions:
            return self.scope.definitions[bare].label
        for form in self.scope.forms.values():
            if bare in form.fields:
                return form.fields[bare].label
        if text.strip() in self.scope.patient:
            return self.scope.patient[text.strip()].label
        return " ".join(text.split())


def located(error: LanguageError, text: str, place: Place) -> WrongInput:
    """The error with file, line and column of the word that is meant: the one that it quotes, if it stands there."""
    start = error.place.start
    if quoted := re.search(r"'([^']+)'", error.what):
        word = re.compile(rf"(?<!\w){re.escape(quoted[1])}(?!\w)")
        if found := word.search(text, start, error.place.end):
            start = found.start()
    return WrongInput(place.document.where(place.key, start), error.what, error.remedy)


def inside(place: Place) -> Place:
    """Where the expression itself stands: `name: …`, or the `is` of a longer form."""
    return place if isinstance(place.document.at(place.key), str) else place / "is"


def check_definitions(parts: Iterable[tuple[str, str, Place, str | None]], scope: Scope, visit: str | None) -> None:
    """Each definition (name, text, place, form) must mean something by itself: in a row of its form, or at a visit if
    it reads visits.

    Raises WrongInput: for the definition that is wrong itself, not for one that only uses it.
    """
    carried: WrongInput | None = None
    for name, text, place, form in parts:
        try:
            resolve(text, scope, visit=None if form else visit, form=form)
        except LanguageError as error:
            wrong = located(error, text, place)
            if not _only_carried(name, error):
                raise wrong from None
            carried = carried or wrong
    if carried:
        raise carried


def _only_carried(name: str, error: LanguageError) -> bool:
    """Does the error lie in another definition that this one uses?"""
    if isinstance(error, CircularDefinition):
        return name not in error.what.replace("→", " ").split()
    return error.what.startswith("in ")


def expect_exact_date(query: Query, place: Place) -> None:
    if isinstance(query.type, Date) and query.type.censored:
        remedy = "A period may go on: take its start, or the date of an event."
        raise place.wrong("the index date may lie beyond the end of observation", remedy)


def refuse_type(query: Query, allowed: tuple[type, ...], place: Place, remedy: str) -> None:
    if not isinstance(query.type, allowed):
        raise place.wrong(f"this is {name_of(query.type)}", remedy)


def texts_chosen(query: Query) -> list[str]:
    """Those that `if` chooses from, in the order in which they are written; none, if it may be another text."""
    match plain(query):
        case Constant(value=str() as text):
            return [text]
        case If(then=then, otherwise=otherwise):
            parts = [texts_chosen(part) for part in (then, otherwise) if part is not None]
            return [text for part in parts for text in part] if all(parts) else []
    return []
