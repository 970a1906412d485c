"""The endpoints of a draft: definitions of its pack, bound to what was chosen, or expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from remit.drafting.bound import Held, bind
from remit.drafting.choices import Choices, Endpoint, field_name
from remit.errors import WrongInput
from remit.language.scope import FieldName
from remit.language.types import name_of
from remit.study.pack_contents import TOTAL, Packs, SharedDefinition

OFFERED = ("remission", "response")


@dataclass(frozen=True)
class Row:
    """An endpoint as it is written: by `expression`, or by `definition` with what its parameters are. `others`: further
    definitions of the same kind."""

    name: str
    label: str | None = None
    expression: str | None = None
    definition: SharedDefinition | None = None
    bindings: dict[str, str] = field(default_factory=dict)
    others: tuple[Row, ...] = ()

    @property
    def kind(self) -> str | None:
        """What it is one of several definitions of, as `CDAI remission`."""
        return kind_of(self.definition) if self.definition else None


def rows(choices: Choices, packs: Packs, held: Sequence[Held]) -> list[Row]:
    """The endpoints that were chosen; with corticosteroids charted, the first also without them.

    Raises WrongInput for a definition that cannot be bound.
    """
    found = [_row(each, choices, packs, held) for each in choices.endpoints]
    taken, told = {row.definition.name for row in found if row.definition}, set[str | None]()
    for number, row in enumerate(found):
        if row.kind and row.kind not in told:
            others = (each for each in offered(choices, packs, held) if kind_of(each) == row.kind)
            found[number] = replace(row, others=tuple(_bound(each, held) for each in others if each.name not in taken))
        told.add(row.kind)
    if choices.steroids and found:
        first = found[0]
        without = Row(
            f"steroid_free_{first.name}",
            f"{first.label or first.kind or first.name}, free of corticosteroids",
            f"{first.name} and steroid_free",
        )
        found.insert(1, without)
    return found


def offered(choices: Choices, packs: Packs, held: Sequence[Held]) -> Iterator[SharedDefinition]:
    """The definitions called remission or response that what was chosen can decide: of each instrument, then others."""
    charted = (*choices.instruments, *choices.scores)
    criteria = [criterion for name in charted for criterion in packs.instruments[name].criteria.values()]
    for definition in (*criteria, *(each for each in packs.definitions.values() if not each.instrument)):
        if kind_of(definition) and not _missing(definition, choices, held):
            yield definition


def kind_of(definition: SharedDefinition) -> str | None:
    """What it defines, in one of several ways: `CDAI remission` of `CDAI remission up to 150`."""
    own = definition.name.removeprefix(definition.instrument or "")
    kind = re.match(rf"\s*((?:[a-z]+ )?(?:{'|'.join(OFFERED)}))\b", own)
    return " ".join(filter(None, [definition.instrument, kind[1]])) if kind else None


def _row(endpoint: Endpoint, choices: Choices, packs: Packs, held: Sequence[Held]) -> Row:
    if endpoint.definition is None:
        return Row(endpoint.name, endpoint.label, endpoint.expression)
    definition = packs.definitions[endpoint.definition]
    if definition.instrument and definition.instrument not in (*choices.instruments, *choices.scores):
        what = f"it is a definition of {definition.instrument}, which the charts do not hold"
        raise WrongInput("--endpoint", what, f"Add --instrument {definition.instrument!r}, or its total by --score.")
    missing = _missing(definition, choices, held)
    if missing and not definition.instrument:
        asked = {name: definition.parameters[name] for name in missing}
        told = "; ".join(f"{name} is {each.label}, {name_of(each.type)}" for name, each in asked.items())
        raise WrongInput(
            "--endpoint",
            f"nothing that was chosen is its {_listed(missing)}: {told}",
            "Choose what it is, or leave the endpoint out here, add the fields to the study file, and write there "
            f"`definition: {definition.name}` and `with: {{{', '.join(f'{name}: …' for name in missing)}}}`.",
        )
    return replace(_bound(definition, held), name=endpoint.name, label=endpoint.label or None)


def _bound(definition: SharedDefinition, held: Sequence[Held]) -> Row:
    found = {} if definition.instrument else bind(_taken(definition), held)[0]
    renamed = {name: value for name, value in found.items() if name != value}
    return Row(field_name(definition.name), definition=definition, bindings=renamed)


def _missing(definition: SharedDefinition, choices: Choices, held: Sequence[Held]) -> list[str]:
    """What it asks for and the draft has not. Of an instrument charted as its total, that is all but the total."""
    if definition.instrument in choices.instruments:
        return []
    if definition.instrument:
        return [name for name in definition.uses if name in definition.parameters and name != TOTAL]
    return bind(_taken(definition), held)[1]


def _taken(definition: SharedDefinition) -> dict[str, FieldName]:
    return {name: parameter for name, parameter in definition.parameters.items() if name in definition.uses}


def _listed(names: Iterable[str]) -> str:
    return " and no ".join(names)
