"""The questions of `remit new`: each has a default, and what will not do is asked for again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import wrap
from typing import Any, TypeVar

import remit.drafting.proposals as proposals
from remit.drafting.bound import needed
from remit.drafting.choices import (
    Choices,
    Endpoint,
    listed,
    one_line,
    read_centres,
    read_drug,
    read_endpoint,
    read_measure,
    read_weeks,
    read_yes_no,
)
from remit.drafting.endpoints import offered
from remit.drafting.shelf import NONE, fitting, look_up, opened, packs_for
from remit.errors import WrongInput
from remit.study.pack_model import PackPart
from remit.study.packs import Packs

Answer = TypeVar("Answer")
Ask = Callable[[str, str], str]  # a question and its default → the answer
Say = Callable[[str], None]
WIDTH = 90  # of a line of help


@dataclass(frozen=True)
class Told:
    """What the command line told. None is asked for, or takes its default."""

    title: str | None = None
    disease: str | None = None
    pack: str | None = None
    drug: str | None = None
    weeks: str | None = None
    instruments: Sequence[str] | None = None
    scores: Sequence[str] | None = None
    labs: Sequence[str] | None = None
    measures: Sequence[str] | None = None
    steroids: bool | None = None
    endpoints: Sequence[str] | None = None
    centres: Sequence[str] | None = None

    @property
    def measured(self) -> bool:
        """Does it tell anything that is measured?"""
        return any(each is not None for each in (self.instruments, self.scores, self.labs, self.measures))


@dataclass(frozen=True)
class Questions:
    """`check` raises WrongInput if no study can be made of choices. `ask` is None where every default is taken; `say`
    gets what helps to answer, and what is wrong with an answer."""

    told: Told
    folder: Path
    check: Callable[[Choices], None]
    ask: Ask | None
    say: Say

    def choices(self) -> Choices:
        """Raises WrongInput for an option that will not do."""
        told, shelf = self.told, packs_for(self.folder)
        disease = next((disease for part in shelf.values() for disease in part.diseases), "disease")
        self._help(["Enter takes what stands in brackets; Ctrl-C ends it, and nothing is written."])
        title = self._one(
            "Title of the study", "A treatment-effectiveness cohort", told.title, lambda text: one_line(text, "--title")
        )
        disease = self._one("Disease", disease, told.disease, lambda text: one_line(text, "--disease"))
        pack = self._pack(disease, shelf)
        drug = self._one("Drug, as the charts write it", "study drug", told.drug, read_drug)
        weeks = self._one("Visits, in weeks from the first dose", "0, 12, 24", told.weeks, read_weeks)
        chosen = Choices(title, disease, pack, drug, weeks)
        self.check(chosen)
        packs = opened(pack, shelf, self.folder)
        chosen = self._measured(chosen, packs)
        chosen = replace(chosen, steroids=self._steroids())
        chosen = self._with_endpoints(chosen, packs)
        centres = None if told.centres is None else ",".join(told.centres)
        return replace(chosen, centres=self._one("Centres", "S01, S02", centres, read_centres))

    def _pack(self, disease: str, shelf: Mapping[str, PackPart]) -> str | None:
        self._help(f"{name}: {part.title}" for name, part in shelf.items())
        question = f"Pack with the instruments of the disease, or {NONE}"
        pack = self._one(
            question,
            fitting(disease, shelf),
            self.told.pack,
            lambda text: look_up(text.strip(), [*shelf, NONE], "pack", "--pack"),
        )
        return None if pack == NONE else pack

    def _steroids(self) -> bool:
        if self.told.steroids is not None:
            return self.told.steroids
        return self._one("Do the charts hold courses of corticosteroids?", "no", None, read_yes_no)

    # What is measured at the visits

    def _measured(self, chosen: Choices, packs: Packs) -> Choices:
        told, offer = self.told, not self.told.measured
        instruments, labs = packs.instruments, packs.laboratory
        if instruments:
            self._help(f"{name}: {each.title}" for name, each in instruments.items())
        if instruments or told.instruments:
            question = "Instruments that the charts hold item by item"
            default = proposals.instruments(packs) if offer else ()
            read = _by_item(packs)
            chosen = self._several(chosen, "instruments", "--instrument", question, default, told.instruments, read)
        if instruments or told.scores:
            question = "Instruments of which the charts hold only the total"
            read = _as_total(packs, chosen.instruments)
            chosen = self._several(chosen, "scores", "--score", question, (), told.scores, read)
        if labs:
            self._help(wrap(", ".join(labs), WIDTH))
        if labs or told.labs:
            question = "Laboratory tests and measures"
            default = proposals.labs(packs) if offer else ()
            read = _laboratory(packs)
            chosen = self._several(chosen, "labs", "--lab", question, default, told.labs, read)
        self._help(["as in  weight: kg 20 to 300, pain score: 0 to 10"])
        return self._several(chosen, "measures", "--measure", "Other numbers", (), told.measures, read_measure)

    # Endpoints

    def _with_endpoints(self, chosen: Choices, packs: Packs) -> Choices:
        proposed = [str(each) for each in proposals.endpoints(chosen, packs)]
        read = _endpoint(packs)
        if self.ask is None or self.told.endpoints is not None:
            written = proposed if self.told.endpoints is None else self.told.endpoints
            return self._added(chosen, "endpoints", "--endpoint", written, read)
        self._help([f"as in  {proposed[0]}", f"judged at each visit after the baseline; {NONE} ends the list"])
        defined = offered(chosen, packs, needed(chosen, packs).held)
        self._help(f"{each.name}: {each.title}" for each in defined)
        while True:
            ask: Ask = self.ask
            written = [ask(f"Endpoint {len(chosen.endpoints) + 1}", proposed[0] if proposed else NONE)]
            if not listed(written[0]):
                return chosen
            try:
                chosen = self._added(chosen, "endpoints", "--endpoint", written, read)
            except WrongInput as error:
                self._wrong(error)
                continue
            proposed = proposed[1:]

    # Asking

    def _one(self, question: str, default: str, told: str | None, read: Callable[[str], Answer]) -> Answer:
        """What was told, or the answer."""
        if told is not None or self.ask is None:
            return read(default if told is None else told)
        while True:
            try:
                return read(self.ask(question, default))
            except WrongInput as error:
                self._wrong(error)

    def _several(
        self,
        chosen: Choices,
        part: str,
        option: str,
        question: str,
        default: Sequence[str],
        told: Sequence[str] | None,
        read: Callable[[str], object],
    ) -> Choices:
        """The choices with what was told, or answered, for one part of them."""
        if told is not None:
            return self._added(chosen, part, option, told, read)
        return self._one(
            question,
            ", ".join(default) or NONE,
            None,
            lambda written: self._added(chosen, part, option, listed(written), read),
        )

    def _added(
        self, chosen: Choices, part: str, option: str, written: Iterable[str], read: Callable[[str], object]
    ) -> Choices:
        """One by one, so that it is known which will not do."""
        for each in written:
            made: Any = {part: (*getattr(chosen, part), read(each))}
            chosen = replace(chosen, **made)
            try:
                self.check(chosen)
            except WrongInput as error:
                raise WrongInput(f"{option} '{each}'", error.what, error.remedy) from None
        return chosen

    def _help(self, lines: Iterable[str]) -> None:
        if self.ask is not None:
            for line in lines:
                self.say(f"  {line}")

    def _wrong(self, error: WrongInput) -> None:
        self.say(f"  {error.what}\n  {error.remedy}")


def _by_item(packs: Packs) -> Callable[[str], str]:
    def read(written: str) -> str:
        name = look_up(written, packs.instruments, "instrument", "--instrument")
        if not packs.instruments[name].items:
            remedy = f"Take its total, as one column: --score {name}."
            raise WrongInput("--instrument", f"the pack has no items of {name}", remedy)
        return name

    return read


def _as_total(packs: Packs, by_item: Sequence[str]) -> Callable[[str], str]:
    def read(written: str) -> str:
        name = look_up(written, packs.instruments, "instrument", "--score")
        if name in by_item:
            raise WrongInput("--score", f"{name} is charted item by item already", "Its total is made of the items.")
        return name

    return read


def _endpoint(packs: Packs) -> Callable[[str], Endpoint]:
    return lambda written: read_endpoint(written, packs.definitions)


def _laboratory(packs: Packs) -> Callable[[str], str]:
    return lambda written: look_up(written, packs.laboratory, "laboratory test or measure", "--lab")
