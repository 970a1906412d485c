"""Rows of Parquet charts: which belong to a patient.

The rules are those of `rows` and `patients`, and stand there. Here whole columns tell which rows are beyond doubt: a
sound id, one row a patient, known in the forms that say who the patients are. Only the others are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import cast

import polars as pl

from remit.errors import WrongInput
from remit.schema.places import places_of
from remit.schema.records import CENTRE, PATIENT
from remit.sources.cells import key
from remit.sources.headings import normal
from remit.sources.ledger import Ledger
from remit.sources.parquet_files import Table, cells_of, check_cells, is_blank
from remit.sources.patients import (
    Home,
    at_home,
    loose,
    of_known,
    one_a_patient,
    query_repeated,
    report_absent,
)
from remit.sources.rows import LARGEST_ID, Line, Part, centre_in, identified
from remit.sources.sheets import Cell, fold, show

SPACES = r"[\s\x1c-\x1f]+"  # what str.split takes for space
EXACT_IN_FLOAT32 = 2**24
AT_ONCE = 2  # forms: what Polars does to one mostly takes one core
KEY = "key"  # the patient without regard to case
SCHEMA = {"row": pl.UInt32, PATIENT: pl.String, CENTRE: pl.String, KEY: pl.String}


@dataclass(frozen=True, eq=False)
class Rows:
    """The usable rows of a part: `row` (from 1), `patient`, `centre`; of a form with one row a patient also `key`."""

    part: Part
    table: Table
    frame: pl.DataFrame

    def used(self, cells: pl.Series) -> pl.Series:
        """A column of the whole file in these rows."""
        return cells if self.are_all else cells.gather(self.frame["row"] - 1)

    @cached_property
    def are_all(self) -> bool:
        """Whether they are all rows of the file, as they stand there."""
        return self.frame.height == self.table.frame.height and self.frame["row"].is_sorted()

    def by_centre(self) -> Rows:
        """In the order of the centres, and of the file."""
        sorted_so = self.frame[CENTRE].to_physical().is_sorted()
        return self if sorted_so else replace(self, frame=self.frame.sort(CENTRE, "row"))

    def lines(self, among: pl.Expr) -> list[Line]:
        """Some of the rows, one by one."""
        found = self.frame.filter(among)
        cells = self.table.lines(found["row"])
        people = zip(found[PATIENT].to_list(), found[CENTRE].to_list(), cells, strict=True)
        return [Line(row, patient, centre, of_row) for patient, centre, (row, of_row) in people]

    def replaced(self, among: pl.Expr, lines: Sequence[Line]) -> Rows:
        """With these lines in place of some rows."""
        return replace(self, frame=together(self.frame.filter(~among), lines))


def usable(parts: Sequence[tuple[Part, Table]], markers: Collection[str], ledger: Ledger) -> list[Rows]:
    """For each part the rows that can be used, by centre and then in their order; the others go to the ledger.

    The centre is an Enum, in the order of its texts. markers: keys that mean "not done".
    """
    for part, table in parts:
        check_ids(part, table)
    once = [with_ids(part, table, markers, ledger) for part, table in parts if part.form.rows == "once"]
    doubtful = doubtful_keys(once)
    homes: dict[str, Home] = {}
    for index, each in enumerate(once):
        among = pl.col(KEY).hash().is_in(doubtful.implode())
        lines = one_a_patient(each.part, each.lines(among), ledger)
        once[index] = each.replaced(among, at_home(each.part, lines, homes, ledger))
    centres = pl.Enum(sorted({centre for each in once for centre in each.frame[CENTRE].unique()}))
    once = [replace(each, frame=each.frame.with_columns(pl.col(CENTRE).cast(centres))) for each in once]
    people = everybody(once)
    query_absent(once, people, ledger)

    def of_one(part: Part, table: Table) -> tuple[Rows, Ledger]:
        own = Ledger()
        return of_people(part, table, people, once, markers, own), own

    with ThreadPoolExecutor(AT_ONCE) as pool:
        others = [pool.submit(of_one, *each) for each in parts if each[0].form.rows != "once"]
    found = [each.result() for each in others]
    for _, own in found:
        ledger.add_all(own)
    rows = {each.part.form.name: each.by_centre() for each in (*once, *(each for each, _ in found))}
    return [rows[part.form.name] for part, _ in parts]


def check_ids(part: Part, table: Table) -> None:
    """Raises WrongInput for ids or centres that are no cells, and for ids that have lost digits."""
    name = table.name_of(part.layout.patient)
    for column in (part.layout.patient, part.layout.centre):
        if column is not None:
            check_cells(table, table.name_of(column))
    ids = table.frame[name]
    if ids.dtype == pl.Float32 and (ids.abs() >= EXACT_IN_FLOAT32).any():
        what = f"the column {name} holds Float32, which keeps seven digits: patients would share an id."
        raise WrongInput(table.where, what, "Write the ids as text, or as integers.")


def of_people(
    part: Part, table: Table, people: pl.DataFrame, once: Sequence[Rows], markers: Collection[str], ledger: Ledger
) -> Rows:
    """The rows of a form with many rows a patient: those whose id is a patient's, letter for letter, need no more."""
    ids = table.frame[table.name_of(part.layout.patient)]
    home = places_of(ids if ids.dtype == pl.String else id_texts(ids), people["home_patient"])
    if ids.dtype == pl.String and home.null_count():
        home = places_of(id_texts(ids), people["home_patient"])
    centres = centres_of(part, table)
    sure = home.is_not_null() & centres.spelled_so.fill_null(False)
    if part.layout.centre is not None:
        sure &= at_its_home(centres, people["home_centre"], home).fill_null(False)
    odd = lines_of(part, table, ~sure)
    lines = identified(part, odd, centres.spellings, lambda text: key(text) in markers, ledger)
    kept = of_known(part, lines, *homes_of(lines, people, once), ledger) if lines else []
    found = home.filter(sure)
    frame = pl.DataFrame(
        {
            "row": (sure.arg_true() + 1).cast(pl.UInt32),
            PATIENT: people["home_patient"].gather(found),
            CENTRE: people["home_centre"].gather(found),
        }
    )
    rows = Rows(part, table, together(frame, kept))
    query_repeated(part, rows.lines(repeated(rows)), ledger)
    return rows


