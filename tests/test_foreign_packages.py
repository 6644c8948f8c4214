"""No install command of the repository or of a project takes our packages from a public index.

The public index of these tests has traps under our names, in our version and in a higher one.
"""

import ensurepip
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from install_commands import ROOT, Written, commands_in, written_commands
from package_index import TRAP, Index, public_wheels, serving, stub

import lakewright
from lakewright.scaffold import new_project
from lakewright.wheels.errors import WheelError
from lakewright.wheels.folder import carry
from lakewright.wheels.lock import read_lock
from lakewright.wheels.sources import from_folder, from_index, one_index
from lakewright.wheels.wheel_file import read_wheel

pytestmark = pytest.mark.unit

ADDRESS = "https://index.example.com/simple"  # as the documents write it


@dataclass(frozen=True)
class Machine:
    """A machine that knows the public index alone.

    Attributes:
        public: The public index, with the traps.
        company: The company's index.
        folder: For programs, caches and a home.
    """

    public: Index
    company: Index
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its commands."""
        return {
            "PATH": f"{self.folder / 'python' / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": self.public.address,
            "PIP_NO_CACHE_DIR": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "UV_DEFAULT_INDEX": self.public.address,
            "UV_CACHE_DIR": str(self.folder / "cache"),
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_PYTHON": str(self.folder / "python" / "bin" / "python3"),
        }

    def run(self, command: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command; documents' index becomes the company's."""
        command = command.replace(ADDRESS, self.company.address)
        environment = {**self.environment, **more}
        return subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )


def _uv() -> str:
    found = shutil.which("uv") or ROOT / ".bootstrap" / "bin" / "uv"
    assert Path(found).is_file()
    return str(found)


