"""`lakewright contract diff`: two files, or a project and a git ref; the version decides about the exit code."""

import json
import subprocess

import pytest
from click.testing import CliRunner

from lakewright.commands.contract import command
from lakewright.errors import LakewrightError
from lakewright.past.files import past_of
from lakewright.past.git import GitError

pytestmark = pytest.mark.unit

CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: {id}
version: {version}
status: active
schema:
  - name: orders
    properties:
      - {{name: price, $ref: "{reference}"}}
"""
FRAGMENT = "price:\n  logicalType: integer\n  logicalTypeOptions:\n    minimum: {least}\n"


def run(*arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments], standalone_mode=False)


def refused(*arguments):
    done = run(*arguments)
    assert isinstance(done.exception, LakewrightError), done.output
    return done.exception


def git(folder, *arguments):
    named = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *named, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Writes contracts with their fragment below a folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")

    def written(path, *, version="1.0.0", least=0, id="shop", fragment="columns.yaml"):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / fragment).write_text(FRAGMENT.format(least=least), encoding="utf-8")
        file.write_text(
            CONTRACT.format(id=id, version=version, reference=f"{fragment}#/price"), encoding="utf-8"
        )
        return file

    return written


@pytest.fixture
def project(files, tmp_path):
    """A project in a subfolder of a repository, with one committed contract."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "databricks.yml").write_text("bundle: {name: shop}\n", encoding="utf-8")
    files("shop/contracts/orders.odcs.yaml")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "state")
    return tmp_path / "shop"


def test_the_changes_of_two_files_are_grouped_and_a_version_that_fits_passes(files):
    old, new = files("old/a.odcs.yaml"), files("new/a.odcs.yaml", version="2.0.0", least=1)
    done = run("diff", old, new)
    assert done.exit_code == 0
    assert "new/a.odcs.yaml: shop 1.0.0 → 2.0.0\n  breaking, 1 change:\n" in done.output
    assert (
        "    new/columns.yaml:4  table orders, column price: lower bound: minimum 0 → minimum 1"
        " [consumer: safe, producer: breaking]\n"
    ) in done.output
    assert "  the version fits: 1.0.0 → 2.0.0; a breaking change demands a new major version" in done.output


def test_a_version_that_is_too_low_fails_with_its_line_and_the_right_one(files):
    old, new = files("old/a.odcs.yaml"), files("new/a.odcs.yaml", version="1.1.0", least=1)
    done = run("diff", old, new)
    assert done.exit_code == 2
    assert (
        "  error: version 1.0.0 → 1.1.0 is too low: a breaking change demands a new major version\n"
        "    at: new/a.odcs.yaml:4\n    fix: set version: 2.0.0\n"
    ) in done.output


def test_equal_contracts_pass(files):
    done = run("diff", files("old/a.odcs.yaml"), files("new/a.odcs.yaml"))
    assert (done.exit_code, done.output) == (0, "1 contract without changes\n")


def test_json_has_a_stable_shape(files):
    old, new = files("old/a.odcs.yaml"), files("new/a.odcs.yaml", version="1.1.0", least=1)
    done = run("diff", old, new, "-o", "json")
    assert done.exit_code == 2
    data = json.loads(done.output)
    (contract,) = data.pop("contracts")
    assert data == {"schema_version": 1, "against": None, "fits": False}
    (change,) = contract.pop("changes")
    assert contract == {
        "id": "shop",
        "old_file": "old/a.odcs.yaml",
        "new_file": "new/a.odcs.yaml",
        "old_version": "1.0.0",
        "new_version": "1.1.0",
        "level": "major",
        "fits": False,
        "reason": "version 1.0.0 → 1.1.0 is too low: a breaking change demands a new major version",
        "fix": "set version: 2.0.0",
        "suggested_version": "2.0.0",
        "location": "new/a.odcs.yaml:4",
    }
    assert change == {
        "kind": "bound_tightened",
        "path": "table orders, column price",
        "summary": "lower bound: minimum 0 → minimum 1",
        "old": "minimum 0",
        "new": "minimum 1",
        "location": "new/columns.yaml:4",
        "consumer": "safe",
        "producer": "breaking",
        "level": "major",
    }


def test_two_files_or_a_ref_are_needed(files):
    done = CliRunner().invoke(command, ["diff", str(files("a.odcs.yaml"))])
    assert done.exit_code == 2
    assert "name two files, OLD and NEW, or give --against GIT_REF" in done.output


def test_fragments_are_read_from_the_ref_too(files, project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "contracts" / "columns.yaml").write_text(FRAGMENT.format(least=1), encoding="utf-8")
    done = run("diff", "--against", "main")
    assert done.exit_code == 2
    assert "contracts/columns.yaml:4  table orders, column price: lower bound" in done.output
    assert "fix: set version: 2.0.0" in done.output


