"""What all tests share: one small Spark session, started by the first test that asks for it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

# The same examples in each run: `HYPOTHESIS_PROFILE=explore` looks for new ones. No machine is too slow.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", UNHURRIED, derandomize=True, database=None)
settings.register_profile("explore", UNHURRIED, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests on Spark go to one worker of xdist (`--dist loadgroup`), so that a run starts one session.

    A test that takes the fixture is seen by itself. One that asks for it later, by
    `request.getfixturevalue("spark")`, carries the mark: `pytest.param("spark", marks=pytest.mark.spark)`.
    """
    for item in items:
        if "spark" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.spark)
        if item.get_closest_marker("spark"):
            item.add_marker(pytest.mark.xdist_group("spark"))


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A local Spark. About 5 s for the session, 2 s more for the first table; then about 0.3 s a query."""
    if shutil.which("java") is None and not os.environ.get("CI"):
        pytest.skip("Spark needs Java 17 or newer")

    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["SPARK_LOCAL_HOSTNAME"] = "localhost"
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "local"),
        "spark.pyspark.python": sys.executable,
        "spark.driver.memory": "1g",
        # Tests run many small queries once: compiling them well costs more than it gains (a quarter of the time). With
        # a young generation that begins small, half of the time of planning goes into collecting garbage.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xms1g -XX:NewSize=600m",
        "spark.sql.adaptive.enabled": "false",  # plans each of the many small steps anew
        # Else each column that is built asks Spark several times where in Python it is built.
        "spark.python.sql.dataFrameDebugging.enabled": "false",
    }
    builder = SparkSession.builder.master("local[2]").appName("remit tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
