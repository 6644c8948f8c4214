"""Sign in to the workspace of a target with Databricks' own SDK."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lakewright.workspace.calls import Calls
from lakewright.workspace.errors import MissingSdkError, SignInError
from lakewright.workspace.profiles import profiles_file, profiles_in
from lakewright.workspace.redirects import stay_on_the_host
from lakewright.workspace.secrecy import Secrets
from lakewright.workspace.settings import Settings, Surroundings, settings_of

if TYPE_CHECKING:
    from databricks.sdk.core import Config

    from lakewright.bundle import Bundle

_SIGN_IN_SECONDS = (
    10  # how long a host that does not answer is tried: for its description, and for who signs in
)
_RETRY_SECONDS = 60  # how long one question is repeated while the workspace is busy
_HTTP_SECONDS = 30
_LONGEST_PAUSE = 30  # the SDK waits as long as a server's `Retry-After` says, an hour too
_NOT_SECRET = ("username", "oidc_token_env", "oidc_token_filepath", "google_service_account", "azure_use_msi")
_LOGIN = "sign in: databricks auth login --host HOST; in CI set DATABRICKS_HOST and its credentials"


class _ShortPauses:
    """A clock for the SDK: each pause ends in time."""

    def time(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, _LONGEST_PAUSE))


@dataclass(frozen=True)
class Connection:
    """A workspace that can be asked.

    Attributes:
        host: Its address.
        auth_type: How the SDK signs in, such as `pat`, `oauth-m2m` or `databricks-cli`.
        source: Where host and credentials are from.
        account_id: The account, if the configuration or the workspace names it.
        calls: Its questions.
    """

    host: str
    auth_type: str
    source: str
    account_id: str | None
    calls: Calls


def sign_in(bundle: Bundle, *, profile: str | None = None, seconds: float = 300) -> Connection:
    """Return a connection to the workspace that a target deploys to; nobody has been asked whether it takes the credentials.

    Args:
        bundle: The bundle, resolved for the target.
        profile: The profile that the command line names; it wins over the bundle's.
        seconds: After how many seconds no further question is asked.

    Raises:
        MissingSdkError: `databricks-sdk` is not installed.
        SignInError: The host is missing or is none of a workspace, or there are no credentials for it.
    """
    place = bundle.locate("workspace.host")
    return connect(
        bundle.resolved.get("workspace") or {},
        profile=profile,
        place=str(place) if place else None,
        seconds=seconds,
    )


def connect(
    workspace: Mapping[str, Any],
    *,
    profile: str | None = None,
    place: str | None = None,
    seconds: float = 300,
) -> Connection:
    """Return a connection for a section `workspace`; arguments and errors are those of `sign_in`."""
    _require_sdk()
    here = _surroundings()
    settings = settings_of(workspace, here, profile=profile, place=place)
    config = _config(settings, here, place)
    from databricks.sdk.core import ApiClient

    secrets, door = _secrets(settings, here, config), ApiClient(config)
    config.retry_timeout_seconds = _RETRY_SECONDS
    api = ApiClient(config)
    for client in (door, api):
        stay_on_the_host(client)
    calls = Calls(api, door, str(config.host), secrets, seconds)
    return Connection(
        str(config.host), str(config.auth_type), settings.source, config.account_id or None, calls
    )


def _require_sdk() -> None:
    try:
        from databricks.sdk import core  # noqa: F401 - whether it is there
    except ImportError as error:
        raise MissingSdkError(
            "databricks-sdk is not installed: it asks the workspace",
            fix="pip install databricks-sdk",
        ) from error
    logger = logging.getLogger("databricks.sdk")  # it warns of what is reported here
    if not any(isinstance(each, logging.NullHandler) for each in logger.handlers):
        logger.addHandler(logging.NullHandler())


def _surroundings() -> Surroundings:
    from databricks.sdk.core import Config

    names = {each.env for each in Config.attributes() if each.auth and each.env}
    file = profiles_file(os.environ)
    return Surroundings(os.environ, profiles_in(file), file, frozenset(names))


def _config(settings: Settings, here: Surroundings, place: str | None) -> Config:
    from databricks.sdk.core import Config

    limits = {
        "retry_timeout_seconds": _SIGN_IN_SECONDS,
        "http_timeout_seconds": _HTTP_SECONDS,
        "clock": _ShortPauses(),
    }
    known = {each.name for each in Config.attributes()}
    given = {key: value for key, value in settings.given.items() if key in known}
    try:
        config = Config(**given, **limits)
    except ValueError as error:
        if not _names_a_host(settings, here):
            raise _without_host(here, place) from None
        text = _secrets(settings, here, None).hidden(str(error).partition(". Config:")[0])
        raise _without_credentials(text, settings, place) from None
    if not config.host:
        raise _without_host(here, place)
    return config


def _names_a_host(settings: Settings, here: Surroundings) -> bool:
    given = (settings.given.get(name) for name in ("host", "azure_workspace_resource_id"))
    own = (here.environ.get(name) for name in ("DATABRICKS_HOST", "DATABRICKS_AZURE_RESOURCE_ID"))
    by_default = (here.profiles.get("DEFAULT") or {}).get("host")
    return any((*given, *own, by_default))


def _without_host(here: Surroundings, place: str | None) -> SignInError:
    return SignInError(
        "no workspace is named",
        detail="looked in: workspace.host and workspace.profile of the target, DATABRICKS_HOST, "
        f"DATABRICKS_CONFIG_PROFILE, {here.file}",
        location=place,
        fix="add `workspace: {host: https://…}` to the target in databricks.yml, or set DATABRICKS_HOST",
    )


def _without_credentials(text: str, settings: Settings, place: str | None) -> SignInError:
    where = settings.given.get("host") or settings.given.get("profile") or place
    if "more than one authorization method" in text:
        fix = "unset the variables of one of them, or name one with DATABRICKS_AUTH_TYPE"
        return SignInError("there are credentials of two kinds", detail=text, location=where, fix=fix)
    return SignInError("there are no credentials for the workspace", detail=text, location=where, fix=_LOGIN)


def _secrets(settings: Settings, here: Surroundings, config: Config | None) -> Secrets:
    """Return every value that signs in: of the environment, of the profiles, of the client."""
    from databricks.sdk.core import Config

    names = {
        each.name: each.env
        for each in Config.attributes()
        if each.auth and not each.name.endswith("_id") and each.name not in _NOT_SECRET
    }
    values: list[object] = [here.environ.get(variable) for variable in names.values() if variable]
    values += [value for key, value in settings.given.items() if key in names]
    if config is not None:
        values += [getattr(config, name, None) for name in names]
    return Secrets.of(values)
