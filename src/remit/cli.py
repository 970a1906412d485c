"""The commands: one thin function a verb."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from remit.errors import WrongInput

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Treatment-effectiveness cohort studies, from charts to paper: every number traceable to the chart.",
)
StudyPath = Annotated[Path, typer.Argument(metavar="STUDY", help="A study file, or the folder that holds study.yaml.")]

WRONG_INPUT, WITH_REFUSALS = 2, 3


@app.command()
def run(
    study: StudyPath,
    out: Annotated[Path, typer.Option(help="The folder for the results; it is made if need be.")],
    engine: Annotated[str, typer.Option(help="polars, duckdb or spark.")] = "polars",
    strict: Annotated[
        bool, typer.Option("--strict", help="End with exit code 3 if a row or cell was refused.")
    ] = False,
) -> None:
    """Read the charts, derive, estimate, and write results and report."""
    from remit.run import run_study

    done = run_study(study, out, engine, say=_progress())
    _say_intake(done.intake)
    print(f"Results and report are in {out}: open {done.report}")
    if strict and done.intake.refused:
        raise typer.Exit(WITH_REFUSALS)


@app.command()
def check(study: StudyPath) -> None:
    """Read and type-check the study file, read the charts, and list what the charts lack."""
    from remit.check import check_study

    for line in check_study(study):
        print(line)


@app.command()
def describe(study: StudyPath) -> None:
    """Say the study's definitions in English, as a methods section would."""
    from remit.report.methods import methods_text
    from remit.study.build import read_study

    print(methods_text(read_study(study)))


def _progress() -> Any:
    """Steps on a terminal's last line; silence where the output is kept."""
    if not sys.stderr.isatty():
        return lambda _: None
    return lambda step: print(f"\r\033[K{step} …", end="", file=sys.stderr, flush=True)


def _say_intake(intake: Any) -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    counts: dict[str, int] = {}
    for count in intake.counts:
        counts[count.action] = counts.get(count.action, 0) + count.entries
    said = ", ".join(f"{number} {action}" for action, number in sorted(counts.items()))
    print(f"Charts: {sum(intake.rows.values())} rows from {len(intake.centres)} centres; cells and rows: {said}.")
    for doubt in [doubt for doubt in intake.doubts if doubt.action == "refused"][:10]:
        print(f"  refused: {doubt.place}: {doubt.reason}")
    if intake.refused > 10:
        print(f"  … and {intake.refused - 10} more: see ledger.parquet and the report.")


def main() -> None:
    """The entry point: a user's mistake is one message and exit code 2."""
    try:
        app()
    except WrongInput as error:
        print(f"remit: {error}", file=sys.stderr)
        sys.exit(WRONG_INPUT)