def make_environment(folder: Path) -> None:
    """Make a virtual environment whose pip is unpacked: `venv` installs it with pip, which takes seconds."""
    bundled = [*(Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl")]
    options = ["--without-pip"] if bundled else []  # a distribution may keep the wheel elsewhere
    subprocess.run([sys.executable, "-m", "venv", *options, str(folder)], check=True)
    (site,) = (folder / "lib").glob("python3*/site-packages")
    for wheel in bundled:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site)


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("machine")
    make_environment(folder / "python")
    (folder / "python" / "bin" / "uv").symlink_to(_uv())
    made = new_project(folder / "shop", answers={}, ask=False)
    with serving(public_wheels()) as public, serving(from_folder(made / "wheels")) as company:
        yield Machine(public, company, folder)


@pytest.fixture(autouse=True)
def forget(request):
    """Each test begins with an index that was asked nothing."""
    if "machine" in request.fixturenames:
        request.getfixturevalue("machine").public.asked.clear()


@pytest.fixture(scope="module")
def clone(tmp_path_factory, machine):
    """A new project with wheels inside, as a colleague clones it; the folder it was made in is gone."""
    cloned, made = tmp_path_factory.mktemp("colleague") / "clone", machine.folder / "shop"
    git = "git -c user.name=a -c user.email=a@example.org"
    command = f"git init -q && git add -A && {git} commit -qm new && git clone -q . {cloned}"
    done = machine.run(command, made)
    assert done.returncode == 0, done.stderr
    shutil.rmtree(made)
    return cloned


@pytest.fixture(scope="module")
def of_company(tmp_path_factory, machine):
    """A new project that takes our packages from the company's index."""
    folder = tmp_path_factory.mktemp("company") / "shop"
    with pytest.MonkeyPatch.context() as patched:
        for name, value in machine.environment.items():
            patched.setenv(name, value)
        patched.setenv("PIP_EXTRA_INDEX_URL", machine.public.address)
        project = new_project(folder, answers={"package_index": machine.company.address}, ask=False)
    for wheel in (project / "wheels").glob("*.whl"):
        wheel.unlink()  # they are not committed
    return project


def setup_lines(project: Path) -> list[str]:
    """The commands of the project's README that set it up."""
    (block,) = re.findall(
        r"## Run it here\n\n```bash\n(.*?)```", (project / "README.md").read_text(), re.DOTALL
    )
    return [line for line in block.splitlines() if re.match(r"python3|\.venv/bin/pip", line)]


def twice(machine: Machine) -> dict[str, str]:
    """The variable of a machine whose pip looks at the public index besides any other."""
    return {"PIP_EXTRA_INDEX_URL": machine.public.address}


def installed(project: Path) -> dict[str, str]:
    """The first module of each of our packages in a project's environment."""
    (site,) = (project / ".venv" / "lib").glob("python3*/site-packages")
    return {name: (site / name / "__init__.py").read_text() for name in ("databricks_utils", "lakewright")}


@pytest.mark.drawn(1)
def test_a_cloned_project_is_set_up_from_its_own_wheels(machine, clone):
    for line in setup_lines(clone):
        done = machine.run(line, clone, **twice(machine))
        assert done.returncode == 0, done.stdout + done.stderr
    assert machine.public.asked_for_ours == set()
    assert "pydantic" in machine.public.asked
    assert TRAP not in "".join(installed(clone).values())


@pytest.mark.drawn(1)
def test_a_project_with_a_private_index_is_set_up_from_that_index(machine, clone, of_company):
    make, download, install = setup_lines(of_company)
    assert (make, install) == (
        setup_lines(clone)[0],
        setup_lines(clone)[-1],
    )  # as with wheels inside, and run there
    done = machine.run(download.replace(".venv/bin/pip", "python3 -m pip"), of_company, **twice(machine))
    assert done.returncode == 0, done.stdout + done.stderr
    wheels = read_lock(of_company).wheels
    assert {wheel.version for wheel in wheels} == {lakewright.__version__}
    assert {wheel.sha256 for wheel in wheels} == {
        read_wheel(file).sha256 for file in (of_company / "wheels").glob("*.whl")
    }
    assert machine.company.asked_for_ours == {"databricks-utils", "lakewright"}


@pytest.mark.drawn(1)
def test_a_private_index_that_answers_with_a_stranger_is_stopped_by_the_hash(machine, of_company):
    lock = of_company / "wheels" / "wheels.lock"
    asked = lock.read_text().replace(machine.company.address, machine.public.address)
    (of_company / "mirrored.lock").write_text(asked)
    done = machine.run(
        "python3 -m pip download --no-deps --require-hashes -d got -r mirrored.lock", of_company
    )
    assert machine.public.asked_for_ours
    assert done.returncode != 0
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in done.stderr


@pytest.mark.drawn(1)
@pytest.mark.parametrize("which", ["clone", "of_company"])
def test_uv_takes_our_packages_from_the_source_of_the_project(machine, which, request):
    project = request.getfixturevalue(which)
    done = machine.run("uv lock", project)
    assert done.returncode == 0, done.stderr
    assert machine.public.asked_for_ours == set()
    lock = (project / "uv.lock").read_text()
    for wheel in read_lock(project).wheels:
        assert f"sha256:{wheel.sha256}" in lock


@pytest.mark.drawn(1)
@pytest.mark.parametrize("which", ["clone", "of_company"])
def test_the_build_of_a_deployment_asks_no_public_index(machine, which, request):
    project = request.getfixturevalue(which)
    bundle = (project / "databricks.yml").read_text()
    (build,) = re.findall(r"    build: (?:>-\n)?(.*?)\n\n", bundle, re.DOTALL)
    parts = (part.strip() for part in " ".join(build.split()).split("&&"))
    here = {"pip": "python3 -m pip", "python": "python3"}
    build = " && ".join(f"{here[part.split()[0]]} {part.partition(' ')[2]}" for part in parts)
    (project / "dist").mkdir(exist_ok=True)
    (project / "dist" / "shop-0.0.9-py3-none-any.whl").touch()  # of several a deployment would take any
    done = machine.run(build, project, **twice(machine))
    assert done.returncode == 0, done.stderr
    (built,) = (file.name for file in (project / "dist").glob("*.whl"))
    assert re.fullmatch(r"shop-0\.1\.0\+c[0-9a-f]{12}-py3-none-any\.whl", built)
    assert len(list((project / "wheels").glob("*.whl"))) == 2
    if which == "clone":
        assert machine.public.asked_for_ours == set()
    with_deps = machine.run(f"python3 -m pip install --dry-run --target t dist/{built}", project)
    assert with_deps.returncode == 0, with_deps.stderr
    if which == "clone":
        assert machine.public.asked_for_ours == set()


def _runnable(written: Written) -> str | None:
    """The command for this machine; None if it has parts that only a program or a person fills in."""
    words = written.words
    if any(re.search(r"[{<$]|VERSION|FILE", word) for word in words):
        return None
    if Path(words[0]).name in {"pip", "%pip", "pip3"}:
        words = ["python3", "-m", "pip", *words[1:]]
        if "install" in words:
            words.insert(words.index("install") + 1, "--dry-run")
    return shlex.join(words)


@pytest.mark.drawn(1)
def test_no_written_command_asks_the_public_index_for_our_packages(machine, clone):
    written = written_commands()
    assert len({each.place for each in written}) > 10
    assert [each for each in written if each.asks_for] == []
    for wheel in (clone / "wheels").glob("*.whl"):
        shutil.copy2(wheel, clone)  # the documents of the library install the files in the current folder
    # A program that fills in a name uses `install_line`, which knows ours.
    assert [each for each in written for word in each.packages if re.fullmatch(r"\{[^}]*\}", word)] == []
    set_up_above = "python3 -m pip install --dry-run -r requirements-dev.txt"
    runnable = {command for each in written if (command := _runnable(each))} - {set_up_above}
    assert any("./databricks_utils-" in command for command in runnable)
    for command in sorted(runnable):
        machine.run(command, clone)
        assert machine.public.asked_for_ours == set(), command


@pytest.mark.drawn(1)
def test_the_locks_of_this_workspace_are_made_without_asking_for_our_packages(machine, tmp_path):
    for name in ("scripts", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    projects = [ROOT, ROOT / "examples" / "flights", *(ROOT / "packages").iterdir()]
    for project in projects:
        copied = tmp_path / project.relative_to(ROOT)
        copied.mkdir(parents=True, exist_ok=True)
        shutil.copy2(project / "pyproject.toml", copied)
    done = machine.run("scripts/lock.sh", tmp_path)
    assert done.returncode == 0, done.stderr
    assert machine.public.asked_for_ours == set()
    assert "databricks-utils" not in (tmp_path / "requirements" / "dev.lock").read_text()


# Each check must notice what it is for.


def test_a_project_without_its_source_is_caught_by_the_trap(machine, clone, tmp_path):
    text = (clone / "pyproject.toml").read_text()
    without = re.sub(r"\[tool\.uv\.sources\]\n(?:.+\n)+", "", text)
    assert without != text
    (tmp_path / "pyproject.toml").write_text(without)
    (tmp_path / "README.md").touch()
    shutil.copytree(clone / "scripts", tmp_path / "scripts")  # the version of the wheel
    machine.run("uv lock", tmp_path)
    assert machine.public.asked_for_ours == {"databricks-utils", "lakewright"}


def test_a_bare_name_in_the_requirements_is_caught_by_the_trap(machine, tmp_path):
    (tmp_path / "requirements-dev.txt").write_text("databricks-utils\n")
    done = machine.run("python3 -m pip install --dry-run --target t -r requirements-dev.txt", tmp_path)
    assert "Would install databricks-utils-99.0" in done.stdout
    assert machine.public.asked_for_ours == {"databricks-utils"}


def test_an_extra_index_lets_the_stranger_win_over_the_company(machine, tmp_path):
    """Why `--index-url` and `--extra-index-url` with a bare name are no answer."""
    command = f"python3 -m pip install --dry-run --target t --index-url {ADDRESS} databricks-utils --no-deps"
    assert f"Would install databricks-utils-{lakewright.__version__}" in machine.run(command, tmp_path).stdout
    extra = machine.run(command, tmp_path, **twice(machine))
    assert "Would install databricks-utils-99.0" in extra.stdout


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("$ pip install lakewright", ["lakewright"]),
        (
            "`pip install 'databricks-utils[ml]==0.1.0' --index-url https://x`",
            ["databricks-utils[ml]==0.1.0"],
        ),
        ('fix="uv pip install databricks_utils"', ["databricks_utils"]),
        ("%pip install -q databricks-ai-agents", ["databricks-ai-agents"]),
        (
            "build: pip wheel --no-deps --wheel-dir dist . databricks-utils==0.1.0",
            ["databricks-utils==0.1.0"],
        ),
        ("run: uv add lakewright", ["lakewright"]),
        ("$ pip install --index-url INDEX \\\n    lakewright\n", ["lakewright"]),
        ("run: uvx run lakewright", ["lakewright"]),
        ("pip install -r requirements-dev.txt", []),
        ("pip install ./wheels/lakewright-0.1.0-py3-none-any.whl", []),
    ],
)
def test_a_command_with_one_of_our_names_is_found(text, named):
    (found,) = commands_in(text)
    assert Written("page.md", found).asks_for == named


