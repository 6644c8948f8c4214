"""`lakewright grants diff`: between commits, and what a deployment would change."""

import json

import pytest
from lakehouse_records import record, write_record

pytestmark = pytest.mark.unit


@pytest.fixture
def repository(shop):
    """The bundle as the first commit, with a user of git in place of one of the environment."""
    shop.git("init", "-q", "-b", "main")
    shop.commit()
    return shop


def changes(shop, *arguments, target=0):
    content = json.loads(shop.output("diff", "-o", "json", *arguments))
    rows = content["targets"][target]["changes"]
    return [
        (each["principal"], each["effect"], each["privilege"], each["securable"]["name"]) for each in rows
    ]


def test_nothing_changed_is_said(repository):
    assert repository.output("diff", "--against", "main", "--all").splitlines() == [
        "dev: nobody gains or loses access",
        "prod: nobody gains or loses access",
    ]
    assert repository.run("diff", "--against", "main", "--fail-on-difference").exit_code == 0
    assert repository.run("diff", "--against", "main", "--exit-code").exit_code == 0


def test_a_grant_that_is_added_and_one_that_is_removed_are_one_row_each(repository):
    repository.edit("resources/schemas.yml", "            - SELECT", "            - MODIFY")
    assert repository.run("diff", "--against", "main", "-t", "prod", "--exit-code").exit_code == 3
    done = repository.run("diff", "--against", "main", "-t", "prod", "--fail-on-difference")
    assert done.exception.code == 2
    assert done.stdout.splitlines() == [
        "prod: 1 principal gains access, 1 principal loses access",
        "  + `readers` (1 member) gains MODIFY on schema prod_shop.gold",
        "      because granted to `readers`",
        "  - `readers` (1 member) loses SELECT on schema prod_shop.gold",
        "      until now granted to `readers`",
    ]


def test_two_commits_are_compared_without_the_files(repository):
    repository.edit("resources/schemas.yml", "            - SELECT\n", "")
    repository.commit()
    repository.write("resources/schemas.yml", "nothing: [valid")
    assert changes(repository, "main~1..main", "-t", "prod") == [
        ("readers", "loses", "SELECT", "prod_shop.gold")
    ]


def test_a_new_member_of_a_group_gains_what_the_group_has(repository):
    repository.edit("config/prod.yaml", "{ana@", "{ben@example.com: [readers], ana@")
    assert changes(repository, "--against", "main", "-t", "prod") == [
        ("ben@example.com", "gains", "SELECT", "prod_shop.gold"),
        ("ben@example.com", "gains", "USE_SCHEMA", "prod_shop.gold"),
    ]


def test_the_table_for_a_pull_request_is_markdown_in_which_names_are_code(repository):
    repository.edit("resources/schemas.yml", "principal: ${var.readers}", 'principal: "a|b`<c>@team"')
    for target in ("dev", "prod"):
        repository.write(f"config/{target}.yaml", "project: shop\n")
    output = repository.output("diff", "--against", "main", "-t", "prod", "-o", "markdown")
    assert "| | who | access | to | why |\n|---|---|---|---|---|" in output
    name = "<code>a&#124;b&#96;&#60;c>@team</code>"
    row = f"| ➕ gains | {name} | SELECT, USE SCHEMA | schema `prod_shop.gold` | granted to {name} |"
    assert row in output


def test_names_in_development_are_the_same_on_both_sides(repository, monkeypatch):
    monkeypatch.delenv("DATABRICKS_CURRENT_USER")
    repository.git("config", "user.email", "only.here@example.com")
    assert repository.output("diff", "--against", "main") == "dev: nobody gains or loses access\n"


def test_variables_that_no_commit_holds_count_for_both_sides(repository):
    repository.write(".databricks/bundle/prod/variable-overrides.json", '{"readers": "others"}')
    repository.write(".gitignore", ".databricks\n")
    assert (
        repository.output("diff", "--against", "main", "-t", "prod") == "prod: nobody gains or loses access\n"
    )


def test_a_bundle_in_a_folder_of_the_repository_is_found_at_the_ref(empty, monkeypatch):
    bundle = "bundle: {name: s}\nresources: {schemas: {a: {catalog_name: c, name: a, grants: [%s]}}}\n"
    empty.write("sub/databricks.yml", bundle % "{principal: r, privileges: [SELECT, USE_SCHEMA]}")
    empty.git("init", "-q", "-b", "main")
    empty.commit()
    empty.write("sub/databricks.yml", bundle % "{principal: r, privileges: [USE_SCHEMA]}")
    monkeypatch.chdir(empty.root / "sub")
    assert changes(empty, "--against", "main") == [("r", "loses", "SELECT", "c.a")]


def test_a_target_or_a_bundle_that_is_new_is_all_gain(repository):
    repository.edit(
        "databricks.yml", "  prod:\n", "  test: {variables: {catalog: test_shop, loader: x}}\n  prod:\n"
    )
    done = repository.run("diff", "--against", "main", "-t", "test")
    assert "note: main has no bundle with target test" in done.stderr
    assert "+ `readers` gains SELECT, USE SCHEMA on schema test_shop.gold" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "fix"),
    [
        (("diff", "--against", "nope"), "git fetch"),
        (("diff", "nope..main"), "git fetch"),
        (("diff", "main"), "main..HEAD"),
        (("diff", "main..main", "-t", "nope"), "another target"),
        (("diff", "--against", "main", "-t", "pord"), "`prod`"),
        (("diff", "--stored"), "lakewright run"),
    ],
)
def test_what_does_not_exist_is_refused_with_a_fix(repository, arguments, fix):
    assert fix in repository.refused(*arguments).fix


