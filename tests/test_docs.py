"""What the docs and docstrings name exists: files, modules, commands, options, variables, messages that the how-tos quote."""

import ast
import importlib
import re
import subprocess
from functools import cache
from pathlib import Path

import click
import pytest
import yaml

import databricks_utils
import lakewright
from lakewright.cli import cli
from lakewright.engine.layout import EngineFolder

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]
GENERATED = {"findings.md", "parity.md"}  # their examples name files of projects that do not exist
PAGES = [
    page
    for folder in (
        ".",
        "docs",
        "docs/*",
        "examples/flights",
        "examples/flights/**",
        "packages/**/src/**",
        "packages/*",
    )
    for page in sorted(ROOT.glob(f"{folder}/*.md"))
    if page.name not in {*GENERATED, "CHANGELOG.md"} and "example_config" not in page.parts
]
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())

_SPAN = re.compile(r"`([^`\n]+)`")
_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"[\w*.-]*(?:/[\w*.-]+)*(?:/|\.(?:py|md|sh|toml|ya?ml|json|sql|scala|ipynb|cfg))")
_DOTTED = re.compile(r"(?<![\w.])(?:databricks_utils|lakewright)(?:\.\w+)+")
_VARIABLE = re.compile(r"(?:LAKEWRIGHT|DBX)_[A-Z_]+[A-Z]")
# Files of other programs, of a workspace, or of a project while it runs.
_OTHERS = (
    ".ipynb", ".py", ".sql", "~/", ".lakewright/", "/Volumes/", ".databricks/", "dist/",
    ".azuredevops/", ".gitlab/",  # of projects on other Git hosts than the example's
)  # fmt: skip
_OF_A_RUN = {
    "lakehouse/dbfs/",
    "summary.json", "artifacts/", "demo/", "dist/", "databricks-connect/", "spark-warehouse/", "dbfs/", "tmp/",
    "engine.json", "engine.launch.json", "run.json", "gate.json", "sent.json",
    "workspace.json", "variable-overrides.json", "exploring/", "wheels/", "site-packages/",
    "ruamel.yaml", "setup.py",
}  # fmt: skip


