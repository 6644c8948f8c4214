"""Walks of random statements on access: who there is, what there may be, and the next step from a state."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from access_statements import (
    MACHINE,
    METASTORE,
    Step,
    comment,
    create,
    create_catalog,
    drop,
    exists,
    grant,
    rename,
    replace_object,
    revoke,
    show_grants,
    transfer,
)

from databricks_utils.catalog.grants import (
    ACCOUNT_USERS,
    AccessState,
    PrincipalDirectory,
    Securable,
    SecurableKind,
    known_privileges,
)

USERS = ["ana@example.com", "Bo.O'Neil@example.com", "loner@example.com"]
SERVICE_PRINCIPALS = ["1b4e28ba-2fa1-11d2-883f-0016d3cca427"]
# A group is a member of those that come after it only, so there is no cycle; the fourth may hold the first through two others.
GROUPS = ["readers", "Da`ta Team", "all of us", "öps"]
ACTORS = [*USERS, *SERVICE_PRINCIPALS, MACHINE]
GRANTEES = [*USERS, *SERVICE_PRINCIPALS, *GROUPS, ACCOUNT_USERS]
NOBODY = "who left@example.com"
_LONER = USERS[2]

_K = SecurableKind
CATALOGS = [Securable(_K.CATALOG, (name,)) for name in ("walk_one", "wälk-`two")]
THIRD = Securable(_K.CATALOG, ("walk_three",))
_SCHEMAS = ["s", "se'lect$"]
_NAMES = {
    _K.TABLE: ["orders", "Or'ders`$"],
    _K.VIEW: ["seen", "orders"],
    _K.VOLUME: ["orders"],
    _K.FUNCTION: ["orders", "from"],
}
_OBJECT_KINDS = [*_NAMES]
_RENAMED = [_K.TABLE, _K.VIEW]
_REPLACED = [_K.TABLE, _K.VIEW, _K.VIEW, _K.FUNCTION, _K.FUNCTION]
_MISSING = [
    Securable(_K.CATALOG, ("walk_nowhere",)),
    Securable(_K.SCHEMA, ("walk_one", "nowhere")),
    Securable(_K.TABLE, ("walk_one", "s", "nothing")),
    Securable(_K.VOLUME, ("walk_one", "s", "nothing")),
    Securable(_K.FUNCTION, ("walk_one", "s", "nothing")),
]
_FITTING = {
    kind: sorted(name for name, one in known_privileges().items() if kind in one.on) for kind in SecurableKind
}
# What decides about statements is granted more often than the rest.
_TELLING = {
    _K.METASTORE: ["CREATE_CATALOG"],
    _K.CATALOG: [
        "USE_CATALOG",
        "USE_SCHEMA",
        "MANAGE",
        "CREATE_SCHEMA",
        "CREATE_TABLE",
        "ALL_PRIVILEGES",
        "MODIFY",
    ],
    _K.SCHEMA: [
        "USE_SCHEMA",
        "MANAGE",
        "CREATE_TABLE",
        "CREATE_FUNCTION",
        "CREATE_VOLUME",
        "ALL_PRIVILEGES",
        "MODIFY",
    ],
}


def people(groups: Mapping[str, Sequence[str]]) -> PrincipalDirectory:
    """Return the directory of a walk; the machine's user is a principal like others to those who grant."""
    return PrincipalDirectory.of(
        users=[*USERS, MACHINE], service_principals=SERVICE_PRINCIPALS, groups=groups
    )


def write_people(lakehouse: Path, groups: Mapping[str, Sequence[str]]) -> None:
    """Write who there is beside the catalog's files, as a command of ours does: by a rename."""
    content = {"version": 1, "users": USERS, "service_principals": SERVICE_PRINCIPALS, "groups": groups}
    new = lakehouse / ".principals.new"
    new.write_text(json.dumps(content), encoding="utf-8")
    new.replace(lakehouse / "principals.json")


def memberships(drawn: Random) -> dict[str, list[str]]:
    """Draw the members of each group; one principal is in none."""
    people = [USERS[0], USERS[1], *SERVICE_PRINCIPALS]
    return {
        group: sorted({drawn.choice([*people, *GROUPS[:at]]) for _ in range(drawn.randint(0, 3))})
        for at, group in enumerate(GROUPS)
    }


def schemas() -> list[Securable]:
    """Return the schemas that there may be."""
    return [Securable(_K.SCHEMA, (*catalog.parts, name)) for catalog in CATALOGS for name in _SCHEMAS]


def next_step(drawn: Random, state: AccessState) -> Step:
    """Draw a statement and who runs it. Most are about what is there, by somebody who has something."""
    who = drawn.choice([*ACTORS, MACHINE])
    verb = drawn.choice([*_VERBS])
    return _VERBS[verb](drawn, state, who)


