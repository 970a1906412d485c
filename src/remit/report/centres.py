"""An endpoint by centre: sentences, and a table with the intervals drawn of each centre and of all without it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from remit.report.addresses import size
from remit.report.arms import population_notes
from remit.report.document import (
    Block,
    Cell,
    Column,
    Figure,
    Fold,
    Interval,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
    words,
)
from remit.report.guards import cautions_at
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import NONE, SPACE, decimal, note, p_words, percent
from remit.report.proportions import (
    Proportion,
    confidence,
    drawn,
    ends,
    in_percent,
    interval_words,
    proportion,
    share_of,
    spelled,
    unknown,
    unknown_cell,
)
from remit.report.wording import among, capital, quoted, small, visit_label
from remit.schema.results import CENTRE, RANDOM_INTERCEPT, WITHOUT_CENTRE, Address, modelled
from remit.study.analyses.kinds import Centres
from remit.study.study import Study

_LINE = ("Dashed line: all centres. “Moved”: by how many percentage points, if the centre is left out.",)
_ALL_ARMS = ("All arms together: this says nothing of how the arms differ in a centre.",)
_NO_PROOF = "; a large p would not say that they are alike"


@dataclass(frozen=True)
class ByCentre:
    """The endpoint of an analysis in a population, by centre."""

    study: Study
    analysis: Centres
    population: str
    lookup: Lookup

    @property
    def label(self) -> str:
        return small(self.study.endpoints[self.analysis.endpoint].label)

    @property
    def at_visit(self) -> str:
        return small(visit_label(self.study, self.analysis.visit))

    @property
    def under(self) -> str:
        estimands, asked = self.study.estimands, self.analysis.estimand
        return f"under the estimand {quoted(estimands[asked].label)}" if asked in estimands else "of those known"

    @property
    def address(self) -> Address:
        asked = self.analysis
        return Address(asked.name, self.population, visit=asked.visit, variable=asked.endpoint, handling=asked.estimand)

    @property
    def overall(self) -> Statistics:
        return self.lookup.at(self.address)

    @property
    def model(self) -> Statistics:
        handling = modelled(self.analysis.estimand, RANDOM_INTERCEPT)
        return self.lookup.at(replace(self.address, handling=handling))

    def by(self, group: str) -> dict[str, Statistics]:
        """By centre: of the centre, or of all without it."""
        at = replace(self.address, group=group)
        return {centre: self.lookup.at(replace(at, group_level=centre)) for centre in self.lookup.groups(at)}


def by_centre(study: Study, analysis: Centres, lookup: Lookup) -> list[ByCentre]:
    """One a population."""
    return [ByCentre(study, analysis, population, lookup) for population in analysis.populations]


def centres_section(study: Study, analysis: Centres, lookup: Lookup, figure: Figure | None) -> Section:
    found = by_centre(study, analysis, lookup)
    blocks: list[Block] = [Paragraph(words(_reached(each), _differ(each), _without(each))) for each in found]
    blocks += [figure] if figure else []
    blocks += [_shown(each) for each in found]
    return Section(f"analysis-{analysis.name}", analysis.title, tuple(blocks))


def _shown(found: ByCentre) -> Block:
    """The table, folded away where the figure shows it; of one centre there is nothing else to open."""
    centres = len(found.by(CENTRE))
    return Fold(f"All {centres} centres" if centres > 1 else "The centre", (_table(found),))


# Sentences


def _reached(found: ByCentre) -> Words:
    overall = proportion(found.overall)
    where = f"{capital(found.at_visit)}, {among(found.study.populations[found.population])}: {found.label} in "
    if not overall.known:
        return words(where, f"nobody {found.under}, for nobody is in the denominator.")
    rest = words("; ", unknown(overall), " not known") if overall.unknown else ()
    said = words(where, spelled(overall), " (", in_percent(overall), ", ", interval_words(overall), rest, ") ")
    return words(said, found.under, _from_to(found), ".")


def _from_to(found: ByCentre) -> Words:
    """The least and the greatest percentage of a centre."""
    shares = [(centre, proportion(its)) for centre, its in found.by(CENTRE).items()]
    known = sorted((each for each in shares if each[1].known), key=lambda each: each[1].percent.value or 0)
    if len(known) < 2:
        return ()
    (least, low), (most, high) = known[0], known[-1]
    return words("; by centre from ", in_percent(low), f" ({least}) to ", in_percent(high), f" ({most})")


def _differ(found: ByCentre) -> Words:
    """The test that centres do not differ, and the model of how far such centres do; or why there is none."""
    test, model = found.overall["p"], found.model
    if test.value is None:
        return words(" ", note(test))
    said = words(f" {test.method} of whether centres differ: ", p_words(test), f"{_NO_PROOF}. ")
    average, ratio = model["percent"], model["median_odds_ratio"]
    if ratio.value is None:
        return words(said, "How far such centres differ is not given: ", note(ratio))
    upper = model["median_odds_ratio_upper"]
    to = words(" to ", decimal(upper, 2)) if upper.value is not None else words(" or more")
    odds = words(decimal(ratio, 2), " (", decimal(model["median_odds_ratio_lower"], 2), to, ")")
    mean = words("With a random intercept for the centre, ", percent(average), f"{SPACE}% (", _model_ends(model), ")")
    return words(said, mean, " on average; median odds ratio between two such centres ", odds, ".")


def _model_ends(model: Statistics) -> Words:
    return words(percent(model["lower"]), " to ", percent(model["upper"]))


def _without(found: ByCentre) -> Words:
    """How far the percentage moves at most if a centre is left out."""
    moved = [
        (centre, its["moved"]) for centre, its in found.by(WITHOUT_CENTRE).items() if its["moved"].value is not None
    ]
    if not moved:
        return ()
    centre, most = max(moved, key=lambda each: abs(each[1].value or 0))
    if not most.value:
        return (" Without any one centre the percentage stays the same.",)
    said = words(" Of all centres, leaving out ", centre, " moves the percentage most: by ", decimal(most, 1))
    return words(said, " percentage points.")


# The table


def _table(found: ByCentre) -> Table:
    """A row a centre, then a row all without it, then the average of such centres."""
    overall, study = proportion(found.overall), found.study
    line = Cell(interval=Interval(None, overall.percent.value or 0))
    rows = [_row(("All centres",), found.overall, overall, 0), Row(("Each centre",), (line,), heading=True)]
    rows += [_row((centre,), its, overall, 1) for centre, its in found.by(CENTRE).items()]
    rows.append(Row(("Without one centre",), (line,), heading=True))
    rows += [_row((f"Without {centre}",), its, overall, 1) for centre, its in found.by(WITHOUT_CENTRE).items()]
    if found.model["lower"].value is not None:
        rows += [Row(("Random intercept for the centre",), (line,), heading=True), _average(found, overall)]
    columns = (("n/N (%)",), confidence(overall), ("Moved",), ("Not known",))
    title = f"{found.analysis.title}: {found.label} at {found.at_visit}, {found.under}, "
    population = small(study.populations[found.population].label)
    return Table(
        name=f"{found.analysis.name}-{found.population}",
        title=words(title, f"{population} ", size(study, found.lookup, found.population)),
        stub="Centre",
        columns=(*(Column(column) for column in columns), Column(("Percentage with interval",), scale=True)),
        rows=tuple(rows),
        notes=(*notes_of(found), _LINE),
    )


def notes_of(found: ByCentre) -> tuple[Words, ...]:
    """What warns of the numbers, and of whom they are."""
    cautions = cautions_at(found.lookup, found.address)
    selected = population_notes(found.analysis, found.population, found.lookup)
    left_out = found.overall["n"]
    outside = (words(capital(left_out.note), "."),) if left_out.note else ()
    return (*cautions, *selected, *outside, *((_ALL_ARMS,) if found.study.arms else ()))


def _row(label: Words, its: Statistics, overall: Proportion, level: int) -> Row:
    held = proportion(its)
    moved = words(decimal(its["moved"], 1)) if "moved" in its else ()
    said = (share_of(held), ends(held) if held.known else (NONE,), moved)
    cells = (*(Cell((each,)) for each in said), unknown_cell(held.n))
    return Row(label, (*cells, Cell(interval=drawn(held, overall.percent.value or 0))), level)


def _average(found: ByCentre, overall: Proportion) -> Row:
    model, line = found.model, overall.percent.value or 0
    low, value, high = (model[name].value or 0 for name in ("lower", "percent", "upper"))
    cells = (Cell((words(percent(model["percent"]), f"{SPACE}%"),)), Cell((_model_ends(model),)), Cell(), Cell())
    return Row(("Average of such centres",), (*cells, Cell(interval=Interval((low, value, high), line))), level=1)
