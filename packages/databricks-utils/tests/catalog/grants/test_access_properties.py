"""What holds for any state: random grants, owners and groups."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from databricks_utils.catalog.grants import (
    OWNERSHIP,
    AccessState,
    EffectiveRights,
    Grant,
    PrincipalDirectory,
    PrincipalKind,
    Securable,
    SecurableKind,
    compare,
    decide,
    known_privileges,
    named,
)

pytestmark = pytest.mark.unit

USERS = ("u0", "u1", "u2", "u3")
ROBOTS = ("p0", "p1")
GROUPS = ("g0", "g1", "g2", "g3")
EVERYBODY = (*USERS, *ROBOTS, *GROUPS, "account users")
LEAVES = ("TABLE", "VIEW", "VOLUME", "FUNCTION", "MODEL", "MATERIALIZED VIEW")
OBJECTS = (
    Securable(SecurableKind.METASTORE),
    *(Securable.parse("CATALOG", f"c{c}") for c in range(2)),
    *(Securable.parse("SCHEMA", f"c{c}.s{s}") for c in range(2) for s in range(2)),
    *(Securable.parse(kind, f"c{c}.s{s}.{kind[:2]}") for c in range(2) for s in range(2) for kind in LEAVES),
)
HIGH = [each for each in OBJECTS if each.kind in (SecurableKind.CATALOG, SecurableKind.SCHEMA)]
COMMON = (
    "USE CATALOG",
    "USE SCHEMA",
    "SELECT",
    "MANAGE",
    "ALL PRIVILEGES",
    "BROWSE",
    "EXTERNAL USE SCHEMA",
    "APPLY TAG",
)
quick = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def grants(draw, among=OBJECTS):
    """A grant that fits, more often high up and of the privileges with rules of their own."""
    place = draw(st.sampled_from(HIGH) | st.sampled_from(among))
    fitting = sorted(name for name, each in known_privileges().items() if place.kind in each.on)
    common = [name for name in COMMON if place.kind in named(name).on] or fitting
    return Grant(
        draw(st.sampled_from(EVERYBODY)), draw(st.sampled_from(common) | st.sampled_from(fitting)), place
    )


@st.composite
def directories(draw):
    """Groups of people and of groups with a higher number, so that there are no cycles."""
    groups = {}
    for number, group in enumerate(GROUPS):
        groups[group] = draw(st.sets(st.sampled_from((*USERS, *ROBOTS, *GROUPS[number + 1 :])), max_size=4))
    return PrincipalDirectory.of(users=USERS, service_principals=ROBOTS, groups=groups)


@st.composite
def states(draw, directory=None):
    people = draw(directories()) if directory is None else directory
    owners = {each: draw(st.none() | st.sampled_from(EVERYBODY)) for each in OBJECTS}
    return AccessState.of(people, owners=owners, grants=draw(st.lists(grants(), max_size=14)))


def rights(state):
    """Every right of everybody as `decide` has it: (principal, privilege, object)."""
    return {
        (principal, name, each)
        for each in OBJECTS
        for name, privilege in known_privileges().items()
        if privilege.asked_of(each.kind)
        for principal in state.principals.kinds
        if decide(state, principal=principal, privilege=name, securable=each).allowed
    }


def quick_rights(state):
    """The same, as `EffectiveRights` has it."""
    effective = EffectiveRights(state)
    return {
        (principal, name, each)
        for principal in state.principals.kinds
        for each, names in effective.of(principal).items()
        for name in names
    }


@settings(quick, max_examples=25)
@given(states())
def test_one_question_and_all_rights_at_once_agree(state):
    found = quick_rights(state)
    assert found == rights(state)
    effective = EffectiveRights(state)
    for each in OBJECTS:
        by_object = {(who, name) for who, names in effective.on(each).items() for name in names}
        assert by_object == {(who, name) for who, name, place in found if place == each}


@quick
@given(states(), grants())
def test_a_grant_takes_nothing_away_and_its_revoke_brings_the_state_back(state, grant):
    after = state.granted(grant)
    assert quick_rights(state) <= quick_rights(after)
    held = state.granted_on(grant.securable).get(grant.principal, frozenset())
    if named(grant.privilege).name not in {*held, "ALL_PRIVILEGES"}:
        assert after.revoked(grant) == state


@quick
@given(states(), grants())
def test_a_revoke_gives_nothing_and_touches_one_principal_on_one_object(state, grant):
    after = state.revoked(grant)
    assert quick_rights(after) <= quick_rights(state)
    for place in OBJECTS:
        for principal in EVERYBODY:
            before, left = (each.granted_on(place).get(principal, frozenset()) for each in (state, after))
            if (principal, place) != (grant.principal, grant.securable):
                assert left == before
            elif grant.privilege in ("ALL PRIVILEGES", "ALL_PRIVILEGES"):
                assert left == {name for name in before if not named(name).in_all_privileges} - {
                    "ALL_PRIVILEGES"
                }
            else:
                assert left == before - {named(grant.privilege).name}


@quick
@given(states(), grants())
def test_an_inherited_right_is_not_revoked_below(state, grant):
    above = state.granted(grant)
    for each in OBJECTS:
        if grant.securable in each.above and each.kind in named(grant.privilege).on:
            below = Grant(grant.principal, grant.privilege, each)
            reasons = decide(
                above.revoked(below), principal=grant.principal, privilege=grant.privilege, securable=each
            ).reasons
            assert any(reason.securable == grant.securable for reason in reasons)


@quick
@given(directories(), st.lists(grants(), max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_grants_does_not_matter(people, wanted, shuffler):
    start = AccessState.of(people, owners=dict.fromkeys(OBJECTS))
    mixed = list(wanted)
    shuffler.shuffle(mixed)
    one, other = start, start
    for grant, another in zip(wanted, mixed, strict=True):
        one, other = one.granted(grant), other.granted(another)
    assert one == other == AccessState.of(people, owners=dict.fromkeys(OBJECTS), grants=wanted)


@quick
@given(states())
def test_a_group_is_as_good_as_its_grants_and_objects_given_to_each_member(state):
    """Each grant to a group is made to all its members instead: nobody but the groups themselves has anything else."""
    people = state.principals
    single = [
        Grant(member, name, place)
        for place, rows in state.grants.items()
        for grantee, names in rows.items()
        for name in names
        for member in (people.members(grantee) if people.kinds[grantee] is PrincipalKind.GROUP else [grantee])
    ]
    alone = PrincipalDirectory.of(users=USERS, service_principals=ROBOTS)
    for principal in (*USERS, *ROBOTS):
        mine = {
            each: principal if owner is not None and owner in people.paths(principal) else None
            for each, owner in state.owners.items()
        }
        flat = EffectiveRights(AccessState.of(alone, owners=mine, grants=single)).of(principal)
        assert flat == EffectiveRights(state).of(principal)


@quick
@given(states(), st.sampled_from(EVERYBODY), grants())
def test_the_statements_of_a_refusal_allow_what_was_refused(state, principal, asked):
    decision = decide(state, principal=principal, privilege=asked.privilege, securable=asked.securable)
    assert decision.allowed == (decision.fix == "")
    for missing in decision.missing:
        assert missing.privilege != OWNERSHIP
        state = state.granted(Grant(principal, missing.privilege, missing.securable))
    assert decide(state, principal=principal, privilege=asked.privilege, securable=asked.securable).allowed


@quick
@given(states(), grants(), grants(), st.data())
def test_changes_are_the_opposite_of_the_changes_back_and_miss_nothing(state, added, removed, data):
    after = data.draw(
        st.just(state) | st.just(state.granted(added).revoked(removed)) | states() | states(state.principals)
    )
    there, back = compare(state, after), compare(after, state)
    assert compare(state, state) == ()

    def rows(changes, *, turned):
        names = {"gains": "loses", "loses": "gains"} if turned else {"gains": "gains", "loses": "loses"}
        return {
            (each.principal, names[each.effect], each.privilege, each.securable, each.members, each.because)
            for each in changes
        }

    assert rows(there, turned=False) == rows(back, turned=True)
    earlier, later = quick_rights(state), quick_rights(after)
    for effect, found, missing_from, having in (
        ("gains", later - earlier, earlier, after),
        ("loses", earlier - later, later, state),
    ):
        told = [each for each in there if each.effect == effect]
        for each in told:
            right = (each.principal, each.privilege, each.securable)
            assert right in found
            assert right not in missing_from
        for principal, name, place in found:
            assert any(
                each.privilege == name
                and each.principal in having.principals.paths(principal)
                and each.securable in (place, *place.above)
                for each in told
            )


def test_a_long_run_of_statements_agrees_too():
    """The two ways to compute rights are compared along one history of grants, revokes, owners and drops."""
    chance = random.Random(12)
    people = PrincipalDirectory.of(
        users=USERS,
        service_principals=ROBOTS,
        groups={"g0": ["g1", "u0"], "g1": ["g2"], "g2": ["u1", "p0"], "g3": []},
    )
    state = AccessState.of(people, owners=dict.fromkeys(OBJECTS))
    for step in range(300):
        place, who = chance.choice(OBJECTS), chance.choice(EVERYBODY)
        fitting = sorted(name for name, each in known_privileges().items() if place.kind in each.on)
        grant = Grant(who, chance.choice(fitting), place)
        if place not in state.owners:
            state = state.owned_by(place, owner=who)
        elif step % 4 == 0:
            state = state.owned_by(place, owner=chance.choice((None, who)))
        elif step % 23 == 0:
            state = state.dropped(place)
        elif step % 3 == 0:
            state = state.revoked(grant)
        else:
            state = state.granted(grant)
        if step % 15 == 0:
            there = {*state.owners, *state.grants}
            there |= {above for each in there for above in each.above}
            known = {right for right in rights(state) if right[2] in there}
            assert quick_rights(state) == known