def _grant(drawn, state, who):
    place, privileges = _privileges(drawn, state)
    to = drawn.choice([*GRANTEES, *GRANTEES, NOBODY])
    return grant(state, who, privileges=privileges, on=place, to=_spelled(drawn, to))


def _revoke(drawn, state, who):
    granted = [
        (place, to, name)
        for place, rows in state.grants.items()
        for to, names in rows.items()
        for name in names
    ]
    if granted and drawn.randint(0, 3):
        place, to, name = drawn.choice(granted)
        name = drawn.choice([name, name, "ALL_PRIVILEGES"])
        return revoke(state, who, privileges=[name], on=place, to=to)
    place, privileges = _privileges(drawn, state)
    return revoke(state, who, privileges=privileges, on=place, to=drawn.choice([*GRANTEES, NOBODY]))


def _privileges(drawn, state):
    place = drawn.choice([METASTORE, *_places(state), *_places(state), *_MISSING])
    names = [*_TELLING.get(place.kind, []), *_TELLING.get(place.kind, []), *_FITTING[place.kind]]
    if not drawn.randint(0, 9):
        names = ["MODIFY", "USE_CATALOG", "READ_FILES"]  # may not fit
    return place, sorted({drawn.choice(names) for _ in range(drawn.randint(1, 2))})


def _transfer(drawn, state, who):
    place = drawn.choice([*_places(state), *_places(state), *_MISSING])
    owner = drawn.choice([who, *ACTORS, *GROUPS, *GROUPS, NOBODY])
    return transfer(state, who, place=place, owner=_spelled(drawn, owner))


def _create(drawn, state, who):
    if not drawn.randint(0, 5):
        return create(state, who, place=drawn.choice(schemas()))
    kind = drawn.choice([*_OBJECT_KINDS, _K.VIEW, _K.FUNCTION, _K.VOLUME])
    return create(state, who, place=_named(drawn, state, kind))


def _create_catalog(drawn, state, who):
    return create_catalog(state, who, place=drawn.choice([THIRD, THIRD, *CATALOGS]))


def _replace(drawn, state, who):
    kind = drawn.choice(_REPLACED)
    there = [place for place in _places(state) if place.kind is kind]
    if there and drawn.random() < 0.5:
        return replace_object(state, who, place=drawn.choice(there))
    return replace_object(state, who, place=_named(drawn, state, kind))


def _drop(drawn, state, who):
    places = [place for place in _places(state) if place.kind is not _K.CATALOG]
    place = drawn.choice([*places, *places, *_MISSING])
    return drop(state, who, place=place, cascade=drawn.random() < 0.5)


def _drop_catalog(drawn, state, who):
    place = drawn.choice([THIRD, *CATALOGS[1:]])
    return drop(state, who, place=place, cascade=drawn.random() < 0.5)


def _rename(drawn, state, who):
    there = [place for place in _places(state) if place.kind in _RENAMED]
    if not there:
        return _create(drawn, state, who)
    place = drawn.choice(there)
    schema = place.above[-1]
    if not drawn.randint(0, 2):
        schema = Securable(_K.SCHEMA, (place.parts[0], drawn.choice(_SCHEMAS)))
    return rename(
        state, who, place=place, to=Securable(place.kind, (*schema.parts, drawn.choice(_NAMES[place.kind])))
    )


def _comment(drawn, state, who):
    places = [place for place in (*_places(state), *_MISSING) if place.kind is not _K.FUNCTION]
    return comment(state, who, place=drawn.choice(places))


def _show(drawn, state, who):
    place = drawn.choice([METASTORE, *_places(state), *_MISSING])
    return show_grants(state, who, place=place, of=drawn.choice([None, who, *GRANTEES]))


_VERBS = {
    "grant": _grant,
    "grant again": _grant,
    "grant more": _grant,
    "revoke": _revoke,
    "revoke again": _revoke,
    "transfer": _transfer,
    "transfer again": _transfer,
    "create": _create,
    "create again": _create,
    "create catalog": _create_catalog,
    "replace": _replace,
    "drop": _drop,
    "drop catalog": _drop_catalog,
    "rename": _rename,
    "comment": _comment,
    "show": _show,
}


def _places(state: AccessState) -> list[Securable]:
    return (
        sorted(state.owners.keys() - {METASTORE}, key=lambda place: (place.kind.value, place.parts))
        or CATALOGS
    )


def _named(drawn, state, kind):
    there = [schema for schema in schemas() if exists(state, schema)] or schemas()
    schema = drawn.choice([*there, *there, *schemas()])
    return Securable(kind, (*schema.parts, drawn.choice(_NAMES[kind])))


def _spelled(drawn, name):
    """Draw another case: names of principals are compared in lower case."""
    return name if drawn.randint(0, 4) or name == MACHINE else name.upper()
