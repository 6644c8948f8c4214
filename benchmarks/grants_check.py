"""`lakewright grants check` on 1,000 objects and 200 principals: the checks alone, and the whole command with loading the bundle; no Spark.

The state is that of `access_rules.py`. A bundle declares no tables: for the command its objects are 980 volumes in 20 schemas, with 200
users and service principals in 40 groups in `config/prod.yaml`, and a development target, with which production is compared.
"""

import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from access_rules import GROUPS, REPEATS, SCHEMAS, SERVICE_PRINCIPALS, TABLES, USERS, generated
from measure import median

_TARGETS = """\
bundle: {name: large}
include: [resources/*.yml]
variables: {catalog: {}}
run_as: {service_principal_name: robot0}
targets:
  dev: {mode: development, default: true, variables: {catalog: dev_c}}
  prod: {mode: production, workspace: {root_path: /Workspace/Shared/.bundle/large}, variables: {catalog: prod_c}}
permissions: [{level: CAN_MANAGE, group_name: users}]
"""


def measure() -> dict[str, object]:
    """Measure the checks, and the command on a generated bundle."""
    from databricks_utils.catalog.grants import rights_of, rights_on

    state = generated(TABLES)
    table = next(each for each in state.owners if each.kind == "TABLE")
    with _bundle():
        whole = _median(_command)
        parts = _parts()
    return {
        "objects": TABLES,
        "principals": USERS + SERVICE_PRINCIPALS,
        "groups": GROUPS,
        "checks_cpu_seconds": _median(lambda: _checks(state)),
        "show_a_principal_cpu_seconds": _median(lambda: rights_of(state, principal="user0@example.com")),
        "show_a_table_cpu_seconds": _median(lambda: rights_on(state, securable=table)),
        "command_cpu_seconds": whole,
        "of_it_loading_the_two_targets": parts["load"],
        "of_it_findings": parts["findings"],
        "repeats": REPEATS,
        "aim": "grants check over 1,000 tables and 200 principals in < 2 s",
    }


def _checks(state) -> list[object]:  # noqa: ANN001 - the classes are imported when they are measured
    from databricks_utils.catalog.grants import (
        all_privileges_granted,
        bi_writes,
        grants_without_use,
        owned_by_people,
        reads_of_production,
        unknown_principals,
    )

    names = {f"robot{number}": "it runs" for number in range(SERVICE_PRINCIPALS)}
    found: list[object] = [*unknown_principals(state), *bi_writes(state, principals=["group3"])]
    found += [*grants_without_use(state), *owned_by_people(state), *all_privileges_granted(state)]
    return [*found, *reads_of_production(state, principals=names, objects=set(state.owners))]


@contextmanager
def _bundle() -> Iterator[None]:
    """Write a bundle into a temporary folder and make it the current one."""
    chance = random.Random(TABLES)
    users = [f"user{number}@example.com" for number in range(USERS)]
    names = [*users, *(f"robot{number}" for number in range(SERVICE_PRINCIPALS))]
    groups = [f"group{number}" for number in range(GROUPS)]
    members = {name: chance.sample(groups, 3) for name in names}
    resources = {
        "schemas": {
            f"s{number}": {
                "catalog_name": "${var.catalog}",
                "name": f"s{number}",
                "grants": _grants(chance, groups, ["USE_SCHEMA", "SELECT", "MODIFY", "READ_VOLUME"]),
            }
            for number in range(SCHEMAS)
        },
        "volumes": {
            f"v{number}": {
                "catalog_name": "${var.catalog}",
                "schema_name": f"s{number % SCHEMAS}",
                "name": f"v{number}",
                "grants": _grants(chance, groups, ["READ_VOLUME", "WRITE_VOLUME"])[: number % 10 == 0],
            }
            for number in range(TABLES - SCHEMAS)
        },
    }
    here, user = Path.cwd(), os.environ.get("DATABRICKS_CURRENT_USER")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("resources", "config"):
            (root / name).mkdir()
        (root / "databricks.yml").write_text(_TARGETS, encoding="utf-8")
        text = json.dumps({"resources": resources}, indent=1)
        (root / "resources" / "all.yml").write_text(text, encoding="utf-8")
        for target in ("dev", "prod"):
            content = {"principals": {"bi": "group3", "readers": "group0", "users": members}}
            (root / "config" / f"{target}.yaml").write_text(json.dumps(content), encoding="utf-8")
        os.chdir(root)
        os.environ["DATABRICKS_CURRENT_USER"] = "robot1"
        try:
            yield
        finally:
            os.chdir(here)
            os.environ.pop("DATABRICKS_CURRENT_USER")
            if user is not None:
                os.environ["DATABRICKS_CURRENT_USER"] = user


def _grants(chance: random.Random, groups: list[str], privileges: list[str]) -> list[dict[str, object]]:
    return [{"principal": group, "privileges": privileges} for group in chance.sample(groups, 3)]


def _command() -> None:
    from click.testing import CliRunner

    from lakewright.commands.grants import command

    done = CliRunner().invoke(command, ["check", "-t", "prod", "-o", "json"])
    assert done.exit_code in (0, 2), done.output
    json.loads(done.stdout)


def _parts() -> dict[str, float]:
    from lakewright.bundle import load_bundle
    from lakewright.grants.checking.findings import findings_of
    from lakewright.grants.declared import declared_by

    bundles = [load_bundle(Path(), target=name) for name in ("prod", "dev")]
    production, development = map(declared_by, bundles)
    return {
        "load": _median(lambda: [load_bundle(Path(), target=name) for name in ("prod", "dev")]),
        "findings": _median(lambda: findings_of(production, developments=lambda: [development])),
    }


def _median(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(REPEATS):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return round(median(seconds), 3)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