def with_ids(part: Part, table: Table, markers: Collection[str], ledger: Ledger) -> Rows:
    """The rows that name a patient and a centre, with the `key` of each patient."""
    patients = id_texts(table.frame[table.name_of(part.layout.patient)])
    centres = centres_of(part, table)
    keys = patients.str.to_lowercase()
    told = (patients != "") & ~patients.str.starts_with("#") & centres.spelled_so
    ascii_only = patients.str.len_bytes() == patients.str.len_chars()
    sound = (told & ascii_only).fill_null(False) & ~looks_odd(keys, normal(part.layout.patient.heading), markers)
    odd = lines_of(part, table, ~sound.fill_null(False))
    lines = identified(part, odd, centres.spellings, lambda text: key(text) in markers, ledger)
    frame = pl.DataFrame({PATIENT: patients, CENTRE: centres.named, KEY: keys}).with_row_index("row", 1)
    return Rows(part, table, together(frame.filter(sound.fill_null(False)), lines))


def together(frame: pl.DataFrame, lines: Sequence[Line]) -> pl.DataFrame:
    """The rows and the lines in their order."""
    if not lines:
        return frame
    people = [(line.row, line.patient, line.centre, line.patient.casefold()) for line in lines]
    more = pl.DataFrame(people, schema=SCHEMA, orient="row").select(frame.columns)
    return pl.concat([frame, more.cast(frame.schema)]).sort("row")


def id_texts(ids: pl.Series) -> pl.Series:
    """Ids as text without needless spaces; null where that takes a closer look."""
    if ids.dtype == pl.String:
        spaced = ids.str.contains(SPACES).any()
        return ids.str.replace_all(SPACES, " ").str.strip_chars(" ") if spaced else ids
    if ids.dtype.is_integer():
        return ids.cast(pl.String)
    if ids.dtype.is_float():
        whole = (ids == ids.round()) & (ids.abs() < LARGEST_ID)
        return pl.select(pl.when(whole).then(ids.cast(pl.Int64, strict=False).cast(pl.String))).to_series()
    return pl.Series(ids.name, [None], pl.String).new_from_index(0, ids.len())


