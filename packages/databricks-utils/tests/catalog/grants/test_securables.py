"""Names of objects."""

import pickle

import pytest

from databricks_utils.catalog.grants import InvalidSecurableError, Securable, SecurableKind

pytestmark = pytest.mark.unit


def test_a_name_is_split_at_its_dots_but_not_in_backticks():
    table = Securable.parse("TABLE", "Prod.`odd.schema`.`a``b`")
    assert table.parts == ("prod", "odd.schema", "a`b")
    assert table.sql == "TABLE `prod`.`odd.schema`.`a``b`"
    assert table.name == "prod.`odd.schema`.`a``b`"
    assert Securable.parse("TABLE", table.name) == table


def test_names_are_the_same_in_any_case_and_kinds_are_not():
    assert Securable.parse("TABLE", "C.S.T") == Securable.parse("table", "c.s.t")
    assert len({Securable.parse("TABLE", "C.S.T"), Securable.parse("table", "c.s.t")}) == 1
    assert Securable.parse("VIEW", "c.s.t") != Securable.parse("TABLE", "c.s.t")


def test_what_holds_an_object_is_named_from_the_metastore_down():
    above = Securable.parse("MATERIALIZED VIEW", "c.s.m").above
    assert [str(place) for place in above] == ["metastore", "catalog c", "schema c.s"]
    assert Securable.parse("METASTORE").above == ()
    assert Securable.parse("METASTORE").sql == "METASTORE"


def test_an_object_is_found_again_in_another_process():
    """The hash of a text differs from process to process, so it may not travel along."""
    known = Securable.parse("TABLE", "c.s.t")
    object.__setattr__(known, "_hash", 7)
    assert hash(pickle.loads(pickle.dumps(known))) == hash(Securable.parse("TABLE", "c.s.t"))


def test_a_model_is_a_function_in_sql():
    assert Securable.parse("MODEL", "c.s.m").sql == "FUNCTION `c`.`s`.`m`"


@pytest.mark.parametrize(
    ("kind", "name", "fix"),
    [
        ("TABLE", "s.t", "write it as `catalog.schema.table`"),
        ("SCHEMA", "c.s.t", "write it as `catalog.schema`"),
        ("CATALOG", "", "write it as `catalog`"),
        ("TABLE", "c..t", "write it as `catalog.schema.table`"),
        ("METASTORE", "m", "leave the name out"),
        ("TABEL", "c.s.t", "did you mean `TABLE`?"),
    ],
)
def test_a_name_that_does_not_fit_its_kind_is_refused(kind, name, fix):
    with pytest.raises(InvalidSecurableError, match="grants: ") as refusal:
        Securable.parse(kind, name)
    assert fix in refusal.value.fix


def test_a_dot_inside_of_a_part_does_not_make_another_name_of_it():
    assert Securable(SecurableKind.SCHEMA, ("a.b", "c")) != Securable(SecurableKind.SCHEMA, ("a", "b.c"))
    assert Securable(SecurableKind.SCHEMA, ("a.b", "c")).name == "`a.b`.c"
