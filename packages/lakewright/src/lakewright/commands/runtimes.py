"""`lakewright runtimes`: list the runtimes with known libraries, or print the constraints of one."""

import click


@click.command(name="runtimes")
@click.argument("name", required=False)
def command(*, name: str | None) -> None:
    """Print the libraries of a runtime for pip: lakewright runtimes serverless-4 > constraints.txt. Without a name, list the runtimes."""
    from lakewright.runtimes import constraints_of, find_runtime, known_runtimes

    if name:
        click.echo(constraints_of(find_runtime(name)), nl=False)
        return
    for runtime in map(find_runtime, known_runtimes()):
        click.echo(f"{runtime.name:<18}Python {runtime.python}, Spark {runtime.spark}")
