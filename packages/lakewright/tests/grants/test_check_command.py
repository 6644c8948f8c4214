"""`lakewright grants check`: what it finds, where, and its exit code."""

import json
import sys

import pytest

pytestmark = pytest.mark.unit

ALL_GROUPS = "  users: {ana@example.com: [readers]}"


def codes(shop, *arguments, target="prod"):
    content = json.loads(shop.output("check", "-t", target, "-o", "json", *arguments))
    (found,) = content["targets"]
    return [(each["code"], each["severity"]) for each in found["findings"]]


def test_grants_that_are_fine_pass_in_each_target(shop):
    done = shop.run("check", "--all")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "target dev: 7 grants on 2 objects: no findings",
        "target prod: 7 grants on 2 objects: no findings",
    ]


def test_one_target_says_which_ones_it_did_not_check(shop):
    assert "not checked: prod; `lakewright grants check --all` does" in shop.output("check")


def test_an_error_ends_with_two_and_names_file_line_and_fix(shop):
    shop.edit("resources/schemas.yml", "MODIFY", "MODFIY")
    done = shop.run("check", "-t", "prod")
    assert done.exception.code == 2
    assert "there is no privilege `MODFIY` [LW901]" in done.stdout
    assert "--> resources/schemas.yml:7:" in done.stdout
    assert "fix: did you mean `MODIFY`?" in done.stdout


def test_a_warning_passes_and_fails_with_strict(shop):
    shop.edit("resources/schemas.yml", "            - USE_SCHEMA\n", "")
    assert codes(shop) == [("LW907", "warning")]
    assert shop.run("check", "-t", "prod").exit_code == 0
    assert shop.run("check", "-t", "prod", "--strict").exception.code == 2


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("resources/schemas.yml", "[READ_VOLUME]", "[SELECT]", "LW902"),
        ("resources/schemas.yml", "principal: ${var.readers}", "principal: raeders", "LW903"),
        ("config/prod.yaml", ALL_GROUPS, "  users: {readers: [a], a: [readers]}", "LW904"),
        ("config/prod.yaml", ALL_GROUPS, "  users: {ana@example.com: [readers, prod-loader]}", "LW904"),
        ("config/prod.yaml", "bi: dashboards", "bi: prod-loader", "LW905"),
        ("databricks.yml", "loader: dev-loader", "loader: prod-loader", "LW906"),
        ("resources/schemas.yml", "[READ_VOLUME]", "[ALL_PRIVILEGES]", "LW909"),
    ],
)
def test_each_kind_of_mistake_is_found(shop, file, old, new, expected):
    shop.edit(file, old, new)
    assert expected in dict(codes(shop))


def test_a_comment_silences_a_finding_and_validate_leaves_it_alone(shop):
    from lakewright.bundle import all_findings, load_bundle

    line = "            - SELECT"
    shop.edit("resources/schemas.yml", "            - USE_SCHEMA\n", "")
    shop.edit("resources/schemas.yml", line, f"{line}  # lakewright: ignore LW907 (USE is granted by hand)")
    assert codes(shop) == []
    assert not [each for each in all_findings(load_bundle(shop.root)) if each.code in {"LW001", "LW002"}]


def test_a_comment_without_effect_is_reported_by_the_command_that_knows(shop):
    line = "            - SELECT"
    shop.edit("resources/schemas.yml", line, f"{line}  # lakewright: ignore LW907 (old)")
    assert codes(shop) == [("LW002", "warning")]


def test_without_principals_in_the_configuration_every_name_is_accepted(shop):
    for target in ("dev", "prod"):
        shop.write(f"config/{target}.yaml", "project: shop\n")
    shop.edit("resources/schemas.yml", "principal: ${var.readers}", "principal: anybody at all")
    assert codes(shop) == []


def test_a_service_principal_that_exists_after_the_deployment_is_no_unknown_one(shop):
    app = "${resources.apps.board.service_principal_client_id}"
    shop.edit("resources/schemas.yml", "principal: ${var.readers}", f'principal: "{app}"')
    shop.edit(
        "resources/schemas.yml", "  jobs:", "  apps: {board: {name: board, source_code_path: .}}\n  jobs:"
    )
    assert codes(shop) == []


def test_a_member_of_a_group_that_production_grants_is_found_with_the_groups_of_development(shop):
    shop.edit("config/dev.yaml", ALL_GROUPS, "  users: {dev-loader: [readers]}")
    output = shop.output("check", "-t", "prod")
    assert "`dev-loader` of development can read production: SELECT on schema prod_shop.gold" in output
    assert "job load of target dev runs as it" in output
    assert "or take `dev-loader` out of `readers`" in output