@cache
def known_paths() -> frozenset[str]:
    """The files that git knows and their folders (with a slash at the end), each also without its first folders."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    files = [name for name in listed if name and (ROOT / name).exists()]
    # A file of the template also has the name that it gets in a project.
    files += [
        re.sub(r"<\[%.*?%\]>", "", name).removesuffix(".jinja")
        for name in files
        if name.startswith("template/")
    ]
    folders = {f"{folder.as_posix()}/" for name in files for folder in Path(name).parents}
    parts = [path.split("/") for path in (*files, *folders)]
    return frozenset("/".join(names[start:]) for names in parts for start in range(len(names)))


def exists(name: str) -> bool:
    """Whether a file or folder of the repository has this name, or ends with this path; `*` stands for any part."""
    if "*" not in name:
        return name in known_paths()
    pattern = re.escape(name).replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
    return any(re.fullmatch(pattern, path) for path in known_paths())


def spans(page: Path) -> list[str]:
    """The code spans of a page, without its blocks of code."""
    return _SPAN.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))


def missing_paths(text: list[str]) -> list[str]:
    named = [span for span in text if _FILE.fullmatch(span) and not span.startswith(_OTHERS)]
    return [span for span in named if span not in _OF_A_RUN and not exists(span)]


@EACH_PAGE
def test_each_path_in_a_code_span_exists(page):
    assert missing_paths(spans(page)) == []


def test_a_moved_file_is_noticed():
    assert missing_paths(["bundle/yaml_source.py", "bundle/reading/yaml_source.py"]) == [
        "bundle/yaml_source.py"
    ]


def resolves(dotted: str) -> bool:
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


@EACH_PAGE
def test_each_module_and_name_in_a_code_span_can_be_imported(page):
    dotted = {
        name
        for span in spans(page)
        for name in _DOTTED.findall(span)
        if not name.endswith((".yaml", ".engines"))
    }
    assert [name for name in sorted(dotted) if not resolves(name)] == []


SOURCES = sorted(path for kind in ("py", "scala") for path in ROOT.glob(f"packages/*/src/**/*.{kind}"))
_CODE_FILE = re.compile(r"(?:[\w-]+/)*[\w-]+\.(?:py|md|scala|sh)")
_OF_OTHERS = {"setup.py", "mlflow/store/_unity_catalog/registry/rest_store.py"}


def outdated_names(text: str) -> list[str]:
    """The modules, names and files in the code spans of docstrings and comments that do not exist."""
    spans = _SPAN.findall(text)
    dotted = {name for span in spans for name in _DOTTED.findall(span)}
    files = {span for span in spans if _CODE_FILE.fullmatch(span)} - _OF_OTHERS
    return sorted(
        {name for name in dotted if not resolves(name)} | {name for name in files if not exists(name)}
    )


def test_each_module_and_file_that_a_docstring_or_comment_names_exists():
    found = {path.relative_to(ROOT).as_posix(): outdated_names(path.read_text("utf-8")) for path in SOURCES}
    assert {path: names for path, names in found.items() if names} == {}


def test_a_docstring_that_names_a_moved_module_is_noticed():
    text = "A tree like that of `lakewright.bundle.tree`; see `bundle/model/tree.py` and `bundle/tree.py`."
    assert outdated_names(text) == ["bundle/tree.py", "lakewright.bundle.tree"]


def test_a_renamed_function_is_noticed():
    assert resolves("databricks_utils.catalog.tables.append_once")
    assert not resolves("databricks_utils.catalog.tables.append_twice")
    assert not resolves("lakewright.bundle.yaml_source")


def commands(page: Path) -> list[str]:
    """The commands in code spans and console blocks."""
    text = page.read_text(encoding="utf-8")
    blocks = [line.removeprefix("$ ") for _, block in _FENCE.findall(text) for line in block.splitlines()]
    return [*spans(page), *blocks]


def unknown_words(command: str) -> list[str]:
    """The subcommands and long options of `lakewright` in a command that do not exist."""
    match = re.search(r"(?:^|/)lakewright ([a-z]+(?:-[a-z]+)*)\b(.*)", command.partition("#")[0])
    if not match:
        return []
    found = cli.get_command(click.Context(cli), match[1])
    if found is None:
        return [match[1]]
    rest = match[2]
    if isinstance(found, click.Group) and (inner := re.match(r" ([a-z]+)", rest)):
        found = found.commands.get(inner[1])
        if found is None:
            return [inner[1]]
    known = {option for parameter in found.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return [option for option in re.findall(r"(?<=\s)--[a-z-]+", rest) if option not in {*known, "--help"}]


@EACH_PAGE
def test_each_command_and_option_of_lakewright_exists(page):
    assert [word for command in commands(page) for word in unknown_words(command)] == []


def test_an_option_that_does_not_exist_is_noticed():
    assert unknown_words("lakewright run JOB --resume --dry") == ["--dry"]
    assert unknown_words(".venv/bin/lakewright rnu JOB") == ["rnu"]
    assert unknown_words("lakewright engine halt") == ["halt"]


def unknown_parameters(command: str) -> list[str]:
    """The parameters that a command gives to a job of the flights project, and that this job does not declare."""
    match = re.search(r"(?:^|/)lakewright run (\w+)\b(.*)", command)
    file = ROOT / "examples" / "flights" / "resources" / f"{match[1] if match else ''}.job.yml"
    if match is None or not file.exists():
        return []
    declared = yaml.safe_load(file.read_text(encoding="utf-8"))["resources"]["jobs"][match[1]]["parameters"]
    known = {item["name"] for item in declared} if isinstance(declared, list) else set()
    return [name for name in re.findall(r"--param (\w+)=", match[2]) if name not in known]


@EACH_PAGE
def test_each_parameter_of_a_job_exists(page):
    assert [name for command in commands(page) for name in unknown_parameters(command)] == []


def test_a_parameter_that_does_not_exist_is_noticed():
    assert unknown_parameters("lakewright run batch_scoring --param rescore=all --param again=all") == [
        "again"
    ]


def undeclared_names(page: Path) -> list[str]:
    """Names that a page's Python imports from our packages and that are not there."""
    text = page.read_text(encoding="utf-8")
    lines = re.findall(r"^ *from (databricks_utils[\w.]*) import (\w+(?:, \w+)*)$", text, re.MULTILINE)
    dotted = [f"{module}.{name}" for module, names in lines for name in names.split(", ")]
    return [name for name in dotted if not resolves(name)]