def lines_of(part: Part, table: Table, here: pl.Series) -> list[tuple[int, list[Cell]]]:
    """Some of the rows, one by one."""
    lines = table.lines(here.arg_true() + 1)
    if not table.frame[table.name_of(part.layout.patient)].dtype.is_float():
        return lines
    return [(row, as_float(cells, part.layout.patient.index)) for row, cells in lines]


def as_float(cells: list[Cell], index: int) -> list[Cell]:
    """With an id as the number it was, which may have lost digits."""
    cell = cells[index]
    return [*cells[:index], float(cell) if isinstance(cell, Decimal) else cell, *cells[index + 1 :]]


def looks_odd(keys: pl.Series, heading: str, markers: Collection[str]) -> pl.Series:
    """Whether an id, in ASCII and without regard to case, is the heading again or says that there is none."""
    word = heading.partition("_")[0]
    near = keys.str.contains(word, literal=True) | keys.str.contains("%", literal=True)
    again = [key for key in keys.filter(near).unique() if normal(key) == heading]
    return keys.is_in([*again, *markers])


@dataclass(frozen=True, eq=False)
class Centres:
    """What the cells of a table say of their centres.

    `places`: of each row's cell among those that differ, null if that takes a closer look. Of each of these `first`,
    the centre as it is spelled first, "" if it names none; and `so`, whether it is spelled so.
    """

    places: pl.Series
    first: Sequence[str]
    so: Sequence[bool]

    @property
    def spellings(self) -> dict[str, str]:
        return {centre.casefold(): centre for centre in self.first}

    @property
    def named(self) -> pl.Series:
        return pl.Series(self.first, dtype=pl.String).gather(self.places)

    @property
    def spelled_so(self) -> pl.Series:
        return pl.Series(self.so, dtype=pl.Boolean).gather(self.places)


def centres_of(part: Part, table: Table) -> Centres:
    if part.layout.centre is None:
        return Centres(constant(0, table.frame.height), [""], [True])
    written = table.frame[table.name_of(part.layout.centre)]
    different = written.drop_nulls().unique(maintain_order=True)
    places = places_among(different, written)
    texts = [centre_in(cell) for cell in cells_of(different)]
    spellings: dict[str, str] = {}
    first = [spellings.setdefault(text.casefold(), text) for text in texts]
    shown = [fold(show(cell)) for cell in cells_of(different)]
    return Centres(places, first, [centre != "" and centre == text for centre, text in zip(first, shown, strict=True)])


def places_among(different: pl.Series, written: pl.Series) -> pl.Series:
    """The place of each cell among those that differ; null where there is none."""
    if written.dtype == pl.String:
        return written.cast(pl.Enum(different), strict=False).to_physical()
    places = different.to_frame("cell").with_row_index("place")
    return written.to_frame("cell").join(places, on="cell", how="left", maintain_order="left")["place"]


def at_its_home(centres: Centres, home_centre: pl.Series, home: pl.Series) -> pl.Series:
    """Whether each row names its patient's centre, without regard to case.

    home_centre: of each patient (Enum); home: each row's patient.
    """
    known = cast(pl.Enum, home_centre.dtype).categories
    codes = {centre.casefold(): code for code, centre in enumerate(known)}
    of_home = pl.Series([codes[centre.casefold()] for centre in known], dtype=pl.UInt32)
    of_rows = pl.Series([codes.get(centre.casefold()) for centre in centres.first], dtype=pl.UInt32)
    return of_rows.gather(centres.places) == of_home.gather(home_centre.to_physical()).gather(home)


def constant(value: str | bool | int, height: int) -> pl.Series:
    return pl.Series([value]).new_from_index(0, height)


