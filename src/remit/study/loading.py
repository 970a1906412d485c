"""Document → model, with pydantic's complaints in a user's words: file, line, what is wrong, what would do."""

from __future__ import annotations

from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from remit.errors import WrongInput
from remit.language.errors import nearest
from remit.study.document import Document, Key

Model = TypeVar("Model", bound=BaseModel)


def validate(document: Document, model: type[Model]) -> Model:
    """The document as `model`. Raises WrongInput for the first thing that does not fit."""
    if not isinstance(document.data, dict):
        raise WrongInput(document.where(()), "this is not a mapping of keys to values", "Write `key: value` lines.")
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise _explained(error.errors()[0], document, model) from None


def _explained(error: ErrorDetails, document: Document, model: type[BaseModel]) -> WrongInput:
    key = _in_document(error["loc"], document.data)
    name = ".".join(str(step) for step in key) or document.file
    written = error["input"]
    match error["type"]:
        case "extra_forbidden":
            known = _known_keys(model, key[:-1])
            return WrongInput(document.where(key), f"'{key[-1]}' is not known here", nearest(str(key[-1]), known))
        case "missing":
            where = _in_document(error["loc"][:-1], document.data)
            missing = error["loc"][-1]
            inside = ".".join(str(step) for step in where)
            what = f"{inside} lacks '{missing}'" if inside else f"'{missing}' is missing"
            return WrongInput(document.where(where), what, f"Add `{missing}: …`.")
        case "string_pattern_mismatch":
            remedy = "Names are small letters, digits and single underscores, and begin with a letter: week12, ses_cd."
            return WrongInput(document.where(key), f"'{key[-1]}' cannot be a name", remedy)
        case "literal_error" | "union_tag_invalid":
            context = error.get("ctx", {})
            allowed = str(context.get("expected") or context.get("expected_tags"))
            return WrongInput(document.where(key), f"{name} cannot be '{_short(written)}'", f"It is one of {allowed}.")
        case "union_tag_not_found":
            return WrongInput(document.where(key), f"{name} lacks 'kind'", "Add `kind: summary` or another kind.")
        case "model_type" | "dict_type" | "model_attributes_type":
            return WrongInput(
                document.where(key), f"{name} must hold keys and values", "Write `key: value` lines below."
            )
    problem = error["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return WrongInput(document.where(key), f"{name}: '{_short(written)}' will not do", f"It should be {problem}.")


def _short(written: Any) -> str:
    text = str(written)
    return text if len(text) <= 40 else text[:39] + "…"


def _in_document(loc: tuple[int | str, ...], data: Any) -> Key:
    """pydantic's path without the steps that are its own (the names of union members, `[key]`)."""
    key: list[str | int] = []
    for step in loc:
        if (isinstance(data, dict) and step in data) or (
            isinstance(data, list) and isinstance(step, int) and step < len(data)
        ):
            data = data[step]
        else:
            continue
        key.append(step)
    return tuple(key)


def _known_keys(model: type[BaseModel], key: Key) -> set[str]:
    """The keys that may stand at a place: those of all models it can be."""
    models = _models(model)
    for step in key:
        models = {inner for each in models for inner in _step(each, step)}
    return {info.alias or name for each in models for name, info in each.model_fields.items()}


def _step(model: type[BaseModel], step: str | int) -> set[type[BaseModel]]:
    for name, info in model.model_fields.items():
        if step == (info.alias or name):
            return _models(info.annotation)
    return {model}  # a key of a dict, or an index of a list: its models are already those of the values


def _models(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {model for part in get_args(annotation) for model in _models(part)} if get_origin(annotation) else set()
