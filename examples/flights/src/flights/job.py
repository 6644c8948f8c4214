"""The parameters of the wheel tasks, as `resources/*.job.yml` gives them."""

import argparse

from flights.context import Context, open_context


def read_parameters(description: str, arguments: list[str] | None = None) -> Context:
    """Read `--env`, `--config_path`, `--schema_prefix` and `--git_sha`, and open the context they name.

    Args:
        description: What `--help` says.
        arguments: The arguments; those of the process by default.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--env", default="", help="environment; by default DBX_ENV, then `local` outside Databricks")
    parser.add_argument(
        "--config_path", default="", help="the folder config/; by default the first one above the working directory"
    )
    parser.add_argument("--schema_prefix", default="", help="what development mode puts before schema names")
    parser.add_argument("--git_sha", default="unknown", help="the commit that runs")
    given = parser.parse_args(arguments)
    return open_context(
        env=given.env, config_path=given.config_path, schema_prefix=given.schema_prefix, git_sha=given.git_sha
    )
