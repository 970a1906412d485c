"""Names: what may be called how. One name has one meaning, in expressions and in the columns of the cohort."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from remit.language.functions import FUNCTIONS
from remit.schema.cohort import ELIGIBLE, UNDECIDABLE
from remit.schema.records import CENTRE, ONGOING, PATIENT
from remit.schema.results import COMPLETE, DECIDED, FLOW, IMPUTED_VALUES, OBSERVED, REQUIRED
from remit.study.forms import Form
from remit.study.place import Place

WORDS = ("and", "or", "not", "in", "yes", "no", "where", "that")  # of the language
BUILT_IN = ("index_date", "observed_day", CENTRE, "visit")  # what every patient has, and `visit.day`
FORMS = (
    "index",
    "dosing",
    "visit",
    "passes",
    "group",
    "had",
    "predicts",
)  # that remit has, or whose columns it names so
CRITERIA = (UNDECIDABLE,)  # a patient is excluded by a criterion, or undecidable
HANDLINGS = (DECIDED, COMPLETE, REQUIRED, OBSERVED)  # an estimand stands beside these
PERIODS = ("all", "unknown")  # events are counted in each period, in all, and where the period is unknown


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def refuse_reserved(name: str, place: Place, more: Iterable[str] = ()) -> None:
    """Raises WrongInput for a word of the language, or one of `more`."""
    if name in (*WORDS, *more):
        what = f"'{name}' has a meaning of its own, and cannot be a name"
        raise place.wrong_name(what, "Choose a word that says more.")


def check_form(name: str, place: Place) -> None:
    refuse_reserved(name, place, FORMS)


def check_field(name: str, form: str, rows: str, place: Place) -> None:
    """A field's name must not be one that each row, or each patient, has anyway."""
    more = {PATIENT, CENTRE, "index_date", "observed_day", *(() if rows == "once" else ("day",))}
    if name in more or (rows == "period" and name == ONGOING):
        what = f"'{name}' is what remit calls something that each row of {form} has anyway"
        remedy = f"Give the field another name, and keep the heading of the charts: `column: {name}`."
        raise place.wrong_name(what, remedy)
    refuse_reserved(name, place)


class Taken:
    """The names that definitions share with forms, fields and built-in values: each may be used once."""

    def __init__(self, forms: Mapping[str, Form], visits: Iterable[str]) -> None:
        self._homes: dict[str, str] = {}
        for form in forms.values():
            if form.rows in ("once", "visit"):
                self._homes |= dict.fromkeys(form.fields, f"a field of {form.name}")
        self._homes |= dict.fromkeys(forms, "a form")
        self._homes |= dict.fromkeys(visits, "a visit")
        self._homes |= dict.fromkeys(FUNCTIONS, "a function")
        self._homes |= dict.fromkeys(BUILT_IN, "something that each patient has")

    def add(self, name: str, home: str, place: Place) -> None:
        """Raises WrongInput if the name is taken."""
        refuse_reserved(name, place, FORMS)
        if name in self._homes:
            remedy = "Rename one: in an expression nobody could tell which is meant."
            raise place.wrong_name(f"'{name}' is also {self._homes[name]}", remedy)
        self._homes[name] = home


def named_by_label(labels: Iterable[str], place: Place, reserved: Iterable[str] = ()) -> dict[str, str]:
    """Label → the name made of it. Raises WrongInput for a label without letters, or two that give one name."""
    found: dict[str, str] = {}
    reserved = tuple(reserved)
    taken = dict.fromkeys(reserved, "a word of remit")
    for label in labels:
        name = slug(label)
        if not name:
            raise (place / label).wrong_name(f"'{label}' has no letters a to z or digits", "Add a word that has.")
        if name in taken:
            same = f"the same as {taken[name]}, but for signs and capitals"
            what = f"'{label}' is {taken[name] if label in reserved else same}"
            raise (place / label).wrong_name(what, "Rename one.")
        found[label], taken[name] = name, f"'{label}'"
    return found


def refuse_same_labels(labels: Mapping[str, str], place: Place) -> None:
    """name → label, of one section: what is printed alike could not be told apart."""
    first: dict[str, str] = {}
    for name, label in labels.items():
        other = first.setdefault(label.casefold(), name)
        if other != name:
            what = f"{name} is labelled '{label}', as {other} is"
            raise (place / name / "label").wrong(what, "Give each a label of its own: it is what tables print.")


_OF_THE_RESULTS = {IMPUTED_VALUES: "what was imputed", FLOW: "who was included"}


def refuse_same_columns(
    forms: Mapping[str, Form], endpoints: Iterable[str], analyses: Iterable[str], place: Place
) -> None:
    """The patients' columns begin with the name of a form, an endpoint or an analysis. `place`: of the analyses, or of
    the comparisons."""
    fields = {form.name for form in forms.values() if form.rows in ("once", "visit")}
    what = "comparison" if place.key[-1] == "comparisons" else "analysis"
    for name in analyses:
        if name in fields or name in (*FORMS, "dosing", "where", "in"):
            raise (place / name).wrong_name(f"'{name}' is also a form", f"Rename the {what}.")
        if name in endpoints:
            raise (place / name).wrong_name(f"'{name}' is also an endpoint", f"Rename the {what}.")
        if name in _OF_THE_RESULTS:
            told = f"'{name}' is where the results tell {_OF_THE_RESULTS[name]}"
            raise (place / name).wrong_name(told, f"Rename the {what}.")


def check_estimand(name: str, place: Place) -> None:
    refuse_reserved(name, place, HANDLINGS)


def check_population(name: str, place: Place) -> None:
    if name == ELIGIBLE:
        raise place.wrong_name("'eligible' is the population that the criteria give", "Rename this one.")


def in_print(name: str, label: str | None) -> str:
    """The label, or the name with spaces."""
    return label or name.replace("_", " ")