def test_a_fragment_with_any_name_and_one_of_a_fragment_are_read_from_the_ref(files, project, monkeypatch):
    monkeypatch.chdir(project)
    contracts = project / "contracts"
    (contracts / "columns.yaml").write_text(
        "price: {'$ref': '../shared/prices.txt#/eur'}\n", encoding="utf-8"
    )
    (project / "shared").mkdir()
    (project / "shared" / "prices.txt").write_text("eur: {logicalType: number}\n", encoding="utf-8")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "shared")
    (project / "shared" / "prices.txt").write_text("eur: {logicalType: string}\n", encoding="utf-8")
    done = run("diff", "--against", "HEAD")
    assert "shared/prices.txt:1  table orders, column price: type DOUBLE → STRING" in done.output


def test_a_removed_part_has_its_place_at_the_ref(files, project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "contracts" / "columns.yaml").write_text("price:\n  logicalType: integer\n", encoding="utf-8")
    done = run("diff", "--against", "main", "contracts/orders.odcs.yaml")
    assert "main:shop/contracts/columns.yaml:4  table orders, column price: lower bound" in done.output


def test_a_new_a_moved_and_a_deleted_contract_are_told_apart(files, project, monkeypatch):
    monkeypatch.chdir(project)
    files("shop/contracts/sales.odcs.yaml", id="sales")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "two")
    (project / "contracts" / "sales.odcs.yaml").unlink()
    (project / "contracts" / "moved").mkdir()
    for name in ("orders.odcs.yaml", "columns.yaml"):
        (project / "contracts" / name).rename(project / "contracts" / "moved" / name)
    files("shop/contracts/new.odcs.yaml", id="new")
    done = run("diff", "--against", "main")
    assert done.exit_code == 2
    assert "contracts/new.odcs.yaml: new new → 1.0.0" in done.output
    assert "main:shop/contracts/sales.odcs.yaml: sales 1.0.0 → deleted" in done.output
    assert "fix: keep the file, with status: retired and version: 2.0.0" in done.output
    assert "1 contract without changes" in done.output  # the moved one


def test_one_deleted_contract_can_be_named(files, project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "contracts" / "orders.odcs.yaml").unlink()
    assert run("diff", "contracts/orders.odcs.yaml", "--against", "main").exit_code == 2


def test_another_id_in_the_same_file_fails(files, project, monkeypatch):
    monkeypatch.chdir(project)
    files("shop/contracts/orders.odcs.yaml", id="orders", version="2.0.0")
    done = run("diff", "--against", "main")
    assert done.exit_code == 2
    assert "the id was `shop` and is `orders`" in done.output


def test_an_old_state_that_is_not_valid_can_be_repaired(files, project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "contracts" / "columns.yaml").write_text("price: {logicalType: strng}\n", encoding="utf-8")
    git(project, "commit", "-q", "-a", "-m", "broken")
    files("shop/contracts/orders.odcs.yaml")
    done = run("diff", "--against", "main")
    assert done.exit_code == 0
    assert (
        "main:shop/contracts/columns.yaml:1  the old state is not valid, and was not compared" in done.output
    )


def test_another_contract_that_is_not_valid_does_not_matter_to_the_named_one(files, project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "contracts" / "bad.odcs.yaml").write_text("a: [", encoding="utf-8")
    assert run("diff", "contracts/orders.odcs.yaml", "--against", "main").exit_code == 0
    assert refused_contract("diff", "--against", "main").location == "contracts/bad.odcs.yaml:1"


def refused_contract(*arguments):
    from databricks_utils.contracts import ContractError

    done = run(*arguments)
    assert isinstance(done.exception, ContractError), done.output
    return done.exception


def test_a_contract_that_is_nowhere_is_an_error(files, project, monkeypatch):
    monkeypatch.chdir(project)
    error = refused("diff", "contracts/ordrs.odcs.yaml", "--against", "main")
    assert "no contract contracts/ordrs.odcs.yaml, neither here nor at main" in error.summary


def test_contracts_of_two_projects_are_each_compared_with_their_own_past(
    files, project, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    files("alone/b.odcs.yaml", id="b")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "two projects")
    files("shop/contracts/orders.odcs.yaml", version="1.1.0")
    files("alone/b.odcs.yaml", id="b", version="2.0.0", least=1)
    done = run("diff", "shop/contracts/orders.odcs.yaml", "alone/b.odcs.yaml", "--against", "HEAD")
    assert done.exit_code == 0
    assert "alone/b.odcs.yaml: b 1.0.0 → 2.0.0" in done.output
    assert "1 contract without changes" in done.output


def test_a_contract_at_the_root_of_a_repository_is_compared(files, tmp_path):
    files("ünï côdé.odcs.yaml")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "state")
    new = files("ünï côdé.odcs.yaml", version="2.0.0", least=1)
    assert "minimum 0 → minimum 1" in run("diff", new.name, "--against", "HEAD").output


