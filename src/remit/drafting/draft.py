"""Choices → the text of a study file, with comments that say what each part is and what to change."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

from remit.drafting.choices import Choices, field_name
from remit.errors import WrongInput
from remit.study.build import study_of
from remit.study.document import parse_document
from remit.study.json_schema import MODELINE
from remit.study.packs import Packs
from remit.study.study import Study


def draft(choices: Choices, packs: Packs) -> str:
    """The study file. `packs`: what the chosen pack holds."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_file),
        autoescape=False,  # YAML, not HTML: each value is written by `value`
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"value": value, "within": within, "name": field_name}
    baseline, *follow_up = choices.visits
    return environment.get_template("study.yaml.j2").render(
        modeline=MODELINE,
        chosen=choices,
        packs=packs,
        baseline=baseline,
        follow_up=follow_up,
        endpoints=endpoints(choices),
    )


def endpoints(choices: Choices) -> list[tuple[str, str, str]]:
    """Name, label and definition; with corticosteroids charted, the first also without them."""
    found = [(each.name, each.label, each.expression) for each in choices.endpoints]
    if choices.steroids and found:
        name, label, _ = found[0]
        found.insert(1, (f"steroid_free_{name}", f"{label}, free of corticosteroids", f"{name} and steroid_free"))
    return found


def checked(text: str, path: Path) -> Study:
    """The study that the text says, with the packs beside `path`. Raises WrongInput."""
    return study_of(parse_document(text, str(path)), path)


def value(written: str) -> str:
    """A text as the value of a line, in quotation marks only if it needs them."""
    return _quoted(written, f"x: {written}", {"x": written})


def within(written: str) -> str:
    """The same between { and }."""
    return _quoted(written, f"{{x: {written}, y: z}}", {"x": written, "y": "z"})


def _quoted(written: str, plain: str, meant: object) -> str:
    try:
        if parse_document(plain, "").data == meant:
            return written
    except WrongInput:
        pass
    return "'" + written.replace("'", "''") + "'"


def _file(name: str) -> Any:
    return resources.files("remit.drafting").joinpath("templates", name).read_text("utf-8")
