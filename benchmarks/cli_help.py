"""`lakewright --help` against a bare Click program with one command: wall time of a fresh process, as a ratio."""

import sys

from measure import median, run

REPEATS = 15
BARE = "import click\n@click.group()\ndef cli(): 'Bare.'\n@cli.command()\ndef one(): 'One.'\ncli()"


def measure() -> dict[str, object]:
    """Measure both, alternating, so that both see the same machine."""
    bare, ours = [], []
    for _ in range(REPEATS):
        bare.append(run([sys.executable, "-c", BARE, "--help"]).wall)
        ours.append(run([sys.executable, "-m", "lakewright", "--help"]).wall)
    return {
        "bare_click_seconds": median(bare),
        "lakewright_seconds": median(ours),
        "ratio": round(median(ours) / median(bare), 2),
        "aim": "ratio <= 2",
        "repeats": REPEATS,
    }
