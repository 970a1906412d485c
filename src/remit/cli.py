"""The commands: one thin function a verb."""

from __future__ import annotations

import gc
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remit.errors import WrongInput

if TYPE_CHECKING:
    from remit.schema.intake import Intake
    from remit.schema.plan import PlanNote

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Treatment-effectiveness cohort studies, from charts to paper: every number traceable to the chart.",
    epilog="Exit codes: 0 done; 2 the study file or the charts are wrong, nothing was written; 3 with --strict: done, "
    "but not every row and cell could be used.",
)
StudyPath = Annotated[
    Path, typer.Argument(metavar="STUDY", readable=False, help="A study file, or the folder that holds study.yaml.")
]

ChartsPath = Annotated[
    Path | None, typer.Option(help="A folder of other charts than the study file names.", show_default=False)
]

WRONG_INPUT, LEFT_OUT = 2, 3
MOST_DOUBTS = 10


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"remit {version('remit')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


@app.command()
def run(
    study: StudyPath,
    out: Annotated[Path, typer.Option(help="The folder for the results; it is made if need be.")],
    charts: ChartsPath = None,
    engine: Annotated[str, typer.Option(help="What derives the cohort: polars, duckdb or spark.")] = "polars",
    strict: Annotated[
        bool, typer.Option("--strict", help="End with exit code 3 if a row or cell of a patient was not used.")
    ] = False,
) -> None:
    """Read the charts, derive, estimate, and write results and report.

    A wrong row or cell never stops a run: it goes to the ledger, and the summary says how many there are. With --strict
    the run then ends with exit code 3, its results written all the same: for each row or cell that was refused, and
    each row of a patient that no rule uses, such as a second visit in a window or a visit after the data cut-off.
    """
    from remit.run import run_study
    from remit.schema.plan import said_of_plan

    say = _progress()
    try:
        done = run_study(study, out, engine, say=say, charts=charts)
    finally:
        say("")
    _say_intake(done.intake)
    print(f"Plan: {said_of_plan(done.note.plan)}.{_post_hoc(done.note.plan)}")
    if not done.cohort.patients["eligible"].any():
        print("Nobody is eligible: the report holds no result. `remit check` says what the charts lack.")
    print(f"Results and report are in {out}: open {done.report}")
    if strict and done.intake.left_out:
        print(f"remit: --strict: {done.intake.left_out} rows and cells of patients were not used", file=sys.stderr)
        raise typer.Exit(LEFT_OUT)


def _post_hoc(plan: PlanNote | None) -> str:
    return f" Results that are not in it are marked post hoc: {plan.post_hoc:,}." if plan and plan.post_hoc else ""


@app.command()
def lock(
    study: StudyPath,
    because: Annotated[
        str | None, typer.Option(help="Why the plan is amended; needed for each lock after the first.")
    ] = None,
    sign: Annotated[
        Path | None,
        typer.Option(metavar="KEY", help="A private key of SSH, to sign the lock with.", show_default=False),
    ] = None,
) -> None:
    """Lock the plan: write down the study file and its packs, with their digests, date and time.

    A run then says whether it follows the plan, and marks what is not in it as post hoc. Locking a changed study again
    is an amendment of the plan; earlier locks are kept.
    """
    from remit.plan.lock import FILE, lock_study
    from remit.schema.plan import day

    done = lock_study(study, because, sign)
    print(
        f"The plan is locked{f' anew, as amendment {done.number - 1}' if done.number > 1 else ''}: {day(done.locked)}."
    )
    for each in done.differences:
        print(f"  {each.said}")
    print(f"  {done.folder / FILE}")
    print(f"      says what is planned; its SHA-256 is {done.digest}.")
    print("Register that number, or send it to somebody who dates it. `remit run` says whether the plan is followed.")


@app.command()
def diff(
    before: Annotated[Path, typer.Argument(metavar="DIR1", readable=False, help="The folder that `remit run` wrote.")],
    now: Annotated[Path, typer.Argument(metavar="DIR2", readable=False, help="That of a later run.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A workbook (.xlsx) with all of it.", show_default=False)
    ] = None,
) -> None:
    """Say what changed between two runs of a study: definitions, charts, versions, and which numbers moved by it.

    It names patients. Ends with exit code 0, also where nothing changed; 2 if the runs are of different studies.
    """
    from remit.plan.diff import diff_runs
    from remit.plan.diff_file import check_file, write_diff
    from remit.plan.told import lines_of

    if out is not None:
        check_file(out)
    found = diff_runs(before, now)
    for line in lines_of(found):
        print(line)
    if out is not None:
        write_diff(found, out)
        print(f"All of it is in {out}.")


