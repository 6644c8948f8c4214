"""Draw docs/_static/run.svg from the output of a real run, docs/_static/run.txt; with --check, fail if the picture is stale.

To renew the output: `lakewright run main_pipeline` in a new flights project, from `tasks` to the line of the verdict.
"""

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from generated_file import write_or_compare

STATIC = Path(__file__).parents[1] / "docs" / "_static"
OUTPUT, PICTURE = STATIC / "run.txt", STATIC / "run.svg"

WIDTH, MARGIN, ROW = 400, 16, 24
_BARS, _SECONDS = 172, 62  # where the bars begin, and the room for the seconds behind them

_TASK = re.compile(r"^( *)(\w+) +(\w+) +(\d+\.\d)(?: +([\d,]+) → ([\d,]+))?$", re.MULTILINE)
_SOURCE = re.compile(r"^\w+" + r" +([\d,]+)" * 7 + "$", re.MULTILINE)
LAYERS = ("landed", "bronze", "silver", "updated", "quarantined", "duplicates", "superseded")
_MODEL = re.compile(r"^name +\S+\.(\w+) version (\d+) \(aliases: (.*)\)$", re.MULTILINE)
_GATE = re.compile(r"^gate +(passed|refused)(?: against version (\d+))?", re.MULTILINE)
_METRIC = re.compile(r"^roc_auc +(\d\.\d+)$", re.MULTILINE)
_VERDICT = re.compile(r"^(\w+): (\w+), (\d+\.\d) s$", re.MULTILINE)

_STYLE = """\
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2933 }
.panel { fill: #f7f9fb; stroke: #cbd5df } .dim { fill: #5b6b7a } .ok { fill: #12754a } .bad { fill: #b3261e }
.bar { fill: #2f7fd1 } .line { stroke: #cbd5df } .bold { font-weight: 700 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .panel { fill: #161c23; stroke: #36424e } .dim { fill: #9fb0c0 } .ok { fill: #5fd39a }
  .bad { fill: #ff8a80 } .bar { fill: #58a6ff } .line { stroke: #36424e }
}"""


@dataclass(frozen=True)
class Task:
    """A task without tasks below it.

    Attributes:
        name: Its name.
        began: Seconds after the start of the run.
        seconds: How long it ran.
        ok: Whether it succeeded.
    """

    name: str
    began: float
    seconds: float
    ok: bool


@dataclass(frozen=True)
class Output:
    """What a run printed.

    Attributes:
        job: The job.
        status: `success`, or another word.
        seconds: How long the run took.
        tasks: The tasks that did the work.
        rows: The rows of each layer, over all sources.
        model: A sentence about the model.
        verdict: What the gate said.
    """

    job: str
    status: str
    seconds: float
    tasks: tuple[Task, ...]
    rows: dict[str, int]
    model: str
    verdict: str


def read_output(text: str) -> Output:
    """Return what a run's report says.

    Raises:
        ValueError: The text is not the report of a run with tasks, rows, a model and a verdict.
    """
    model, gate, metric, verdict = (kind.search(text) for kind in (_MODEL, _GATE, _METRIC, _VERDICT))
    sources = _SOURCE.findall(text)
    if not (model and gate and metric and verdict and sources):
        raise ValueError("this is not the report of a run with rows, a model and a verdict")
    against = f" against version {gate[2]}" if gate[2] else ""
    return Output(
        job=verdict[1],
        status=verdict[2],
        seconds=float(verdict[3]),
        tasks=tuple(_leaves(text)),
        rows=dict(
            zip(LAYERS, (sum(map(_number, column)) for column in zip(*sources, strict=True)), strict=True)
        ),
        model=f"{model[1]} version {model[2]}: ROC AUC {metric[1]}",
        verdict=f"gate {gate[1]}{against}" + (" → champion" if "champion" in model[3] else ""),
    )


def _leaves(text: str) -> list[Task]:
    """Return the tasks that have none below them; they ran one after the other."""
    rows = [(len(row[1]), row[2], row[3], float(row[4])) for row in _TASK.finditer(text)]
    found: list[Task] = []
    began = 0.0
    for row, below in zip(rows, [*rows[1:], (0, "", "", 0.0)], strict=True):
        depth, name, status, seconds = row
        if below[0] <= depth:
            found.append(Task(name, began, seconds, status == "ok"))
            began += seconds
    return found


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def draw(run: Output) -> str:
    """Return the picture: a bar for each task, the rows of each layer, the model and the verdict."""
    y = MARGIN + 14
    parts = [_text(MARGIN, y, f"$ lakewright run {run.job}", "bold")]
    for task in run.tasks:
        y += ROW
        parts += _bar(task, run, y)
    y += ROW // 2
    parts.append(f'<line class="line" x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{y}" y2="{y}"/>')
    for what, value in _rows(run.rows):
        y += ROW - 2
        parts += [_text(MARGIN, y, what, "dim"), _text(WIDTH - MARGIN, y, value, end=True)]
    y += ROW // 2
    parts.append(f'<line class="line" x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{y}" y2="{y}"/>')
    style = "ok" if run.status == "success" else "bad"
    for line, kind in (
        (run.model, ""),
        (run.verdict, ""),
        (f"{run.job}: {run.status}, {run.seconds:.1f} s", f"{style} bold"),
    ):
        y += ROW - 2
        parts.append(_text(MARGIN, y, line, kind))
    height = y + MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="title">',
            f'<title id="title">A run of {run.job}: its tasks with their seconds, the rows of each layer, the model</title>',
            f"<style>\n{_STYLE}\n</style>",
            f'<rect class="panel" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="8"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _rows(rows: dict[str, int]) -> list[tuple[str, str]]:
    aside = " + ".join(f"{rows[name]:,} {name}" for name in LAYERS[3:] if rows[name])
    return [
        ("landed", f"{rows['landed']:,} rows"),
        ("bronze", f"{rows['bronze']:,}"),
        ("silver", f"{rows['silver']:,}" + (f" + {aside}" if aside else "")),
    ]


def _bar(task: Task, run: Output, y: int) -> list[str]:
    room = WIDTH - MARGIN - _SECONDS - _BARS
    scale = room / sum(each.seconds for each in run.tasks)
    width = max(2.0, task.seconds * scale)
    return [
        _text(MARGIN, y, task.name),
        f'<rect class="bar" x="{_BARS + task.began * scale:.1f}" y="{y - 11}" width="{width:.1f}" height="13" rx="2"/>',
        _text(WIDTH - MARGIN, y, f"{task.seconds:.1f} s", "ok" if task.ok else "bad", end=True),
    ]


def _text(x: int, y: int, text: str, kind: str = "", *, end: bool = False) -> str:
    classes = f' class="{kind}"' if kind else ""
    anchor = ' text-anchor="end"' if end else ""
    return f'<text x="{x}" y="{y}"{classes}{anchor}>{escape(text)}</text>'


def main() -> None:
    """Write the picture, or compare it."""
    picture = draw(read_output(OUTPUT.read_text(encoding="utf-8")))
    write_or_compare(PICTURE, picture, "make picture")


if __name__ == "__main__":
    main()
