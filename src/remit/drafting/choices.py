"""What a study file is drafted from, and how it is written on the command line or in answer to a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from remit.errors import WrongInput
from remit.language.errors import nearest
from remit.study.centres import check_centres
from remit.study.codes import alike
from remit.study.document import unseen
from remit.study.names import slug

BASELINE = "baseline"
WIDEST = 28  # days on either side of a visit, and before baseline
_LAST_WEEK = 5217  # 100 years, as far as a study file counts


@dataclass(frozen=True)
class Visit:
    """A planned visit: its week, and the days from the index date that belong to it, both ends included."""

    week: int
    first: int
    last: int

    @property
    def name(self) -> str:
        return f"week{self.week}" if self.week else BASELINE

    @property
    def label(self) -> str:
        return f"Week {self.week}" if self.week else "Baseline"

    @property
    def day(self) -> int:
        return 7 * self.week


@dataclass(frozen=True)
class Measure:
    """A number that charts hold at each visit and that no pack knows."""

    label: str
    unit: str | None
    range: tuple[str, str] | None

    @property
    def name(self) -> str:
        return field_name(self.label)


@dataclass(frozen=True)
class Endpoint:
    """An expression with its label, or a definition of the pack, whose title is its label where none is told."""

    label: str
    expression: str = ""
    definition: str | None = None

    def __str__(self) -> str:
        """As an answer to the question, from which `read_endpoint` makes the same."""
        return ": ".join(part for part in (self.label, self.definition or self.expression) if part)

    @property
    def name(self) -> str:
        return field_name(self.label or self.definition or "")


@dataclass(frozen=True)
class Choices:
    """`pack`: None for a disease without one. `instruments` are charted item by item, `scores` as their total."""

    title: str
    disease: str
    pack: str | None
    drug: str
    weeks: tuple[int, ...]
    instruments: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()
    labs: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    steroids: bool = False
    endpoints: tuple[Endpoint, ...] = ()
    centres: tuple[str, ...] = ()

    @property
    def visits(self) -> tuple[Visit, ...]:
        """With windows as wide as they can be without meeting, up to `WIDEST` days."""
        return tuple(_visit(number, self.weeks) for number in range(len(self.weeks)))


def _visit(number: int, weeks: Sequence[int]) -> Visit:
    if number == 0:
        return Visit(0, -WIDEST, 0)
    gaps = [7 * (later - earlier) for earlier, later in pairwise(weeks)]
    around = min(WIDEST, *((gap - 1) // 2 for gap in gaps[number - 1 : number + 1]))
    day = 7 * weeks[number]
    return Visit(weeks[number], day - around, day + around)


def field_name(text: str) -> str:
    """A name for a study file: small letters, digits and underscores, beginning with a letter."""
    name = slug(text)[:60].strip("_")
    return name if name[:1].isalpha() else f"a_{name}".strip("_")


# Reading what was written; the first argument of WrongInput is the option that takes it.


def one_line(written: str, option: str) -> str:
    text = " ".join(written.split())
    if not text:
        raise WrongInput(option, "nothing is written here", "Write a text.")
    if what := unseen(text):
        raise WrongInput(option, what, "Remove it; it is not shown.")
    return text


def read_drug(written: str) -> str:
    drug = one_line(written, "--drug")
    if '"' in drug:
        raise WrongInput("--drug", f"{drug} holds a quotation mark", "Write the name as the charts do, without marks.")
    return drug


def read_centres(written: str) -> tuple[str, ...]:
    centres = listed(written)
    check_centres(centres, partial(WrongInput, "--centre"))
    return centres


def read_weeks(written: str) -> tuple[int, ...]:
    """ "0, 12, 24"; week 0 is the baseline, and always there."""
    parts = [part.removeprefix("week").strip() for part in listed(written)]
    for part in parts:
        if not re.fullmatch("[0-9]{1,4}", part) or int(part) > _LAST_WEEK:
            raise WrongInput("--weeks", f"'{part}' is not a number of weeks", "Write whole weeks: 0,12,24.")
    weeks = [int(part) for part in parts]
    for earlier, later in pairwise(weeks):
        if earlier == later:
            raise WrongInput("--weeks", f"week {later} stands here twice", "Write each visit once: 0,12,24.")
        if earlier > later:
            raise WrongInput("--weeks", f"week {later} comes after week {earlier}", "Write them in order: 0,12,24.")
    weeks = weeks if weeks[:1] == [0] else [0, *weeks]
    if len(weeks) == 1:
        raise WrongInput("--weeks", "there is no visit after the baseline", "Add at least one: 0,12.")
    return tuple(weeks)


_MEASURE = re.compile(
    r"(?P<label>[^:]+?)\s*(?::\s*(?P<unit>(?!-?[0-9.]+\s+to\b)\S+)?\s*(?:(?P<low>-?[0-9.]+)\s+to\s+(?P<high>-?[0-9.]+))?)?"
)


def read_measure(written: str) -> Measure:
    """ "pain score: 0 to 10", "weight: kg", "weight: kg 20 to 300", "joint count"."""
    text = one_line(written, "--measure")
    match = _MEASURE.fullmatch(text)
    if match is None or not slug(match["label"]):
        remedy = (
            "Write its name, and behind a colon its unit or range or both: `weight: kg 20 to 300`, `pain: 0 to 10`."
        )
        raise WrongInput("--measure", f"'{text}' is no measure", remedy)
    return Measure(match["label"], match["unit"], (match["low"], match["high"]) if match["low"] else None)


def read_endpoint(written: str, definitions: Iterable[str] = ()) -> Endpoint:
    """ "relief: pain <= 3", or one of the pack's definitions: "Knee response", "well: Knee response" with a label."""
    text = one_line(written, "--endpoint")
    known = {alike(name): name for name in definitions}
    if alike(text) in known:
        return Endpoint("", definition=known[alike(text)])
    label, colon, expression = (part.strip() for part in text.partition(":"))
    if not (colon and expression and slug(label)):
        remedy = "Write its name, a colon and its definition: `relief: pain <= 3`"
        remedy += f"; or a definition of the pack. {nearest(text, known.values())}" if known else "."
        raise WrongInput("--endpoint", f"'{text}' is no endpoint", remedy)
    if alike(expression) in known:
        return Endpoint(label, definition=known[alike(expression)])
    return Endpoint(label, expression)


def read_yes_no(written: str) -> bool:
    word = written.strip().lower()
    if word not in ("yes", "y", "no", "n"):
        raise WrongInput("the answer", f"'{word}' is not yes or no", "Answer yes or no.")
    return word in ("yes", "y")


def listed(written: str) -> tuple[str, ...]:
    """What stands between commas; nothing for `none`."""
    parts = tuple(" ".join(part.split()) for part in written.split(",") if part.strip())
    return () if [part.lower() for part in parts] == ["none"] else parts
