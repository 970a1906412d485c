"""The Crohn example, run once."""

from __future__ import annotations

import pytest

from remit.finished import Finished, read_finished
from remit.run import run_study
from tests.acceptance.trace.examples import EXAMPLES


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("run")
    run_study(EXAMPLES / "upadacitinib-crohn", folder)
    return read_finished(folder)
