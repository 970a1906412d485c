"""Choices → the text of a study file, with comments that say what each part is and what to change."""

from __future__ import annotations

from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

from remit.drafting.bound import needed
from remit.drafting.choices import Choices, field_name
from remit.drafting.endpoints import rows
from remit.errors import WrongInput
from remit.study.bands import shown
from remit.study.build import study_of
from remit.study.document import parse_document
from remit.study.json_schema import MODELINE
from remit.study.packs import Packs
from remit.study.study import Study


def draft(choices: Choices, packs: Packs) -> str:
    """The study file. `packs`: what the chosen pack holds. Raises WrongInput for an endpoint that cannot be bound."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_file),
        autoescape=False,  # YAML, not HTML: each value is written by `value`
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"value": value, "within": within, "name": field_name, "flow": flow}
    baseline, *follow_up = choices.visits
    more = needed(choices, packs)
    return environment.get_template("study.yaml.j2").render(
        modeline=MODELINE,
        chosen=choices,
        packs=packs,
        baseline=baseline,
        follow_up=follow_up,
        needed=more,
        endpoints=rows(choices, packs, more.held),
    )


def checked(text: str, path: Path) -> Study:
    """The study that the text says, with the packs beside `path`. Raises WrongInput."""
    return study_of(parse_document(text, str(path)), path)


def value(written: str) -> str:
    """A text as the value of a line, in quotation marks only if it needs them."""
    return _quoted(written, f"x: {written}", {"x": written})


def within(written: str) -> str:
    """The same between { and }."""
    return _quoted(written, f"{{x: {written}, y: z}}", {"x": written, "y": "z"})


def flow(written: object) -> str:
    """Any value between { and }."""
    match written:
        case dict():
            return "{" + ", ".join(f"{within(str(key))}: {flow(each)}" for key, each in written.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(flow, written)) + "]"
        case None:
            return "null"
        case bool():
            return "yes" if written else "no"
        case Fraction():
            return shown(written)
        case int():
            return str(written)
    return within(str(written))


def _quoted(written: str, plain: str, meant: object) -> str:
    try:
        if parse_document(plain, "").data == meant:
            return written
    except WrongInput:
        pass
    return "'" + written.replace("'", "''") + "'"


def _file(name: str) -> Any:
    return resources.files("remit.drafting").joinpath("templates", name).read_text("utf-8")
