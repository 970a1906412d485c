"""A pool, as it is written, into what is asked: each study found, and those that cannot be pooled named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from remit.language.errors import nearest
from remit.schema.results import DECIDED
from remit.study.analyses.declared import Declared
from remit.study.comparisons.kinds import Comparison
from remit.study.comparisons.model import ComparisonPart
from remit.study.comparisons.pool_model import ChosenPart, Measure, Model, PoolPart, StudyPart
from remit.study.comparisons.pooled import WEEK, YEAR, LeftOut, Ours, Pooling, Published
from remit.study.evidence.evidence import Evidence, Outcome, Reported
from remit.study.place import Place

_NEEDS: Mapping[Measure, str] = {
    "proportion": "how many reached it of how many",
    "rate": "events and patient-years",
    "mean": "a mean with its standard deviation, and of how many",
}
_AS_ASKED = ("yes", "no")


def make_pools(
    comparison: Comparison, part: ComparisonPart, place: Place, declared: Declared
) -> Iterator[tuple[Place, Pooling]]:
    """Those of a comparison, in their order, each with where it stands. Raises WrongInput."""
    for name, pool in part.pool.items():
        yield place / name, _Pool(comparison, part, pool, place / name, declared).made(name)


@dataclass(frozen=True)
class _Pool:
    """A pool as it is written, and where. `beside`: the comparison as it is written."""

    comparison: Comparison
    beside: ComparisonPart
    part: PoolPart
    place: Place
    declared: Declared

    def made(self, name: str) -> Pooling:
        part, measure = self.part, self.part.measure
        asked = _labelled(list(self._asked()))
        studies = tuple(each for each in asked if _has_weight(each.numbers(measure)))
        left_out = tuple(LeftOut(each, self._why(each)) for each in asked if each not in studies)
        ours, joins = self._ours()
        self._refuse_same_patients(asked)
        self._refuse_too_few(studies, left_out, joins)
        return Pooling(
            name=f"{self.comparison.name}_{name}",
            title=part.label or name.replace("_", " ").capitalize(),
            populations=(ours.population,) if ours else (),
            comparison=self.comparison.name,
            measure=measure,
            studies=studies,
            left_out=left_out,
            ours=ours,
            joins=joins,
            model=self._model(),
            heterogeneity=part.heterogeneity,
            interval=part.interval,
            leave_one_out=part.leave_one_out,
            subgroups=tuple(part.subgroups),
            moderators=self._moderators(studies),
        )

    # Which studies

    def _asked(self) -> Iterator[Published]:
        of = self.part.of
        if isinstance(of, ChosenPart):
            yield from self._chosen(of, self.place / "of")
            return
        here = self.place / "of"
        if of is None:
            of, here = [StudyPart(of=each.of, arms=each.arms) for each in self.beside.evidence], self.place
        for number, each in enumerate(of):
            yield from self._named(each, here / number if self.part.of is not None else here)

    def _named(self, part: StudyPart, place: Place) -> Iterator[Published]:
        name, _, wanted = part.of.partition(".")
        shelf = self.declared.packs.evidence
        if name not in shelf:
            raise place.wrong(f"there is no evidence '{name}'", nearest(name, [*shelf]))
        evidence = shelf[name]
        if evidence.kind == "review":
            what = f"{name} is a {evidence.design}: its studies would count twice"
            raise place.wrong(what, "Pool the studies that it reviews.")
        outcome = self._outcome(evidence, wanted, place)
        for arm in self._arms(evidence, outcome, part.arms, place):
            yield Published(evidence.title, evidence, outcome, arm)

    def _outcome(self, evidence: Evidence, wanted: str, place: Place) -> Outcome:
        """The one that is named, else that of the comparison, else the one that is of the same as all there and nearest
        to our visit, else the only one."""
        outcomes = {**evidence.outcomes, **evidence.safety}
        if wanted:
            if wanted not in outcomes:
                raise place.wrong(f"{evidence.id} has no outcome '{wanted}'", nearest(wanted, [*outcomes]))
            return outcomes[wanted]
        beside = self.comparison.beside
        found = [each.outcome.name for each in beside if each.evidence.id == evidence.id]
        concepts = {each.outcome.concept for each in beside}
        if not found and len(concepts) == 1:
            alike = [each for each in evidence.outcomes.values() if each.concept in concepts]
            found = [min(alike, key=self._distance).name] if alike else []
        found = found or [*outcomes]
        if not found:
            raise place.wrong(f"{evidence.id} has no outcome", "Leave it out, or name other evidence.")
        if len(found) != 1:
            what = f"{evidence.id} has several outcomes: {', '.join(found)}"
            raise place.wrong(what, f"Name one, as in {evidence.id}.{found[0]}.")
        return outcomes[found[0]]

    def _arms(self, evidence: Evidence, outcome: Outcome, named: Sequence[str] | None, place: Place) -> Sequence[str]:
        if named is not None:
            (place / "arms").each(named, outcome.results, f"arm of {evidence.id}.{outcome.name}")
            return named
        found = self._of_drug(evidence, outcome)
        if not found:
            arms = ", ".join(outcome.results)
            what = f"{evidence.id}.{outcome.name} has no arm of {self._drug or 'one drug'}, but of {arms}"
            raise place.wrong(what, f"Name the arms, as in {{of: {evidence.id}.{outcome.name}, arms: [{arms}]}}.")
        return found

    def _of_drug(self, evidence: Evidence, outcome: Outcome) -> list[str]:
        """The arms of the drug; where no drug is named, the only one."""
        if self._drug is None:
            return [*outcome.results] if len(outcome.results) == 1 else []
        drug = self._drug.lower()
        return [arm for arm in outcome.results if evidence.arms[arm].drug.lower() == drug]

    @property
    def _drug(self) -> str | None:
        return self.part.drug or self.declared.file.study.drug

    def _chosen(self, part: ChosenPart, place: Place) -> Iterator[Published]:
        """Of each study the outcome whose week is nearest to our visit, of two equally near the later."""
        shelf = self.declared.packs.evidence
        (place / "but").each(part.but, shelf, "evidence")
        concepts = {outcome.concept for evidence in shelf.values() for outcome in evidence.outcomes.values()}
        (place / "concept").known(part.concept, sorted(concepts), "published outcome of the concept")
        if part.weeks is not None and part.weeks[0] > part.weeks[1]:
            raise (place / "weeks").wrong(f"from week {part.weeks[0]} to {part.weeks[1]}", "Exchange them.")
        for name, evidence in shelf.items():
            if (
                evidence.kind == "review"
                or name in part.but
                or (part.designs is not None and evidence.design not in part.designs)
            ):
                continue
            found = [
                outcome
                for outcome in evidence.outcomes.values()
                if outcome.concept == part.concept and _within(outcome, part) and self._of_drug(evidence, outcome)
            ]
            if found:
                outcome = min(found, key=self._distance)
                for arm in self._of_drug(evidence, outcome):
                    yield Published(evidence.title, evidence, outcome, arm)

    def _distance(self, outcome: Outcome) -> tuple[float, int]:
        week = next(visit.day for visit in self.declared.visits if visit.name == self.comparison.visit) / 7
        return (float("inf"), 0) if outcome.week is None else (abs(outcome.week - week), -outcome.week)

    # What cannot be pooled

    def _why(self, published: Published) -> str:
        """Why a result is not pooled."""
        found, measure = published.result, self.part.measure
        if None not in published.numbers(measure):
            return "its standard deviation is 0, so that it would outweigh all others"
        if measure == "proportion" and found.percent is not None:
            percent = f"only {found.percent.text} %{found.percent.mark} is told"
            if not found.fits and found.of is not None:
                return f"{percent}, which is no whole number of {found.of.text} patients"
            if found.of is None:
                return f"{percent}, and of how many it is is not known"
            of = f"{found.percent.text} %{found.percent.mark} of {found.of.text}{found.of.mark}"
            return f"only {of} is told, and no count is worked out of a percentage"
        return f"its source does not tell {_NEEDS[measure]}"

    def _refuse_same_patients(self, asked: Sequence[Published]) -> None:
        """No patient may be pooled twice."""
        place = self.place / "of" if self.part.of is not None else self.place
        for number, one in enumerate(asked):
            for other in asked[:number]:
                if one.name == other.name:
                    what = f"{one.name} stands twice, so that its patients would count twice"
                    raise place.wrong(what, "Name each arm of a study once, with one outcome.")
                ids = one.evidence.id, other.evidence.id
                if ids[0] in other.evidence.overlaps or ids[1] in one.evidence.overlaps:
                    what = f"{ids[1]} and {ids[0]} have some of the same patients"
                    raise place.wrong(what, "Pool one of the two.")

    def _refuse_too_few(self, studies: Sequence[Published], left_out: Sequence[LeftOut], joins: bool) -> None:
        if len(studies) + joins >= 2 and studies:
            return
        names = [each.label for each in studies] + (["our own result"] if joins else [])
        only = f"only {names[0]} can be pooled, and one is none" if names else "there is nothing to pool"
        rest = "; ".join(f"{each.published.label}: {each.why}" for each in left_out)
        remedy = f"Left out: {rest}." if rest else "Name two or more studies under `of:`."
        raise self.place.wrong_name(f"{self.place.key[-1]}: {only}", remedy)

    # How

    def _model(self) -> Model:
        of_means = self.part.measure == "mean"
        model = self.part.model or ("inverse variance" if of_means else "glmm")
        if of_means and model != "inverse variance":
            what = f"{model} pools counts, and this pools means"
            raise (self.place / "model").wrong(what, "Say `model: inverse variance`.")
        return model

    def _ours(self) -> tuple[Ours | None, bool]:
        """Our result, and whether it is pooled with the others."""
        part, comparison = self.part, self.comparison
        population = part.population or comparison.populations[0]
        (self.place / "population").known(population, comparison.populations, f"population of {comparison.name}")
        asked = part.ours.lower()
        estimands = [*self.declared.file.estimands, DECIDED]
        if asked not in _AS_ASKED and part.ours not in estimands:
            remedy = f"It takes yes, no, or under which estimand: {', '.join(estimands)}."
            raise (self.place / "ours").wrong(f"there is no estimand '{part.ours}'", remedy)
        if part.measure != "proportion":
            if asked != "no":
                what = f"ours is a proportion of patients, and this pools {part.measure}s"
                raise (self.place / "ours").wrong(what, "Say `ours: no`.")
            return None, False
        estimand = comparison.estimand if asked in _AS_ASKED else part.ours
        return Ours(comparison.endpoint, comparison.visit, population, estimand), asked != "no"

    def _moderators(self, studies: Sequence[Published]) -> tuple[str, ...]:
        known = {WEEK, YEAR, *(name for each in studies for name in each.evidence.baseline)}
        (self.place / "moderators").each(self.part.moderators, sorted(known), "moderator of these studies")
        return tuple(self.part.moderators)


def _has_weight(numbers: Sequence[Reported | None]) -> bool:
    """All are known, and what makes its variance is above 0; evidence lets only a standard deviation be 0."""
    return None not in numbers and all(number is not None and number.value > 0 for number in numbers[1:])


def _within(outcome: Outcome, part: ChosenPart) -> bool:
    if part.weeks is None:
        return True
    return outcome.week is not None and part.weeks[0] <= outcome.week <= part.weeks[1]


def _labelled(asked: Sequence[Published]) -> list[Published]:
    """With the arm, where several of a study are pooled."""
    ids = [each.evidence.id for each in asked]
    return [
        replace(each, label=f"{each.label}, {each.arm}") if ids.count(each.evidence.id) > 1 else each for each in asked
    ]
