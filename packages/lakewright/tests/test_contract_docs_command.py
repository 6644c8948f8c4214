"""`lakewright contract docs`: a page for each contract; files of others are not replaced, and --check finds what is old."""

import pytest
from click.testing import CliRunner

from lakewright.commands.contract import command
from lakewright.errors import LakewrightError

pytestmark = pytest.mark.unit

CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: {name}
version: 1.0.0
status: active
schema:
  - name: {name}
    properties: [{{name: id, logicalType: integer, relationships: [{{to: "{to}"}}]}}]
"""


def run(*arguments):
    return CliRunner().invoke(command, ["docs", *map(str, arguments)], standalone_mode=False)


def error_of(*arguments):
    done = run(*arguments)
    assert isinstance(done.exception, LakewrightError), done.output
    return done.exception


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with two contracts, one of them in a folder; the one refers to the other."""
    (tmp_path / "databricks.yml").write_text("bundle: {name: shop}\n", encoding="utf-8")
    write(tmp_path, "orders.odcs.yaml", to="landing/raw.odcs.yaml#raw.id")
    write(tmp_path, "landing/raw.odcs.yaml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(project, path, *, to="nowhere.id"):
    file = project / "contracts" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(CONTRACT.format(name=file.name.partition(".")[0], to=to), encoding="utf-8")
    return file


def test_each_contract_gets_a_page_where_its_file_is_and_a_list_links_to_them(project):
    done = run()
    assert done.output == "docs/contracts: 3 pages, wrote 3\n"
    pages = project / "docs" / "contracts"
    assert (pages / "orders.md").read_text("utf-8").count("erDiagram") == 1
    assert "[raw](<landing/raw.md>)" in (pages / "index.md").read_text("utf-8")
    assert (pages / "landing" / "raw.md").exists()
    assert run().output == "docs/contracts: 3 pages, wrote 0\n"


def test_check_passes_on_current_pages_and_fails_on_what_differs_is_missing_or_left_over(project):
    run()
    assert run("--check").exit_code == 0
    write(project, "new.odcs.yaml")
    (project / "contracts" / "landing" / "raw.odcs.yaml").unlink()
    with (project / "docs" / "contracts" / "orders.md").open("a", encoding="utf-8") as page:
        page.write("more\n")
    done = run("--check")
    assert done.exit_code == 2
    assert done.output == (
        "missing: docs/contracts/new.md\n"
        "differs: docs/contracts/orders.md\n"
        "differs: docs/contracts/index.md\n"
        "left over: docs/contracts/landing/raw.md\n"
        "  fix: lakewright contract docs\n"
    )
    assert not (project / "docs" / "contracts" / "new.md").exists()


def test_the_page_of_a_contract_that_is_gone_is_removed_and_pages_of_others_stay(project):
    run()
    (project / "contracts" / "landing" / "raw.odcs.yaml").unlink()
    own = project / "docs" / "contracts" / "notes.md"
    own.write_text("# Mine\n", encoding="utf-8")
    assert run().output == "docs/contracts: 2 pages, wrote 2, removed 1\n"
    assert own.exists()
    assert not (project / "docs" / "contracts" / "landing" / "raw.md").exists()


def test_a_file_that_somebody_wrote_is_not_replaced(project):
    own = project / "docs" / "contracts" / "orders.md"
    own.parent.mkdir(parents=True)
    own.write_text("# Mine\n", encoding="utf-8")
    error = error_of()
    assert "docs/contracts/orders.md was not written by this command" in error.summary
    assert own.read_text("utf-8") == "# Mine\n"
    assert not (own.parent / "index.md").exists()


def test_a_named_contract_gets_its_page_and_the_list_stays(project):
    run()
    index = (project / "docs" / "contracts" / "index.md").read_text("utf-8")
    assert run("contracts/orders.odcs.yaml").exit_code == 0
    assert (project / "docs" / "contracts" / "index.md").read_text("utf-8") == index
    done = run("contracts/orders.odcs.yaml", "--out", "site")
    assert done.output == "site: 2 pages, wrote 2\n"


@pytest.mark.parametrize(("one", "other"), [("a.odcs.yaml", "a.odcs.yml"), ("A.odcs.yaml", "a.odcs.yml")])
def test_two_contracts_cannot_have_one_page(project, one, other):
    write(project, one)
    write(project, other)
    assert "the page a.md would be that of" in error_of().summary


def test_a_contract_cannot_take_the_place_of_the_list(project):
    write(project, "index.odcs.yaml")
    assert "the list of contracts" in error_of().summary


def test_a_contract_without_a_project_needs_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = write(tmp_path, "alone.odcs.yaml")
    assert error_of(file).fix == "name a folder: --out FOLDER"
    assert run(file, "--out", tmp_path / "site").output == "site: 2 pages, wrote 2\n"


def test_a_contract_that_is_not_valid_changes_no_page(project):
    run()
    file = project / "contracts" / "orders.odcs.yaml"
    file.write_text(file.read_text("utf-8").replace("integer", "intger"), encoding="utf-8")
    write(project, "landing/raw.odcs.yaml", to="x.y")
    before = (project / "docs" / "contracts" / "landing" / "raw.md").read_text("utf-8")
    assert run().exception is not None
    assert (project / "docs" / "contracts" / "landing" / "raw.md").read_text("utf-8") == before


def another(tmp_path, name):
    """A second project beside the first, with one contract."""
    folder = tmp_path / "another"
    folder.mkdir()
    (folder / "databricks.yml").write_text(name, encoding="utf-8")
    write(folder, "sales.odcs.yaml")
    return folder


@pytest.mark.parametrize("name", ["bundle: {name: sales}\n", "bundle: [\n", "include: []\n"])
def test_pages_of_another_project_are_neither_removed_nor_left_over_nor_replaced(project, monkeypatch, name):
    site = project / "site"
    monkeypatch.chdir(another(project, name))
    assert run("--out", site / "sales").exit_code == 0
    monkeypatch.chdir(project)
    assert run("--out", site).output == "site: 3 pages, wrote 3\n"
    assert (site / "sales" / "sales.md").exists()
    assert run("--out", site, "--check").exit_code == 0
    monkeypatch.chdir(project / "another")
    error = error_of("--out", site)
    assert error.summary.endswith("index.md is a page of another project, and would be replaced")
    assert "--out FOLDER" in error.fix


def test_pages_name_the_project_of_the_bundle_or_its_folder(project):
    run()
    lines = (project / "docs" / "contracts" / "orders.md").read_text("utf-8").splitlines()
    assert lines[1] == "<!-- Project: shop -->"
    (project / "databricks.yml").write_text("bundle: {name: '--> x'}\n", encoding="utf-8")
    run()
    lines = (project / "docs" / "contracts" / "index.md").read_text("utf-8").splitlines()
    assert lines[1] == "<!-- Project: --&gt; x -->"
    (project / "databricks.yml").write_text("", encoding="utf-8")
    run("--out", "site")
    lines = (project / "site" / "index.md").read_text("utf-8").splitlines()
    assert lines[1] == f"<!-- Project: {project.name} -->"


def test_a_page_from_before_pages_named_their_project_is_removed_from_the_own_folder_only(project):
    old = (
        "<!-- Written by `lakewright contract docs` from the contract; changes here are lost. -->\n\n# Old\n"
    )
    for folder in (project / "docs" / "contracts", project / "site"):
        folder.mkdir(parents=True)
        (folder / "gone.md").write_text(old, encoding="utf-8")
        (folder / "orders.md").write_text(old, encoding="utf-8")
    assert run().output == "docs/contracts: 3 pages, wrote 3, removed 1\n"
    assert run("--out", "site").output == "site: 3 pages, wrote 3\n"
    assert (project / "site" / "gone.md").exists()
