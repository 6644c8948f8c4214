"""Rights on registered models: each call of the registry with each right held, and with each other one."""

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.unit,
    pytest.mark.filterwarnings("ignore:.*type hint:UserWarning"),
    pytest.mark.filterwarnings("ignore:.*input example:UserWarning"),
]

_NEW = itertools.count(1)
EXECUTE, VERSION, TAG, MANAGE = "EXECUTE", "CREATE MODEL VERSION", "APPLY TAG", "MANAGE"
CREATE = "CREATE MODEL"


class Registry:
    """A registry over a lakehouse whose grants are written by hand."""

    def __init__(self, state: Path, patch: pytest.MonkeyPatch) -> None:
        self.state, self.patch = state, patch
        self.schema = state / "lakehouse/_catalog/c/s"
        self.schema.mkdir(parents=True)
        self.model_folder = state / "model"
        self.owner: Any = self.store()
        self.grant()

    def write(self, file: Path, grants: list[tuple[str, str]], owner: str = "ann") -> None:
        record = {"format": 1, "kind": "model", "owner": owner, "grants": []}
        record |= {"grants": [{"principal": who, "privilege": what} for who, what in grants]}
        file.write_text(json.dumps(record))

    def grant(self, *on_schema: str) -> None:
        """Let bob use the schema, and hold further rights on it."""
        self.write(self.schema.parent / "_catalog.json", [("bob", "USE CATALOG")])
        self.write(self.schema / "_schema.json", [("bob", right) for right in ("USE SCHEMA", *on_schema)])

    def hold(self, name: str, *rights: str, owner: str = "ann") -> None:
        """Let bob hold exactly these rights on a model."""
        file = self.schema / f"{name.rpartition('.')[2]}.model.json"
        self.write(file, [("bob", right) for right in rights], owner)

    def record(self, name: str) -> Any:
        return json.loads((self.schema / f"{name.rpartition('.')[2]}.model.json").read_text())

    def store(self, principal: str | None = None) -> Any:
        """The registry as a process of a principal opens it; of whose machine it is without one."""
        from lakewright.mlflow_stores.unity_registry import UnityModelStore

        self.patch.delenv("LAKEWRIGHT_PRINCIPAL", raising=False)
        self.patch.delenv("LAKEWRIGHT_PROJECT", raising=False)
        if principal:
            self.patch.setenv("LAKEWRIGHT_PRINCIPAL", principal)
        return UnityModelStore(f"lakewright-unity:///{self.state / 'mlflow.db'}")

    def model(self) -> str:
        """A new model with a version, an alias and tags."""
        from mlflow.entities.model_registry import ModelVersionTag, RegisteredModelTag

        name, store = f"c.s.m{next(_NEW)}", self.owner
        store.create_registered_model(name, [RegisteredModelTag("k", "v")])
        version(store, name, self)
        store.set_registered_model_alias(name, "champion", 1)
        store.set_model_version_tag(name, 1, ModelVersionTag("k", "v"))
        return name


def version(store: Any, name: str, registry: Registry) -> Any:
    folder = str(registry.model_folder)
    return store.create_model_version(name, folder, local_model_path=folder)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lakewright.mlflow_stores.unity_registry._get_active_spark_session", lambda: None)
        found = Registry(tmp_path_factory.mktemp("project") / ".lakewright", patch)
        import numpy
        from mlflow import pyfunc
        from mlflow.models import infer_signature

        class Doubled(pyfunc.PythonModel):
            def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]  # as MLflow declares it
                return 2 * model_input

        values = numpy.array([1.0])
        pyfunc.save_model(
            str(found.model_folder),
            python_model=Doubled(),
            signature=infer_signature(values, values),
            pip_requirements=[],
        )
        yield found


def _tag(kind: str) -> Any:
    from mlflow.entities import model_registry

    return getattr(model_registry, kind)("k", "w")


