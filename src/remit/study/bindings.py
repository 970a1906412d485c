"""Binding a pack's names to a study: an instrument's items and needs, a definition's parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from remit.language.alignment import to_unit
from remit.language.combine import in_days
from remit.language.constants import printed_number
from remit.language.errors import LanguageError, nearest
from remit.language.parse import parse
from remit.language.query import Constant, Query, Value, plain
from remit.language.resolve import resolve
from remit.language.scope import Bound, Definition, FieldName, Scope
from remit.language.syntax import Name
from remit.language.syntax import Place as Words
from remit.language.types import Level, Number, Span, name_of
from remit.study.bands import shown as shown_number
from remit.study.expressions import located
from remit.study.forms import Form
from remit.study.forms_model import FieldPart
from remit.study.model import StudyFile
from remit.study.pack_contents import TOTAL, Instrument, Packs, SharedDefinition
from remit.study.place import Place


def named(*parts: str) -> Name:
    """A name of the study, written by nobody."""
    return Name(parts, Words(0, 1))


def bound_items(field: str, form: str, instrument: Instrument) -> dict[str, Bound]:
    """An instrument's items in a study: the columns of its field."""
    return {item: Bound(named(form, f"{field}_{item}"), spec.unit) for item, spec in instrument.items.items()}


def bound_values(
    wanted: Mapping[str, FieldName], bindings: Mapping[str, str], owner: str, place: Place
) -> dict[str, Bound]:
    """Needs or parameters: what `with:` says, else the value of the study that is called so."""
    for name in bindings:
        if name not in wanted:
            what = f"{owner} takes no '{name}'"
            raise (place / "with" / name).wrong_name(what, nearest(name, wanted) if wanted else "It takes nothing.")
    found = {}
    for name, field in wanted.items():
        unit = field.type.unit if isinstance(field.type, Number) else None
        try:
            found[name] = Bound(parse(bindings[name]) if name in bindings else named(name), unit)
        except LanguageError as error:
            raise located(error, bindings[name], place / "with" / name) from None
    return found


@dataclass(frozen=True)
class Binder:
    """Makes the definitions of a study that are a pack's. `totals`: those of instruments, by field."""

    file: StudyFile
    packs: Packs
    totals: Mapping[str, Definition]

    def definition(
        self, name: str, wanted: str, label: str | None, bindings: Mapping[str, str], place: Place
    ) -> Definition:
        """`wanted`: what the pack calls it; `place`: the study's entry. Raises WrongInput."""
        if wanted not in self.packs.definitions:
            remedy = "See `remit packs`: it lists what each pack holds."
            if self.packs.definitions:
                remedy = nearest(wanted, self.packs.definitions)
            raise (place / "definition").wrong(f"no pack has the definition '{wanted}'", remedy)
        shared = self.packs.definitions[wanted]
        given = bound_values(shared.parameters, bindings, wanted, place)
        fields = self._of_instrument(shared, bindings, place) if shared.instrument else {}
        bound = {
            each: given[each] if each in bindings else fields.get(each, given[each])
            for each in shared.uses
            if each in shared.parameters
        }
        return Definition(name, label or shared.title, shared.text, bound=bound)

    def _of_instrument(self, shared: SharedDefinition, bindings: Mapping[str, str], place: Place) -> dict[str, Bound]:
        """The total, items and needs of the study's field with this instrument."""
        instrument = shared.instrument or ""
        fields = {(form, field): part for form, field, part in self._fields(instrument)}
        if TOTAL in bindings:
            asked = bindings[TOTAL].strip()
            fields = {key: part for key, part in fields.items() if asked in (key[1], ".".join(key))}
            if not fields:
                self._refuse_other_total(asked, shared.name.removeprefix(instrument), place / "with" / TOTAL)
                return {}
        if not fields:
            what = f"{shared.name} is of a field with {instrument}, and the study has none"
            raise (place / "definition").wrong(
                what, f"Add a field with `instrument: {instrument}`, or `with: {{total: …}}`."
            )
        if len(fields) > 1:
            several = [".".join(key) for key in fields]
            what = f"the study has several fields with {instrument}: {', '.join(several)}"
            raise (place / "definition").wrong(what, f"Say which: `with: {{total: {several[0]}}}`.")
        ((form, field), part), *_ = fields.items()
        bound = {TOTAL: Bound(named(form, field), "")}
        if part.instrument is not None:
            return {**bound, **self.totals[field].bound}
        for name in shared.uses:
            if name in self.packs.instruments[instrument].items and name not in bindings:
                what = f"{shared.name} asks for {name}, and {field} is only the total"
                remedy = f"Write `{field}: {{instrument: {instrument}}}`: the charts then hold the items."
                raise (place / "definition").wrong(what, remedy)
        return bound

    def _refuse_other_total(self, asked: str, criterion: str, place: Place) -> None:
        """A score that has such a criterion of its own is named by mistake: one scale's limit is not the other's."""
        for name, form in self.file.forms.items():
            for field, part in form.fields.items():
                other = part.instrument or part.score or ""
                if asked in (field, f"{name}.{field}") and f"{other}{criterion}" in self.packs.definitions:
                    what = f"{field} is {other}, which has a criterion{criterion} of its own"
                    raise place.wrong(what, f"Write `definition: {other}{criterion}`, or name another field.")

    def _fields(self, instrument: str) -> Iterator[tuple[str, str, FieldPart]]:
        for name, form in self.file.forms.items():
            for field, part in form.fields.items():
                if instrument in (part.instrument, part.score):
                    yield name, field, part


