"""What surrounds the tables of a contract: service levels, team, support, roles, servers."""

from typing import TYPE_CHECKING

from databricks_utils.markdown import cell, code, link, paragraphs, table

if TYPE_CHECKING:
    from open_data_contract_standard.model import OpenDataContractStandard, Team


def service_levels(given: "OpenDataContractStandard") -> list[str]:
    """Return the section of the service levels.

    Args:
        given: The contract.
    """
    rows = [
        [
            cell(item.property),
            cell(" ".join(str(part) for part in (item.value, item.valueExt, item.unit) if part is not None)),
            cell(item.element or given.slaDefaultElement),
            cell(item.driver),
            cell(item.description),
            cell(" ".join(part for part in (item.scheduler, item.schedule) if part)),
        ]
        for item in given.slaProperties or []
    ]
    found = table(["service level", "promised", "of", "because of", "meaning", "when"], rows)
    return ["## Service levels", "", *found] if found else []


def people(given: "OpenDataContractStandard") -> list[str]:
    """Return the sections of the team, the support and the roles.

    Args:
        given: The contract.
    """
    team = given.team
    members = (team if isinstance(team, list) else team.members) or [] if team else []
    about = _about_team(team) if team is not None and not isinstance(team, list) else []
    rows = [
        [
            cell(item.name or item.username),
            cell(item.role),
            cell(item.username if item.name else None),
            cell(item.description),
        ]
        for item in members
        if not item.dateOut
    ]
    lines = [*about, *table(["who", "role", "account", "about"], rows)]
    channels = [
        [
            cell(item.channel),
            cell(item.tool),
            cell(item.scope),
            link(item.url) if item.url else "",
            cell(item.description),
        ]
        for item in given.support or []
    ]
    roles = [
        [code(item.role), cell(item.access), cell(item.firstLevelApprovers), cell(item.description)]
        for item in given.roles or []
    ]
    support = table(["channel", "tool", "for", "address", "about"], channels)
    access = table(["role", "access", "approved by", "about"], roles)
    return [
        *(["## Team", "", *lines] if lines else []),
        *(["## Support", "", *support] if support else []),
        *(["## Access", "", *access] if access else []),
    ]


def _about_team(team: "Team") -> list[str]:
    return [line for text in (team.name, team.description) if text for line in paragraphs(text)]


def servers(given: "OpenDataContractStandard") -> list[str]:
    """Return the section of the servers.

    Args:
        given: The contract.
    """
    rows = []
    for server in given.servers or []:
        known = server.model_dump(exclude_none=True, by_alias=True)
        address = {
            key: value
            for key, value in known.items()
            if key not in {"id", "server", "type", "environment", "description", "roles", "customProperties"}
        }
        rows.append(
            [
                code(server.server),
                cell(server.type),
                cell(server.environment),
                "<br>".join(f"{cell(key)}: {code(value)}" for key, value in address.items()),
                cell(server.description),
            ]
        )
    found = table(["server", "type", "environment", "address", "about"], rows)
    return ["## Servers", "", *found] if found else []
