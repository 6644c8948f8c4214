"""The page of the documentation that shows the last results of the mutations."""

from collections.abc import Mapping, Sequence

from mutation_list import Mutation

_HEAD = """# Breaks that the tests of a project notice

The example project is broken in one place at a time, and its quick tests (`pytest -m unit`) run until the first one fails. A
break that no test notices has a reason here. `scripts/mutations.py run` makes this page from `tests/mutations/flights.yaml`, the list of
the breaks; `make soak PART=mutations` runs it too.
"""


def page(mutations: Sequence[Mutation], record: Mapping[str, Mapping[str, object]]) -> str:
    """Return the page."""
    killed = sum(record.get(each.name, {}).get("result") == "killed" for each in mutations)
    tried = sum(each.name in record for each in mutations)
    lines = [
        _HEAD,
        f"{len(mutations)} breaks; {tried} were tried, {killed} of them noticed.",
        "",
        "| stage | break | file | what a user suffers | noticed by |",
        "|---|---|---|---|---|",
    ]
    for each in mutations:
        cells = (
            each.stage,
            f"`{each.name}`",
            f"`{each.file}`",
            each.harm,
            _noticed(each, record.get(each.name)),
        )
        lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _noticed(mutation: Mutation, entry: Mapping[str, object] | None) -> str:
    if entry is None:
        return "not run"
    if entry["result"] == "killed":
        return f"`{entry['by']}`"
    return f"**no test**: {mutation.survives or 'a gap'}"