@pytest.mark.parametrize(
    "code",
    [
        'fix=f"install it: pip install {name}",',
        'fix=f"install it: {pip} install {name}",',
        'return f"{quote(python)} -m pip {words} {name}"',
    ],
)
def test_a_name_that_a_program_fills_in_is_found(code):
    (found,) = commands_in(code)
    assert "{name}" in Written("module.py", found).packages


def test_what_init_downloads_comes_from_the_named_index_alone(machine):
    asked = one_index(
        {"PIP_EXTRA_INDEX_URL": "x", "PIP_FIND_LINKS": "y", "PIP_CONFIG_FILE": "z", "HOME": "h"}
    )
    assert asked == {"HOME": "h", "PIP_CONFIG_FILE": os.devnull}


def test_an_index_without_our_packages_is_reported_and_no_project_is_left(machine, tmp_path):
    with serving([stub("click", "8.1", "")]) as empty:
        with pytest.raises(WheelError, match="could not be downloaded") as refused:
            new_project(tmp_path / "shop", answers={"package_index": empty.address}, ask=False)
        assert refused.value.location == empty.address
    assert not (tmp_path / "shop").exists()


def test_an_update_takes_the_version_of_the_private_index(machine, tmp_path):
    new = [stub(name, "0.2.0", "") for name in ("databricks-utils", "lakewright")]
    with serving(new) as index:
        (tmp_path / "pyproject.toml").write_text('ours = ["lakewright==0.1.0"]\n')
        carry(tmp_path, from_index(index.address, "0.2.0"), index=index.address)
    lock = read_lock(tmp_path)
    assert (lock.index, {wheel.version for wheel in lock.wheels}) == (index.address, {"0.2.0"})
    assert (tmp_path / "pyproject.toml").read_text() == 'ours = ["lakewright==0.2.0"]\n'
