"""What an error of the SDK means: the credentials, the rights, the network, the host."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_EXPIRED = ("expired",)
_NOT_ACCEPTED = ("invalid access token", "credential was not sent", "invalid_client", "invalid_grant")
_ELSEWHERE = ("unauthorized access to org", "unauthorized network access", "blocked by databricks ip acl")
_NO_FEATURE = ("feature_disabled", "not enabled", "is disabled")
_OF_NETWORK = (
    (("failed to resolve", "name or service not known", "nodename nor servname", "getaddrinfo"), "no such host is known here"),
    (("proxyerror", "cannot connect to proxy"), "the proxy does not answer"),
    (("certificate", "sslerror"), "the certificate of the host is not accepted"),
    (("connection refused", "actively refused"), "the host refuses the connection"),
    (("timed out", "timeout"), "no connection within the time"),
    (("unreachable", "no route to host"), "the network does not lead there"),
    (("connection reset", "connection aborted", "remotedisconnected"), "the connection was closed"),
)  # fmt: skip


class Kind(StrEnum):
    """What a refusal is about."""

    CREDENTIALS = "the workspace does not accept the credentials"
    EXPIRED = "the credentials have expired"
    OTHER_WORKSPACE = "the workspace refuses these credentials from here"
    DENIED = "no right to ask"
    MISSING = "not there"
    NOT_OFFERED = "this workspace does not offer it"
    BUSY = "too many requests: it was asked again until the time was over"
    NO_ANSWER = "no answer"
    WEB_PAGE = "a web page comes back, not an answer of the API"
    FAILED = "the workspace failed to answer"
    LATE = "not asked: the time for all questions was over"
    NOT_ASKED = "not asked"

    @property
    def ends_everything(self) -> bool:
        """Whether no other question can be answered either."""
        return self in (Kind.CREDENTIALS, Kind.EXPIRED, Kind.OTHER_WORKSPACE, Kind.WEB_PAGE)


@dataclass(frozen=True)
class Refusal:
    """Why something was not answered.

    Attributes:
        kind: What it is about.
        detail: The first line of the message, without secrets.
    """

    kind: Kind
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}" if self.detail else str(self.kind)


def kind_of(error: BaseException) -> Kind:
    """Return what an error of a call is about.

    Args:
        error: The error; one that only says that the time for asking again is over has the last answer as its cause.
    """
    from databricks.sdk import errors

    if isinstance(error, TimeoutError) and isinstance(error.__cause__, Exception):
        return kind_of(error.__cause__)
    if isinstance(error, errors.DatabricksError):
        return _of_answer(error)
    if _is_web_page(error):
        return Kind.WEB_PAGE
    if _is_broken_json(error) or isinstance(error, TypeError | RecursionError):
        return Kind.FAILED  # the SDK expects an object
    text = str(error).lower()
    if any(words in text for words in _EXPIRED):
        return Kind.EXPIRED
    is_of_network = isinstance(error, OSError)  # all errors of `requests` are; what is left refused a token
    return Kind.CREDENTIALS if isinstance(error, ValueError) and not is_of_network else Kind.NO_ANSWER


def network_reason(text: str) -> str:
    """Return in words why there was no answer; the text itself if it is not known.

    Args:
        text: The message of an error of `requests`, which has the whole chain of its causes.

    Examples:
        >>> network_reason("HTTPSConnectionPool(host='a', port=443): … [Errno 111] Connection refused'))")
        'the host refuses the connection'
    """
    lower = text.lower()
    return next((reason for marks, reason in _OF_NETWORK if any(mark in lower for mark in marks)), text)


def is_worth_another_try(error: BaseException) -> bool:
    """Return whether a question that changes nothing may be asked again: the server failed on it; the SDK itself repeats 429 and 503."""
    from databricks.sdk import errors

    if isinstance(error, errors.NotImplemented):
        return False
    if _is_broken_json(error):
        return True
    return isinstance(error, errors.InternalError | errors.DeadlineExceeded) or (
        type(error) is errors.DatabricksError and "bad gateway" in str(error).lower()
    )


def _of_answer(error: Exception) -> Kind:
    from databricks.sdk import errors

    text = str(error).lower()
    if isinstance(error, errors.Unauthenticated | errors.PermissionDenied):
        return _of_refused_caller(text, is_known=isinstance(error, errors.PermissionDenied))
    if isinstance(error, errors.TooManyRequests):
        return Kind.BUSY
    if isinstance(error, errors.NotFound):
        is_no_api = getattr(error, "error_code", None) == "ENDPOINT_NOT_FOUND" or "no api found" in text
        return Kind.NOT_OFFERED if is_no_api else Kind.MISSING
    if isinstance(error, errors.NotImplemented) or any(words in text for words in _NO_FEATURE):
        return Kind.NOT_OFFERED
    return Kind.FAILED


def _of_refused_caller(text: str, *, is_known: bool) -> Kind:
    """Return what a 401 or a 403 is about; wrong tokens are answered with either."""
    if any(words in text for words in _EXPIRED):
        return Kind.EXPIRED
    if any(words in text for words in _ELSEWHERE):
        return Kind.OTHER_WORKSPACE
    return Kind.DENIED if is_known and not any(words in text for words in _NOT_ACCEPTED) else Kind.CREDENTIALS


def _is_web_page(error: BaseException) -> bool:
    """Whether what came back is no JSON: the page of a login, a proxy or another site."""
    return _text_of(error) is not None and not _is_broken_json(error)


def _is_broken_json(error: BaseException) -> bool:
    """Whether what came back begins as JSON does: a connection ended in the middle of an answer."""
    return (_text_of(error) or "").lstrip().startswith(("{", "["))


def _text_of(error: BaseException) -> str | None:
    """Return the text that is no JSON; None for an error of another kind."""
    text = getattr(error, "doc", None) if isinstance(error, ValueError) else None
    return text if isinstance(text, str) else None
