"""A trace as an SVG picture: sources on the left, readers on the right, one box for each dataset with its columns."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from lakewright.lineage.arrangement import arranged
from lakewright.lineage.graph import Edge, Node
from lakewright.lineage.shown import how
from lakewright.lineage.statements import ROWS, Column, Dataset
from lakewright.lineage.trace import Trace, dataset_of, label

_LINE, _GAP, _MARGIN, _BETWEEN = 22, 18, 16, 90
_CHARACTER = 7.9  # pixels of the widest of the named fonts at 13 px
_LEAST, _LONGEST = 120.0, 44
_STYLE = """
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2933 }
.back { fill: #ffffff } .box { fill: #f7f9fb; stroke: #cbd5df } .start { stroke: #2f7fd1; stroke-width: 2 }
.dim { fill: #5b6b7a } .bold { font-weight: 700 } .asked { fill: #1864ab; font-weight: 700 }
.edge { fill: none; stroke: #8a99a8; stroke-width: 1.3 } .decides { stroke-dasharray: 4 3 } .masked { stroke: #b7791f }
.note { font-size: 11px; fill: #8a5a12; text-anchor: end }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .back { fill: #0d1117 } .box { fill: #161c23; stroke: #36424e } .start { stroke: #58a6ff }
  .dim { fill: #9fb0c0 } .asked { fill: #79c0ff } .edge { stroke: #6e7f90 } .masked { stroke: #e0a458 } .note { fill: #e0a458 }
}
"""


_Point = tuple[float, float, float]  # where an edge passes a column of the picture: from, to, height


@dataclass(frozen=True)
class _Box:
    """Where a dataset is drawn, and the lines of its columns."""

    x: float
    y: float
    width: float
    dataset: Dataset
    columns: tuple[str, ...]

    @property
    def height(self) -> float:
        return _LINE * (2 + len(self.columns)) + 8

    def line(self, node: Node) -> float:
        """The height at which an edge ends."""
        below = self.columns.index(node.name) + 2 if isinstance(node, Column) else 0.5
        return self.y + _LINE * (below + 0.5)


def as_svg(trace: Trace) -> str:
    """Return the picture as text of an SVG file; it follows the light or dark scheme of its reader."""
    boxes, ways = _placed(trace)
    width = max(box.x + box.width for box in boxes.values()) + _MARGIN
    height = max(box.y + box.height for box in boxes.values()) + _MARGIN
    ends = [(dataset_of(edge.source), dataset_of(edge.target), edge) for edge in trace.edges]
    title = escape(f"Lineage of {label(trace.start)}")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" aria-labelledby="title">',
        f'<title id="title">{title}</title>',
        f"<style>{_STYLE}</style>",
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" class="dim"/></marker></defs>',
        f'<rect class="back" width="{width:.0f}" height="{height:.0f}"/>',
        *(
            _edge(boxes[source], boxes[target], edge, ways.get((source, target), []))
            for source, target, edge in ends
        ),
        *(_drawn(box, trace.start) for box in boxes.values()),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _placed(trace: Trace) -> tuple[dict[Dataset, _Box], dict[tuple[Dataset, Dataset], list[_Point]]]:
    """Return the boxes, and the points between other boxes through which the long edges go."""
    columns: dict[Dataset, dict[str, None]] = {}
    for node in trace.nodes:
        own = columns.setdefault(dataset_of(node), {})
        if isinstance(node, Column):
            own[node.name] = None
    boxes: dict[Dataset, _Box] = {}
    ways: dict[tuple[Dataset, Dataset], list[_Point]] = {}
    x = float(_MARGIN)
    for items in arranged(trace):
        datasets = [item for item in items if isinstance(item, Dataset)]
        texts = [[*_titles(item), *(f"  {_short(name)}" for name in columns[item])] for item in datasets]
        widths = [max(_LEAST, max(map(len, lines)) * _CHARACTER + 20) for lines in texts]
        width, y = max(widths, default=_LEAST), float(_MARGIN)
        for item in items:
            if isinstance(item, Dataset):
                boxes[item] = _Box(x, y, widths[datasets.index(item)], item, tuple(columns[item]))
                y += boxes[item].height + _GAP
            else:
                ways.setdefault((item.source, item.target), []).append((x, x + width, y + _GAP / 2))
                y += _GAP * 1.5
        x += width + _BETWEEN
    return boxes, ways


def _drawn(box: _Box, start: Node) -> str:
    is_start = dataset_of(start) == box.dataset
    above, name = _titles(box.dataset)
    style = "box start" if is_start else "box"
    x = box.x + 10
    lines = [
        f'<g><title>{escape(box.dataset.name)}</title><rect class="{style}" x="{box.x:.1f}" y="{box.y:.1f}" '
        f'width="{box.width:.1f}" height="{box.height:.1f}" rx="6"/>',
        f'<text x="{x:.1f}" y="{box.y + 18:.1f}" class="dim">{escape(above)}</text>',
        f'<text x="{x:.1f}" y="{box.y + 38:.1f}" class="bold">{escape(name)}</text>',
    ]
    for number, column in enumerate(box.columns):
        asked = "asked" if is_start and isinstance(start, Column) and start.name == column else ""
        y = box.y + _LINE * (number + 2.5) + 5
        lines.append(f'<text x="{x + 12:.1f}" y="{y:.1f}" class="{asked}">{escape(_short(column))}</text>')
    return "\n".join([*lines, "</g>"])


def _edge(left: _Box, right: _Box, edge: Edge, way: list[_Point]) -> str:
    """Draw one edge: a curve from column to column of the picture, and straight where it passes one."""
    x, y = left.x + left.width, left.line(edge.source)
    path = [f"M{x:.1f} {y:.1f}"]
    for start, end, height in [*way, (right.x, right.x, right.line(edge.target))]:
        bend = max(40.0, abs(start - x) / 2)
        path.append(f"C{x + bend:.1f} {y:.1f} {start - bend:.1f} {height:.1f} {start:.1f} {height:.1f}")
        if end > start:
            path.append(f"L{end:.1f} {height:.1f}")
        x, y = end, height
    style = "edge" + ("" if edge.is_direct else " decides") + (" masked" if edge.is_masked else "")
    line = f'<path class="{style}" marker-end="url(#arrow)" d="{" ".join(path)}"><title>{escape(how(edge))}</title></path>'
    note = f'<text class="note" x="{right.x - 10:.1f}" y="{right.line(edge.target) - 5:.1f}">masked</text>'
    return f"{line}\n{note}" if edge.is_masked else line


def _titles(dataset: Dataset) -> tuple[str, str]:
    """The place of a dataset, with its kind, and its own name."""
    sign = "/" if dataset.name.startswith("/") else "."
    place, _, name = dataset.name.rpartition(sign)
    kind = (
        "" if dataset.kind == "TABLE" else f" · {'files' if dataset.kind == 'FILE' else dataset.kind.lower()}"
    )
    return _short(place) + kind, _short(name)


def _short(text: str) -> str:
    if text == ROWS:
        return "(rows)"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
