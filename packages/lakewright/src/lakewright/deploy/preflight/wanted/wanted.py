"""Everything that a bundle wants of a workspace, for one target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from databricks_utils.catalog.grants import Securable, SecurableKind
from lakewright.bundle import Bundle, Location
from lakewright.deploy.preflight.wanted.compute import Compute, compute_of
from lakewright.deploy.preflight.wanted.made import Made, made_by
from lakewright.deploy.preflight.wanted.named import Named, known_text, section
from lakewright.deploy.preflight.wanted.principals import WantedPrincipal, principals_of
from lakewright.deploy.preflight.wanted.secrets import WantedSecret, own_scopes, secrets_of
from lakewright.grants.people import people_of
from lakewright.grants.resources import Resources, resources_of
from lakewright.grants.running import Runner, runners_of

_CATALOG_FIELDS = {"schemas": "catalog_name", "volumes": "catalog_name", "registered_models": "catalog_name"}


@dataclass(frozen=True)
class Wanted:
    """What a bundle wants.

    Attributes:
        bundle: The bundle, resolved for the target and for who deploys.
        made: The resources that a deployment makes.
        objects: Its objects of Unity Catalog with their grants.
        catalogs: The catalogs that it uses and does not make.
        principals: The principals that it names.
        runners: Whom its jobs and pipelines run as, if that is not who deploys.
        compute: What it computes on.
        secrets: The secrets that it names.
        own_scopes: The secret scopes that it makes.
        memberships: The groups that principals are to be in: `principals.users` of `config/<environment>.yaml`.
    """

    bundle: Bundle
    made: tuple[Made, ...]
    objects: Resources
    catalogs: tuple[Named, ...]
    principals: tuple[WantedPrincipal, ...]
    runners: tuple[Runner, ...]
    compute: Compute
    secrets: tuple[WantedSecret, ...]
    own_scopes: frozenset[str]
    memberships: Mapping[str, tuple[str, ...]]

    @property
    def outside(self) -> tuple[Securable, ...]:
        """The catalogs and schemas that hold objects of the bundle and are not the bundle's: their grants are elsewhere."""
        own = set(self.objects.securables)
        above = {place for each in own for place in each.above[1:]}
        catalogs = {Securable(SecurableKind.CATALOG, (each.name,)) for each in self.catalogs}
        return tuple(sorted((above | catalogs) - own, key=lambda each: each.parts))

    @property
    def root_path(self) -> str:
        """The folder of the workspace that the deployment writes to."""
        return str((self.bundle.resolved.get("workspace") or {}).get("root_path") or "")

    @property
    def state_path(self) -> str:
        """The folder with the state of the deployment."""
        return str(
            (self.bundle.resolved.get("workspace") or {}).get("state_path") or f"{self.root_path}/state"
        )

    def place(self, path: str | None) -> Location | None:
        """Return where a key path is written."""
        return self.bundle.locate(path) if path else None

    def path_of(self, place: Securable) -> str | None:
        """Return the key path of an object of the bundle, or of the first one that a catalog or a schema holds."""
        for each in self.objects.objects:
            if place == each.securable:
                return each.path
        for each in self.objects.objects:
            if place in each.securable.above:
                return each.path
        return None


def wanted_of(bundle: Bundle) -> Wanted:
    """Return what a bundle wants.

    Args:
        bundle: The bundle, resolved for the target, with the name of who deploys.
    """
    return Wanted(
        bundle=bundle,
        made=made_by(bundle),
        objects=resources_of(bundle),
        catalogs=_catalogs(bundle),
        principals=principals_of(bundle),
        runners=runners_of(bundle),
        compute=compute_of(bundle),
        secrets=secrets_of(bundle),
        own_scopes=own_scopes(bundle),
        memberships=people_of(bundle.root, bundle.environment).memberships,
    )


def _catalogs(bundle: Bundle) -> tuple[Named, ...]:
    own = {known_text(bundle, each.get("name")) for _, each in section(bundle, "catalogs")}
    found: dict[str, Named] = {}
    for kind, field in (*_CATALOG_FIELDS.items(), ("pipelines", "catalog")):
        for key, resource in section(bundle, kind):
            name = known_text(bundle, resource.get(field))
            if name and name not in own:
                found.setdefault(name.lower(), Named(name, f"resources.{kind}.{key}.{field}"))
    return tuple(found.values())
