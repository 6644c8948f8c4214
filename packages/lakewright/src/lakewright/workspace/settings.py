"""Which host and which credentials a target means; without the network.

The rules are those of the Databricks CLI. A profile (that of `--profile`, of `DATABRICKS_CONFIG_PROFILE` or of the bundle, in this order)
wins over credentials in the environment, and its host must be the bundle's. A host without a profile takes the credentials of the
environment, else the one profile with this host. One rule is stricter: where `DATABRICKS_HOST` names another host than the bundle, the
CLI sends the environment's credentials to the bundle's host, and this refuses to.
Source: https://github.com/databricks/cli/blob/main/bundle/config/workspace.go and libs/databrickscfg/loader.go
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path

from lakewright.workspace.addresses import address_of, host_name
from lakewright.workspace.errors import SignInError
from lakewright.workspace.profiles import Profiles, with_host

# The fields of a target's `workspace` that say how to sign in; the SDK's names are the same.
_FIELDS = (
    "host",
    "profile",
    "auth_type",
    "client_id",
    "google_service_account",
    "azure_workspace_resource_id",
    "azure_use_msi",
    "azure_client_id",
    "azure_tenant_id",
    "azure_environment",
    "account_id",
    "workspace_id",
)
_ACCOUNT_HOSTS = ("accounts.", "accounts-dod.")


@dataclass(frozen=True)
class Settings:
    """What to sign in with.

    Attributes:
        given: Fields of the SDK's configuration; may hold secrets, so it is never shown.
        source: Where they are from, in words.
    """

    given: Mapping[str, str] = field(repr=False)
    source: str


@dataclass(frozen=True)
class Surroundings:
    """What a machine has for signing in.

    Attributes:
        environ: Its environment variables.
        profiles: The profiles of the file.
        file: Where they are, or would be.
        credential_variables: The variables of the SDK that hold credentials.
    """

    environ: Mapping[str, str] = field(repr=False)
    profiles: Profiles = field(repr=False)
    file: Path
    credential_variables: Set[str]

    @property
    def has_credentials(self) -> bool:
        """Whether the environment holds any credentials."""
        return any(self.environ.get(name) for name in self.credential_variables)


def settings_of(
    workspace: Mapping[str, object],
    here: Surroundings,
    *,
    profile: str | None = None,
    place: str | None = None,
) -> Settings:
    """Return what to sign in with.

    Args:
        workspace: The target's section `workspace`.
        here: What this machine has.
        profile: The profile that the command line names.
        place: Where the bundle names the host, as `file:line`.

    Raises:
        SignInError: The host is missing, or is an account's, or two sources name different hosts, or a profile does not exist.
    """
    written = {name: str(workspace[name]) for name in _FIELDS if workspace.get(name)}
    written = _with_plain_host(written, "the target", place)
    chosen = profile or here.environ.get("DATABRICKS_CONFIG_PROFILE") or written.get("profile")
    if chosen:
        settings = _of_profile(chosen, written, here, place)
    elif written.get("host"):
        settings = _of_host(written, here, place)
    else:
        settings = _without_host(written, here)
    _refuse_account_host(settings.given.get("host") or here.environ.get("DATABRICKS_HOST"), place)
    return settings


def _with_plain_host(fields: Mapping[str, str], source: str, place: str | None) -> dict[str, str]:
    """Return fields with scheme and host alone, and with the numbers that the address has in its query."""
    if not fields.get("host"):
        return dict(fields)
    address = address_of(fields["host"], source=source, place=place)
    return {**address.numbers, **fields, "host": address.host}


def _without_host(written: Mapping[str, str], here: Surroundings) -> Settings:
    own = here.environ.get("DATABRICKS_HOST")
    default = here.profiles.get("DEFAULT", {})
    if not own and not here.has_credentials and default.get("host"):
        address_of(default["host"], source="the profile DEFAULT", place=str(here.file))
    given = _with_plain_host({**written, "host": own}, "DATABRICKS_HOST", None) if own else written
    return Settings(given, "the environment" if here.has_credentials else f"{here.file}")


def _of_profile(chosen: str, written: Mapping[str, str], here: Surroundings, place: str | None) -> Settings:
    keys = here.profiles.get(chosen)
    if keys is None:
        names = ", ".join(sorted(here.profiles)) or "none"
        raise SignInError(
            f"there is no profile `{chosen}`",
            detail=f"profiles in {here.file}: {names}",
            location=place,
            fix=f"make it: databricks auth login --host {written.get('host', 'HOST')} --profile {chosen}",
        )
    keys = _with_plain_host(keys, f"the profile `{chosen}`", str(here.file))
    host, own = written.get("host"), keys.get("host")
    if host and own and host_name(host) != host_name(own):
        fitting = with_host(here.profiles, host)
        login = f"databricks auth login --host {host} --profile NAME"
        raise SignInError(
            f"the target's workspace is {host}, and that of the profile `{chosen}` is {own}",
            location=place,
            fix=f"use the profile of this workspace: --profile {fitting[0]}"
            if fitting
            else f"make one: {login}",
        )
    given = {**keys, **{key: value for key, value in written.items() if key != "profile"}, "profile": chosen}
    return Settings(given, f"the profile {chosen}")


def _of_host(written: Mapping[str, str], here: Surroundings, place: str | None) -> Settings:
    host, own = written["host"], here.environ.get("DATABRICKS_HOST")
    if own and host_name(own) != host_name(host):
        raise SignInError(
            f"the target's workspace is {host}, and DATABRICKS_HOST is that of {host_name(own) or 'nothing'}",
            location=place,
            fix="set DATABRICKS_HOST and its credentials for the target's workspace, or unset it",
        )
    if here.has_credentials or written.get("auth_type") or written.get("client_id"):
        return Settings(written, "the environment")
    fitting = with_host(here.profiles, host)
    if len(fitting) > 1:
        raise SignInError(
            f"several profiles are for {host}: {', '.join(fitting)}",
            location=str(here.file),
            fix=f"say which: --profile {fitting[0]}, or DATABRICKS_CONFIG_PROFILE={fitting[0]}",
        )
    if fitting:
        return _of_profile(fitting[0], written, here, place)
    return Settings(written, "no profile and no variable of this machine")


def _refuse_account_host(host: str | None, place: str | None) -> None:
    if host and host_name(host).startswith(_ACCOUNT_HOSTS):
        raise SignInError(
            f"{host} is the console of an account, not a workspace",
            location=place,
            fix="use the address that the browser shows in the workspace, such as https://adb-….azuredatabricks.net",
        )