@app.command()
def check(study: StudyPath, charts: ChartsPath = None) -> None:
    """Read and type-check the study file, read the charts, and list what the charts lack.

    Nothing is written. Ends with exit code 0 if the study can be run, 2 if it cannot.
    """
    from remit.check import check_study

    say = _progress()
    say("Reading the study file and the charts")
    try:
        found = check_study(study, charts)
    finally:
        say("")
    for line in found.lines():
        print(line)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="The folder that `remit run` wrote.")],
    kind: Annotated[str, typer.Option("--as", help="In which form: adam.")],
    out: Annotated[Path, typer.Option(help="The folder for the data sets; it is made if need be.")],
) -> None:
    """Write the cohort of a finished run as ADaM data sets, for a statistician to go on with.

    ADSL, ADAE, ADLB, ADEFF and ADTTE, each as SAS transport file (XPT), Dataset-JSON and Parquet, and define.xml.
    """
    if kind != "adam":
        raise WrongInput("--as", f"'{kind}' is no form that remit can export", "Write `--as adam`.")
    from remit.export.export import export_adam

    done = export_adam(folder, out)
    print(f"Data sets are in {out}: {', '.join(f'{name} ({rows:,} rows)' for name, rows in done.rows.items())}.")
    for variable, count in done.cut.items():
        told = f"texts longer than 200 characters are cut in the XPT file ({count:,})"
        print(f"{variable}: {told}; the other files have them whole.")
    if done.spelled:
        variables = ", ".join(f"{variable} ({count:,})" for variable, count in done.spelled.items())
        print(f"Spelled in ASCII in the XPT files (µ as u); the other files have them whole: {variables}.")


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="The folder that `remit run` wrote.")],
    kinds: Annotated[
        list[str],
        typer.Option("--as", help="In which formats: html,docx,pdf,tables,figures,text,strobe,profiles,narratives."),
    ],
    edition: Annotated[
        str | None,
        typer.Option(
            help="shareable, if none is named: without single patients and small counts; internal: with all.",
            show_default=False,
        ),
    ] = None,
    patient: Annotated[
        list[str] | None,
        typer.Option(help="Of profiles and narratives: only this patient; may be repeated.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="A folder for the files; else DIR itself.", show_default=False)
    ] = None,
    language: Annotated[str, typer.Option(help="Of the text: en or it.")] = "en",
) -> None:
    """Write the report of a finished run as Word file, PDF, tables, figures, or its results as text in Markdown.

    The edition stands in the name of each file and on its first page.
    """
    from remit.publish import publish
    from remit.queries.to_fix import to_fix

    say = _progress()
    say("Writing the report")
    try:
        told: list[str] = []
        written = publish(folder, ",".join(kinds), edition, out, patient or (), language, told.append, to_fix)
    finally:
        say("")
    for line in told:
        print(line)
    for path in written:
        print(path)


@app.command()
def write(
    template: Annotated[
        Path, typer.Argument(metavar="TEMPLATE", readable=False, help="Your text, in Markdown, with {{ results }}.")
    ],
    folder: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="The folder that `remit run` wrote.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the text with its numbers.")],
    language: Annotated[str, typer.Option(help="Of the numbers: en or it.")] = "en",
) -> None:
    """Write your own text with the numbers of a finished run, each called by the name of its result.

    {{ effectiveness.eligible.week12.remission.decided.percent | with_ci }}; `remit results DIR WORDS` finds names. A
    number that was typed by hand is told: which result it equals, or that it equals none.
    """
    from remit.writing import write_text

    for line in write_text(template, folder, out, language).lines():
        print(line)
    print(out)


@app.command()
def results(
    folder: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="The folder that `remit run` wrote.")],
    pattern: Annotated[str, typer.Argument(metavar="WORDS", help="Words, or parts of words, of their names.")] = "",
) -> None:
    """List the results of a finished run by name, each with its value."""
    from remit.writing import results_like

    for line in results_like(folder, pattern):
        print(line)


