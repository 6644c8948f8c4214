"""The root file of a bundle and the files that it includes."""

import pytest

from lakewright.bundle import BundleError, BundleNotFoundError, all_findings, load_bundle, raise_on_errors

pytestmark = pytest.mark.unit

ROOT = """
bundle: {name: shop}
include: [resources/*.yml]
"""


def test_the_root_file_is_found_from_a_folder_below_it(project):
    project.write(databricks=ROOT)
    below = project.root / "src" / "deep"
    below.mkdir(parents=True)
    assert load_bundle(below, environ={}).root == project.root


@pytest.mark.parametrize("name", ["databricks.yaml", "bundle.yml", "bundle.yaml"])
def test_the_root_file_may_have_its_other_names(project, name):
    project.file(name, ROOT)
    assert project.load().name == "shop"


def test_without_a_root_file_the_error_says_where_it_looked(project):
    with pytest.raises(BundleNotFoundError) as caught:
        project.load()
    assert "databricks.yml" in caught.value.detail
    assert "lakewright init" in caught.value.fix


def test_two_root_files_in_one_folder_are_refused(project):
    project.write(databricks=ROOT, bundle=ROOT)
    with pytest.raises(BundleNotFoundError, match="multiple bundle root"):
        project.load()


def test_includes_are_read_in_order_and_each_file_once(project, of):
    project.write(
        databricks="bundle: {name: shop}\ninclude: [b/*.yml, b/one.yml, a/*.yml]\n",
        b__one="variables: {v: {default: one}}\n",
        b__two="resources: {jobs: {two: {name: two}}}\n",
        a__three="resources: {jobs: {three: {name: three}}}\n",
    )
    bundle = project.load()
    assert bundle.resolved["include"] == ["b/one.yml", "b/two.yml", "a/three.yml"]
    assert set(bundle.jobs) == {"two", "three"}
    assert not bundle.has_errors


def test_a_json_file_may_be_included(project):
    project.write(databricks="bundle: {name: shop}\ninclude: [jobs.json]\n")
    project.file("jobs.json", '{"resources": {"jobs": {"j": {"name": "from json"}}}}')
    assert project.load().jobs["j"]["name"] == "from json"


def test_an_include_that_names_a_missing_file_is_an_error_with_the_nearest_name(project, of):
    project.write(databricks="bundle: {name: shop}\ninclude: [resources/job.yml]\n", resources__jobs="{}\n")
    (error,) = of(project.load().diagnostics, "does not match any files", "error")
    assert error.location.line == 2
    assert "`jobs.yml`" in error.fix


@pytest.mark.parametrize(
    ("pattern", "folder", "fix"),
    [
        ("resurces/*.yml", "resurces", "`resources/*.yml`"),
        ("resurces/*/*.yml", "resurces", "`resources/*/*.yml`"),
        ("resources/jbos/*.yml", "resources/jbos", "`resources/jobs/*.yml`"),
        ("elsewhere/**/*.yml", "elsewhere", "correct the folder's name"),
        ("../elsewhere/*.yml", "../elsewhere", "correct the folder's name"),
    ],
)
def test_a_pattern_in_a_missing_folder_is_a_warning_with_the_nearest_folder(
    project, of, pattern, folder, fix
):
    project.write(
        databricks=f"bundle: {{name: shop}}\ninclude: ['{pattern}']\n", resources__jobs__load="{}\n"
    )
    (warning,) = of(project.load().diagnostics, f"there is no folder `{folder}`", "warning")
    assert warning.location.line == 2
    assert fix in warning.fix


def test_a_pattern_without_a_match_in_a_folder_that_is_there_is_only_a_recommendation(project, of):
    project.write(databricks="bundle: {name: shop}\ninclude: [resources/*/*.yml]\n", resources__jobs="{}\n")
    (finding,) = of(project.load().diagnostics, "matches no file")
    assert finding.severity == "recommendation"


