"""Pages that are made when the site is built: what stands elsewhere in the repository is not written twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import typer.main
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from typer.core import TyperCommand, TyperGroup

ROOT = Path(__file__).parents[2]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for path, text in made():
        files.append(File.generated(config, path, content=text))
    return files


def made() -> Iterator[tuple[str, str]]:
    """Path and text of each page."""
    yield "commands.md", commands()
    yield "changelog.md", (ROOT / "CHANGELOG.md").read_text("utf-8")
    yield "contributing.md", contributing()


def contributing() -> str:
    """The file of the repository; its link to the licence leads out of the site."""
    return re.sub(r"\[([^]]+)\]\(LICENSE\)", r"\1", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))


def commands() -> str:
    """Each command's own help."""
    from remit.cli import app

    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    parts = ["# The commands", "What `--help` says of each.", _help("remit", group)]
    for name, command in group.commands.items():
        assert isinstance(command, TyperCommand)
        parts += [f"## remit {name}", _help(f"remit {name}", command)]
    return "\n\n".join(parts) + "\n"


def _help(name: str, command: TyperGroup | TyperCommand) -> str:
    text = command.get_help(command.context_class(command, info_name=name, terminal_width=100))
    return f"```text\n{text.strip()}\n```"