@app.command()
def explain(
    folder: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="The folder that `remit run` wrote.")],
    result: Annotated[
        str | None, typer.Argument(metavar="[RESULT]", help="The name of a result, as in results.json.")
    ] = None,
    patient: Annotated[
        str | None, typer.Option(help="The values that decided for this patient, down to the cells.")
    ] = None,
    cell: Annotated[
        str | None, typer.Option(help="Which numbers a cell moves, and what they could become: S03.xlsx/visits/F12.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="List all patients, or all numbers.")] = False,
) -> None:
    """Say what stands behind a number: its definition, who was counted, and a patient's values with their cells.

    With --cell the other way round: which numbers a cell of the charts moves.
    """
    if (result is None) == (cell is None):
        raise WrongInput(
            "remit explain", "it explains a result or a cell", "Name a RESULT, or --cell S03.xlsx/visits/F12."
        )
    if cell and patient:
        raise WrongInput("--patient", "a cell is of one patient already", "Leave it out, or name a RESULT.")
    from remit.explain.cell import explain_cell
    from remit.explain.result import explain_result
    from remit.finished import read_finished

    run = read_finished(folder)
    lines = explain_cell(run, cell, every) if cell else explain_result(run, result or "", patient, every)
    for line in lines:
        print(line)


@app.command()
def queries(
    folder: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="The folder that `remit run` wrote.")],
    out: Annotated[
        Path | None,
        typer.Option(help="A folder for the table and a workbook a centre to send back.", show_default=False),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="List all questions.")] = False,
) -> None:
    """List the missing and doubtful cells of the charts, those first that could change most.

    First what could change the primary endpoint of a patient, and with it the conclusion; then other endpoints; then
    other numbers. The first stand as a table in the report, too: remit report DIR --as html --edition internal.
    """
    from remit.finished import read_finished
    from remit.queries.listed import question_lines, questions_of, write_questions

    run = read_finished(folder)
    questions = questions_of(run)
    for line in question_lines(questions, every):
        print(line)
    if out is not None:
        for path in write_questions(run, questions, out):
            print(path)


@app.command()
def describe(study: StudyPath) -> None:
    """Say the study's definitions in English, as a methods section would."""
    from remit.report.methods import methods_text
    from remit.study.build import read_study

    print(methods_text(read_study(study)))


@app.command()
def new(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The study's folder; it is made if need be.")
    ] = Path(),
    title: Annotated[str | None, typer.Option(help="The title of the study.")] = None,
    disease: Annotated[str | None, typer.Option(help="The disease; it decides which pack is offered.")] = None,
    pack: Annotated[str | None, typer.Option(help="The pack with the disease's instruments, or none.")] = None,
    drug: Annotated[str | None, typer.Option(help="The drug, as the charts write it.")] = None,
    weeks: Annotated[str | None, typer.Option(help="The visits in weeks from the first dose: 0,12,24.")] = None,
    instrument: Annotated[list[str] | None, typer.Option(help="An instrument that charts hold item by item.")] = None,
    score: Annotated[list[str] | None, typer.Option(help="An instrument of which charts hold the total.")] = None,
    lab: Annotated[list[str] | None, typer.Option(help="A laboratory test or measure of the pack.")] = None,
    measure: Annotated[list[str] | None, typer.Option(help="Another number: 'weight: kg 20 to 300'.")] = None,
    steroids: Annotated[bool | None, typer.Option(help="Do charts hold courses of corticosteroids?")] = None,
    endpoint: Annotated[
        list[str] | None, typer.Option(help="An endpoint: 'relief: pain <= 3', or the name of a definition in a pack.")
    ] = None,
    centre: Annotated[list[str] | None, typer.Option(help="The name of a centre's workbook.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: what is not told takes its default.")] = False,
) -> None:
    """Draft a study file from a few answers, with comments that say what to change.

    What an option tells is not asked. --instrument, --score, --lab, --measure, --endpoint and --centre may stand more
    than once. A study file that is there is never overwritten.
    """
    from remit.drafting.new import new_study
    from remit.drafting.questions import Told

    if not (yes or _can_ask()):
        remedy = "Add --yes to take the default of what is not told, or run it in a terminal."
        raise WrongInput("remit new", "it asks questions, and nobody can answer here", remedy)
    told = Told(title, disease, pack, drug, weeks, instrument, score, lab, measure, steroids, endpoint, centre)
    done = new_study(folder, told, None if yes else _ask, print)
    where, charts, results = (shlex.quote(str(path)) for path in (folder, folder / "charts", folder / "results"))
    centres = "".join(f" --centre {shlex.quote(centre)}" for centre in done.centres)
    print(f"\nThe study file is {done.path}. Lines marked CHECK are guesses: settle them with the protocol. Then")
    print(f"  remit template {where} --out {charts}{centres}")
    print("      writes the empty workbook of each centre")
    print(f"  remit check {where}")
    print("      says whether the study file is right, and what the charts lack")
    print(f"  remit run {where} --out {results}")
    print("      writes results and report")


def _can_ask() -> bool:
    return sys.stdin.isatty()