def test_a_folder_without_git_is_refused(shop):
    assert "git repository" in shop.refused("diff", "--against", "main").fix


def test_a_mistake_at_the_ref_names_ref_file_and_line(repository):
    repository.edit("resources/schemas.yml", "MODIFY", "MODFIY")
    repository.commit()
    repository.edit("resources/schemas.yml", "MODFIY", "MODIFY")
    assert repository.refused("diff", "--against", "main").location == "main:resources/schemas.yml:7:73"


@pytest.mark.parametrize("arguments", [(), ("--against", "x", "--stored"), ("--stored", "--all")])
def test_one_comparison_is_asked_for(shop, arguments):
    assert type(shop.run("diff", *arguments).exception).__name__ == "UsageError"


def test_a_deployment_over_the_lakehouse_adds_what_the_bundle_declares_and_takes_what_it_does_not(shop):
    shop.write("config/local.yaml", "bundle_variables: {catalog: local_shop, loader: loader}\n")
    use = ("account users", "USE CATALOG")
    write_record(shop.root, ("local_shop",), "_catalog.json", record("catalog", use))
    granted = (("readers", "USE SCHEMA"), ("mallory", "SELECT"), ("mallory", "USE SCHEMA"))
    write_record(shop.root, ("local_shop", "gold"), "_schema.json", record("schema", *granted))
    table = record("managed-table", ("eve", "SELECT"), location="tables/1")
    write_record(shop.root, ("local_shop", "gold"), "sales.json", table)
    found = changes(shop, "--stored")
    assert ("readers", "gains", "SELECT", "local_shop.gold") in found
    assert ("mallory", "loses", "SELECT", "local_shop.gold") in found
    assert not [row for row in found if row[0] in {"eve", "account users"}]
    done = shop.run("diff", "--stored")
    assert "note: not there yet, a deployment makes it: volume local_shop.gold.files" in done.stderr


def test_large_files_that_are_no_part_of_a_bundle_are_not_copied(repository, monkeypatch):
    from lakewright.past import files

    monkeypatch.setattr(files, "_LARGE", 100)
    repository.write("data/large.json", "[" + "1," * 100 + "1]")
    repository.write("data/small.json", "[]")
    repository.commit()
    with files.past_of(repository.root, "main", suffixes=(".yml", ".json")) as past:
        found = {
            path.relative_to(past.project).as_posix() for path in past.project.rglob("*.*") if path.is_file()
        }
    assert found == {"databricks.yml", "resources/schemas.yml", "data/small.json"}


def test_three_dots_compare_with_where_the_branch_left(repository):
    repository.git("checkout", "-q", "-b", "change")
    repository.edit("resources/schemas.yml", "            - SELECT\n", "")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.edit("resources/schemas.yml", "[READ_VOLUME]", "[READ_VOLUME, WRITE_VOLUME]")
    repository.commit()
    lost = ("readers", "loses", "SELECT", "prod_shop.gold")
    assert changes(repository, "main...change", "-t", "prod") == [lost]
    assert len(changes(repository, "main..change", "-t", "prod")) == 2
    assert "git fetch" in repository.refused("diff", "main...nope").fix


def test_what_a_local_deployment_makes_is_owned_by_the_user_of_this_machine(shop, monkeypatch):
    monkeypatch.setattr("lakewright.grants.running.machine_user", lambda: "me")
    shop.write("config/local.yaml", "bundle_variables: {catalog: local_shop, loader: loader}\n")
    use = ("account users", "USE CATALOG")
    write_record(shop.root, ("local_shop",), "_catalog.json", record("catalog", use))
    assert "+ `me` gains everything an owner has on schema local_shop.gold" in shop.output("diff", "--stored")


def test_files_of_other_kinds_than_the_bundles_do_not_matter(repository):
    repository.write("notebooks/a.py", "# Databricks notebook source\n")
    repository.edit(
        "resources/schemas.yml",
        "  jobs:\n",
        "  pipelines: {p: {name: p, libraries: [{notebook: {path: ../notebooks/a.py}}]}}\n"
        "  apps: {board: {name: board, source_code_path: ../not-built-yet}}\n  jobs:\n",
    )
    repository.edit(
        "databricks.yml", "bundle: {name: shop}", "bundle: {name: shop}\nsync: {paths: [., ../nowhere]}"
    )
    repository.commit()
    assert repository.output("diff", "main~1..main", "-t", "prod") == "prod: nobody gains or loses access\n"
    assert (
        repository.output("diff", "--against", "main", "-t", "prod") == "prod: nobody gains or loses access\n"
    )


CODE_THAT_LEAVES_A_TRACE = "open('ran', 'w').close()\n"


@pytest.mark.parametrize("refs", [("main~1..main",), ("--against", "main~1")])
def test_no_python_code_of_a_bundle_runs_for_a_comparison(repository, refs):
    """In CI this command sees the code of a pull request."""
    repository.write("code_of_a_stranger.py", CODE_THAT_LEAVES_A_TRACE)
    repository.edit(
        "databricks.yml",
        "bundle: {name: shop}",
        "bundle: {name: shop}\npython: {mutators: ['code_of_a_stranger:change']}",
    )
    repository.edit("resources/schemas.yml", "            - SELECT\n", "")
    repository.commit()
    done = repository.run("diff", *refs, "-t", "prod")
    assert "`readers` (1 member) loses SELECT" in done.stdout
    assert "note: Python code of the bundle, which is not executed, may add grants" in done.stderr
    assert "executes no code" in done.stderr
    assert not list(repository.root.rglob("ran"))
