"""The pages of the built-in packs, from their files: every entry with what it says, its examples and its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from remit.study.document import read_document
from remit.study.evidence.pages import one_page
from remit.study.evidence.shelf import evidence_files
from remit.study.pack_pages import CERTAINTY, NOT_OF_THE_SHAPE, TITLES
from remit.study.packs import BUILT_IN, load_pack

Entry = Mapping[str, Any]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for pack in sorted(path.parent for path in BUILT_IN.glob("*/pack.yaml")):
        for path, text in pages(pack):
            files.append(File.generated(config, path, content=text))
    return files


def pages(pack: Path) -> Iterator[tuple[str, str]]:
    if evidence_files(pack):
        yield f"packs/{pack.name}/evidence.md", "\n".join(_evidence(pack))
    for file in sorted(pack.glob("*.yaml")):
        if file.stem in WRITTEN:
            entries = read_document(file).data
            title = TITLES.get(file.stem, "Shapes to simulate")
            yield f"packs/{pack.name}/{file.stem}.md", "\n".join(_page(title, entries, WRITTEN[file.stem]))


def _evidence(pack: Path) -> Iterator[str]:
    """Each study as `remit evidence ID` tells it."""
    packs = load_pack(pack, whole=False).contents
    yield from (
        "# Published evidence",
        "",
        "What others found, as data: [what the marks mean](../../how-to/published-evidence.md).",
    )
    for name in packs.evidence:
        yield from ("", f"## {packs.evidence[name].title}", "", "```text", one_page(name, [packs]), "```")


def _page(title: str, entries: Mapping[str, Entry], written: Callable[[str, Entry], Iterator[str]]) -> Iterator[str]:
    yield f"# {title}"
    for name, entry in entries.items():
        yield from ("", f"## {name}", "")
        yield from written(name, entry)
        if "certainty" in entry:
            yield from ("", _source(entry))
        if "notes" in entry:
            yield from ("", entry["notes"])


def _source(entry: Entry) -> str:
    return f"*Source: {entry['source']} {CERTAINTY[entry['certainty']]}.*"


def _instrument(name: str, entry: Entry) -> Iterator[str]:
    yield f"{entry['title']}. Total {_range(entry['total'])}."
    if "segments" in entry:
        yield from ("", "Each item once for each segment: " + ", ".join(f"`{s}`" for s in entry["segments"]) + ".")
    if "items" in entry:
        rows = [[f"`{item}`", part.get("label") or "", _values(part)] for item, part in entry["items"].items()]
        yield from ("", *_table(["item", "", "values"], rows))
    for need, part in entry.get("needs", {}).items():
        yield from ("", f"Needs `{need}` from elsewhere in the study: {_field(part)}.")
    if "is" in entry:
        yield from ("", "The total is", "", *_code(entry["is"]))
    if "requires" in entry:
        yield from ("", "and is known only if", "", *_code(entry["requires"]))
    if "bands" in entry:
        bands = [[band, _range(range_)] for band, range_ in entry["bands"].items()]
        yield from ("", *_table(["band", "total"], bands))
        if "bands_source" in entry:
            yield from ("", f"*Bands: {entry['bands_source']}*")
    for kind, title in (("checks", "Checks"), ("criteria", "Criteria")):
        if kind in entry:
            yield from ("", f"**{title}**")
            yield from _definitions(entry[kind])
    yield from _examples(entry, "total")


def _definitions(entries: Mapping[str, Entry]) -> Iterator[str]:
    for name, entry in entries.items():
        yield from ("", f"{name}:", "", *_code(entry["is"]), "", _source(entry))
        yield from _examples(entry, "is")


def _definition(name: str, entry: Entry) -> Iterator[str]:
    yield f"{entry['title'].capitalize()}."
    rows = [[f"`{taken}`", _field(part)] for taken, part in entry["takes"].items()]
    yield from ("", *_table(["takes", ""], rows), "", *_code(entry["is"]))
    yield from _examples(entry, "is")


def _examples(entry: Entry, result: str) -> Iterator[str]:
    """Worked examples, and what others make wrong of them."""
    if examples := entry.get("examples"):
        rows = [[_given(example), example[result], example.get("source") or ""] for example in examples]
        yield from ("", *_table(["worked example", "gives", ""], rows))
    if wrong := entry.get("counter_examples"):
        rows = [[_given(example), example[result], f"{example['not']}: {example['why']}"] for example in wrong]
        yield from ("", *_table(["counter-example", "gives", "and not"], rows))


def _given(example: Entry) -> str:
    if isinstance(example.get("given"), str):
        return str(example["given"])
    given = {**(example.get("items") or {}), **(example.get("needs") or {}), **(example.get("given") or {})}
    told = ", ".join(f"{name} {value}" for name, value in given.items())
    before = ", ".join(f"{name} {value}" for name, value in (example.get("before") or {}).items())
    return f"{told}; before: {before}" if before else told


def _laboratory(name: str, entry: Entry) -> Iterator[str]:
    units = [[f"`{unit}`", f"1 {unit} is {factor} {entry['unit']}"] for unit, factor in entry.get("units", {}).items()]
    yield entry["title"].capitalize() + "."
    yield from ("", *_table(["unit", ""], [[f"`{entry['unit']}`", "the pack's own"], *units]))
    facts = [
        f"LOINC {entry['loinc']}" if "loinc" in entry else None,
        f"possible {_range(entry['range'])}" if "range" in entry else None,
        f"plausible {_range(entry['plausible'])}; outside it is asked about" if "plausible" in entry else None,
        'may be beyond the assay\'s limits ("<5")' if entry.get("censored") == "yes" else None,
    ]
    told = ", ".join(fact for fact in facts if fact)
    if told:
        yield from ("", f"{told[0].upper()}{told[1:]}.")
    yield from _examples(entry, "is")


def _classification(name: str, entry: Entry) -> Iterator[str]:
    levels = entry["levels"]
    rows = [[level, _joined(codes)] for level, codes in levels.items()] if isinstance(levels, dict) else None
    yield from _table(["level", "written as"], rows) if rows else [", ".join(levels)]
    if entry.get("ordered") == "yes":
        yield from ("", "The levels are ordered.")


def _list(name: str, entry: Entry) -> Iterator[str]:
    yield f"{entry['title'][0].upper()}{entry['title'][1:]}: {_joined(entry['members'])}."


def _special_interest(name: str, entry: Entry) -> Iterator[str]:
    rows = [[kind, _joined(part["terms"]), part.get("serious", "")] for kind, part in entry["events"].items()]
    yield from _table(["kind", "terms", "serious only"], rows)


def _assumed(name: str, entry: Entry) -> Iterator[str]:
    """The shape that is drawn; never without the words that it is an assumption."""
    yield f"*An assumption, no finding:* {entry['assumption']}."
    shapes = {"": entry, **entry.get("fields", {})}
    rows = [[f"`{item}`" if item else "", _shape(part), _shape(part.get("later", {}))] for item, part in shapes.items()]
    yield from ("", *_table(["", "until the reference visit", "later"], [row for row in rows if any(row[1:])]))
    if "source" in entry:
        yield from ("", f"*Source: {entry['source']}*")


def _shape(part: Any) -> str:
    """As it is written."""
    if not isinstance(part, dict):
        return _plain(part)
    told = {key: value for key, value in part.items() if key not in NOT_OF_THE_SHAPE}
    return "; ".join(f"{key} {_plain(value)}" for key, value in told.items())


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {each}" for key, each in value.items())
    return " to ".join(map(str, value)) if isinstance(value, list) else str(value)


WRITTEN = {
    "instruments": _instrument,
    "definitions": _definition,
    "laboratory": _laboratory,
    "classifications": _classification,
    "lists": _list,
    "special_interest": _special_interest,
    "simulate": _assumed,
}


def _values(part: Entry) -> str:
    if choices := part.get("choices"):
        return "; ".join(f"{value} {words}" for value, words in choices.items())
    return f"{_range(part['range'])} {part.get('unit') or ''}".strip()


def _field(part: Any) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, list):
        return _joined(part)
    told = [
        _joined(part["levels"]) if "levels" in part else None,
        part.get("type"),
        f"in {part['unit']}" if "unit" in part else None,
        _range(part["range"]) if "range" in part else None,
    ]
    return ", ".join(word for word in told if word) or "a number"


def _range(range_: Sequence[str | None]) -> str:
    low, high = range_
    if low in (None, "null"):
        return "any number" if high in (None, "null") else f"up to {high}"
    return f"{low} or more" if high in (None, "null") else f"{low} to {high}"


def _joined(written: str | Iterable[str]) -> str:
    return written if isinstance(written, str) else ", ".join(written)


def _code(text: str) -> list[str]:
    return ["```text", " ".join(text.split()), "```"]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"
