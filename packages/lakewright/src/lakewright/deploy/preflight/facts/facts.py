"""The facts that checks judge. A value is what the workspace said, None for "not there", or the refusal of the question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from databricks_utils.catalog.grants import AccessState, PrincipalDirectory, PrincipalKind, Securable
from lakewright.databricks_cli.program import Cli
from lakewright.workspace.identity import Identity
from lakewright.workspace.refusing import Kind, Refusal

SCIM_FIELDS = frozenset({"groups", "members", "entitlements"})
NOT_ASKED = Refusal(Kind.NOT_ASKED)


@dataclass(frozen=True)
class Metastore:
    """The metastore of the workspace.

    Attributes:
        id: Its id.
        workspace_id: The number of the workspace.
    """

    id: str
    workspace_id: str


@dataclass(frozen=True)
class CatalogFact:
    """A catalog.

    Attributes:
        owner: Its owner.
        is_isolated: Whether it is open to the workspaces only that it is bound to.
        binding: `BINDING_TYPE_READ_ONLY` or `BINDING_TYPE_READ_WRITE` for an isolated one, or why that is not known.
    """

    owner: str | None
    is_isolated: bool = False
    binding: str | Refusal | None = None


@dataclass(frozen=True)
class Taken:
    """Something that has the name of a resource of the bundle.

    Attributes:
        id: What `databricks bundle deployment bind` takes.
        owner: Who made or owns it, if the workspace says so.
        number: What `databricks permissions` takes, if that is another one.
    """

    id: str
    owner: str | None = None
    number: str | None = None


@dataclass(frozen=True)
class Lock:
    """The lock of a deployment.

    Attributes:
        user: Who holds it.
        since: Since when.
    """

    user: str
    since: str


@dataclass(frozen=True)
class Person:
    """A principal of the workspace.

    Attributes:
        name: The name that grants use.
        kind: Its kind.
        id: Its number, for commands.
        shown: The name that people use.
        is_active: Whether it may sign in.
        is_of_account: Whether the account knows it: a group of a workspace alone does not exist for Unity Catalog.
        groups: The names of its groups.
        members: For a group: the ids of its direct members.
        entitlements: What the workspace lets it do, without what its groups have.
        shown_fields: What of `groups`, `members` and `entitlements` was in the answer: others than admins see less.
    """

    name: str
    kind: PrincipalKind
    id: str
    shown: str = ""
    is_active: bool = True
    is_of_account: bool = True
    groups: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    entitlements: frozenset[str] = frozenset()
    shown_fields: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RuleSet:
    """Who may use a service principal.

    Attributes:
        name: The name of the set.
        etag: Its version, which an update must name.
        rules: The principals of each role, such as `users/ana@example.com`.
    """

    name: str
    etag: str
    rules: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Folder:
    """The folder of the workspace that is nearest to the root path.

    Attributes:
        path: The root path itself, or what exists above it.
        rights: The permissions of principals and groups, by name in lower case; or why they are not known.
    """

    path: str
    rights: Mapping[str, str] | Refusal


@dataclass(frozen=True)
class Quota:
    """How much of a limit is used.

    Attributes:
        count: How many there are.
        limit: How many there may be.
    """

    count: int
    limit: int


@dataclass(frozen=True)
class Facts:
    """What a workspace has, as far as a bundle wants it.

    Attributes:
        me: Who signed in.
        host: The address of the workspace.
        account_id: The account, if it is known.
        metastore: The metastore.
        catalogs: The catalogs that the bundle uses, by name in lower case.
        owners: The objects of Unity Catalog that the bundle makes or uses and that exist, each with its owner.
        unread_objects: The objects of which it is not known whether they exist.
        access: What is granted on them, and to whom, as far as it could be read.
        unread_grants: The objects whose grants are not known, but for those of who signed in.
        unread_own_grants: Those of them where not even these are known.
        state: The ids of what earlier deployments made, by key path; None before the first deployment.
        lock: The lock of the deployment; None if nobody deploys.
        people: The principals that the bundle names, by name in lower case.
        rule_sets: Who may use the service principals that jobs run as, by application id.
        taken: What has the names of resources of the bundle that no earlier deployment made, by key path.
        folder: The folder for the root path.
        policies: Cluster policies by id: the definition as JSON.
        pools: Instance pools by id: their names.
        node_types: All node types: whether each is deprecated.
        spark_versions: All Spark versions.
        warehouses: SQL warehouses by id: their names.
        scopes: All secret scopes that are visible.
        secret_keys: The keys of the scopes that the bundle reads.
        quotas: Quotas of schemas, by catalog in lower case.
        lookups: What lookups of variables found: the number of things with the name.
        admins_are_restricted: Whether workspace admins may not let jobs run as other users.
        cli: The Databricks CLI on PATH; None if there is none.
    """

    me: Identity
    host: str = ""
    account_id: str | None = None
    metastore: Metastore | Refusal | None = None
    catalogs: Mapping[str, CatalogFact | Refusal | None] = field(default_factory=dict)
    owners: Mapping[Securable, str | None] = field(default_factory=dict)
    unread_objects: Mapping[Securable, Refusal] = field(default_factory=dict)
    access: AccessState = field(default_factory=lambda: AccessState.of(PrincipalDirectory.of()))
    unread_grants: Mapping[Securable, Refusal] = field(default_factory=dict)
    unread_own_grants: frozenset[Securable] = frozenset()
    state: Mapping[str, str] | Refusal | None = None
    lock: Lock | Refusal | None = None
    people: Mapping[str, Person | Refusal | None] = field(default_factory=dict)
    rule_sets: Mapping[str, RuleSet | Refusal | None] = field(default_factory=dict)
    taken: Mapping[str, tuple[Taken, ...] | Refusal] = field(default_factory=dict)
    folder: Folder | Refusal = NOT_ASKED
    policies: Mapping[str, str | Refusal | None] = field(default_factory=dict)
    pools: Mapping[str, str | Refusal | None] = field(default_factory=dict)
    node_types: Mapping[str, bool] | Refusal = NOT_ASKED
    spark_versions: frozenset[str] | Refusal = NOT_ASKED
    warehouses: Mapping[str, str | Refusal | None] = field(default_factory=dict)
    scopes: frozenset[str] | Refusal = NOT_ASKED
    secret_keys: Mapping[str, frozenset[str] | Refusal | None] = field(default_factory=dict)
    quotas: Mapping[str, Quota | Refusal | None] = field(default_factory=dict)
    lookups: Mapping[str, int | Refusal] = field(default_factory=dict)
    admins_are_restricted: bool | Refusal = False
    cli: Cli | None = None

    @property
    def deployed(self) -> Mapping[str, str]:
        """The ids of what earlier deployments made, as far as they are known."""
        return self.state if isinstance(self.state, Mapping) else {}

    def person(self, name: str) -> Person | Refusal | None:
        """Return a principal; who signed in is known without a question."""
        if name.lower() == self.me.name.lower():
            return Person(
                self.me.name,
                self.me.kind,
                self.me.id,
                shown=self.me.shown,
                groups=self.me.groups,
                entitlements=self.me.entitlements,
                shown_fields=SCIM_FIELDS,
            )
        return self.people.get(name.lower(), NOT_ASKED)

    def shows(self, person: Person, field: str) -> bool:
        """Return whether a field of a principal is known: an admin sees all, so what is not in the answer is empty.

        Args:
            person: The principal.
            field: `groups`, `members` or `entitlements`.
        """
        return self.me.is_admin or field in person.shown_fields
