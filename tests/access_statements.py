"""What statements on access ask for and do: SQL beside its effect on the state of `databricks_utils.catalog.grants`.

The small model that walks of random statements compare the engine with. Each function returns a step for one principal; the machine's
user, who owns the lakehouse here, is never refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from databricks_utils.catalog.grants import (
    AccessState,
    Alteration,
    Decision,
    Grant,
    PrincipalDirectory,
    Securable,
    SecurableKind,
    decide,
    known_privileges,
    may_alter,
    may_create,
    may_drop,
    may_grant,
    may_manage,
    may_revoke,
    may_transfer,
)
from databricks_utils.quoting import quote_part
from lakewright.storage.machine_user import machine_user

DONE, DENIED, FAILED = "done", "denied", "failed"
MACHINE = machine_user()
METASTORE = Securable(SecurableKind.METASTORE)
# Tables and views share one set of names.
_RELATIONS = (SecurableKind.TABLE, SecurableKind.VIEW)
DEFINITIONS = {
    SecurableKind.SCHEMA: "",
    SecurableKind.TABLE: "(x INT)",
    SecurableKind.VIEW: "AS SELECT 1 AS x",
    SecurableKind.VOLUME: "",
    SecurableKind.FUNCTION: "(x INT) RETURNS INT RETURN x + 1",
}


@dataclass(frozen=True)
class Step:
    """One statement of one principal.

    Attributes:
        principal: Who runs it.
        sql: Its text.
        answers: What may come of it; two where it is wrong in itself and nobody's right as well.
        after: The state that it leaves if it is done.
    """

    principal: str
    sql: str
    answers: frozenset[str]
    after: AccessState


def step(
    who: str, sql: str, asked: Sequence[Decision], before: AccessState, after: AccessState | None
) -> Step:
    """Return a step: `asked` are the rights that it needs, and without a state after it, it is wrong in itself."""
    answers = set()
    if who != MACHINE and not all(decision.allowed for decision in asked):
        answers.add(DENIED)
    if after is None:
        answers.add(FAILED)
    return Step(who, sql, frozenset(answers or {DONE}), after or before)


def grant(state: AccessState, who: str, *, privileges: Sequence[str], on: Securable, to: str) -> Step:
    """GRANT, of one or several privileges: all of them or none."""
    asked, after = _for_each(state, who, privileges, on)
    known = to.lower() in state.principals.kinds
    for name in privileges if after and known else ():
        after = after.granted(Grant(to, name, on))
    words = ", ".join(name.replace("_", " ") for name in privileges)
    sql = f"GRANT {words} ON {on.sql} TO {quote_part(to)}"
    return step(who, sql, asked, state, after if known else None)


def revoke(state: AccessState, who: str, *, privileges: Sequence[str], on: Securable, to: str) -> Step:
    """REVOKE. Whom nobody knows has nothing, and that is no error: a principal may be gone."""
    asked, after = _for_each(state, who, privileges, on)
    for name in privileges if after and to.lower() in state.principals.kinds else ():
        after = after.revoked(Grant(to, name, on))
    words = ", ".join(name.replace("_", " ") for name in privileges)
    return step(who, f"REVOKE {words} ON {on.sql} FROM {quote_part(to)}", asked, state, after)


def _for_each(
    state: AccessState, who: str, privileges: Sequence[str], on: Securable
) -> tuple[list[Decision], AccessState | None]:
    """Return what granting asks for, and the state where each privilege fits and the object exists."""
    if not all(on.kind in known_privileges()[name].on for name in privileges):
        return [may_manage(state, principal=who, securable=on)], None
    asked = [may_grant(state, principal=who, privilege=name, securable=on) for name in privileges]
    again = [may_revoke(state, principal=who, privilege=name, securable=on) for name in privileges]
    assert asked == again
    return asked, state if exists(state, on) else None


def exists(state: AccessState, place: Securable) -> bool:
    """Return whether there is such an object."""
    return place == METASTORE or place in state.owners


def transfer(state: AccessState, who: str, *, place: Securable, owner: str) -> Step:
    """ALTER … OWNER TO."""
    sql = f"ALTER {place.sql} OWNER TO {quote_part(owner)}"
    if owner.lower() not in state.principals.kinds:
        return step(who, sql, [may_manage(state, principal=who, securable=place)], state, None)
    asked = may_transfer(state, principal=who, securable=place, new_owner=owner)
    after = state.owned_by(place, owner=owner) if exists(state, place) else None
    return step(who, sql, [asked], state, after)


def create_catalog(state: AccessState, who: str, *, place: Securable) -> Step:
    """CREATE CATALOG; a schema `default` comes with it."""
    asked = decide(state, principal=who, privilege="CREATE_CATALOG", securable=METASTORE)
    after = None
    if not exists(state, place):
        schema = Securable(SecurableKind.SCHEMA, (*place.parts, "default"))
        after = state.owned_by(place, owner=who).owned_by(schema, owner=who)
    return step(who, f"CREATE CATALOG {_name(place)}", [asked], state, after)


def create(state: AccessState, who: str, *, place: Securable) -> Step:
    """CREATE of what is in a catalog or a schema."""
    asked = may_create(state, principal=who, securable=place)
    free = exists(state, place.above[-1]) and not _taken(state, place)
    after = state.owned_by(place, owner=who) if free else None
    sql = f"CREATE {place.kind.sql} {_name(place)} {DEFINITIONS[place.kind]}".strip()
    return step(who, sql, [asked], state, after)


def replace_object(state: AccessState, who: str, *, place: Securable) -> Step:
    """CREATE OR REPLACE: what is there keeps its owner and its grants; a table needs MODIFY then, all else its owner."""
    sql = f"CREATE OR REPLACE {place.kind.sql} {_name(place)} {DEFINITIONS[place.kind]}"
    if not exists(state, place):
        return replace(create(state, who, place=place), sql=sql)
    if place.kind is SecurableKind.TABLE:
        asked = decide(state, principal=who, privilege="MODIFY", securable=place)
    else:
        asked = may_alter(state, principal=who, securable=place, alteration=Alteration.DEFINITION)
    return step(who, sql, [asked], state, state)


def drop(state: AccessState, who: str, *, place: Securable, cascade: bool = False) -> Step:
    """DROP; what is dropped leaves no grant behind."""
    asked = may_drop(state, principal=who, securable=place)
    held = [each for each in state.owners if place in each.above and not _is_default(each)]
    is_container = place.kind in (SecurableKind.CATALOG, SecurableKind.SCHEMA)
    fails = not exists(state, place) or (bool(held) and is_container and not cascade)
    sql = f"DROP {place.kind.sql} {_name(place)}{' CASCADE' if cascade and is_container else ''}"
    return step(who, sql, [asked], state, None if fails else state.dropped(place))


def rename(state: AccessState, who: str, *, place: Securable, to: Securable) -> Step:
    """ALTER … RENAME TO of a table or a view: owner and grants move; another schema is asked as for a new object."""
    asked = [may_manage(state, principal=who, securable=place)]
    if place.above[-1] != to.above[-1]:
        asked.append(may_create(state, principal=who, securable=to))
    after = None
    if exists(state, place) and exists(state, to.above[-1]) and (place == to or not _taken(state, to)):
        after = renamed(state, place, to)
    return step(who, f"ALTER {place.sql} RENAME TO {_name(to)}", asked, state, after)


def renamed(state: AccessState, place: Securable, to: Securable) -> AccessState:
    """Return the state in which an object has another name."""
    return replace(
        state,
        owners={(to if each == place else each): owner for each, owner in state.owners.items()},
        grants={(to if each == place else each): rows for each, rows in state.grants.items()},
    )


def comment(state: AccessState, who: str, *, place: Securable) -> Step:
    """COMMENT ON: MODIFY for a table, the owner for a view, MANAGE for all else.

    Source: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-comment
    """
    asked = may_alter(state, principal=who, securable=place, alteration=Alteration.COMMENT)
    after = state if exists(state, place) else None
    return step(who, f"COMMENT ON {place.sql} IS 'rows'", [asked], state, after)


def show_grants(state: AccessState, who: str, *, place: Securable, of: str | None) -> Step:
    """SHOW GRANTS: for who manages the object, or of oneself."""
    asked = [] if of and of.lower() == who.lower() else [may_manage(state, principal=who, securable=place)]
    words = f" {quote_part(of)}" if of else ""
    after = state if exists(state, place) else None
    return step(who, f"SHOW GRANTS{words} ON {place.sql}", asked, state, after)


def shown_grants(state: AccessState, place: Securable) -> set[tuple[str, str, str, str]]:
    """Return the rows of SHOW GRANTS, principals in lower case: the object's own, and inherited ones that fit its kind."""
    own = _rows(state, place, lambda _: True)
    for above in place.above[1:]:
        own |= _rows(state, above, lambda name: _fits(name, place.kind))
    return own


def _fits(name: str, kind: SecurableKind) -> bool:
    privilege = known_privileges()[name]
    return name == "ALL_PRIVILEGES" or (name != "BROWSE" and privilege.asked_of(kind))


def _rows(state, place, test):
    return {
        (principal, known_privileges()[name].sql, place.kind.sql, ".".join(place.parts))
        for principal, names in state.granted_on(place).items()
        for name in names
        if test(name)
    }


def with_members(state: AccessState, people: PrincipalDirectory) -> AccessState:
    """Return the state with other members of its groups."""
    return replace(state, principals=people)


def _taken(state: AccessState, place: Securable) -> bool:
    kinds = _RELATIONS if place.kind in _RELATIONS else (place.kind,)
    return any(Securable(kind, place.parts) in state.owners for kind in kinds)


def _is_default(place: Securable) -> bool:
    return place.kind is SecurableKind.SCHEMA and place.parts[1] == "default"


def _name(place: Securable) -> str:
    return ".".join(map(quote_part, place.parts))