def test_a_group_that_only_development_grants_and_everybody_who_reads_production_are_found(shop):
    shop.edit("databricks.yml", "loader: dev-loader", "loader: dev-loader, readers: testers")
    shop.edit("config/dev.yaml", "readers: readers", "readers: testers")
    assert codes(shop) == []
    shop.edit("resources/schemas.yml", "principal: ${var.readers}", "principal: account users")
    assert ("LW906", "error") in codes(shop)


def test_who_deploys_development_and_can_read_production_is_a_warning(shop, monkeypatch):
    shop.edit("databricks.yml", "loader: dev-loader", "loader: dev-loader, readers: testers")
    shop.edit("config/dev.yaml", "readers: readers", "readers: testers")
    monkeypatch.delenv("DATABRICKS_CURRENT_USER")
    shop.git("init", "-q")
    shop.git("config", "user.email", "ana@example.com")
    assert codes(shop) == [("LW906", "warning")]
    assert "it deploys target dev (from git config user.email)" in shop.output("check", "-t", "prod")


def test_a_person_who_deploys_or_runs_production_is_found(shop, monkeypatch):
    monkeypatch.setenv("DATABRICKS_CURRENT_USER", "ana@example.com")
    assert ("LW908", "warning") in codes(shop)
    monkeypatch.setenv("DATABRICKS_CURRENT_USER", "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84")
    assert codes(shop) == []
    shop.edit("resources/schemas.yml", "run_as: {service_principal_name", "run_as: {user_name")
    assert ("LW908", "warning") in codes(shop)


def test_a_guess_of_who_deploys_production_is_not_taken_for_its_owner(shop, monkeypatch):
    monkeypatch.delenv("DATABRICKS_CURRENT_USER")
    shop.git("init", "-q")
    shop.git("config", "user.email", "ben@example.com")
    assert codes(shop) == []


def test_a_job_whose_principal_lacks_the_volume_that_it_names_is_found(shop):
    shop.edit("resources/schemas.yml", "[READ_VOLUME]", "[APPLY_TAG]")
    assert codes(shop) == []
    path = "parameters: [{name: source, default: '/Volumes/${var.catalog}/gold/files/in'}]"
    shop.edit("resources/schemas.yml", "{name: load, run_as", f"{{name: load, {path}, run_as")
    assert codes(shop) == [("LW910", "warning")]
    assert "lacks READ VOLUME on volume prod_shop.gold.files: job load uses the volume" in shop.output(
        "check", "-t", "prod"
    )


def test_a_pipeline_whose_principal_has_nothing_and_a_job_that_starts_jobs_only(shop):
    pipeline = "pipelines: {p: {name: p, catalog: '${var.catalog}', schema: gold, run_as: {service_principal_name: other}}}"
    task = "tasks: [{task_key: a, run_job_task: {job_id: '${resources.jobs.load.id}'}}]"
    main = f"main: {{name: main, {task}, run_as: {{service_principal_name: nobody-else}}}}"
    shop.edit("resources/schemas.yml", "  jobs:", f"  {pipeline}\n  jobs:\n    {main}")
    output = shop.output("check", "-t", "prod")
    assert "pipeline p runs as `other`, to whom the bundle grants nothing [LW910]" in output
    assert "nobody-else" not in output


def test_a_bundle_that_grants_nothing_says_so(empty):
    empty.write(
        "databricks.yml", "bundle: {name: s}\nresources: {schemas: {a: {catalog_name: c, name: a}}}\n"
    )
    assert empty.output("check") == "target default: the bundle grants nothing on its 1 object: no findings\n"
    empty.write("databricks.yml", "bundle: {name: s}\n")
    assert "the bundle declares no catalog, schema, volume or model: no findings" in empty.output("check")


def test_grants_that_the_rules_do_not_cover_are_named(shop):
    shop.edit(
        "resources/schemas.yml",
        "  volumes:",
        "  external_locations:\n    e: {name: e, credential_name: c, url: s3://b,"
        " grants: [{principal: p, privileges: [READ_FILES]}]}\n  volumes:",
    )
    assert "note: 1 grant on external locations are not covered" in shop.run("check").stderr


def test_no_bundle_and_a_broken_bundle_are_refused_with_a_fix(empty):
    assert "there is no bundle file" in empty.refused("check").summary
    empty.write("databricks.yml", "bundle: {name: s}\nresources: {schemas: {a: {name: '${var.x}'}}}\n")
    assert "var.x" in str(empty.refused("check"))


def test_grants_in_shapes_that_the_cli_refuses_are_errors_with_their_place(empty):
    head = "bundle: {name: s}\nresources: {schemas: {a: {catalog_name: c, name: a, grants: "
    for grants in (
        "{readers: [SELECT]}",
        "[{principal: r, privileges: SELECT}]",
        "[{privileges: [SELECT]}]",
        "[r]",
    ):
        empty.write("databricks.yml", f"{head}{grants}}}}}}}\n")
        error = empty.refused("check")
        assert "databricks.yml:2:" in str(error)


