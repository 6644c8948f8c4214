"""Which targets of a bundle are production and which are development, and who is of development."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lakewright.bundle import Bundle
from lakewright.grants.declared import Declared

_PRODUCTION = ("prod", "production")
_DEVELOPMENT = ("dev", "development")


def is_production(bundle: Bundle) -> bool:
    """Return whether a target is production: `prod` or `production`, or without such a target each with `mode: production`.

    A local run of it is not.
    """
    if bundle.is_local:
        return False
    named = [target for target in bundle.targets if target.lower() in _PRODUCTION]
    return bundle.target in named if named else bundle.mode == "production"


def is_development(bundle: Bundle) -> bool:
    """Return whether a target is development: `mode: development`, or by the name `dev` or `development` without another mode."""
    return bundle.mode == "development" or (bundle.mode is None and bundle.target.lower() in _DEVELOPMENT)


def principals_of_development(
    development: Declared, production: Declared
) -> tuple[dict[str, str], dict[str, str]]:
    """Return whom development runs as or grants something, and who deploys it; each with the reason in words.

    Args:
        development: What a development target declares.
        production: What the production target declares; whom it names itself is of development only as somebody that runs there.

    Returns:
        Principals by name; and the deployer by name, if it does not deploy production too.
    """
    target = development.bundle.target
    found = {
        runner.principal: f"{runner.what} of target {target} runs as it" for runner in development.runners
    }
    for name in _only_in(development, production):
        found.setdefault(
            name, f"target {target} grants it something, and {production.bundle.target} does not name it"
        )
    deployer = development.deployer
    if deployer is None:
        return found, {}
    found = {name: why for name, why in found.items() if name.lower() != deployer.lower()}
    if deployer == production.deployer:
        return found, {}  # who deploys production too is its administrator
    source = development.bundle.user_source
    return found, {deployer: f"it deploys target {target} (from {source})"}


def _only_in(development: Declared, production: Declared) -> Iterator[str]:
    named = {name.lower() for name in _named(production)}
    for entry in development.resources.grants:
        if entry.grant.principal.lower() not in named:
            yield entry.grant.principal


def _named(declared: Declared) -> Iterator[str]:
    yield from (entry.grant.principal for entry in declared.resources.grants)
    yield from (runner.principal for runner in declared.runners)
    roles: Mapping[str, str] = declared.people.roles
    yield from roles.values()
