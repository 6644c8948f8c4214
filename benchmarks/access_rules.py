"""Rights of 200 principals on 1,000 tables: all of them, their change by one grant, and single questions; no Spark.

One catalog, 20 schemas of 50 tables; 180 users and 20 service principals in 40 groups, of which ten are members of others; a grant for each
group on some schemas, and on one table in ten a grant and an owner of its own.
"""

import json
import random
import time
from collections.abc import Callable

from measure import median

TABLES = 1_000
SCHEMAS = 20
USERS = 180
SERVICE_PRINCIPALS = 20
GROUPS = 40
QUESTIONS = 2_000
REPEATS = 7
NAMES = ("SELECT", "MODIFY", "USE SCHEMA", "CREATE TABLE", "ALL PRIVILEGES", "MANAGE")


def measure() -> dict[str, object]:
    """Measure each, and all rights of twice and four times as many tables."""
    from databricks_utils.catalog.grants import EffectiveRights, compare, decide

    state = generated(TABLES)
    after = _one_grant_more(state)
    tables = [each for each in state.owners if each.kind == "TABLE"]
    asked = random.Random(1).choices(
        [(who, table) for who in state.principals.kinds for table in tables], k=QUESTIONS
    )
    single = _median(
        lambda: [decide(state, principal=who, privilege="SELECT", securable=table) for who, table in asked]
    )
    return {
        "tables": TABLES,
        "principals": USERS + SERVICE_PRINCIPALS,
        "groups": GROUPS,
        "grants": sum(len(names) for rows in state.grants.values() for names in rows.values()),
        "rights": sum(
            len(names) for who in state.principals.kinds for names in EffectiveRights(state).of(who).values()
        ),
        "all_rights_cpu_seconds": {
            str(count): _median(_everything(generated(count))) for count in (TABLES, 2 * TABLES, 4 * TABLES)
        },
        "changes_cpu_seconds": _median(lambda: compare(state, after)),
        "one_question_cpu_microseconds": round(single / QUESTIONS * 1_000_000),
        "on_one_table_cpu_seconds": _median(lambda: EffectiveRights(state).on(tables[0])),
        "repeats": REPEATS,
        "aim": "all rights of 200 principals on 1,000 tables in < 2 s",
    }


def generated(tables: int):  # noqa: ANN201 - the classes are imported when they are measured
    """Return a state with so many tables; the same for the same number.

    Args:
        tables: Number of tables.
    """
    from databricks_utils.catalog.grants import AccessState, Grant, PrincipalDirectory, Securable

    chance = random.Random(tables)
    users = [f"user{number}@example.com" for number in range(USERS)]
    robots = [f"robot{number}" for number in range(SERVICE_PRINCIPALS)]
    groups = {f"group{number}": chance.sample([*users, *robots], 12) for number in range(GROUPS)}
    for number in range(10):
        groups[f"group{number}"].append(f"group{number + 10}")
    people = PrincipalDirectory.of(users=users, service_principals=robots, groups=groups)
    catalog = Securable.parse("CATALOG", "c")
    schemas = [Securable.parse("SCHEMA", f"c.s{number}") for number in range(SCHEMAS)]
    objects = [Securable.parse("TABLE", f"c.s{number % SCHEMAS}.t{number}") for number in range(tables)]
    grants = [Grant("account users", "USE CATALOG", catalog)]
    grants += [
        Grant(group, name, schema)
        for group in groups
        for schema in chance.sample(schemas, 3)
        for name in chance.sample(NAMES, 2)
    ]
    grants += [Grant(chance.choice(users), "SELECT", table) for table in objects[::10]]
    owners = {place: chance.choice(list(groups)) for place in (catalog, *schemas)}
    owners |= {table: chance.choice(users) if at % 10 == 0 else None for at, table in enumerate(objects)}
    return AccessState.of(people, owners=owners, grants=grants)


def _one_grant_more(state):  # noqa: ANN001, ANN202 - as above
    from databricks_utils.catalog.grants import Grant, Securable

    return state.granted(Grant("account users", "BROWSE", Securable.parse("CATALOG", "c")))


def _everything(state) -> Callable[[], object]:  # noqa: ANN001 - as above
    from databricks_utils.catalog.grants import EffectiveRights

    def work() -> object:
        effective = EffectiveRights(state)
        return [effective.of(principal) for principal in state.principals.kinds]

    return work


def _median(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(REPEATS):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return round(median(seconds), 4)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