def test_privileges_in_lower_case_or_with_spaces_count(empty):
    head = "bundle: {name: s}\nresources: {schemas: {a: {catalog_name: c, name: a, grants: "
    empty.write(
        "databricks.yml", f"{head}[{{principal: r, privileges: [use_schema, 'all privileges']}}]}}}}}}\n"
    )
    assert codes(empty, target="default") == []


def test_one_target_and_all_exclude_each_other(shop):
    done = shop.run("check", "--all", "-t", "dev")
    assert "either --target or --all" in str(done.exception)


def test_json_names_code_place_and_target(shop):
    shop.edit("resources/schemas.yml", "MODIFY", "MODFIY")
    content = json.loads(shop.output("check", "--all", "-o", "json"))
    assert [target["target"] for target in content["targets"]] == ["dev", "prod"]
    (finding,) = content["targets"][0]["findings"]
    assert finding["code"] == "LW901"
    assert finding["name"] == "unknown-privilege"
    assert finding["location"] == {"file": "resources/schemas.yml", "line": 7, "column": 73}


def test_a_group_of_the_workspace_is_no_principal_of_unity_catalog(empty):
    head = "bundle: {name: s}\nresources: {schemas: {a: {catalog_name: c, name: a, grants: "
    empty.write("databricks.yml", f"{head}[{{principal: Users, privileges: [USE_SCHEMA, SELECT]}}]}}}}}}\n")
    output = empty.output("check")
    assert "`Users` is a group of the workspace" in output
    assert "fix: grant it to `account users`, which is everybody" in output
    assert codes(empty, target="default") == [("LW903", "error")]


def test_a_schema_that_is_nearly_one_of_the_bundle_is_pointed_out(shop):
    shop.edit("resources/schemas.yml", "schema_name: ${resources.schemas.gold.name}", "schema_name: golds")
    note = "note: the bundle does not declare schema prod_shop.golds; did you mean schema prod_shop.gold?"
    assert note in shop.run("check", "-t", "prod").stderr


def test_a_bundle_whose_python_code_may_add_grants_says_so(shop):
    code = "python: {venv_path: .none, mutators: ['a:b']}"
    shop.edit("databricks.yml", "bundle: {name: shop}", f"bundle: {{name: shop}}\n{code}")
    note = "note: Python code of the bundle, which is not executed, may add grants: resources that are defined in Python are not loaded: "
    assert note in shop.run("check").stderr


ROLES = """\
bundle: {name: roles}
variables:
  catalog: {}
  principals:
    type: complex
    default:
      readers: ${workspace.current_user.userName}
      writers: ${workspace.current_user.userName}
      bi: ${workspace.current_user.userName}
  run_as:
    type: complex
    default: {load: {user_name: "${workspace.current_user.userName}"}}
targets:
  dev: {mode: development, default: true, variables: {catalog: dev_shop}}
  prod:
    mode: production
    workspace: {root_path: /Workspace/Shared/.bundle/roles}
    variables:
      catalog: prod_shop
      principals: {readers: prod-readers, writers: prod-writers, bi: prod-bi}
permissions: [{level: CAN_MANAGE, group_name: users}]
resources:
  jobs: {load: {name: load, run_as: "${var.run_as.load}"}}
  schemas:
    gold:
      catalog_name: ${var.catalog}
      name: gold
      grants:
        - {principal: "${var.principals.readers}", privileges: [USE_SCHEMA, SELECT]}
        - {principal: "${var.principals.writers}", privileges: [USE_SCHEMA, MODIFY, CREATE_TABLE]}
        - {principal: "${var.principals.bi}", privileges: [USE_SCHEMA, SELECT]}
"""


@pytest.fixture
def roles(empty, monkeypatch):
    """A bundle whose roles are a variable, and in which whoever deploys stands for all of them in development."""
    monkeypatch.delenv("DATABRICKS_CURRENT_USER")
    empty.git("init", "-q")
    empty.git("config", "user.email", "ana@example.com")
    empty.write("databricks.yml", ROLES)
    return empty


def test_whoever_deploys_stands_for_roles_without_a_finding_and_a_guess_runs_nothing_in_production(roles):
    assert codes(roles, target="dev") == []
    assert codes(roles) == []


def test_roles_of_the_variable_principals_are_checked_as_those_of_the_configuration(roles):
    roles.edit(
        "databricks.yml",
        'principals.bi}", privileges: [USE_SCHEMA, SELECT]',
        'principals.bi}", privileges: [USE_SCHEMA, MODIFY]',
    )
    assert codes(roles) == [("LW905", "error")]
    roles.edit("databricks.yml", 'principal: "${var.principals.writers}"', "principal: prod-writer")
    assert ("LW903", "error") in codes(roles)


