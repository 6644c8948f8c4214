"""The bundle while it is loaded: the state that the steps of `load_bundle` share."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lakewright.bundle.model.bundle import LocalOverlay
from lakewright.bundle.model.comment import Comment
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.model.tree import Node, parse_path
from lakewright.bundle.model.written_secrets import WrittenSecret


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
        targets: The names of all targets.
        target: The chosen target, once it is chosen.
        target_node: What the target's section held, once it is chosen.
        sync_root: The folder that is synchronised; `root` or a folder above it.
        user_source: Where the current user's name comes from.
        diagnostics: The findings so far.
        comments: The comments that silence findings, from the files read so far.
        secret_lines: The lines with a secret in plain text, which are never shown.
        has_unread_files: Whether a file of the bundle could not be read, so that what it defines is missing.
        written_secrets: What has the form of a secret in the files.
        runs_python: Whether the bundle's Python code may be executed.
        python_executed: Whether that code was executed.
        paths_from_root: Whether paths of resources are relative to the root, no longer to the file that holds them.
        known: The findings so far, to look one up.
        nearest: For each path that leads nowhere, and the endings that it may have: what was probably meant.
    """

    root: Path
    file: Path
    environ: Mapping[str, str]
    variables: Mapping[str, str]
    local: LocalOverlay | None = None
    tree: Node = field(default_factory=lambda: Node({}))
    targets: tuple[str, ...] = ()
    target: str = ""
    target_node: Node = field(default_factory=lambda: Node({}))
    sync_root: Path = field(default_factory=Path)
    user_source: str = "unknown"
    diagnostics: list[Diagnostic] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    secret_lines: set[tuple[Path, int]] = field(default_factory=set)
    has_unread_files: bool = False
    written_secrets: tuple[WrittenSecret, ...] = ()
    runs_python: bool = True
    python_executed: bool = False
    paths_from_root: bool = False
    known: set[Diagnostic] = field(default_factory=set)
    nearest: dict[tuple[Path, tuple[str, ...]], str] = field(default_factory=dict)

    def add(self, finding: Diagnostic) -> None:
        """Add a finding once; one without a location gets the place of its path."""
        if finding.location is None and finding.path:
            finding = replace(finding, location=self.place(finding.path))
        if len(self.known) != len(self.diagnostics):
            self.known = set(self.diagnostics)
        if finding not in self.known:
            self.known.add(finding)
            self.diagnostics.append(finding)

    def add_for_user(self, finding: Diagnostic) -> None:
        """Add an error that depends on who deploys; while the user is a guess, it is only a warning."""
        if not self.user_is_known:
            user = self.tree.text("workspace", "current_user", "userName")
            guess = f"checked for the user {user}, which is a guess from {self.user_source}"
            detail = f"{finding.detail}\n{guess}" if finding.detail else guess
            finding = replace(finding, severity="warning", detail=detail)
        self.add(finding)

    @property
    def user_is_known(self) -> bool:
        """Whether the environment names the current user."""
        return self.user_source.startswith("DATABRICKS_")

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

    @property
    def may_get_resources(self) -> bool:
        """Whether Python code may still add resources, or would have added some had it been executed."""
        return not self.python_executed and bool(self._python("resources"))

    @property
    def python_left_out(self) -> bool:
        """Whether Python code that adds or changes resources was not executed."""
        return not self.python_executed and bool(self._python("resources") or self._python("mutators"))

    def _python(self, field: str) -> object:
        return self.tree.plain("python", field) or self.tree.plain("experimental", "python", field)

    def resources(self, kind: str) -> list[tuple[str, Node]]:
        """The resources of a kind that are maps, by key."""
        section = self.tree.get("resources", kind)
        return [(key, node) for key, node in section.items() if node.is_map] if section else []
