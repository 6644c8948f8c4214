"""A fake workspace that has what a plan makes, and nothing else."""

from typing import TYPE_CHECKING

from infrastructure.planned import Planned

if TYPE_CHECKING:
    from workspace_fake.workspace import FakeWorkspace

PREFIX = "accounts/"


def make(workspace: "FakeWorkspace", planned: Planned) -> str:
    """Add the groups, service principals, memberships, rules, catalog and grants of a plan; return the token of the deployer."""
    (deployer,) = (name for name in planned.service_principals if name.endswith("-deployer"))
    application = workspace.application_id(deployer)
    token = workspace.add_service_principal(deployer)
    for name in planned.groups:
        workspace.add_group(name)
    for name in planned.service_principals - {deployer}:
        rules = [
            address for address in planned.of("databricks_access_control_rule_set") if f'"{name}"' in address
        ]
        workspace.add_service_principal(name, users=[application] if rules else [])
    for member, group in planned.memberships:
        is_group = member in planned.groups
        workspace.add_group(group, members=[member if is_group else workspace.application_id(member)])
    workspace.add_catalog(
        planned.catalog["name"],
        grants={
            application if name == "deployer" else name: privileges
            for name, privileges in planned.catalog_grants.items()
        },
    )
    return token
