"""A file of evidence → Evidence, with the checks that the shape of a file cannot make: its arithmetic before all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from remit.inference.digits import counts_giving
from remit.language.errors import nearest
from remit.study.document import read_document
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
from remit.study.evidence.model import ArmPart, CharacteristicPart, EvidencePart, ResultPart, SafetyPart
from remit.study.loading import validate
from remit.study.place import Place

COUNTED = ("n", "of", "events", "weeks")  # whole numbers, of 0 or more


def read_evidence(path: Path, definitions: Mapping[str, object]) -> Evidence:
    """One file. definitions: those of the packs, by name. Raises WrongInput."""
    document = read_document(path)
    part = validate(document, EvidencePart)
    place = Place(document)
    if part.evidence != path.stem:
        what = f"the evidence in this file calls itself '{part.evidence}', and the file is called {path.name}"
        raise (place / "evidence").wrong(what, "Give both the same name.")
    n = part.population.n
    _check_number("n", n, place / "population")
    arms = _arms(part.arms, n, place / "arms")
    outcomes = _outcomes(part.outcomes, arms, definitions, place / "outcomes")
    for name in part.safety:
        if name in outcomes:
            raise (place / "safety" / name).wrong_name(f"'{name}' is also under outcomes", "Rename one.")
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
        baseline={
            name: _characteristic(name, each, arms, n, place / "baseline" / name)
            for name, each in part.baseline.items()
        },
        outcomes=outcomes,
        safety=_outcomes(part.safety, arms, definitions, place / "safety"),
        cautions=tuple(part.cautions),
        place=place,
    )


def _arms(parts: Mapping[str, ArmPart], n: Reported | None, place: Place) -> dict[str, PublishedArm]:
    if ALL in parts:
        raise (place / ALL).wrong_name(f"'{ALL}' cannot be an arm: it is all arms together", "Rename it.")
    for name, part in parts.items():
        _check_number("n", part.n, place / name)
        _check_number("weeks", part.weeks, place / name)
    sizes = [int(part.n.value) for part in parts.values() if part.n is not None]
    if n is not None and len(sizes) == len(parts) and sum(sizes) != n.value:
        what = f"the arms have {' + '.join(map(str, sizes))} = {sum(sizes)} patients, and the study has {n.text}"
        raise place.wrong_name(what, "Correct a number, or leave out the n of an arm that is not known.")
    return {name: PublishedArm(name, part.drug, part.dose, part.weeks, part.n) for name, part in parts.items()}


def _characteristic(
    name: str, part: CharacteristicPart, arms: Mapping[str, PublishedArm], n: Reported | None, place: Place
) -> Characteristic:
    own = any(getattr(part, number) is not None for number in NUMBERS)
    if own and part.results:
        what = f"{name} has numbers of the whole study, and by arm"
        raise place.wrong_name(what, "Write either the ones or the others.")
    if not own and not part.results:
        raise place.wrong_name(f"{name} has no number", "Add `percent:` or `mean:`, or `results:` by arm.")
    whole = PublishedArm(ALL, "", None, None, n)
    told = {ALL: _result(part, whole, place)} if own else _results(part.results or {}, arms, place)
    return Characteristic(name, part.label, part.unit, told, part.source, place)


def _outcomes(
    parts: Mapping[str, SafetyPart],
    arms: Mapping[str, PublishedArm],
    definitions: Mapping[str, object],
    place: Place,
) -> dict[str, Outcome]:
    return {name: _outcome(name, part, arms, definitions, place / name) for name, part in parts.items()}


def _outcome(
    name: str,
    part: SafetyPart,
    arms: Mapping[str, PublishedArm],
    definitions: Mapping[str, object],
    place: Place,
) -> Outcome:
    words, defined = (part.definition.words, part.definition.name) if part.definition else (NOT_STATED, None)
    if defined is not None and defined not in definitions:
        remedy = f"{nearest(defined, definitions)} Without `name:` the definition stands in words only."
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
        results=_results(part.results, arms, place),
        source=part.source,
        place=place,
    )


def _results(
    parts: Mapping[str, ResultPart], arms: Mapping[str, PublishedArm], place: Place
) -> dict[str, PublishedResult]:
    found = {}
    for arm, part in parts.items():
        here = place / "results" / arm
        here.known_key(arms, "arm")
        found[arm] = _result(part, arms[arm], here)
    return found


def _result(part: ResultPart, arm: PublishedArm, place: Place) -> PublishedResult:
    told = {name: getattr(part, name) for name in NUMBERS}
    for name, number in told.items():
        _check_number(name, number, place)
    told["of"] = part.of or arm.n
    result = PublishedResult(arm.name, **told, own_of=part.of is not None, fits=part.fits, note=part.note)
    _check_arithmetic(result, place)
    return result


def _check_number(name: str, number: Reported | None, place: Place) -> None:
    if number is None:
        return
    here = place / name
    if number.certainty == "K-":
        remedy = "Read it in a source, or leave it out."
        raise here.wrong(f"{number.text} is of low confidence (K-): too little to set beside results", remedy)
    if name in COUNTED and (number.value < 0 or number.decimals):
        raise here.wrong(f"{name} cannot be {number.text}", "It takes a whole number.")
    if name == "percent" and not 0 <= number.value <= 100:
        raise here.wrong(f"a percentage cannot be {number.text}", "It lies from 0 to 100.")
    if name in ("sd", "person_years") and number.value < 0:
        raise here.wrong(f"{name} cannot be {number.text}", "It is 0 or more.")
    if name in ("of", "level", "person_years") and number.value == 0:
        raise here.wrong(f"{name} cannot be 0", "Leave it out where it is not known.")


def _check_arithmetic(result: PublishedResult, place: Place) -> None:
    """n within `of`, bounds around the number, and the percentage that of some n, unless the file says `fits: no`."""
    percent, n, of = result.percent, result.n, result.of
    if n is not None and of is not None and n.value > of.value:
        raise (place / "n").wrong(f"{n.text} of {of.text} patients", "n cannot be above its denominator.")
    if result.low is not None and result.high is not None and result.low.value > result.high.value:
        raise (place / "low").wrong(f"the interval goes from {result.low.text} to {result.high.text}", "Exchange them.")
    if percent is None or of is None:
        if not result.fits:
            raise (place / "fits").wrong("there is nothing to fit", "`fits: no` needs a percentage and a denominator.")
        return
    counts = counts_giving(percent.text.removeprefix("+"), int(of.value))
    if (bool(counts) if n is None else n.value in counts) == result.fits:
        return
    if not result.fits:
        fitting = " or ".join(f"{count}/{of.text}" for count in counts)
        raise (place / "fits").wrong(f"{percent.text} % is {fitting}, so that it fits", "Remove `fits: no`.")
    if n is None:
        what = f"no whole number of {of.text} patients is {percent.text} %"
    else:
        what = f"{n.text} of {of.text} is not {percent.text} %, however one rounds"
    remedy = "Look it up again. If it was published so, add `fits: no`, and a `note:` that says why if that is known."
    raise (place / "percent").wrong(what, remedy)