def _ask(question: str, default: str) -> str:
    answer: str = typer.prompt(question, default=default)
    return answer


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write it, not on the terminal.")] = None,
    evidence: Annotated[bool, typer.Option("--evidence", help="That of a file of published evidence.")] = False,
) -> None:
    """Print the JSON Schema of the study file, with which editors complete and check it while you type."""
    from remit.output import check_out, whole_folder
    from remit.study.json_schema import evidence_schema_text, schema_text

    text = evidence_schema_text() if evidence else schema_text()
    if out is None:
        print(text, end="")
        return
    if out.is_dir():
        name = "evidence.schema.json" if evidence else "study.schema.json"
        raise WrongInput("--out", f"{out} is a folder", f"Name a file: {out / name}.")
    check_out(out.parent)
    with whole_folder(out.parent) as made:
        (made / out.name).write_text(text, "utf-8")
    print(f"The schema is in {out}. docs/study-file.md says how an editor finds it.")


@app.command()
def template(
    study: StudyPath,
    out: Annotated[Path, typer.Option(help="The folder for the workbooks; it is made if need be.")],
    centre: Annotated[
        list[str] | None, typer.Option(help="A centre that gets a workbook of its own; may be given again.")
    ] = None,
) -> None:
    """Write the empty workbook for a centre to fill in: a sheet a form, with explanations.

    One workbook for each --centre, named after it; without any, one named after the study. A workbook that is there
    already is never overwritten.
    """
    from remit.study.build import read_study
    from remit.workbook.template import write_templates

    for path in write_templates(read_study(study), out, centre or ()):
        print(path)


@app.command()
def simulate(
    study: StudyPath,
    patients: Annotated[str, typer.Option(help="How many patients; with --repeat perhaps several: 40,64,100.")],
    out: Annotated[
        Path | None, typer.Option(help="A new or empty folder; needed without --repeat.", show_default=False)
    ] = None,
    seed: Annotated[str, typer.Option(help="The same seed gives the same patients.")] = "1",
    kind: Annotated[
        str | None,
        typer.Option("--as", help="How charts are written: parquet (if not told) or workbooks.", show_default=False),
    ] = None,
    repeat: Annotated[
        str | None,
        typer.Option(help="Draw so many studies, and say how wide the interval will be.", show_default=False),
    ] = None,
    benchmark: Annotated[
        str | None, typer.Option(help="With --repeat: how often is it excluded? As in 40 %.", show_default=False)
    ] = None,
) -> None:
    """Draw patients who do not exist, as the study file describes them, and write their charts.

    With --repeat nobody's charts are written: many studies are drawn, and what is told is how many patients will be
    eligible, how wide the interval of the primary endpoint will be, and how often it will exclude a benchmark.
    """
    from remit.simulation.asked import number_in, sizes_in

    sizes, first = sizes_in(patients), number_in(seed, "--seed")
    if repeat is not None:
        if kind is not None:
            raise WrongInput("--as", "with --repeat no charts are written", "Leave --as out, or --repeat.")
        _say_operating(study, sizes, number_in(repeat, "--repeat"), first, benchmark, out)
        return
    if len(sizes) > 1 or benchmark is not None:
        raise WrongInput("--patients", "several sizes, and a benchmark, are for --repeat", "Add `--repeat 1000`.")
    if out is None:
        raise WrongInput("--out", "nothing says where the charts shall go", "Add `--out FOLDER`.")
    from remit.simulation.charts import simulate_study

    say = _progress()
    try:
        done = simulate_study(study, sizes[0], first, out, kind or "parquet", say)
    finally:
        say("")
    rows = ", ".join(f"{frame.height:,} {name}" for name, frame in done.records.forms.items())
    print(f"Simulated charts are in {done.charts}: {rows}.")
    for line in done.study.simulation.on_assumptions():
        print(line)
    print(f"Run them: remit run {study} --charts {done.charts} --out RESULTS")


def _say_operating(
    study: Path, sizes: list[int], repeat: int, seed: int, benchmark: str | None, out: Path | None
) -> None:
    from remit.simulation.asked import share_in
    from remit.simulation.operating import operating_characteristics

    say = _progress()
    limit = None if benchmark is None else share_in(benchmark, "--benchmark")
    try:
        found = operating_characteristics(study, sizes, repeat, seed, limit, out, say)
    finally:
        say("")
    for line in found.lines():
        print(line)


