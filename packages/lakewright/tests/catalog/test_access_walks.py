"""Walks of random statements by random principals: after each one the engine and the rules of `databricks_utils` agree.

Whether the statement was allowed, what is stored then, what is shown, and the answers to random questions. `LAKEWRIGHT_WALKS=1000`
makes more walks; `make soak PART=walks` does.
"""

import os
import random

import pytest
from access_statements import (
    DENIED,
    DONE,
    FAILED,
    MACHINE,
    METASTORE,
    create,
    create_catalog,
    grant,
    shown_grants,
    with_members,
)
from access_walks import (
    ACTORS,
    CATALOGS,
    GRANTEES,
    THIRD,
    memberships,
    next_step,
    people,
    schemas,
    write_people,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

from databricks_utils.catalog.grants import OWNERSHIP, AccessState, decide, known_privileges
from databricks_utils.catalog.grants.rules import decide_owner
from lakewright.grants.stored import stored_in

pytestmark = [pytest.mark.integration]

WALKS = int(os.environ.get("LAKEWRIGHT_WALKS", "3"))
STEPS = int(os.environ.get("LAKEWRIGHT_WALK_STEPS", "30"))
_QUESTIONS = 20
_ALL = [CATALOGS[0], CATALOGS[1], THIRD]


@pytest.fixture
def sessions(spark):
    """One session for each principal, and that of the machine's user."""
    found = {}
    for who in ACTORS:
        found[who] = spark if who == MACHINE else spark.newSession()
        if who != MACHINE:
            found[who].conf.set("spark.lakewright.principal", who)
    yield found
    of_java = spark._get_j_spark_session_class(spark._jvm)
    of_java.setActiveSession(spark._jsparkSession)


@pytest.fixture
def walk(spark, sessions, lakehouse):
    yield Walk(spark, sessions, lakehouse)
    (lakehouse / "principals.json").unlink(missing_ok=True)


class Walk:
    """An engine beside the state that the model says it is in."""

    def __init__(self, spark, sessions, lakehouse):
        self.spark, self.sessions, self.lakehouse = spark, sessions, lakehouse

    def begin(self, groups):
        self.clean()
        write_people(self.lakehouse, groups)
        self.state = AccessState.of(people(groups), owners={METASTORE: MACHINE})
        self.counts, self.trail = {}, [f"groups: {groups}"]

    def clean(self):
        for catalog in _ALL:
            self.spark.sql(f"DROP CATALOG IF EXISTS {catalog.sql.removeprefix('CATALOG ')} CASCADE")
        (self.lakehouse / "_catalog" / "_metastore.json").unlink(missing_ok=True)

    def regroup(self, groups):
        self.trail.append(f"groups: {groups}")
        write_people(self.lakehouse, groups)
        self.state = with_members(self.state, people(groups))

    def take(self, step):
        answer, message = self.run(step)
        self.trail.append(f"{answer:7}{step.principal}: {step.sql}")
        assert answer in step.answers, "\n".join([*self.trail, f"expected {set(step.answers)}", message])
        self.counts[answer] = self.counts.get(answer, 0) + 1
        if answer == DONE:
            self.state = step.after
        self.compare()

    def run(self, step):
        try:
            self.sessions[step.principal].sql(step.sql).collect()
        except (PySparkException, Py4JJavaError) as error:
            message = str(error)
            assert "INTERNAL_ERROR" not in message, f"{step.principal}: {step.sql}\n{message}"
            return DENIED if "PERMISSION_DENIED" in message else FAILED, message
        return DONE, "it was allowed"

    def compare(self):
        stored = stored_in(self.lakehouse).state if (self.lakehouse / "_catalog").is_dir() else self.state
        ours = {place[0] for place in (catalog.parts for catalog in _ALL)}
        trail = "\n".join(self.trail)
        owners = {place: owner for place, owner in stored.owners.items() if place.parts[0] in ours}
        grants = {
            place: rows for place, rows in stored.grants.items() if place.parts and place.parts[0] in ours
        }
        assert owners == {place: owner for place, owner in self.state.owners.items() if place != METASTORE}, (
            trail
        )
        assert grants == {place: rows for place, rows in self.state.grants.items() if place != METASTORE}, (
            trail
        )

    def ask(self, questions):
        lines = ["\t".join((who, name, each.kind.value, *each.parts)) for who, name, each in questions]
        answers = self.spark._jvm.lakewright.AskedGrants.missing(str(self.lakehouse), lines)
        for (who, name, each), answer in zip(questions, answers, strict=True):
            decision = (
                decide_owner(self.state, principal=who, securable=each)
                if name == OWNERSHIP
                else decide(self.state, principal=who, privilege=name, securable=each)
            )
            expected = "; ".join(
                f"{one.privilege} {'.'.join(one.securable.parts)}" for one in decision.missing
            )
            assert answer == expected, "\n".join([*self.trail, f"{who}: {name} on {each}?"])

    def show(self, place):
        rows = self.spark.sql(f"SHOW GRANTS ON {place.sql}").collect()
        assert {(row[0].lower(), *row[1:]) for row in rows} == shown_grants(self.state, place), "\n".join(
            self.trail
        )


def _questions(state, drawn):
    asked = [
        (name, place)
        for place in sorted(state.owners, key=str)
        for name in (*known_privileges(), OWNERSHIP)
        if name == OWNERSHIP or (name != "ALL_PRIVILEGES" and known_privileges()[name].asked_of(place.kind))
    ]
    return [(drawn.choice([*ACTORS[:-1], *GRANTEES]), *drawn.choice(asked)) for _ in range(_QUESTIONS)]


# A walk is not shrunk: that takes minutes, and the statements so far are in the message.
@settings(
    max_examples=WALKS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(seed=st.integers(0, 10**9))
def test_the_engine_and_the_rules_agree_after_each_statement(walk, seed):
    drawn = random.Random(seed)
    walk.begin(memberships(drawn))
    for first in _first_steps(walk, drawn):
        walk.take(first)
    for _ in range(STEPS):
        if not drawn.randint(0, 9):
            walk.regroup(memberships(drawn))
        walk.take(next_step(drawn, walk.state))
        walk.ask(_questions(walk.state, drawn))
        if not drawn.randint(0, 3):
            walk.show(drawn.choice(sorted(walk.state.owners, key=str)))
    walk.clean()


def _first_steps(walk, drawn):
    """Make catalogs and schemas. Without USE on them nearly every answer would be a refusal."""
    for catalog in CATALOGS:
        yield create_catalog(walk.state, MACHINE, place=catalog)
    for schema in schemas():
        if drawn.randint(0, 4):
            yield create(walk.state, MACHINE, place=schema)
    for place in [*CATALOGS, *schemas()]:
        if place in walk.state.owners and drawn.randint(0, 2):
            use, to = f"USE_{place.kind.value}", drawn.choice(GRANTEES)
            yield grant(walk.state, MACHINE, privileges=[use], on=place, to=to)