def test_a_group_of_unknown_members_that_lacks_use_is_found_though_other_groups_have_it(roles):
    roles.edit(
        "databricks.yml",
        'principals.bi}", privileges: [USE_SCHEMA, SELECT]',
        'principals.bi}", privileges: [SELECT]',
    )
    assert codes(roles) == [("LW907", "warning")]
    assert "no member of `prod-bi` is known; whoever is also in one of these has USE:" in roles.output(
        "check", "-t", "prod"
    )


def test_a_service_principal_that_runs_as_a_user_by_its_application_id_is_no_person(roles, monkeypatch):
    monkeypatch.setenv("DATABRICKS_CURRENT_USER", "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84")
    assert codes(roles) == []


def test_local_roles_and_memberships_are_those_of_the_local_configuration(roles, monkeypatch):
    monkeypatch.setattr("lakewright.grants.running.machine_user", lambda: "me")
    roles.write(
        "config/local.yaml",
        """\
        bundle_variables:
          catalog: local_shop
          principals: {readers: readers, writers: writers, bi: bi}
          run_as: {load: {service_principal_name: load-job}}
        principals: {bi: bi, users: {load-job: [readers, writers], tableau@example.com: [bi]}}
        """,
    )
    assert roles.output("check", "--local").splitlines()[0] == (
        "target dev with config/local.yaml: 7 grants on 1 object: no findings"
    )
    output = roles.output("show", "load-job", "--local")
    assert output.startswith(
        "load-job (service principal, in readers, writers, account users) in target dev with"
    )
    assert "granted to `writers` (load-job → writers)" in output
    assert "`me` owns it" in roles.output("show", "me", "--local")
    roles.edit("databricks.yml", "[USE_SCHEMA, MODIFY,", "[MODIFY,")
    assert "LW907" not in roles.output("check", "--local")
    roles.edit("config/local.yaml", "load-job: [readers, writers]", "load-job: [writers]")
    assert "LW907" in roles.output("check", "--local")


def test_a_person_who_starts_other_jobs_only_owns_nothing_of_production(shop):
    task = "tasks: [{task_key: a, run_job_task: {job_id: '${resources.jobs.load.id}'}}]"
    shop.edit(
        "resources/schemas.yml",
        "  jobs:",
        f"  jobs:\n    main: {{name: main, {task}, run_as: {{user_name: ana@example.com}}}}",
    )
    assert "LW908" not in dict(codes(shop))


def test_jobs_of_a_bundle_that_grants_nothing_lack_nothing(empty):
    empty.write(
        "databricks.yml",
        "bundle: {name: s}\nresources:\n  schemas: {a: {catalog_name: c, name: a}}\n"
        "  jobs: {j: {name: j, run_as: {service_principal_name: loader}}}\n",
    )
    assert codes(empty, target="default") == []


def test_a_bi_tool_that_owns_what_it_deploys_is_found_at_the_object(shop, monkeypatch):
    monkeypatch.setenv("DATABRICKS_CURRENT_USER", "dashboards")
    output = shop.output("check", "-t", "prod")
    assert "BI principal `dashboards` can write: it owns schema prod_shop.gold [LW905]" in output
    assert "(resources.schemas.gold)" in output
    assert "fix: ALTER SCHEMA `prod_shop`.`gold` OWNER TO another principal" in output


def test_a_grant_that_lacks_use_of_catalog_and_schema_says_where_to_add_both(shop):
    shop.edit("resources/schemas.yml", "  schemas:", "  catalogs: {c: {name: '${var.catalog}'}}\n  schemas:")
    shop.edit("resources/schemas.yml", "            - USE_SCHEMA\n", "")
    output = shop.output("check", "-t", "prod")
    assert "fix: add USE_CATALOG for `readers` to the grants of catalog prod_shop" in output
    assert "       add USE_SCHEMA for `readers` to the grants of schema prod_shop.gold" in output


def test_all_targets_share_one_process_of_the_python_code(shop):
    """The code is executed for each target, in copies of one process."""
    pytest.importorskip("databricks.bundles")
    file = shop.root / "databricks.yml"
    file.write_text(file.read_text() + f"python: {{venv_path: {sys.prefix!r}, resources: ['code:load']}}\n")
    (shop.root / "code.py").write_text(
        "import os\nfrom databricks.bundles.core import Resources\n\n"
        "def load(bundle):\n    print(os.getppid(), file=open('parents', 'a'))\n    return Resources()\n"
    )
    shop.run("check", "--all")
    parents = (shop.root / "parents").read_text().split()
    assert (len(parents), len(set(parents))) == (3, 1)  # dev is read again for the rules about environments
