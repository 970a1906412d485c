"""A file of evidence → Evidence, with the checks that the shape of a file cannot make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from remit.inference.digits import Rounding
from remit.language.errors import nearest
from remit.study.document import read_document
from remit.study.evidence.checks import check_number, check_result
from remit.study.evidence.evidence import (
    ALL,
    NOT_STATED,
    NUMBERS,
    Characteristic,
    Citation,
    Evidence,
    MissingHandling,
    Outcome,
    PublishedArm,
    PublishedDefinition,
    PublishedResult,
    Reported,
)
from remit.study.evidence.model import (
    ROUNDINGS_OF,
    UNKNOWN,
    ArmPart,
    CharacteristicPart,
    EvidencePart,
    ResultPart,
    SafetyPart,
)
from remit.study.loading import validate
from remit.study.place import Place


def read_evidence(path: Path, definitions: Mapping[str, object]) -> Evidence:
    """One file. definitions: those of the packs, by name. Raises WrongInput."""
    document = read_document(path)
    part = validate(document, EvidencePart)
    place = Place(document)
    if part.evidence != path.stem:
        what = f"the evidence in this file calls itself '{part.evidence}', and the file is called {path.name}"
        raise (place / "evidence").wrong(what, "Give both the same name.")
    for name in part.safety:
        if name in part.outcomes:
            raise (place / "safety" / name).wrong_name(f"'{name}' is also under outcomes", "Rename one.")
    n = part.population.n
    check_number("n", n, place / "population")
    arms = _arms(part.arms, n, place / "arms")
    reader = _Reader(arms, n, definitions, ROUNDINGS_OF[part.rounding])
    return Evidence(
        id=part.evidence,
        title=part.title,
        design=part.design,
        setting=part.setting,
        disease=part.disease,
        population=part.population.words,
        line=part.population.line,
        n=n,
        citation=Citation(**part.citation.model_dump()),
        source=part.source,
        overlaps=tuple(part.overlaps),
        arms=arms,
        baseline=reader.baseline(part.baseline, place / "baseline"),
        outcomes=reader.outcomes(part.outcomes, place / "outcomes"),
        safety=reader.outcomes(part.safety, place / "safety"),
        cautions=tuple(part.cautions),
        place=place,
    )


def _arms(parts: Mapping[str, ArmPart], n: Reported | None, place: Place) -> dict[str, PublishedArm]:
    if ALL in parts:
        raise (place / ALL).wrong_name(f"'{ALL}' cannot be an arm: it is all arms together", "Rename it.")
    for name, part in parts.items():
        check_number("n", part.n, place / name)
        check_number("weeks", part.weeks, place / name)
    sizes = [int(part.n.value) for part in parts.values() if part.n is not None]
    if n is not None and (sum(sizes) > n.value or (len(sizes) == len(parts) and sum(sizes) != n.value)):
        added = f"{' + '.join(map(str, sizes))} = {sum(sizes)}" if len(sizes) > 1 else str(sizes[0])
        what = f"the arms have {added} patients, and the study has {n.text}"
        raise place.wrong_name(what, "Correct a number, or leave out the n of an arm that is not known.")
    return {name: PublishedArm(name, part.drug, part.dose, part.weeks, part.n) for name, part in parts.items()}


@dataclass(frozen=True)
class _Reader:
    """What the parts of one file are read with. `n`: of all patients of the study."""

    arms: Mapping[str, PublishedArm]
    n: Reported | None
    definitions: Mapping[str, object]
    roundings: tuple[Rounding, ...]

    def baseline(self, parts: Mapping[str, CharacteristicPart], place: Place) -> dict[str, Characteristic]:
        return {name: self._characteristic(name, part, place / name) for name, part in parts.items()}

    def _characteristic(self, name: str, part: CharacteristicPart, place: Place) -> Characteristic:
        own = any(getattr(part, number) is not None for number in NUMBERS)
        if own and part.results:
            what = f"{name} has numbers of the whole study, and by arm"
            raise place.wrong_name(what, "Write either the ones or the others.")
        if not own and not part.results:
            raise place.wrong_name(f"{name} has no number", "Add `percent:` or `mean:`, or `results:` by arm.")
        whole = PublishedArm(ALL, "", None, None, self.n)
        told = {ALL: self._result(part, whole, place)} if own else self._results(part.results or {}, place)
        return Characteristic(name, part.label, part.unit, told, part.source, place)

    def outcomes(self, parts: Mapping[str, SafetyPart], place: Place) -> dict[str, Outcome]:
        return {name: self._outcome(name, part, place / name) for name, part in parts.items()}

    def _outcome(self, name: str, part: SafetyPart, place: Place) -> Outcome:
        words, defined = (part.definition.words, part.definition.name) if part.definition else (NOT_STATED, None)
        if defined is not None and defined not in self.definitions:
            remedy = f"{nearest(defined, self.definitions)} Without `name:` the definition stands in words only."
            raise (place / "definition" / "name").wrong(f"no pack defines '{defined}'", remedy)
        handling: MissingHandling = part.missing.handling if part.missing else NOT_STATED
        return Outcome(
            name=name,
            label=part.label,
            concept=part.concept,
            week=part.week,
            definition=PublishedDefinition(words, defined),
            missing=(part.missing and part.missing.words) or handling,
            handling=handling,
            among=part.among,
            results=self._results(part.results, place, estimated=handling == "time to event"),
            source=part.source,
            place=place,
        )

    def _results(
        self, parts: Mapping[str, ResultPart], place: Place, estimated: bool = False
    ) -> dict[str, PublishedResult]:
        found = {}
        for arm, part in parts.items():
            here = place / "results" / arm
            here.known_key(self.arms, "arm")
            found[arm] = self._result(part, self.arms[arm], here, estimated)
        return found

    def _result(self, part: ResultPart, arm: PublishedArm, place: Place, estimated: bool = False) -> PublishedResult:
        own_of = part.of is not None
        of = part.of if own_of else arm.n
        numbers = {name: getattr(part, name) for name in NUMBERS} | {"of": None if of == UNKNOWN else of}
        for name, number in numbers.items():
            check_number(name, number, place)
        result = PublishedResult(
            arm=arm.name,
            **numbers,
            own_of=own_of,
            estimated=estimated,
            roundings=self.roundings,
            fits=part.fits,
            note=part.note,
        )
        check_result(result, arm.n, place)
        return result
