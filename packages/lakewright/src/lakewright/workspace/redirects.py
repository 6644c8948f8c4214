"""Refuse to follow a redirect to another host: the headers of a question sign in.

`requests` leaves out `Authorization` there, and keeps the header with the management token by which a service principal of Azure signs in.
Source: requests/sessions.py (`rebuild_auth`), databricks/sdk/azure.py (`add_sp_management_token`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from lakewright.workspace.errors import SignInError

if TYPE_CHECKING:
    from databricks.sdk.core import ApiClient
    from requests import Response


def stay_on_the_host(api: ApiClient) -> None:
    """Have a client of the SDK raise `SignInError` where an answer leads to another host, before anything is sent there.

    Args:
        api: The client; redirects on its own host are followed.
    """
    session = api._api_client._session  # the SDK has no way in for hooks
    session.hooks["response"].append(_refuse_another_host)


def _refuse_another_host(answer: Response, **_: Any) -> None:  # noqa: ANN401 - what requests passes on
    if not answer.is_redirect:
        return
    target = urlsplit(urljoin(answer.url, answer.headers["location"]))
    if target.hostname == urlsplit(answer.url).hostname:
        return
    answer.close()
    raise SignInError(
        "the host answers with a redirect to another host",
        detail=f"it leads to {target.hostname or 'no host'}; credentials are sent to the named workspace only",
        location=answer.url.partition("?")[0],
        fix=f"if that is the workspace, name it: `workspace: {{host: https://{target.hostname}}}`; else check the address and the proxy",
    )
