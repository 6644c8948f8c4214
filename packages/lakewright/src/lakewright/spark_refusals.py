"""Spark's errors for a person: without Java's stack and plans, with a fix where one is known."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_JVM = re.compile(r"\n\s*JVM stacktrace:.*", re.DOTALL)
# Behind the words for a person Spark prints the plan: its lines start at a quote, a branch or a node's name.
_PLAN = re.compile(r"^\s*('|\+-|:-|:  |[A-Z]\w+ \[)")
_PLUGIN_HINT = re.compile(r' Consider to set the SQL config "[^"]*" to a catalog plugin\.')
_FIX = re.compile(r"^\s*fix: (.+)$")


@dataclass(frozen=True)
class Refusal:
    """A message of Spark: its first line, the useful lines below it, and a fix where one is known."""

    summary: str
    detail: str | None
    fix: str | None


def read_refusal(error: BaseException) -> Refusal:
    """Read an error of Spark, or any other."""
    message = _PLUGIN_HINT.sub("", _JVM.sub("", str(error))).strip()
    if type(error).__name__ in _FROM_THE_CHANNEL and "StatusCode.UNAVAILABLE" in message:
        reason = re.search(r'details = "(.*)"', message)
        detail = reason[1] if reason else message.partition("\n")[0]
        return Refusal("the engine has ended, or no longer answers", detail, _START_AGAIN)
    first, *rest = message.splitlines() or [""]
    own = next((match[1] for line in rest if (match := _FIX.match(line))), None)
    kept = [line.rstrip() for line in rest if line.strip() and not _PLAN.match(line) and not _FIX.match(line)]
    summary = first.strip(" ;") or type(error).__name__
    return Refusal(summary, "\n".join(kept) or None, fix_of(message) or own)


def fix_of(message: str) -> str | None:
    """The fix for a message of Spark, if it is a common one.

    Examples:
        >>> fix_of("[CATALOG_NOT_FOUND] The catalog `shop` not found.").splitlines()[0]
        'lakewright sql "CREATE CATALOG shop"'
    """
    for pattern, advice in _ADVICE:
        if match := pattern.search(message):
            return advice(match[1].replace("`", ""))
    return None


def _no_catalog(name: str) -> str:
    if name == "samples":
        return _samples("the catalog `samples`")
    return (
        f'lakewright sql "CREATE CATALOG {name}"\n'
        "or, if it is a placeholder or another environment's, name the local one in config/local.yaml, "
        "`bundle_variables`"
    )


def _no_table(name: str) -> str:
    if name.startswith("samples."):
        return _samples("the catalog `samples`")
    parent = name.rpartition(".")[0]
    where = f" IN {parent}" if parent else ""
    return f'run the task that writes it first; lakewright sql "SHOW TABLES{where}" shows which exist'


def _no_schema(name: str) -> str:
    return f'declare it under `resources.schemas` of the bundle, or: lakewright sql "CREATE SCHEMA {name}"'


def _samples(what: str) -> str:
    return (
        f"{what} holds Databricks' own sample data, which exists only in a workspace: "
        "make the name a parameter, and give it data of your own here"
    )


# What gRPC raises, or Spark's client of it; an error that code inside a statement raised has another type.
_FROM_THE_CHANNEL = {"SparkConnectGrpcException", "_MultiThreadedRendezvous", "_InactiveRpcError"}
_START_AGAIN = "look into .lakewright/engine.log for why; then the same command again: it starts a new engine"
_ADVICE: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (re.compile(r"((?:dbfs:)?/databricks-datasets)"), _samples),
    (
        re.compile(
            r"(?:CATALOG_NOT_FOUND|NO_SUCH_CATALOG)\w*\].*?catalog [`'\"]?([^`'\"\s]+)", re.IGNORECASE
        ),
        _no_catalog,
    ),
    # A name whose catalog is not there is read as one below the current catalog, which makes it one part too long.
    (re.compile(r"REQUIRES_SINGLE_PART_NAMESPACE\][^\n]*\n\s*at: [\w`]+\.([\w`]+)\.[\w`]+"), _no_catalog),
    (re.compile(r"TABLE_OR_VIEW_NOT_FOUND\].*?(`[^ ]+`)"), _no_table),
    (re.compile(r"SCHEMA_NOT_FOUND\].*?(`[^ ]+`)"), _no_schema),
)