@EACH_PAGE
def test_what_the_python_of_a_page_imports_exists(page):
    assert undeclared_names(page) == []


@EACH_PAGE
def test_each_make_target_exists(page):
    targets = set(
        re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    named = {target for command in commands(page) for target in re.findall(r"^make ([a-z][\w-]*)", command)}
    assert named <= targets


@cache
def strings_of_the_sources() -> str:
    """All string constants of both packages, one a line; a formatted value is `…`."""
    found = []
    for root in (Path(lakewright.__file__).parent, Path(databricks_utils.__file__).parent):
        for file in root.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    parts = [part.value if isinstance(part, ast.Constant) else "…" for part in node.values]
                    found.append("".join(map(str, parts)))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.append(node.value)
    return "\n".join(found)


def printed(message: str) -> bool:
    """Whether the sources hold a message, or all its parts around `…`; a formatted value stands for any text."""
    if all(part.strip() in strings_of_the_sources() for part in message.split("…")):
        return True
    templates = (line.split("…") for line in strings_of_the_sources().splitlines())
    near = (parts for parts in templates if sum(map(len, parts)) > len(message) / 2)
    return any(
        re.fullmatch(".+".join(map(re.escape, parts)), message) for parts in near if parts[0] in message
    )


def quoted_messages(page: Path) -> list[str]:
    """The code spans in the first column of a page's tables of messages."""
    tables = re.findall(
        r"^\| message \|.*\n\|[-| ]+\|\n((?:\|.*\n)+)", page.read_text(encoding="utf-8"), re.MULTILINE
    )
    return [
        span for table in tables for row in table.splitlines() for span in _SPAN.findall(row.split("|")[1])
    ]


def test_each_message_that_a_how_to_quotes_is_in_the_sources():
    pages = [*ROOT.glob("docs/how-to/*.md"), *ROOT.glob("examples/flights/docs/runbook/*.md")]
    quoted = [message for page in sorted(pages) for message in quoted_messages(page)]
    assert len(quoted) > len(pages)
    assert [message for message in quoted if not printed(message)] == []


def test_a_message_that_no_source_prints_is_noticed():
    assert printed("no Java 17 or newer was found")
    assert not printed("no Java 17 or older was found")


def test_each_environment_variable_of_the_docs_is_read_by_the_sources():
    code = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("packages", "tests", "scripts", "benchmarks")
        for file in (ROOT / folder).rglob("*")
        if file.suffix in {".py", ".sh", ".scala"}
    )
    named = {name for page in PAGES for name in _VARIABLE.findall(page.read_text(encoding="utf-8"))}
    of_the_configuration = {name for name in named if re.fullmatch(r"DBX_\w+__\w+", name)}
    assert sorted(name for name in named - of_the_configuration if name not in code) == []


@pytest.mark.parametrize(
    "folder",
    ["lakewright", "lakewright/bundle", "lakewright/runner", "databricks_utils", "databricks_utils/mlops"],
)
def test_the_page_of_building_blocks_names_each_room_and_module(folder):
    page = (ROOT / "docs/arc42/05-building-blocks.md").read_text(encoding="utf-8")
    (path,) = ROOT.glob(f"packages/*/src/{folder}")
    inside = [
        entry.name if entry.suffix else f"{entry.name}/"
        for entry in path.iterdir()
        if (entry.suffix == ".py" or (entry / "__init__.py").is_file()) and not entry.name.startswith("_")
    ]
    named = {name.removesuffix(".py") for name in _SPAN.findall(page)}
    assert {name.removesuffix(".py") for name in inside} - named == set()


def test_the_page_of_local_runs_names_each_file_of_the_engine():
    page = (ROOT / "docs/reference/local-runs.md").read_text(encoding="utf-8")
    folder = EngineFolder(Path("project"))
    names = [value for name in vars(EngineFolder) if isinstance(value := getattr(folder, name), Path)]
    files = [path.name for path in names if path.parent == folder.root and path != folder.lakehouse]
    assert [name for name in files if f"`{name}`" not in page] == []