def doubtful_keys(once: Sequence[Rows]) -> pl.Series:
    """The hashes of the patients who stand twice in a form, otherwise in another, or with nothing but their id."""
    alone = [each.frame.filter(bare(each))[KEY].hash() for each in once]
    again = [twice(each.frame[KEY].hash()) for each in once]
    pairs = [pl.DataFrame({KEY: each.frame[KEY].hash(), "pair": each.frame.drop("row").hash_rows()}) for each in once]
    otherwise = [twice(pl.concat(pairs).unique()[KEY])] if len(once) > 1 else []
    return pl.concat([*alone, *again, *otherwise]).unique()


def twice(keys: pl.Series) -> pl.Series:
    """The integers that stand there more than once. To sort them is faster than to count them."""
    ordered = keys.sort()
    return ordered.filter(ordered == ordered.shift(1))


def bare(rows: Rows) -> pl.Expr:
    """Whether a row holds an id, perhaps a centre, and nothing else."""
    layout, headings = rows.part.layout, rows.table.rows[0]
    named = {layout.patient.index, layout.centre.index if layout.centre else None}
    blank = constant(True, rows.table.frame.height)
    for index, name in enumerate(headings):
        if index not in named and blank.any():
            blank &= is_blank(rows.table.frame[str(name)])
    return pl.col("row").is_in((blank.arg_true() + 1).implode())


def everybody(once: Sequence[Rows]) -> pl.DataFrame:
    """Each patient once: `key`, `home_patient`, `home_centre`, and the row that says so, `home_row` of form `home`."""
    people = of_form(once[0], 0)
    for index, each in enumerate(once[1:], start=1):
        more = of_form(each, index)
        people = pl.concat([people, without(more, people)])
    return people.rechunk()


def of_form(rows: Rows, home: int) -> pl.DataFrame:
    return rows.frame.select(
        KEY,
        pl.col(PATIENT).alias("home_patient"),
        pl.col(CENTRE).alias("home_centre"),
        pl.lit(home, pl.UInt32).alias("home"),
        pl.col("row").alias("home_row"),
    )


def without(people: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Those who are not among the others, in their order."""
    return people.filter(places_of(people[KEY], others[KEY]).is_null())


def query_absent(once: Sequence[Rows], people: pl.DataFrame, ledger: Ledger) -> None:
    """Names each patient who has a row in one of the forms and none in another."""
    for each in once:
        if each.frame.height == people.height:
            continue  # one row a patient, so they are all there
        for patient, centre in without(people, each.frame).select("home_patient", "home_centre").iter_rows():
            report_absent(each.part, patient, centre, ledger)


def homes_of(
    lines: Sequence[Line], people: pl.DataFrame, once: Sequence[Rows]
) -> tuple[dict[str, Home], dict[tuple[str | None, str], str]]:
    """The homes of these lines' patients, and the patients whose ids are like theirs."""
    keys = {line.patient.casefold() for line in lines}
    homes = {
        key: Home(patient, centre, None, f"{once[home].table.where}, row {row}")
        for key, patient, centre, home, row in people.filter(pl.col(KEY).is_in(keys)).iter_rows()
    }
    words = pl.col(KEY).str.replace_all(r"[\W_]+", " ").str.strip_chars(" ").str.replace_all(r"\b0+([0-9])", "$1")
    near = people.filter(words.is_in({loose(line.patient) for line in lines}))["home_patient"]
    return homes, {(None, loose(patient)): patient for patient in near}


def repeated(rows: Rows) -> pl.Expr:
    """Whether a row may be written like another: their hashes are alike, first of patient and date, then of all.

    An empty text is written like null.
    """
    frame, layout = rows.table.frame, rows.part.layout
    dated = layout.fields.get(rows.part.form.date or rows.part.form.start or "")
    some = [rows.table.name_of(column) for column in (layout.patient, dated) if column is not None]
    near = rows.frame["row"].filter(again(rows.used(hashes(frame.select(some)))))
    return pl.col("row").is_in(near.filter(again(hashes(frame[near - 1]))).implode())


def again(keys: pl.Series) -> pl.Series:
    """Whether each of the integers stands there more than once."""
    return keys.is_in(twice(keys).implode())


def hashes(frame: pl.DataFrame) -> pl.Series:
    alike = [pl.col(pl.String).fill_null(""), pl.col(pl.Boolean).fill_null(value=False)]
    return frame.with_columns(*alike).hash_rows()
