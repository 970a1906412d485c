"""Our patients under other definitions: those that `rules:` names, and those of the published outcomes.

A published definition that cannot be computed from the charts is kept, with what is lacking. A definition that `rules:`
names must be computable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from remit.errors import WrongInput
from remit.language.errors import nearest
from remit.language.query import Query, digest
from remit.language.types import YesNo
from remit.study.analyses.declared import Declared
from remit.study.comparisons.kinds import Beside, Rule
from remit.study.comparisons.model import ComparisonPart, RulePart
from remit.study.comparisons.shared import Charts
from remit.study.endpoint import Endpoint
from remit.study.endpoints import later_visits, make_endpoint
from remit.study.names import refuse_reserved, slug
from remit.study.pack_contents import SharedDefinition
from remit.study.place import Place

_At = Callable[[str], Query]  # a definition at a visit


@dataclass(frozen=True)
class RulesBuilder:
    """`own`: our endpoint, at `visit`. `place`: of the comparison, which is called `name`."""

    name: str
    part: ComparisonPart
    own: Endpoint
    visit: str
    place: Place
    declared: Declared

    def rules(self, beside: Sequence[Beside]) -> tuple[Rule, ...]:
        """First those of `rules:`, then those of the published outcomes; each meaning once. Raises WrongInput."""
        self._check_bindings(beside)
        rules = [self._written(part, self.place / "rules" / n) for n, part in enumerate(self.part.rules)]
        self._refuse_same(rules)
        by_definition = {part.definition: n for n, part in enumerate(self.part.rules) if part.definition is not None}
        for number, each in enumerate(beside):
            definition = each.outcome.definition.name
            if definition is None:
                continue
            if definition not in by_definition:
                rule = self._published(definition, {each.name for each in rules}, self.place / "evidence" / number)
                by_definition[definition] = self._known(rules, rule)
                rules += [rule] if by_definition[definition] == len(rules) else []
            index = by_definition[definition]
            rules[index] = replace(rules[index], of=(*rules[index].of, each.name))
        return tuple(rules)

    def _known(self, rules: Sequence[Rule], rule: Rule) -> int:
        """The number of the rule that means the same; else the next."""
        if rule.endpoint is None:
            return len(rules)
        meanings = [self._meaning(each) for each in rules]
        return meanings.index(self._meaning(rule)) if self._meaning(rule) in meanings else len(rules)

    def _meaning(self, rule: Rule) -> str | None:
        return digest(rule.endpoint.queries[self.visit]) if rule.endpoint else None

    # What `rules:` names

    def _written(self, part: RulePart, place: Place) -> Rule:
        if part.definition is not None and part.expression is not None:
            raise place.wrong_name("this has both `is` and `definition`", "Leave one of them.")
        if part.definition is not None:
            here = place if isinstance(place.document.at(place.key), str) else place / "definition"
            here.known(part.definition, self.declared.packs.definitions, "definition of a pack")
            shared = self.declared.packs.definitions[part.definition]
            given, charts = {**self._given(shared), **part.bindings}, self._charts(by_name=True)
            if why := charts.lacking(shared, given):
                raise here.wrong(f"{shared.name} cannot be computed: {why}", "Leave it out, or write it as an `is:`.")
            at: _At = charts.query(shared, given, place)
            label, name = part.label or shared.title, part.name or slug(part.label or shared.name)
        elif part.expression is None:
            remedy = "Add `is:` with an expression, or `definition:` with one of a pack."
            raise place.wrong_name("this says neither what it is nor which definition it follows", remedy)
        elif part.bindings:
            raise (place / "with").wrong_name("this has `with`, and no `definition`", "Remove it.")
        else:
            at = partial(self._expression, part.expression, place / "is")
            label = part.label or " ".join(part.expression.split())
            name = part.name or slug(label)
        if not name:
            raise place.wrong_name(f"no name can be made of '{label}'", "Add `name:` with small letters.")
        refuse_reserved(name, place / "name")
        required = None
        if part.requires is not None:
            required = self._expression(part.requires, place / "requires", self.visit)
        return Rule(name, label, (), self._endpoint(name, label, at, required))

    def _expression(self, text: str, place: Place, visit: str) -> Query:
        return self.declared.expressions.query(text, place, YesNo, visit=visit)

    def _refuse_same(self, rules: Sequence[Rule]) -> None:
        first: dict[str, int] = {}
        for number, rule in enumerate(rules):
            here = self.place / "rules" / number
            if rule.name == self.own.name and rule.endpoint is not self.own:
                raise here.wrong_name(f"'{rule.name}' is also our endpoint", "Give the rule a `name:` of its own.")
            if first.setdefault(rule.name, number) != number:
                what = f"two rules are called '{rule.name}': this one and rule {first[rule.name] + 1}"
                raise here.wrong_name(what, "Give one a `name:` or a `label:` of its own.")

    # Those of published outcomes

    def _published(self, definition: str, taken: set[str], place: Place) -> Rule:
        shared = self.declared.packs.definitions[definition]
        name = slug(shared.name)
        while name in (*taken, self.own.name):
            name += "_published"
        given, charts = self._given(shared), self._charts(by_name=False)
        if why := charts.lacking(shared, given):
            return Rule(name, shared.title, (), None, why)
        try:
            endpoint = self._endpoint(name, shared.title, charts.query(shared, given, place), None)
        except WrongInput as error:
            return Rule(name, shared.title, (), None, error.what)
        return Rule(name, shared.title, (), endpoint)

    # Both

    def _charts(self, by_name: bool) -> Charts:
        return Charts(self.declared, self.visit, by_name)

    def _endpoint(self, name: str, label: str, at: _At, required: Query | None) -> Endpoint:
        """With the basis of our own, if it has none; our own endpoint, where it means the same."""
        query = at(self.visit)
        if digest(query) == digest(self.own.queries[self.visit]) and required is None:
            return self.own
        basis = {self.visit: required} if required is not None else self.own.requires
        requires = {visit: basis[visit] for visit in (self.visit,) if visit in basis}
        later = later_visits(self.declared.visits, self.declared.expressions.scope.reference)
        return make_endpoint(f"{self.name}__{name}", label, (self.visit,), at, requires, later)

    def _given(self, shared: SharedDefinition) -> dict[str, str]:
        """What `with:` of the comparison says of its parameters. An instrument's items are those of its own field: the
        same word may be an item of another instrument."""
        if shared.instrument is not None:
            return {}
        return {name: text for name, text in self.part.bindings.items() if name in shared.parameters}

    def _check_bindings(self, beside: Sequence[Beside]) -> None:
        """Each is a parameter of some definition here, is what that asks for, and means one thing."""
        packs, written = self.declared.packs.definitions, {part.definition: part for part in self.part.rules}
        named = dict.fromkeys([*written, *(each.outcome.definition.name for each in beside)])
        asked = [packs[name] for name in named if name is not None and name in packs]
        shared = [each for each in asked if each.instrument is None]
        known = [name for each in shared for name in each.parameters]
        for name, text in self.part.bindings.items():
            if name not in known:
                remedy = nearest(name, known) if known else "They take nothing: remove it."
                raise (self.place / "with" / name).wrong_name(f"no definition here takes '{name}'", remedy)
            taken = [
                each
                for each in shared
                if name in each.parameters and not (each.name in written and name in written[each.name].bindings)
            ]
            self._refuse_two_meanings(name, taken)
            for each in taken:
                self._charts(by_name=False).check_given(name, text, each.parameters[name], self.place)

    def _refuse_two_meanings(self, name: str, taken: Sequence[SharedDefinition]) -> None:
        """Two definitions may call different things alike: off corticosteroids on the day, or for 90 days."""
        labels = {each.parameters[name].label: each.name for each in taken}
        if len(labels) > 1:
            (one, of_one), (other, of_other), *_ = labels.items()
            what = f"'{name}' is “{one}” of {of_one}, and “{other}” of {of_other}"
            remedy = f"Say it with each: `rules: [{{definition: {of_other}, with: {{{name}: …}}}}]`."
            raise (self.place / "with" / name).wrong_name(what, remedy)