@pytest.mark.parametrize(
    ("pattern", "summary"), [("/etc/*.yml", "must be relative"), ("notes/*.txt", "must be YAML or JSON")]
)
def test_absolute_includes_and_other_kinds_of_files_are_refused(project, of, pattern, summary):
    project.write(databricks=f"bundle: {{name: shop}}\ninclude: ['{pattern}']\n")
    project.file("notes/a.txt", "hello")
    assert of(project.load().diagnostics, summary, "error")


def test_an_include_section_in_an_included_file_is_a_warning(project, of):
    project.write(databricks=ROOT, resources__a="include: [b.yml]\n")
    (warning,) = of(project.load().diagnostics, "outside root file", "warning")
    assert warning.location.file.name == "a.yml"


def test_one_resource_in_two_files_is_an_error_that_names_both_places(project, of):
    job = "resources: {jobs: {load: {name: x}}}\n"
    project.write(databricks=ROOT, resources__a=job, resources__b=job)
    (error,) = of(project.load().diagnostics, "same key: load", "error")
    assert {error.location.file.name, error.related[0].file.name} == {"a.yml", "b.yml"}


def test_one_key_for_a_job_and_a_schema_is_an_error(project, of):
    project.write(
        databricks="bundle: {name: s}\nresources:\n  jobs: {x: {name: a}}\n  schemas: {x: {name: b, catalog_name: c}}\n"
    )
    assert of(project.load().diagnostics, "same key: x", "error")


def test_two_jobs_in_a_job_file_give_a_recommendation(project, of):
    text = "resources: {jobs: {a: {name: a}, b: {name: b}}}\n"
    project.write(databricks=ROOT)
    project.file("resources/all.job.yml", text)
    (finding,) = of(project.load().diagnostics, "define a single job")
    assert finding.severity == "recommendation"
    assert "- b (job)" in finding.detail


def test_a_syntax_error_in_an_include_is_reported_and_the_rest_is_read(project, of):
    project.write(
        databricks=ROOT, resources__a="jobs: [\n", resources__b="resources: {jobs: {b: {name: b}}}\n"
    )
    bundle = project.load()
    (error,) = of(bundle.diagnostics, "YAML syntax error", "error")
    assert error.location.file.name == "a.yml"
    assert "b" in bundle.jobs


def test_a_syntax_error_in_the_root_file_gives_a_bundle_with_one_error(project):
    project.write(databricks="bundle: {name: shop\n")
    bundle = project.load()
    assert [diagnostic.severity for diagnostic in bundle.diagnostics] == ["error"]
    assert bundle.name == ""


def test_a_resource_without_a_value_is_an_error_at_its_key(project, of):
    project.write(databricks="bundle: {name: s}\nresources:\n  jobs:\n    empty:\n")
    (error,) = of(project.load().diagnostics, "job empty is not defined", "error")
    assert error.location.line == 4


def test_two_tasks_with_one_key_in_one_list_are_named_with_both_places(project, of):
    project.write(
        databricks="""
        bundle: {name: s}
        resources:
          jobs:
            j:
              tasks:
                - {task_key: a, condition_task: {op: EQUAL_TO, left: x, right: y}}
                - {task_key: a, condition_task: {op: EQUAL_TO, left: x, right: z}}
        """
    )
    (warning,) = of(project.load().diagnostics, "have the key `a`", "warning")
    assert (warning.location.line, warning.related[0].line) == (7, 6)


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("resorces: {jobs: {}}", "resorces", "`resources`"),
        ("target: {dev: {}}", "target", "`targets`"),
        ("variable: {a: {default: 1}}", "variable", "`variables`"),
        ("targets: {dev: {variable: {a: 1}}}", "variable", "`variables`"),
    ],
)
def test_a_misspelled_section_is_an_error_with_the_right_name(project, of, text, wrong, right):
    project.write(databricks=f"bundle: {{name: s}}\n{text}\n")
    (error,) = of(project.load().diagnostics, f"unknown section: {wrong}", "error")
    assert right in error.fix
    assert error.location.line == 2


