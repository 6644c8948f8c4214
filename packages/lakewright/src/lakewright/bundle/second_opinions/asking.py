"""Asking the other programs while our own rules run, and comparing afterwards."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from threading import Event

from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.model.opinion import Opinion
from lakewright.bundle.second_opinions.databricks_cli import ask_the_cli, opinion_of_the_cli
from lakewright.bundle.second_opinions.typed_check import ask_the_types, opinion_of_the_types

Compare = Callable[[Iterable[Diagnostic]], tuple[Opinion, ...]]


@contextmanager
def second_opinions(
    bundles: Sequence[Bundle], assignments: Sequence[str], environ: Mapping[str, str]
) -> Iterator[Compare]:
    """Ask the types of `databricks-bundles` and the Databricks CLI in the background.

    Args:
        bundles: The bundle, loaded for each target that is checked.
        assignments: Values of variables, as `--var` has them.
        environ: The environment variables for the CLI.

    Yields:
        A function that waits for both, and compares what they said with our findings.
    """
    targets = [bundle.target for bundle in bundles]
    stop = Event()
    with ThreadPoolExecutor(2) as pool:
        typed = pool.submit(
            copy_context().run, ask_the_types, bundles
        )  # the context holds the processes of the load
        required = bundles[0].cli_version
        asked = pool.submit(
            ask_the_cli, bundles[0].root, targets, assignments, environ, required=required, stop=stop
        )

        def compare(findings: Iterable[Diagnostic]) -> tuple[Opinion, ...]:
            ours = tuple(findings)
            return (
                opinion_of_the_types(typed.result(), bundles, ours),
                opinion_of_the_cli(asked.result(), ours),
            )

        try:
            yield compare
        finally:  # after an interruption nobody waits for the CLI
            stop.set()
