"""What packs hold, as plain text: the list of packs, one pack, one entry."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from remit.errors import WrongInput
from remit.language.describe import describe
from remit.language.errors import nearest
from remit.language.query import Band
from remit.language.resolve import resolve
from remit.language.scope import FieldName
from remit.language.types import Number, name_of
from remit.language.units import printed
from remit.study.bands import shown
from remit.study.instruments import NOW, item_names, own_scope, total_of
from remit.study.pack_contents import Instrument, Laboratory, Pack, Packs, SharedDefinition
from remit.study.pack_model import (
    AssumedShapePart,
    CasePart,
    ClassificationPart,
    ExamplePart,
    ListPart,
    SpecialInterestPart,
    WrongCasePart,
    WrongExamplePart,
)
from remit.study.packs import KINDS, load_pack, pack_folders
from remit.study.simulate_model import DrawPart
from remit.study.written import Range

WIDTH = 100
NOT_OF_THE_SHAPE = {"later", "fields", "assumption", "source"}
CERTAINTY = {
    "V": "V: read in the source that is named",
    "D": "D: follows by arithmetic or definition from what was read",
    "K+": "K+: long established, from knowledge; the source was not opened",
    "K": "K: from knowledge, not sure",
    "K-": "K-: from knowledge, doubtful",
}
TITLES = dict(zip(KINDS, ("Instruments", "Definitions", "Laboratory and other measures"), strict=False)) | {
    "classifications": "Classifications",
    "lists": "Lists",
    "special_interest": "Events of special interest",
}


def packs_page(beside: Path | None = None) -> str:
    """All packs, with how much each holds. `beside`: the folder of a study, whose own packs are listed too."""
    lines = []
    for name, folder in pack_folders(beside).items():
        pack = load_pack(folder)
        counts = [f"{len(held)} {TITLES[kind].lower()}" for kind in KINDS if (held := _own(pack, kind))]
        lines += [f"{name} {pack.identity.version}  {pack.identity.title}", *wrapped(", ".join(counts), "  "), ""]
    return "\n".join([*lines, "`remit packs NAME` lists what one holds, `remit packs NAME ENTRY` explains an entry."])


def pack_page(name: str, beside: Path | None = None) -> str:
    """All entries of a pack. Raises WrongInput."""
    pack = _pack(name, beside)
    lines = [f"{pack.identity.pack} {pack.identity.version}: {pack.identity.title}"]
    for kind in KINDS:
        entries = _own(pack, kind)
        if entries:
            lines += ["", TITLES[kind], "-" * len(TITLES[kind])]
            for entry, held in entries.items():
                lines += wrapped(f"{entry}: {_title(held)}", "", "    ")
    if pack.contents.simulate:
        head = "Assumed by `remit simulate`, where a study declares no shape"
        lines += ["", head, "-" * len(head), *wrapped(", ".join(pack.contents.simulate), "")]
    if pack.contents.evidence:
        head = "Published evidence, explained by `remit evidence ID`"
        lines += ["", head, "-" * len(head), *wrapped(", ".join(pack.contents.evidence), "")]
    return "\n".join(lines)


def entry_page(name: str, entry: str, beside: Path | None = None) -> str:
    """One entry of a pack, explained. Raises WrongInput."""
    pack = _pack(name, beside)
    everything = {each: (kind, held) for kind in KINDS for each, held in getattr(pack.contents, kind).items()}
    folded = {each.casefold(): each for each in everything}
    if entry.casefold() not in folded:
        raise WrongInput(f"pack {name}", f"it holds no '{entry}'", nearest(entry, everything))
    found = folded[entry.casefold()]
    _, held = everything[found]
    heading = [*wrapped(f"{found}: {_title(held)}", "")]
    return "\n".join([*heading, "=" * len(heading[0]), *_said(held, pack), *_assumed(found, pack.contents)])


def _pack(name: str, beside: Path | None) -> Pack:
    folders = pack_folders(beside)
    if name not in folders:
        raise WrongInput("packs", f"there is no pack '{name}'", nearest(name, folders))
    return load_pack(folders[name])


def _own(pack: Pack, kind: str) -> Mapping[str, object]:
    """Without the criteria, which are told with their instruments."""
    held: Mapping[str, object] = getattr(pack.contents, kind)
    return {name: part for name, part in held.items() if getattr(part, "instrument", None) is None}


def _title(held: object) -> str:
    if isinstance(held, ClassificationPart):
        return ", ".join(held.levels)
    if isinstance(held, SpecialInterestPart):
        return ", ".join(held.events)
    return str(getattr(held, "title", ""))


def _said(held: object, pack: Pack) -> Iterator[str]:
    match held:
        case Instrument():
            yield from _instrument(held, pack.contents)
        case SharedDefinition():
            yield from _definition(held, pack.contents)
        case Laboratory():
            yield from _laboratory(held)
        case ClassificationPart():
            for level, codes in held.levels.items():
                yield f"  {level}: {codes if isinstance(codes, str) else ', '.join(codes)}"
        case ListPart():
            yield from wrapped(", ".join(held.members), "  ")
        case SpecialInterestPart():
            for event, part in held.events.items():
                yield from wrapped(
                    f"{event}{', if serious' if part.serious else ''}: {', '.join(part.terms)}", "  ", "      "
                )
    yield from _sources(held)


def _instrument(held: Instrument, packs: Packs) -> Iterator[str]:
    values = {**item_names(held.items, held.place), **held.needs}
    if held.items:
        yield from ("", "Items")
    for name, item in held.items.items():
        unit = f" {printed(item.unit)}" if item.unit else ""
        yield from wrapped(f"{name}: {item.label}, {_range(item.range)}{unit}", "  ", "      ")
        if item.choices:
            yield from wrapped("; ".join(f"{value} {words}" for value, words in item.choices.items()), "      ")
    yield from _parameters("Needs from elsewhere in the study", held.needs)
    yield from ("", f"Total: {_range(held.total)}{_decimals(held.decimals)}")
    if held.text:
        yield from wrapped(f"as written: {held.text}", "  ", "      ")
        query = resolve(held.text, own_scope(values, packs), visit=NOW)
        yield from wrapped(f"in words: {describe(query, own_scope(values, packs), NOW)}", "  ", "      ")
    else:
        yield "  Charts hold the total itself."
    if held.bands:
        yield from ("", "Bands", *wrapped(", ".join(_band(band) for band in held.bands), "  "))
    if held.bands_source:
        yield from wrapped(f"{held.bands_source} ({held.bands_certainty or held.certainty})", "  ")
    if held.checks:
        yield from ("", "Checks: where one fails, the ledger asks")
    for check in held.checks:
        yield from wrapped(f"{check.label}: {check.text} ({check.certainty}: {check.source})", "  ", "      ")
    if held.criteria:
        yield from ("", f"Criteria, as in `definition: {next(iter(held.criteria.values())).name}`")
    scope = own_scope(values, packs, total_of(held)) if held.text else None
    for criterion in held.criteria.values():
        yield from wrapped(f"{criterion.name}: {criterion.title}", "  ", "      ")
        criterion_scope = scope or own_scope(criterion.parameters, packs)
        words = describe(resolve(criterion.text, criterion_scope, visit=NOW), criterion_scope, NOW)
        yield from wrapped(f"{words}; as written: {criterion.text}", "      ")
        yield from wrapped(f"({criterion.certainty}: {criterion.source})", "      ")
    yield from _examples(held.examples)


def _definition(held: SharedDefinition, packs: Packs) -> Iterator[str]:
    scope = own_scope(held.parameters, packs)
    yield from _parameters("Takes", {name: held.parameters[name] for name in held.uses if name in held.parameters})
    yield from ("", "Definition")
    yield from wrapped(f"as written: {held.text}", "  ", "      ")
    yield from wrapped(f"in words: {describe(resolve(held.text, scope, visit=NOW), scope, NOW)}", "  ", "      ")
    yield from _examples(held.examples)


def _laboratory(held: Laboratory) -> Iterator[str]:
    own, *others = held.sizes
    yield from ("", f"  in {printed(own)}, {_range(held.range)}")
    for unit in others:
        yield f"  1 {printed(unit)} is {_amount(held, unit)} {printed(own)}"
    if held.plausible != (None, None):
        yield f"  asked about outside {_range(held.plausible)}"
    if held.censored:
        yield "  charts may write a value beyond a limit, as <5"
    if held.loinc:
        yield f"  LOINC {held.loinc}"


def _amount(held: Laboratory, unit: str) -> str:
    size = held.sizes[unit]
    return shown(size) if (size * 10**9).denominator == 1 else str(size)


def _parameters(title: str, fields: Mapping[str, FieldName]) -> Iterator[str]:
    if fields:
        yield from ("", title)
    for name, field in fields.items():
        decimals = _decimals(field.type.decimals) if isinstance(field.type, Number) else ""
        yield from wrapped(f"{name}: {field.label}, {name_of(field.type)}{decimals}", "  ", "      ")


def _examples(examples: Sequence[ExamplePart | CasePart]) -> Iterator[str]:
    if examples:
        yield from ("", "Worked examples")
    for example in examples:
        given, result = _given_and_result(example)
        wrong = f"; not {example.wrong}: {example.why}" if isinstance(example, WrongExamplePart | WrongCasePart) else ""
        yield from wrapped(f"{given} → {result}{wrong}", "  ", "      ")


def _given_and_result(example: ExamplePart | CasePart) -> tuple[str, str]:
    if isinstance(example, ExamplePart):
        more = [example.band] if example.band else []
        more += [f"{name}: {verdict}" for name, verdict in example.criteria.items()]
        return _listed({**example.items, **example.needs}), ", ".join([example.total, *more])
    before = f"before: {_listed(example.before)}; now: " if example.before else ""
    return f"{before}{_listed(example.given)}", example.result


def _listed(given: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in given.items()) or "nothing"


def _sources(held: object) -> Iterator[str]:
    notes = getattr(held, "notes", None)
    if notes:
        yield from ("", "Notes", *wrapped(str(notes), "  "))
    yield from ("", "Source", *wrapped(str(getattr(held, "source", "")), "  "))
    yield f"  {CERTAINTY[str(getattr(held, 'certainty', 'K-'))]}."


def _assumed(name: str, packs: Packs) -> Iterator[str]:
    """The shape that `remit simulate` draws; never without the words that it is an assumption."""
    if name not in packs.simulate:
        return
    part = packs.simulate[name].part
    yield from ("", "Simulated, where a study declares no shape: an assumption, no finding")
    yield from wrapped(part.assumption, "  ")
    for line in _shape_lines(part):
        yield from wrapped(line, "  ", "      ")
    if part.source:
        yield from wrapped(f"Source: {part.source}", "  ")


def _shape_lines(part: AssumedShapePart) -> Iterator[str]:
    """The shape in a few words: of the whole, `later`, and of each item."""
    for name, shape in (("", part), *part.fields.items()):
        head = f"{name}: " if name else ""
        if told := _shape(shape):
            yield f"{head}{told}"
        if shape.later is not None:
            yield f"{head}later {_shape(shape.later)}"


def _shape(part: DrawPart) -> str:
    told = {key: getattr(part, key) for key in type(part).model_fields if key not in NOT_OF_THE_SHAPE}
    return ", ".join(f"{key} {_written(key, value)}" for key, value in told.items() if value is not None)


def _written(key: str, value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{each} {_written('share', share)}" for each, share in value.items())
    if isinstance(value, tuple):
        return " to ".join("any" if end is None else shown(end) for end in value)
    if isinstance(value, Fraction):
        return f"{shown(100 * value)} %" if key in ("share", "missing") else shown(value)
    return str(value)


def _band(band: Band) -> str:
    return f"{band.name} {_range((band.low, band.high))}"


def _range(written: Range) -> str:
    low, high = (None if end is None else shown(end) for end in written)
    if low is None and high is None:
        return "any number"
    return f"{low} to {high}" if low and high else f"{low} or more" if low else f"{high} or less"


def _decimals(decimals: int) -> str:
    return f", {decimals} decimal{'' if decimals == 1 else 's'}" if decimals else ""


def wrapped(text: str, indent: str, rest: str | None = None) -> Iterable[str]:
    """Lines of at most WIDTH; `rest`: how all but the first are indented."""
    text = " ".join(text.split())
    rest = indent if rest is None else rest
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=rest, break_on_hyphens=False)
