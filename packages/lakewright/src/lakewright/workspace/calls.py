"""Questions to a workspace: counted, repeated where the server is busy, bounded in time; each answer is data, also a refusal.

Only questions: nothing here changes a workspace. The SDK repeats what is throttled (429, 503) or does not connect, with its own pauses;
what the server failed on (500, 502, 504) is asked again here, since a question can be repeated safely.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, TypeVar

from lakewright.workspace.errors import SignInError, WorkspaceError
from lakewright.workspace.refusing import Kind, Refusal, is_worth_another_try, kind_of, network_reason
from lakewright.workspace.secrecy import Secrets

if TYPE_CHECKING:
    from collections.abc import Callable

    from databricks.sdk.core import ApiClient

_TRIES = 3
_PAUSE = 1.0  # seconds before the second try, twice as long before the third
_AT_ONCE = 8
_MOST_PAGES = 10_000
_LENGTH = "content-length"
_UNREADABLE = (
    "unable to parse response"  # the SDK's words for an error that is no JSON, such as a proxy's page
)
_FIXES = {
    Kind.EXPIRED: "sign in again: databricks auth login",
    Kind.CREDENTIALS: "sign in again: databricks auth login; in CI renew the secret or the token",
    Kind.OTHER_WORKSPACE: "use credentials of this workspace, from a network that it lets in: databricks auth login",
    Kind.WEB_PAGE: "check the address of the workspace: databricks current-user me",
}

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Answer:
    """What a workspace answered.

    Attributes:
        content: The answer; None if there is no such thing, or if the question was refused.
        refusal: Why there is no answer; None if there is one, also "not there".
        headers: Headers of the answer that were asked for.
    """

    content: Mapping[str, Any] | None = None
    refusal: Refusal | None = None

    @property
    def is_missing(self) -> bool:
        """Whether the workspace says that there is no such thing."""
        return self.content is None and self.refusal is None

    def items(self, key: str) -> list[dict[str, Any]]:
        """Return the objects of a list in the answer."""
        found = (self.content or {}).get(key)
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


@dataclass
class Calls:
    """The questions of one command to one workspace.

    Attributes:
        api: The SDK's client.
        door: The client for the first question: it gives up sooner.
        host: The workspace's address.
        secrets: What no message may show.
        seconds: After how many seconds no further question is asked.
        asked: The methods and paths of all questions, in their order.
    """

    api: ApiClient
    door: ApiClient
    host: str
    secrets: Secrets
    seconds: float = 300
    asked: list[str] = field(default_factory=list)
    _ends_at: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def get(
        self,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        headers: tuple[str, ...] = (),
        is_first: bool = False,
    ) -> Answer:
        """Ask once, and again where the server failed.

        Args:
            path: The path of the API.
            query: The query's parameters.
            headers: Headers of the answer, which are added to its content.
            is_first: Whether nobody knows yet that the host answers.

        Raises:
            SignInError: The credentials are not accepted (any more), so that no other question can be answered either.
        """
        with self._lock:
            self.asked.append(f"GET {path}")
            self._ends_at = self._ends_at or monotonic() + self.seconds
        if monotonic() > self._ends_at:
            return Answer(refusal=Refusal(Kind.LATE, f"{self.seconds:g} seconds"))
        try:
            api = self.door if is_first else self.api
            return Answer(content=_asked(api, path, query, headers))
        except SignInError:
            raise
        except Exception as error:  # noqa: BLE001 - the SDK raises many kinds; each is a refusal
            return self._refused(error)

    def pages(self, path: str, *, key: str, query: Mapping[str, Any] | None = None) -> Answer:
        """Ask for a list, page by page; a page may be empty and not the last.

        Args:
            path: The path of the API.
            key: The name of the list in the answers.
            query: The query's parameters.

        Returns:
            The answer with the whole list; that of the first page that was refused, if one was.

        Raises:
            SignInError: The credentials are not accepted (any more).
            WorkspaceError: The list does not end.
        """
        asked, found = dict(query or {}), list[Any]()
        for _ in range(_MOST_PAGES):
            answer = self.get(path, query=asked)
            if answer.content is None:
                return answer
            found += answer.items(key)
            token = answer.content.get("next_page_token")
            if not token:
                return Answer(content={**answer.content, key: found})
            asked["page_token"] = token
        raise WorkspaceError(
            "the workspace does not end its list", detail=path, location=self.host, fix="try again later"
        )

    def together(self, ask: Callable[[Item], Result], items: list[Item]) -> list[Result]:
        """Return what a function answers for each item, a few at the same time, in the order of the items."""
        if len(items) < 2:
            return [ask(each) for each in items]
        with ThreadPoolExecutor(min(_AT_ONCE, len(items))) as pool:
            return list(pool.map(ask, items))

    def _refused(self, error: Exception) -> Answer:
        kind = kind_of(error)
        if kind is Kind.MISSING:
            return Answer()
        last = error.__cause__ if isinstance(error, TimeoutError) and error.__cause__ else error
        is_page = kind is Kind.WEB_PAGE or str(last).startswith(_UNREADABLE)
        is_other_json = isinstance(last, TypeError | RecursionError)
        detail = (
            "" if is_page else "the answer is no object" if is_other_json else self.secrets.hidden(str(last))
        )
        if kind.ends_everything:
            raise SignInError(
                str(kind), detail=detail or None, location=self.host, fix=_FIXES[kind]
            ) from None
        return Answer(refusal=Refusal(kind, network_reason(detail) if kind is Kind.NO_ANSWER else detail))


def _asked(
    api: ApiClient, path: str, query: Mapping[str, Any] | None, headers: tuple[str, ...]
) -> Mapping[str, Any]:
    for pause in _pauses():
        try:
            answer = api.do("GET", path, query=dict(query or {}), response_headers=[*headers, _LENGTH])
            return _content(answer) if isinstance(answer, dict) else {"items": answer}
        except Exception as error:
            if pause is None or not is_worth_another_try(error):
                raise
            sleep(pause)
    raise AssertionError("the last try returns or raises")


def _content(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer; one without a word, or with an error in it, is none, though its status says that all is well."""
    from databricks.sdk.errors import InternalError

    if answer.pop(_LENGTH, None) == "0":
        raise InternalError("the answer is empty")
    if "error_code" in answer and "message" in answer:
        raise InternalError(f"{answer['error_code']}: {answer['message']}")
    return answer


def _pauses() -> Iterator[float | None]:
    """Yield the pause after each try that fails; None after the last."""
    for number in range(_TRIES - 1):
        yield _PAUSE * 2**number
    yield None
