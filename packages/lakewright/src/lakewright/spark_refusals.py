"""Readable errors of Spark: without Java's stack traces and query plans, and with a fix if one is known."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_JVM = re.compile(r"\n\s*JVM stacktrace:.*", re.DOTALL)
# After its message Spark prints the query plan: its lines start with a quote, a branch or the name of a node.
_PLAN = re.compile(r"^\s*('|\+-|:-|:  |[A-Z]\w+ \[)")
_PLUGIN_HINT = re.compile(r' Consider to set the SQL config "[^"]*" to a catalog plugin\.')
_FIX = re.compile(r"^\s*fix: (.+)$")
_CONTINUED = " " * len("  fix: ")


@dataclass(frozen=True)
class Refusal:
    """A message of Spark: its first line, the useful lines below it, and a fix if one is known."""

    summary: str
    detail: str | None
    fix: str | None


def read_refusal(error: BaseException) -> Refusal:
    """Return the readable form of an error, from Spark or not."""
    message = _PLUGIN_HINT.sub("", _JVM.sub("", str(error))).strip()
    if type(error).__name__ in _FROM_THE_CHANNEL and "StatusCode.UNAVAILABLE" in message:
        reason = re.search(r'details = "(.*)"', message)
        detail = reason[1] if reason else message.partition("\n")[0]
        return Refusal("the engine has stopped, or no longer answers", detail, _START_AGAIN)
    first, *rest = message.splitlines() or [""]
    own, others = _own_fix(rest)
    kept = [line.rstrip() for line in others if line.strip() and not _PLAN.match(line)]
    summary = first.strip(" ;") or type(error).__name__
    return Refusal(summary, "\n".join(kept) or None, fix_of(message) or own)


def _own_fix(lines: list[str]) -> tuple[str | None, list[str]]:
    """Return the fix that a message itself has, of one line or more, and its other lines."""
    start = next((at for at, line in enumerate(lines) if _FIX.match(line)), None)
    if start is None:
        return None, lines
    end = start + 1
    while end < len(lines) and lines[end].startswith(_CONTINUED):
        end += 1
    first, *more = lines[start:end]
    text = [_FIX.sub(r"\1", first), *(line.strip() for line in more)]
    return "\n".join(text), [*lines[:start], *lines[end:]]


def fix_of(message: str) -> str | None:
    """Return the fix for a message of Spark, or None if no fix is known.

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
        "if the name is a placeholder or belongs to another environment: set the local name in config/local.yaml, "
        "under `bundle_variables`"
    )


def _no_table(name: str) -> str:
    if name.startswith("samples."):
        return _samples("the catalog `samples`")
    parent = name.rpartition(".")[0]
    if not parent:
        where = f"SELECT table_schema FROM information_schema.tables WHERE table_name = '{name}'"  # noqa: S608 - printed, not executed
        return (
            f"write it with its schema, and with its catalog if that is another one: <catalog>.<schema>.{name}\n"
            f'where it is: lakewright sql "{where}"'
        )
    return f'first run the task that writes it; lakewright sql "SHOW TABLES IN {parent}" lists the tables that exist'


def _no_schema(name: str) -> str:
    return f'declare it under `resources.schemas` of the bundle, or: lakewright sql "CREATE SCHEMA {name}"'


def _no_path(path: str) -> str:
    on_machine = path.removeprefix("dbfs:")
    if Path(on_machine).exists():
        return (
            f"a path without a scheme is one of DBFS; for the file of this machine write `file:{on_machine}`"
        )
    return f"dbutils.fs.ls('{path.rpartition('/')[0] or '/'}') lists what exists"


def _samples(what: str) -> str:
    return (
        f"{what} holds Databricks' sample data, which exists only in a workspace: "
        "make the name a parameter, and set it to data of your own for local runs"
    )


# Errors of gRPC and of Spark's client; an error from code inside a statement has another type.
_FROM_THE_CHANNEL = {"SparkConnectGrpcException", "_MultiThreadedRendezvous", "_InactiveRpcError"}
_START_AGAIN = "read the reason in .lakewright/engine.log, then run the command again: it starts a new engine"
_ADVICE: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (re.compile(r"((?:dbfs:)?/databricks-datasets)"), _samples),
    (
        re.compile(
            r"(?:CATALOG_NOT_FOUND|NO_SUCH_CATALOG)\w*\].*?catalog [`'\"]?([^`'\"\s]+)", re.IGNORECASE
        ),
        _no_catalog,
    ),
    # If the catalog is missing, Spark looks for the name below the current catalog: the name then has one part too many.
    (re.compile(r"REQUIRES_SINGLE_PART_NAMESPACE\][^\n]*\n\s*at: [\w`]+\.([\w`]+)\.[\w`]+"), _no_catalog),
    (re.compile(r"TABLE_OR_VIEW_NOT_FOUND\].*?(`[^ ]+`)"), _no_table),
    (re.compile(r"SCHEMA_NOT_FOUND\].*?(`[^ ]+`)"), _no_schema),
    (re.compile(r"PATH_NOT_FOUND\].*?(dbfs:/[^\n]*?)\.?(?: Verify| SQLSTATE|\s*$)", re.MULTILINE), _no_path),
)
