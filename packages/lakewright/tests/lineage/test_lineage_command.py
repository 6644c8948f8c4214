"""`lakewright lineage`: text, JSON and a picture of what a table or a column is made of."""

import json
import xml.etree.ElementTree as ET

import pytest
from click.testing import CliRunner

from databricks_utils.lineage import LineageSettingError
from lakewright.commands.lineage import command
from lakewright.lineage.errors import NoLineageError, NoServerError, UnknownDatasetError

pytestmark = pytest.mark.unit

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def run(monkeypatch):
    def runs(project, *arguments):
        monkeypatch.chdir(project)
        return CliRunner().invoke(command, arguments)

    return runs


def test_a_table_is_shown_with_what_it_is_made_of_and_what_is_made_of_it(run, write):
    found = run(write(), "silver.orders")
    assert found.output.splitlines() == [
        "c.silver.orders",
        "  made of:",
        "    c.bronze.orders  (merge by pipeline.silver, 2026-03-01 10:01)",
        "      /Volumes/c/bronze/files/orders (files)  (insert by pipeline.bronze, 2026-03-01 10:00)",
        "  used by:",
        "    c.silver.paid (view)  (create view, 2026-03-01 10:00)",
        "      c.gold.sales  (insert by pipeline.gold, 2026-03-02 09:00)",
    ]


def test_a_column_is_shown_with_the_way_it_takes_part(run, write):
    found = run(write(), "gold.sales.total", "--up", "--depth", "2")
    assert found.output.splitlines() == [
        "c.gold.sales.total",
        "  made of:",
        "    c.silver.paid.paid  (aggregation by pipeline.gold, 2026-03-02 09:00)",
        "      c.silver.orders.amount  (identity, 2026-03-01 10:00)",
    ]


def test_one_direction_is_shown_when_it_is_asked_for(run, write):
    assert "used by" not in run(write(), "silver.orders", "--up").output
    assert "made of" not in run(write(), "silver.orders", "--down").output


def test_a_source_says_that_it_is_made_of_nothing_that_is_known(run, write):
    assert "  made of: nothing that is known" in run(write(), "/Volumes/c/bronze/files/orders").output


def test_what_was_shown_is_not_opened_again(run, write, make_event):
    events = [make_event("INSERT", ["c.s.a"], f"c.s.{name}") for name in "bc"]
    events += [make_event("INSERT", ["c.s.b", "c.s.c"], "c.s.d"), make_event("INSERT", ["c.s.z"], "c.s.a")]
    assert run(write(events), "s.d", "--up").output.count("see above") == 1


def test_json_has_the_nodes_and_the_edges(run, write):
    found = json.loads(run(write(), "gold.sales.total", "-o", "json").output)
    assert found["start"] == "c.gold.sales.total"
    assert {edge["target"] for edge in found["edges"]} >= {"c.gold.sales.total", "c.silver.paid.paid"}
    assert {
        "name": "c.silver.paid.paid",
        "dataset": "c.silver.paid",
        "column": "paid",
        "kind": "VIEW",
    } in found["nodes"]


def boxes(svg):
    return {group.find(f"{SVG}title").text: group.find(f"{SVG}rect") for group in svg.iter(f"{SVG}g")}


@pytest.mark.parametrize("name", ["silver.orders", "gold.sales.total"])
def test_the_picture_has_sources_on_the_left_and_no_box_on_another(run, write, name):
    svg = ET.fromstring(run(write(), name, "-o", "svg").output)
    found = boxes(svg)
    places = {
        title: [float(box.get(key)) for key in ("x", "y", "width", "height")] for title, box in found.items()
    }
    order = [
        "/Volumes/c/bronze/files/orders",
        "c.bronze.orders",
        "c.silver.orders",
        "c.silver.paid",
        "c.gold.sales",
    ]
    assert sorted(places, key=lambda title: places[title][0]) == order
    width = float(svg.get("width"))
    assert all(x + w <= width for x, _, w, _ in places.values())
    edges = [path for path in svg.iter(f"{SVG}path") if "edge" in path.get("class", "")]
    assert len(edges) == 4


def test_names_with_signs_of_xml_are_escaped_in_the_picture(run, write, make_event):
    svg = run(write([make_event("INSERT", ["c.s.a<b>&"], "c.s.t")]), "s.t", "-o", "svg").output
    assert "c.s.a<b>&" in boxes(ET.fromstring(svg))


def test_a_picture_of_a_circle_is_drawn(run, write, make_event):
    events = [make_event("INSERT", ["c.s.a"], "c.s.b"), make_event("INSERT", ["c.s.b"], "c.s.a")]
    assert len(boxes(ET.fromstring(run(write(events), "s.a", "-o", "svg").output))) == 2


def test_a_project_without_lineage_is_told_to_run_a_job(run, write):
    found = run(write([]), "x")
    assert isinstance(found.exception, NoLineageError)
    assert found.exception.fix == "run a job first: lakewright run JOB"


def test_the_key_of_a_schema_stands_for_the_name_that_the_bundle_gives_it(run, write, make_event):
    project = write([make_event("INSERT", ["local_a.shop_silver.paid"], "local_a.shop_gold.sales")])
    (project / "config").mkdir()
    (project / "config" / "local.yaml").write_text("bundle_variables: {catalog: local_a}\n")
    (project / "databricks.yml").write_text(
        "bundle: {name: shop}\n"
        "variables: {catalog: {default: dev_a}}\n"
        "targets: {dev: {}}\n"
        "resources: {schemas: {gold: {catalog_name: '${var.catalog}', name: shop_gold}}}\n"
    )
    assert run(project, "gold.sales", "--up").output.splitlines()[0] == "local_a.shop_gold.sales"
    refused = run(project, "gold.sold").exception
    assert isinstance(refused, UnknownDatasetError)
    assert "`local_a.shop_gold.sold`" in str(refused)
    (project / "databricks.yml").write_text("bundle: [\n")
    assert "`gold.sales`" in str(run(project, "gold.sales").exception)