def test_a_misspelled_section_comes_before_the_errors_that_follow_from_it(project):
    project.write(databricks="bundle: {name: s}\ntarget: {dev: {}, prod: {}}\n")
    bundle = project.load(target="prod")
    assert [found.code for found in bundle.diagnostics] == ["LW310", "LW501"]
    with pytest.raises(BundleError) as caught:
        raise_on_errors(bundle)
    assert caught.value.detail.startswith("error: unknown section: target")


def test_a_section_that_is_like_no_other_is_only_a_warning(project, of):
    project.write(databricks="bundle: {name: s}\nteam_notes: {x: 1}\n")
    assert of(project.load().diagnostics, "unknown field: team_notes", "warning")


def test_a_section_that_only_holds_anchors_may_have_any_name(project):
    project.write(
        databricks="bundle: {name: s}\nshelf:\n  retries: &r {max_retries: 2}\nresources: {jobs: {j: {tasks: [{<<: *r, task_key: a}]}}}\n"
    )
    bundle = project.load()
    assert not [diagnostic for diagnostic in bundle.diagnostics if diagnostic.severity == "warning"]
    assert bundle.jobs["j"]["tasks"][0]["max_retries"] == 2


def test_resources_written_in_python_are_reported_if_their_python_is_missing(project, of):
    project.write(databricks="bundle: {name: s}\npython: {resources: ['resources:load'], venv_path: .venv}\n")
    (error,) = of(project.load().diagnostics, "defined in Python are not loaded", "error")
    assert "resources:load" in error.detail


def test_definitions_may_hold_anchors(project):
    project.write(
        databricks="""\
            definitions: {shared: &shared {timeout_seconds: 5}}
            bundle: {name: s}
            resources: {jobs: {j: {<<: *shared, name: x}}}
            """
    )
    bundle = project.load()
    assert not bundle.has_errors
    assert bundle.jobs["j"]["timeout_seconds"] == 5


@pytest.mark.parametrize(
    ("pattern", "fix"), [("parts", "parts/*.yml"), ("loop.yml", "leads nowhere"), ("''", "remove")]
)
def test_an_include_that_is_no_file_says_what_it_is(project, of, pattern, fix):
    project.write(databricks=f"bundle: {{name: s}}\ninclude: [{pattern}]\n", parts__a="x: 1\n")
    (project.root / "loop.yml").symlink_to("loop.yml")
    assert fix in of(project.load().diagnostics, "does not match any files", "error")[0].fix


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_a_bundle_without_a_name_is_reported_with_its_file(project, of, text):
    file = project.file("databricks.yml", text)
    assert of(project.load().diagnostics, "bundle.name", "error")[0].location.file == file


def test_what_a_file_with_a_mistake_defines_is_not_reported_as_missing(project):
    job = "{tasks: [{task_key: t, run_job_task: {job_id: '${resources.jobs.load.id}'}}]}"
    project.write(
        databricks="bundle: {name: s}\ninclude: [more.yml]\ntargets: {dev: {variables: {v: y}}}\n"
        f"resources: {{jobs: {{j: {job}, k: {{name: '${{var.v}}'}}}}}}\n",
        more="variables: {v: {default: x}}\nresources: {jobs: {load: {name: L}}\n",
    )
    assert [found.code for found in all_findings(project.load())] == ["LW102"]
    project.write(more="variables: {v: {default: x}}\n")
    assert [found.code for found in all_findings(project.load())] == ["LW224"]


def test_without_a_target_nothing_is_reported_that_follows_from_it(project):
    task = "{task_key: t, condition_task: {op: EQUAL_TO, left: '{{job.parameters.p}}', right: b}}"
    job = f"{{parameters: '${{var.parameters}}', tasks: [{task}]}}"
    project.write(
        databricks="bundle: {name: s}\ntargets: {dev: {}, prod: {}}\n"
        "variables: {parameters: {type: complex, default: [{name: p, default: a}]}}\n"
        f"resources: {{jobs: {{j: {job}}}}}\n"
    )
    assert [found.code for found in all_findings(project.load(target="dev"))] == []
    assert [found.code for found in all_findings(project.load(target="prd"))] == ["LW501"]