def check_bound(
    bound: Mapping[str, Bound],
    wanted: Mapping[str, FieldName],
    bindings: Mapping[str, str],
    scope: Scope,
    place: Place,
    *,
    visit: str | None = None,
    form: str | None = None,
) -> dict[str, Query]:
    """What the study itself binds must mean something in it, and be what the pack asks for. Raises WrongInput."""
    found = {}
    for name, field in wanted.items():
        if name not in bound or (name not in bindings and bound[name].node != named(name)):
            continue
        here = place / "with" / name
        text = bindings.get(name, name)
        try:
            query = resolve(text, scope, visit=visit, form=form)
        except LanguageError as error:
            if error.what.startswith("in "):  # another definition is wrong, and says so itself
                continue
            if name in bindings:
                raise located(error, text, here) from None
            what = f"nothing says what '{name}' is in this study: {error.what}"
            remedy = f"Add `with: {{{name}: …}}`: {field.label}, {name_of(field.type)}."
            raise place.wrong_name(what, remedy) from None
        _check_type(query, field, scope, here if name in bindings else place)
        found[name] = query
    return found


def check_need_ranges(
    needs: Mapping[str, Query], instrument: Instrument, forms: Mapping[str, Form], scope: Scope, place: Place
) -> None:
    """A field behind a need must not hold what the need cannot be: 1.80 in a field of centimetres gives a total that
    means nothing. Items are safe, for out of their range they are refused. Raises WrongInput."""
    for name, query in needs.items():
        value, need = plain(query), instrument.needs[name].type
        span = instrument.asked[name].range
        if span is None or not isinstance(value, Value) or not isinstance(need, Number):
            continue
        field = forms[value.form].fields[value.field] if value.form in forms else None
        if field is None or not isinstance(field.type, Number):
            continue
        size = scope.factor(need.unit, field.type.unit, field.type.test) or Fraction(1)
        low, high = (None if bound is None else bound * size for bound in span)
        too_low = low is not None and (field.low is None or field.low < low)
        too_high = high is not None and (field.high is None or field.high > high)
        if too_low or too_high:
            bounds = f"[{', '.join('null' if bound is None else shown_number(bound) for bound in (low, high))}]"
            what = f"{value.field} may be what {name} of {instrument.name} cannot be: it has no range, or a wider one"
            raise place.wrong_name(what, f"Give {value.field} `range: {bounds}`: what lies outside is then refused.")


def _check_type(query: Query, field: FieldName, scope: Scope, place: Place) -> None:
    kind, found = field.type, query.type
    what = f"{field.name} is {name_of(kind)}, and this is {name_of(found)}"
    if isinstance(kind, Number) and isinstance(found, Number | Span):
        constant = plain(query)
        if isinstance(constant, Constant) and isinstance(found, Number) and not found.unit:
            if kind.unit and constant.value != 0:  # the unit that the pack speaks of need not be the study's
                shown = printed_number(constant)
                what = f"{field.name} is {name_of(kind)}, and {shown} has no unit"
                raise place.wrong(what, f"Write the unit behind it: {shown} {kind.unit}.")
            return
        number = in_days(query)
        try:
            to_unit(number, Number(kind.unit, test=getattr(number.type, "test", "")), scope, named(field.name))
        except LanguageError as error:
            raise place.wrong(what, error.remedy) from None
        return
    if isinstance(kind, Level) and isinstance(found, Level):
        if set(kind.levels) != set(found.levels):
            raise place.wrong(what, f"Name the levels {', '.join(kind.levels)} in the study file too.")
        return
    if type(kind) is not type(found):
        raise place.wrong(what, f"Write what gives {name_of(kind)}.")