def test_a_project_without_contracts_is_an_error(files, project, monkeypatch):
    monkeypatch.chdir(project)
    git(project, "rm", "-q", "contracts/orders.odcs.yaml")
    git(project, "commit", "-q", "-m", "none")
    assert "neither here nor at main" in refused("diff", "--against", "main").summary


@pytest.mark.parametrize("ref", ["nowhere", "--help", "main:shop", "main; ls"])
def test_a_ref_that_git_does_not_know_is_an_error(files, project, monkeypatch, ref):
    monkeypatch.chdir(project)
    error = refused("diff", f"--against={ref}")
    assert error.summary == f"git knows no commit `{ref}`"
    assert "git fetch" in error.fix


def test_a_folder_without_a_repository_is_an_error(files, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", "/")
    error = refused("diff", files("a.odcs.yaml"), "--against", "main")
    assert isinstance(error, GitError)
    assert "OLD NEW" in error.fix


def test_a_machine_without_git_gets_the_way_around(files, project, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GitError, match="git is not installed"), past_of(project, "main"):
        pass


def test_text_of_a_contract_cannot_move_the_cursor(files):
    old = files("old/a.odcs.yaml")
    new = files("new/a.odcs.yaml", version="1.1.0")
    new.write_text(
        new.read_text("utf-8").replace("status: active", 'status: active\nname: "a\\e[2Jb"'), encoding="utf-8"
    )
    done = run("diff", old, new)
    assert "\x1b" not in done.output
    assert r"a\x1b[2Jb" in done.output


def test_a_deleted_contract_that_was_not_valid_fails(files, project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "contracts" / "orders.odcs.yaml").write_text("kind: x\n", encoding="utf-8")
    git(project, "commit", "-q", "-a", "-m", "broken")
    git(project, "rm", "-q", "contracts/orders.odcs.yaml")
    done = run("diff", "--against", "HEAD")
    assert done.exit_code == 2
    assert "HEAD:shop/contracts/orders.odcs.yaml: not valid → deleted" in done.output
    assert "contract deleted; its old state is not valid: " in done.output
    assert "fix: restore the file, correct it and set status: retired" in done.output
    assert "without changes" not in done.output


@pytest.mark.parametrize(
    ("target", "real"),
    [
        ("../shared/o.odcs.yaml", "shop/shared/o.odcs.yaml"),
        ("../../elsewhere/o.txt", "elsewhere/o.txt"),
        ("../folder/o.odcs.yaml", "shop/shared/o.odcs.yaml"),
    ],
    ids=["in the project", "outside of it, with another suffix", "through a folder that is a link"],
)
def test_a_contract_that_is_a_link_is_compared_with_what_it_led_to(project, monkeypatch, target, real):
    monkeypatch.chdir(project)
    link, root = project / "contracts" / "orders.odcs.yaml", project.parent
    git(project, "rm", "-q", "-r", "contracts")
    text = CONTRACT.replace('name: price, $ref: "{reference}"', "name: price, logicalType: {kind}")
    (root / real).parent.mkdir(parents=True)
    (root / real).write_text(text.format(id="shop", version="1.0.0", kind="integer"), encoding="utf-8")
    if "folder" in target:
        (project / "folder").symlink_to("shared")
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(target)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "link")
    assert run("diff", "--against", "HEAD").output == "1 contract without changes\n"
    (root / real).write_text(text.format(id="shop", version="2.0.0", kind="number"), encoding="utf-8")
    done = run("diff", "--against", "HEAD")
    assert done.exit_code == 0
    assert "contracts/orders.odcs.yaml: shop 1.0.0 → 2.0.0" in done.output
    assert "column price: " in done.output
    assert "→ DOUBLE" in done.output


def test_a_fragment_of_a_contract_that_is_a_link_is_read_from_the_ref(files, project, monkeypatch):
    monkeypatch.chdir(project)
    files("shop/shared/o.odcs.yaml", fragment="prices.txt")
    git(project, "rm", "-q", "-r", "contracts")
    (project / "contracts").mkdir()
    (project / "contracts" / "orders.odcs.yaml").symlink_to("../shared/o.odcs.yaml")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "link")
    (project / "shared" / "prices.txt").write_text(FRAGMENT.format(least=1), encoding="utf-8")
    done = run("diff", "--against", "HEAD")
    assert (
        "shared/prices.txt:4  table orders, column price: lower bound: minimum 0 → minimum 1" in done.output
    )


@pytest.mark.parametrize(
    "target", ["loop.odcs.yaml", "/etc/hostname", "../../../../../../etc/hostname", "gone"]
)
def test_a_link_that_leads_nowhere_or_out_of_the_repository_is_not_copied(
    files, project, monkeypatch, target
):
    (project / "contracts" / "loop.odcs.yaml").symlink_to(target)
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "link")
    with past_of(project, "HEAD") as past:
        names = sorted(path.name for path in (past.project / "contracts").iterdir())
    assert names == ["columns.yaml", "orders.odcs.yaml"]
