"""The bundle while it is being loaded: what the passes of `load_bundle` hand to each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lakewright.bundle.model import Diagnostic, LocalOverlay, Location, Severity
from lakewright.bundle.tree import Node, parse_path


@dataclass
class Draft:
    """State of one load.

    Attributes:
        root: The folder of the root file.
        file: The root file.
        environ: The process's environment variables.
        variables: Values given by `--var`.
        local: The local overlay, if there is one.
        tree: The configuration as far as it is known.
        target: The chosen target, once it is chosen.
        target_node: What the target's section held, once it is chosen.
        sync_root: The folder that is synchronised; `root` or a folder above it.
        user_source: Where the current user's name comes from.
        diagnostics: What was found so far.
    """

    root: Path
    file: Path
    environ: Mapping[str, str]
    variables: Mapping[str, str]
    local: LocalOverlay | None = None
    tree: Node = field(default_factory=lambda: Node({}))
    target: str = ""
    target_node: Node = field(default_factory=lambda: Node({}))
    sync_root: Path = field(default_factory=Path)
    user_source: str = "unknown"
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def report(  # noqa: PLR0913 (the fields of a diagnostic)
        self,
        severity: Severity,
        summary: str,
        *,
        path: str | None = None,
        location: Location | None = None,
        detail: str | None = None,
        fix: str | None = None,
        related: Iterable[Location] = (),
    ) -> None:
        """Add a diagnostic; without a location, the place of `path` is taken."""
        if location is None and path:
            location = self.place(path)
        finding = Diagnostic(severity, summary, detail, location, path, fix, tuple(related))
        if finding not in self.diagnostics:
            self.diagnostics.append(finding)

    def report_by_user(self, summary: str, **where: object) -> None:
        """Add what is an error for the current user: only a warning as long as the user is a guess."""
        if self.user_is_known:
            self.error(summary, **where)
            return
        guess = f"judged for {self.tree.text('workspace', 'current_user', 'userName')}, a guess from {self.user_source}"
        detail = where.get("detail")
        where["detail"] = f"{detail}\n{guess}" if detail else guess
        self.warn(summary, **where)

    @property
    def user_is_known(self) -> bool:
        """Whether the environment names the current user."""
        return self.user_source.startswith("DATABRICKS_")

    def error(self, summary: str, **where: object) -> None:
        """Add an error."""
        self.report("error", summary, **where)  # type: ignore[arg-type]

    def warn(self, summary: str, **where: object) -> None:
        """Add a warning."""
        self.report("warning", summary, **where)  # type: ignore[arg-type]

    def recommend(self, summary: str, **where: object) -> None:
        """Add a recommendation."""
        self.report("recommendation", summary, **where)  # type: ignore[arg-type]

    def place(self, path: str) -> Location | None:
        """Return where the value at `path`, or the nearest one around it, is written."""
        steps = parse_path(path)
        while steps:
            node = self.tree.get(*steps)
            if node and node.location:
                return node.location
            steps = steps[:-1]
        return None

    @property
    def has_errors(self) -> bool:
        """Whether an error was found so far."""
        return any(diagnostic.severity == "error" for diagnostic in self.diagnostics)

    def resources(self, kind: str) -> list[tuple[str, Node]]:
        """The resources of a kind that are maps, by key."""
        section = self.tree.get("resources", kind)
        return [(key, node) for key, node in section.items() if node.is_map] if section else []