Call = Callable[[Any, str, Registry], Any]
# What each call needs; the owner of the model may do all of them, but for what the schema is asked for.
CALLS: dict[str, tuple[set[str], Call]] = {
    "create": ({CREATE}, lambda s, m, r: s.create_registered_model(f"c.s.new{next(_NEW)}")),
    "add a version": ({VERSION}, version),
    "get": ({EXECUTE}, lambda s, m, r: s.get_registered_model(m)),
    "get a version": ({EXECUTE}, lambda s, m, r: s.get_model_version(m, 1)),
    "get by alias": ({EXECUTE}, lambda s, m, r: s.get_model_version_by_alias(m, "champion")),
    "find its files": ({EXECUTE}, lambda s, m, r: s.get_model_version_download_uri(m, 1)),
    "list versions": ({EXECUTE}, lambda s, m, r: s.search_model_versions(f"name = '{m}'")),
    "tag": ({TAG}, lambda s, m, r: s.set_registered_model_tag(m, _tag("RegisteredModelTag"))),
    "remove a tag": ({TAG}, lambda s, m, r: s.delete_registered_model_tag(m, "k")),
    "tag a version": ({TAG}, lambda s, m, r: s.set_model_version_tag(m, 1, _tag("ModelVersionTag"))),
    "remove a version's tag": ({TAG}, lambda s, m, r: s.delete_model_version_tag(m, 1, "k")),
    "set an alias": ({MANAGE}, lambda s, m, r: s.set_registered_model_alias(m, "challenger", 1)),
    "remove an alias": ({MANAGE}, lambda s, m, r: s.delete_registered_model_alias(m, "champion")),
    "describe": ({MANAGE}, lambda s, m, r: s.update_registered_model(m, "words")),
    "describe a version": ({MANAGE}, lambda s, m, r: s.update_model_version(m, 1, "words")),
    "delete a version": ({MANAGE}, lambda s, m, r: s.delete_model_version(m, 1)),
    "delete": ({MANAGE}, lambda s, m, r: s.delete_registered_model(m)),
    "rename": ({MANAGE, CREATE}, lambda s, m, r: s.rename_registered_model(m, f"c.s.new{next(_NEW)}")),
}
# Rights on the model and on its schema, and its owner.
STATES: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "nothing": ((), (), "ann"),
    "execute": ((EXECUTE,), (), "ann"),
    "execute on the schema": ((), (EXECUTE,), "ann"),
    "create model version": ((VERSION,), (), "ann"),
    "apply tag": ((TAG,), (), "ann"),
    "manage": ((MANAGE,), (), "ann"),
    "create model": ((), (CREATE,), "ann"),
    "create function": ((), ("CREATE FUNCTION",), "ann"),
    "manage and create model": ((MANAGE,), (CREATE,), "ann"),
    "all privileges": (("ALL PRIVILEGES",), (), "ann"),
    "owner": ((), (), "bob"),
    "rights of other kinds": ((), ("SELECT", "MODIFY", "CREATE TABLE", "READ VOLUME"), "ann"),
}
_OF_ALL = {EXECUTE, VERSION, TAG}


def held_in(state: str) -> set[str]:
    on_model, on_schema, owner = STATES[state]
    held = {*on_model, *on_schema}
    return (
        held
        | ({CREATE} if "CREATE FUNCTION" in held else set())
        | (_OF_ALL if "ALL PRIVILEGES" in held else set())
        | ({*_OF_ALL, MANAGE} if owner == "bob" else set())
    )


@pytest.mark.drawn(4)
@pytest.mark.parametrize("state", STATES)
def test_every_call_asks_for_its_right_and_no_other(registry: Registry, state: str) -> None:
    from mlflow.exceptions import RestException

    on_model, on_schema, owner = STATES[state]
    wrong = {}
    for name, (needed, call) in CALLS.items():
        registry.grant()
        model = registry.model()
        registry.hold(model, *on_model, owner=owner)
        registry.grant(*on_schema)
        lacking, refused = needed - held_in(state), ""
        store = registry.store("bob")
        try:
            call(store, model, registry)
        except RestException as error:
            refused = str(error)
        denied = refused.startswith("PERMISSION_DENIED: ") == bool(lacking)
        if (
            bool(refused) != bool(lacking)
            or not denied
            or (lacking and not any(f"have {one} on" in refused for one in lacking))
        ):
            wrong[name] = refused or "allowed"
    assert not wrong