def test_a_name_that_is_not_known_is_refused(run, write):
    found = run(write(), "gold.sale")
    assert isinstance(found.exception, UnknownDatasetError)


def test_a_thousand_tables_in_a_row_are_shown(run, write, make_event):
    events = [make_event("INSERT", [f"c.s.t{number}"], f"c.s.t{number + 1}") for number in range(1200)]
    project = write(events)
    assert len(run(project, "c.s.t1200", "--up").output.splitlines()) == 1202
    assert run(project, "c.s.t1200", "-o", "svg", "--depth", "300").exit_code == 0


def test_sending_without_a_server_names_the_variable(run, write, monkeypatch):
    monkeypatch.delenv("OPENLINEAGE_URL", raising=False)
    found = run(write(), "--send")
    assert isinstance(found.exception, NoServerError)
    assert "OPENLINEAGE_URL" in found.exception.fix


@pytest.mark.parametrize(
    ("name", "value"), [("OPENLINEAGE_URL", "http://secret["), ("OPENLINEAGE_API_KEY", "secret\nkey")]
)
def test_sending_with_a_setting_that_cannot_be_used_names_the_variable(run, write, monkeypatch, name, value):
    monkeypatch.setenv("OPENLINEAGE_URL", "https://x")
    monkeypatch.setenv(name, value)
    found = run(write(), "--send")
    assert isinstance(found.exception, LineageSettingError)
    assert found.exception.location == name
    assert "secret" not in str(found.exception)


@pytest.mark.parametrize("arguments", [(), ("gold.sales", "--send")])
def test_a_name_or_sending_is_asked_for(run, write, arguments):
    found = run(write(), *arguments)
    assert found.exit_code == 2
    assert "--send" in found.output


def test_sending_says_how_much_was_sent(run, write, monkeypatch):
    taken = []

    def post(_, body, **__):
        taken.append(json.loads(body)["eventType"])
        return 400 if len(taken) == 2 else 201

    monkeypatch.setattr("databricks_utils.lineage.connection.Connection.post", post)
    monkeypatch.setenv("OPENLINEAGE_URL", "https://user:secret@lineage.example.com")
    found = run(write(tail="nothing\n"), "--send")
    assert found.exit_code == 0
    assert found.stdout == "sent 4 event(s) to lineage.example.com\n"
    assert "left out 1 line(s)" in found.stderr
    assert "did not want 1 event(s):\n  2026-03-01.jsonl, byte" in found.stderr
    assert "secret" not in found.output


def test_a_server_that_wants_nothing_gives_a_few_lines(run, write, monkeypatch):
    monkeypatch.setattr("databricks_utils.lineage.connection.Connection.post", lambda *_, **__: 400)
    monkeypatch.setenv("OPENLINEAGE_URL", "https://lineage.example.com")
    found = run(write(tail='{"run": {"runId": "x"}}\n' * 100), "--send")
    assert found.exit_code == 0
    lines = found.stderr.splitlines()
    assert lines[0] == "warning: the server did not want 105 event(s):"
    assert len(lines) == 12
    assert lines[1].startswith("  2026-03-01.jsonl, byte 0")
    assert lines[-1] == "  … and 95 more"


def test_a_column_that_is_masked_on_its_way_says_so(run, write, make_event):
    events = [
        make_event("INSERT", ["c.s.a"], "c.s.t", {"x": ["c.s.a.x TRANSFORMATION"], "y": ["c.s.a.y IDENTITY"]})
    ]
    events[0]["outputs"][0]["facets"]["columnLineage"]["fields"]["x"]["inputFields"][0]["transformations"][0][
        "masking"
    ] = True
    project = write(events)
    assert "c.s.a.x  (transformation, masked, 2026" in run(project, "s.t.x", "--up").output
    assert "masked" not in run(project, "s.t.y", "--up").output
    assert [edge["masked"] for edge in json.loads(run(project, "s.t.x", "-o", "json").output)["edges"]] == [
        True
    ]
    svg = ET.fromstring(run(project, "s.t.x", "-o", "svg").output)
    assert [path.get("class") for path in svg.iter(f"{SVG}path") if "edge" in path.get("class", "")] == [
        "edge masked"
    ]


def test_a_column_that_also_goes_another_way_is_not_masked(run, write, make_event):
    lines = {"x": ["c.s.a.x TRANSFORMATION"]}
    events = [make_event("INSERT", ["c.s.a"], "c.s.t", lines) for _ in range(2)]
    events[0]["outputs"][0]["facets"]["columnLineage"]["fields"]["x"]["inputFields"][0]["transformations"][0][
        "masking"
    ] = True
    assert "masked" not in run(write(events), "s.t.x", "--up").output


def test_a_table_that_nobody_knows_gets_a_near_name(run, write):
    for name, near in (
        ("gold.slaes", "gold.sales"),
        ("c.gold.sale", "c.gold.sales"),
        ("slaes", "sales"),
        ("gold.salse.total", "sales"),
    ):
        found = run(write(), name)
        assert isinstance(found.exception, UnknownDatasetError), name
        assert near in found.exception.fix, name
