"""The verdict of the Databricks CLI, where `databricks` is on PATH: what it reports and we do not.

It signs in to the workspace with the credentials that it finds, and it executes what the bundle tells it to: scripts, Python resources.
Findings of ours that it lacks are no difference: it does not look for most of them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.model.opinion import Difference, Opinion
from lakewright.bundle.second_opinions.agreement import covering, is_milder
from lakewright.bundle.second_opinions.cli_output import CliDiagnostic, diagnostics_in
from lakewright.databricks_cli.process import CliRun, run
from lakewright.databricks_cli.program import Cli, find_cli, missing_cli, unfit

JUDGE = "Databricks CLI"
SECONDS = 60.0
# From this version on, `-o json` prints the diagnostics on stderr. Source: databricks/cli, cmd/bundle/validate.go at the tags
# v0.230.0 and v0.240.0.
OLDEST = ">= 0.240.0"
_AT_ONCE = 4


@dataclass(frozen=True)
class Verdict:
    """What the CLI said about one target.

    Attributes:
        target: The target.
        diagnostics: What it reports about the bundle.
        trouble: Why the verdict is missing or incomplete, in one line.
    """

    target: str
    diagnostics: tuple[CliDiagnostic, ...] = ()
    trouble: str | None = None


@dataclass(frozen=True)
class Verdicts:
    """What the CLI said.

    Attributes:
        version: Its version; None if it was not asked.
        verdicts: One for each target.
        absence: Why it was not asked.
    """

    version: str | None
    verdicts: tuple[Verdict, ...] = ()
    absence: str | None = None


def ask_the_cli(  # noqa: PLR0913 - what a run of the CLI depends on
    root: Path,
    targets: Sequence[str],
    assignments: Sequence[str],
    environ: Mapping[str, str],
    *,
    required: str = "",
    seconds: float = SECONDS,
    stop: Event | None = None,
) -> Verdicts:
    """Ask the Databricks CLI about each target.

    Args:
        root: The bundle's folder.
        targets: The targets.
        assignments: Values of variables, as `--var` has them.
        environ: The environment variables for the CLI.
        required: The limits for its version, as in `bundle.databricks_cli_version`.
        seconds: The time limit for each target.
        stop: Ends the CLI when it is set.
    """
    # It shall judge this folder, whatever the variable says; LW514 reports the variable.
    environ = {**environ, "DATABRICKS_BUNDLE_ROOT": str(root), "NO_COLOR": "1"}
    cli = find_cli(environ)
    if cli is None:
        return Verdicts(None, absence=missing_cli().summary)
    if absence := _absence(cli, required):
        return Verdicts(None, absence=absence)
    arguments = [word for assignment in assignments for word in ("--var", assignment)]

    def ask(target: str) -> Verdict:
        command = [cli.path, "bundle", "validate", "-o", "json", "-t", target, *arguments]
        return _verdict(target, run(command, root, environ, seconds=seconds, stop=stop), root, seconds)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return Verdicts(cli.version, tuple(pool.map(ask, targets)))


def _absence(cli: Cli, required: str) -> str | None:
    if not cli.version:
        return f"`{cli.path} --version` prints no version"
    error = unfit(cli, required) or unfit(cli, OLDEST, needed_by="its verdict")
    return error.summary if error else None


def _verdict(target: str, done: CliRun, root: Path, seconds: float) -> Verdict:
    if done.code is None:
        return Verdict(target, trouble=f"no answer after {seconds:.0f} s")
    found = diagnostics_in(done.stderr, root)
    unreachable = next((each.summary for each in found if each.is_about_the_workspace), None)
    about = tuple(each for each in found if not each.is_about_the_workspace)
    if unreachable is not None:
        return Verdict(target, about, f"it could not use the workspace: {unreachable}")
    if done.code and not any(each.severity == "error" for each in about):
        last = (done.stderr.strip().splitlines() or ["without a message"])[-1]
        return Verdict(target, about, f"it ended with exit code {done.code}: {last}")
    if not done.code and not _is_a_bundle(done.printed):
        return Verdict(target, about, "it printed no bundle as JSON")
    return Verdict(target, about)


def _is_a_bundle(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def opinion_of_the_cli(verdicts: Verdicts, findings: Iterable[Diagnostic]) -> Opinion:
    """Compare what the CLI said with our findings.

    Args:
        verdicts: What it said.
        findings: Our findings; `targets` of each holds the targets, empty for the only one.
    """
    if verdicts.absence is not None:
        return Opinion(JUDGE, None, answered=False, summary=f"was not asked: {verdicts.absence}")
    ours = list(findings)
    found: dict[Difference, list[str]] = {}
    for verdict in verdicts.verdicts:
        here = [each for each in ours if not each.targets or verdict.target in each.targets]
        for diagnostic in verdict.diagnostics:
            if difference := _difference(diagnostic, here):
                found.setdefault(difference, []).append(verdict.target)
    differences = tuple(replace(each, targets=tuple(targets)) for each, targets in found.items())
    troubles = [f"{each.target}: {each.trouble}" for each in verdicts.verdicts if each.trouble]
    return Opinion(JUDGE, verdicts.version, not troubles, _in_one_line(differences, troubles), differences)


def _difference(diagnostic: CliDiagnostic, ours: Sequence[Diagnostic]) -> Difference | None:
    same = covering(ours, diagnostic.summary, diagnostic.path, diagnostic.location)
    detail = diagnostic.detail
    if same is not None:
        if not is_milder(same, diagnostic.severity):
            return None
        milder = f"lakewright reports it as a {same.severity}: {same.code}"
        detail = f"{detail}\n{milder}" if detail else milder
    severity = "note" if diagnostic.severity == "recommendation" else diagnostic.severity
    return Difference(severity, diagnostic.summary, detail, diagnostic.location, diagnostic.path)


def _in_one_line(differences: Sequence[Difference], troubles: Sequence[str]) -> str:
    counts = [sum(each.severity == kind for each in differences) for kind in ("error", "warning", "note")]
    words = [
        f"{count} {kind}{'s'[: count > 1]}"
        for count, kind in zip(counts, ("error", "warning", "note"), strict=True)
        if count
    ]
    more = (
        f"reports {', '.join(words)} more than lakewright"
        if words
        else "reports nothing that lakewright does not"
    )
    if not troubles:
        return more
    return f"gave no full verdict ({'; '.join(troubles)})" + (f", and {more}" if words else "")