@app.command()
def packs(
    pack: Annotated[str | None, typer.Argument(metavar="[PACK]", help="A pack: all its entries.")] = None,
    entry: Annotated[str | None, typer.Argument(metavar="[ENTRY]", help="An entry of the pack, explained.")] = None,
    study: Annotated[
        Path | None, typer.Option(help="A study file or folder: the packs beside it are listed too.", readable=False)
    ] = None,
) -> None:
    """List the packs: `remit packs`; what one holds: `remit packs NAME`; explain an entry: `remit packs NAME ENTRY`."""
    from remit.study.pack_pages import entry_page, pack_page, packs_page

    beside = study.parent if study is not None and study.is_file() else study
    if pack is None:
        print(packs_page(beside))
    else:
        print(pack_page(pack, beside) if entry is None else entry_page(pack, entry, beside))


@app.command()
def evidence(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[STUDY | ID]", help="A study, for its own evidence, too; or one piece, explained."),
    ] = None,
    of: Annotated[str | None, typer.Argument(metavar="[ID]", help="Behind a study: one piece, explained.")] = None,
) -> None:
    """List the published studies that packs hold, and those beside a study; explain one, number by number.

    A study file compares its results with them in `comparisons:`. Files of your own stand in the folder `evidence`
    beside the study file.
    """
    from remit.study.build import read_study
    from remit.study.evidence.pages import evidence_page, is_study, one_page, packs_of_remit

    if name is None or not is_study(name):
        if of is not None:
            raise WrongInput("evidence", f"{name} is no study", "The study comes first: `remit evidence STUDY ID`.")
        shelves, asked = packs_of_remit(), name
    else:
        shelves, asked = [read_study(Path(name)).packs], of
    print(evidence_page(shelves) if asked is None else one_page(asked, shelves))


@app.command()
def pool(
    table: Annotated[
        Path, typer.Argument(metavar="TABLE.csv", readable=False, help="A row a study: study, and what it found.")
    ],
    measure: Annotated[
        str | None, typer.Option(help="What is pooled, such as logit, risk ratio, log rate.", show_default=False)
    ] = None,
    model: Annotated[str, typer.Option(help="random, common, or mixed (of counts).")] = "random",
    heterogeneity: Annotated[
        str | None,
        typer.Option(help="How tau² is estimated: REML, Paule-Mandel, DerSimonian-Laird or ML.", show_default="REML"),
    ] = None,
    interval: Annotated[
        str | None,
        typer.Option(help="Hartung-Knapp, never-narrower or normal; of mixed: t or normal.", show_default=False),
    ] = None,
    subgroup: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Pool each group of this column, too.", show_default=False)
    ] = None,
    moderator: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="Regress effects on this column; may be repeated.", show_default=False),
    ] = None,
    leave_one_out: Annotated[
        bool, typer.Option("--leave-one-out", help="Pool again without each of the studies.")
    ] = False,
    cumulative: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Add one study after the other.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="A folder for results, forest and funnel plot.", show_default=False)
    ] = None,
) -> None:
    """Pool the studies of a table: a meta-analysis with its heterogeneity and prediction interval.

    Columns beside study: n, of | events, person_years | mean, sd, n | estimate, se; of two arms n1, of1, n2, of2 |
    events1, person_years1, events2, person_years2 | mean1, sd1, n1, mean2, sd2, n2.
    """
    from remit.output import check_out
    from remit.pooling.asked import Asked
    from remit.pooling.done import pool_table
    from remit.pooling.lines import lines_of

    if out is not None:
        check_out(out)
    asked = Asked(measure, model, heterogeneity, interval, subgroup, moderator or (), leave_one_out, cumulative)
    done = pool_table(table, asked)
    written: tuple[Path, ...] = ()
    if out is not None:
        from remit.pooling.written import write_pooled

        written = write_pooled(done, out)
    for line in (*lines_of(done), *written):
        print(line)


def _progress() -> Callable[[str], None]:
    """Steps on a terminal's last line, "" to clear it; silence where the output is kept."""
    if not sys.stderr.isatty():
        return lambda _: None
    return lambda step: print(f"\r\033[K{step}{' …' if step else ''}", end="", file=sys.stderr, flush=True)


def _say_intake(intake: Intake) -> None:
    from remit.check import doubt_lines, summary_line

    print(summary_line(intake))
    for line in doubt_lines(intake, MOST_DOUBTS):
        print(line)


def main() -> None:
    """The entry point: a user's mistake is one message and exit code 2."""
    gc.set_threshold(1_000_000)  # what a command makes lives to its end: looking through it often takes a tenth of it
    try:
        app()
    except WrongInput as error:
        print(f"remit: {error}", file=sys.stderr)
        sys.exit(WRONG_INPUT)