def test_a_refusal_names_who_what_and_the_grant(registry: Registry) -> None:
    registry.grant()
    model = registry.model()
    registry.hold(model)
    with pytest.raises(Exception, match="User bob does not have EXECUTE on Model") as refusal:
        registry.store("bob").get_registered_model(model)
    assert f"GRANT EXECUTE ON FUNCTION `c`.`s`.`{model[4:]}` TO `bob`" in str(refusal.value)


def test_whoever_creates_a_model_owns_it_and_its_removal_takes_its_grants(registry: Registry) -> None:
    registry.grant(CREATE)
    bob, name = registry.store("bob"), f"c.s.own{next(_NEW)}"
    bob.create_registered_model(name)
    assert registry.record(name)["owner"] == "bob"
    assert version(bob, name, registry).version == 1
    bob.set_registered_model_alias(name, "champion", 1)
    registry.hold(name, EXECUTE, owner="bob")
    bob.rename_registered_model(name, f"{name}x")
    assert registry.record(f"{name}x")["grants"] == [{"principal": "bob", "privilege": EXECUTE}]
    bob.delete_registered_model(f"{name}x")
    assert not list(registry.schema.glob(f"{name[4:]}*"))


def test_registering_again_needs_no_right_to_create(registry: Registry) -> None:
    from mlflow.exceptions import MlflowException

    registry.grant()
    model = registry.model()
    registry.hold(model, VERSION)
    bob = registry.store("bob")
    with pytest.raises(MlflowException) as there:
        bob.create_registered_model(model)
    assert there.value.error_code == "RESOURCE_ALREADY_EXISTS"  # MLflow goes on with a new version
    assert version(bob, model, registry).version == 2
    registry.hold(model, EXECUTE)
    with pytest.raises(MlflowException) as refused:
        bob.create_registered_model(model)
    assert refused.value.error_code == "PERMISSION_DENIED"


def test_lists_hold_what_may_be_read(registry: Registry) -> None:
    registry.grant()
    seen, hidden = registry.model(), registry.model()
    registry.hold(seen, EXECUTE)
    registry.hold(hidden)
    bob = registry.store("bob")
    names = [one.name for one in bob.search_registered_models(max_results=1000)]
    assert seen in names
    assert hidden not in names
    assert hidden not in [one.name for one in bob.search_model_versions(max_results=1000)]


def test_a_model_that_a_deployment_has_recorded_is_there(registry: Registry) -> None:
    registry.grant()
    registry.hold("c.s.declared", VERSION, EXECUTE)
    bob = registry.store("bob")
    assert bob.get_registered_model("c.s.declared").name == "c.s.declared"
    assert version(bob, "c.s.declared", registry).version == 1


def test_a_model_from_before_belongs_to_whose_machine_it_is(registry: Registry) -> None:
    import getpass

    registry.grant()
    model = registry.model()
    (registry.schema / f"{model[4:]}.model.json").unlink()
    registry.owner.get_registered_model(model)
    assert registry.record(model)["owner"] == getpass.getuser()


def test_use_is_needed_on_the_way(registry: Registry) -> None:
    model = registry.model()
    registry.hold(model, owner="bob")
    registry.write(registry.schema / "_schema.json", [])
    with pytest.raises(Exception, match="does not have USE SCHEMA on Schema"):
        registry.store("bob").get_registered_model(model)


def test_nobody_is_held_where_grants_are_ignored(registry: Registry) -> None:
    model = registry.model()
    registry.hold(model)
    registry.patch.setenv("LAKEWRIGHT_GRANTS", "ignored")
    try:
        assert registry.store("bob").get_registered_model(model).name == model
    finally:
        registry.patch.delenv("LAKEWRIGHT_GRANTS")


def _code(call: Callable[[], Any]) -> str:
    from mlflow.exceptions import MlflowException

    with pytest.raises(MlflowException) as refusal:
        call()
    return str(refusal.value.error_code)


