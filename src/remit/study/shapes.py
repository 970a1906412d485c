"""What may stand at a place of a file, read from its model: for messages that name what would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from remit.study.written import Takes


def keys_at(annotation: object, path: Sequence[str | int], data: object) -> set[str]:
    """The keys that may stand in the mapping at a path."""
    here = data
    for step in path:
        here = _step(here, step)
    parts = [part for found in at(annotation, path, data) for part in _parts(found)]
    models = [part for part in parts if _is_model(part) and _may_be(part, here)]
    return {info.alias or name for model in models for name, info in model.model_fields.items()}


def words_at(annotation: object, path: Sequence[str | int], data: object) -> str | None:
    """What the value at a path takes, in a user's words; of the nearest around it that has words."""
    found = list(dict.fromkeys(words for part in at(annotation, path, data) if (words := _words(part))))
    if not found and path:
        return words_at(annotation, path[:-1], data)
    return " or ".join(found) or None


def at(annotation: object, path: Sequence[str | int], data: object) -> list[Any]:
    """The annotations of the value at a path: more than one where it may be of several kinds."""
    found: list[Any] = [annotation]
    for step in path:
        found = [inner for each in found for part in _parts(each) for inner in _inside(part, step, data)]
        data = _step(data, step)
    return found


def _parts(annotation: Any) -> list[Any]:
    """The alternatives of a union, without what is said about them."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _parts(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [inner for part in get_args(annotation) for inner in _parts(part)]
    return [] if annotation is NoneType else [annotation]


def _inside(part: Any, step: str | int, data: object) -> list[Any]:
    origin, arguments = get_origin(part), get_args(part)
    if origin is dict:
        return [arguments[1]]
    if origin is list and isinstance(step, int):
        return [arguments[0]]
    if origin is tuple and isinstance(step, int):
        return [arguments[min(step, len(arguments) - 1)]]
    if not _is_model(part) or not _may_be(part, data):
        return []
    hints = get_type_hints(part, include_extras=True)
    return [hints[name] for name, info in part.model_fields.items() if step == (info.alias or name)]


def _may_be(model: type[BaseModel], data: object) -> bool:
    """Of several models with a `kind`, the one that is written."""
    kind = model.model_fields.get("kind")
    written = data.get("kind") if isinstance(data, Mapping) else None
    return kind is None or written is None or written in get_args(kind.annotation)


def _step(data: object, step: str | int) -> object:
    if isinstance(data, Mapping):
        return data.get(step)
    return data[step] if isinstance(data, list) and isinstance(step, int) and step < len(data) else None


def _is_model(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, BaseModel)


def _words(annotation: Any) -> str | None:
    origin = get_origin(annotation)
    if origin is Annotated:
        told = [extra.words for extra in get_args(annotation)[1:] if isinstance(extra, Takes)]
        return next((words for words in reversed(told) if words), None) or _words(get_args(annotation)[0])
    if origin in (Union, UnionType):
        words = (_words(part) for part in get_args(annotation) if part is not NoneType)
        return " or ".join(each for each in words if each)
    if origin is Literal:
        return "one of " + ", ".join(str(each) for each in get_args(annotation))
    if origin is dict or _is_model(annotation):
        return "lines of `key: value`"
    return None
