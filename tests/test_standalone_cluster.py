"""The flights project on a cluster of two workers, each a JVM of its own: nothing in its code needs the driver's process.

`make cluster-test` runs it, and `make soak`; it has three more JVMs than any other test, so no change of the code waits for it.
"""

import killing
import pytest
import small_flights
import yaml
from standalone_cluster import WORKERS, standalone_cluster
from table_contents import differences, project_contents

from lakewright.engine import ensure_engine, stop_engine
from lakewright.project_session import engine_settings

pytestmark = [pytest.mark.integration, pytest.mark.slow]


def connect(project):
    """Open a session on the project's engine."""
    return ensure_engine(project, settings=engine_settings(project)).connect()


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """What the tables hold after a run in one process."""
    project = small_flights.make_small_flights(tmp_path_factory.mktemp("alone") / "flights")
    try:
        killing.finish(project)
        return project_contents(project)
    finally:
        stop_engine(project)


@pytest.fixture(scope="module")
def on_a_cluster(tmp_path_factory):
    """A project whose engine computes on a cluster, and the cluster."""
    folder = tmp_path_factory.mktemp("cluster")
    project = small_flights.make_small_flights(folder / "flights")
    with standalone_cluster(folder, project) as cluster:
        local = project / "config" / "local.yaml"
        settings = yaml.safe_load(local.read_text(encoding="utf-8"))
        settings.setdefault("spark", {}).setdefault("config", {}).update(cluster.settings())
        local.write_text(yaml.safe_dump(settings), encoding="utf-8")
        yield project, cluster
        stop_engine(project)


@pytest.mark.timeout(1800)
def test_the_pipeline_leaves_what_it_leaves_in_one_process(on_a_cluster, expected):
    project, cluster = on_a_cluster
    killing.finish(project)
    tasks = cluster.tasks_by_executor()
    assert len(tasks) == WORKERS
    assert "driver" not in tasks
    assert min(tasks.values()) > 50
    assert differences(project_contents(project), expected) == {}


@pytest.mark.timeout(600)
def test_python_functions_on_the_workers_see_volumes_and_the_projects_sources(on_a_cluster):
    project, _ = on_a_cluster
    spark = connect(project)
    landing = "/Volumes/local_analytics/flights_landing/files"

    def look(batches):
        import os
        from pathlib import Path

        import flights

        for batch in batches:
            folders = sorted(folder.name for folder in Path(landing).iterdir())
            batch["found"] = f"{os.getppid()} {folders} {flights.__name__}"
            yield batch

    rows = spark.range(0, 8, 1, 8).mapInPandas(look, "id long, found string").collect()
    found = {row.found.split(" ", 1)[1] for row in rows}
    assert found == {"['airlines', 'airports', 'flights', 'planes', 'weather'] flights"}
    assert len({row.found.split(" ", 1)[0] for row in rows}) == WORKERS