@pytest.mark.parametrize("name", [name for name in CALLS if name not in {"create", "list versions"}])
def test_a_model_that_is_not_there_does_not_exist_to_who_may_use_its_schema(
    registry: Registry, name: str
) -> None:
    registry.grant()
    bob = registry.store("bob")
    assert _code(lambda: CALLS[name][1](bob, "c.s.nowhere", registry)) == "RESOURCE_DOES_NOT_EXIST"
    registry.write(registry.schema / "_schema.json", [])
    assert _code(lambda: CALLS[name][1](bob, "c.s.nowhere", registry)) == "PERMISSION_DENIED"


def test_a_model_that_is_not_there_has_no_versions(registry: Registry) -> None:
    registry.grant()
    bob = registry.store("bob")
    assert list(bob.search_model_versions("name = 'c.s.nowhere'")) == []
    registry.write(registry.schema / "_schema.json", [])
    assert _code(lambda: bob.search_model_versions("name = 'c.s.nowhere'")) == "PERMISSION_DENIED"


def test_a_name_that_is_recorded_is_not_taken(registry: Registry) -> None:
    registry.grant(CREATE)
    model = registry.model()
    registry.hold(model, owner="bob")
    registry.hold("c.s.declared_by_ann", EXECUTE)
    bob = registry.store("bob")
    assert _code(lambda: bob.rename_registered_model(model, "c.s.declared_by_ann")) == (
        "RESOURCE_ALREADY_EXISTS"
    )
    assert registry.record("declared_by_ann")["owner"] == "ann"
    assert registry.record(model)["owner"] == "bob"
    assert bob.get_registered_model(model).name == model


def test_a_model_is_not_moved_to_a_schema_that_is_not_there(registry: Registry) -> None:
    registry.grant()
    model = registry.model()
    owner = registry.store()
    assert _code(lambda: owner.rename_registered_model(model, "c.nowhere.m")) == "RESOURCE_DOES_NOT_EXIST"
    assert owner.get_registered_model(model).name == model
    assert registry.record(model)


@pytest.mark.parametrize("name", ["create", "rename", "delete"])
def test_a_record_is_as_before_where_mlflow_refuses(registry: Registry, name: str) -> None:
    from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore

    registry.grant(CREATE)
    model = registry.model()
    registry.hold(model, MANAGE, owner="bob")
    bob = registry.store("bob")
    before = {file.name: file.read_text() for file in registry.schema.iterdir()}
    with pytest.MonkeyPatch.context() as patch:

        def fail(*_: Any, **__: Any) -> None:
            during.update(file.name for file in registry.schema.iterdir())
            raise RuntimeError("the disk is full")

        during: set[str] = set()
        patch.setattr(SqlAlchemyStore, f"{name}_registered_model", fail)
        with pytest.raises(RuntimeError, match="full"):
            CALLS[name][1](bob, model, registry)
    assert {file.name: file.read_text() for file in registry.schema.iterdir()} == before
    # The record is there before a model is, and is not there after it: a process that dies between leaves nothing to others.
    visible = [file for file in during if not file.startswith(".")]
    assert len(visible) - len(before) == {"create": 1, "rename": 1, "delete": -1}[name]


def test_a_model_that_another_process_made_meanwhile_keeps_its_record(registry: Registry) -> None:
    from lakewright.mlflow_stores.model_rights import ModelRights

    rights = ModelRights(registry.state / "lakehouse", lambda _: True)
    with pytest.raises(RuntimeError), rights.creating("c.s.raced"):
        raise RuntimeError
    assert registry.record("raced")["owner"]


def test_a_declared_model_is_deleted_with_its_record(registry: Registry) -> None:
    registry.grant()
    registry.hold("c.s.declared_only", MANAGE)
    registry.store("bob").delete_registered_model("c.s.declared_only")
    assert not (registry.schema / "declared_only.model.json").exists()


def test_whose_machine_it_is_is_not_held_in_any_spelling(registry: Registry) -> None:
    import getpass

    from lakewright.rights import rights_of_process

    named = {"LAKEWRIGHT_PRINCIPAL": getpass.getuser().upper()}
    assert rights_of_process(registry.state / "lakehouse", named) is None
