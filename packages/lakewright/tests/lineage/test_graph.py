"""Events become one graph: what counts no longer is left out, and a half written line harms nothing."""

import pytest

from lakewright.lineage.errors import AmbiguousNameError, UnknownDatasetError
from lakewright.lineage.finding import find_node
from lakewright.lineage.graph import build_graph
from lakewright.lineage.statements import ROWS, Column, Dataset, read_events, read_statements
from lakewright.lineage.trace import follow, label

pytestmark = pytest.mark.unit


def graph_of(folder):
    return build_graph(read_statements(read_events(folder)))


@pytest.fixture
def graph(write, folder_of):
    return graph_of(folder_of(write()))


def names(edges, end="source"):
    return sorted(label(getattr(edge, end)) for edge in edges)


def test_a_line_that_is_half_written_or_is_no_event_is_skipped(write, folder_of):
    folder = folder_of(
        write(
            tail='{"run": 1}\n[]\nnull\n{"eventType": "COMPLETE", "run": {"runId": "x"}}\n{"eventTime": "2026-'
        )
    )
    assert len(list(read_statements(read_events(folder)))) == 5


def test_a_folder_that_does_not_exist_has_no_events(tmp_path):
    assert list(read_events(tmp_path / "nothing")) == []


def test_a_statement_that_has_started_or_failed_adds_nothing(write, folder_of, make_event):
    events = [make_event("INSERT", ["c.s.a"], "c.s.b", kind=kind) for kind in ("START", "FAIL")]
    assert graph_of(folder_of(write(events))).edges == {}


def test_runs_of_the_same_statement_become_one_edge(write, folder_of, make_event):
    events = [
        make_event("INSERT", ["c.s.a"], "c.s.b", at=f"2026-03-0{day}T00:00:00Z", job=job)
        for day, job in ((1, "one.load"), (2, "two.load"), (3, "one.load"))
    ]
    (edge,) = graph_of(folder_of(write(events))).edges.values()
    assert (edge.runs, edge.last, edge.jobs) == (3, "2026-03-03T00:00:00Z", ("two.load", "one.load"))


@pytest.mark.parametrize(
    "operation", ["CREATE VIEW", "ALTER VIEW", "REPLACE TABLE AS SELECT", "CREATE TABLE AS SELECT", "CLONE"]
)
def test_a_statement_that_makes_a_table_anew_replaces_what_it_was_made_of(
    write, folder_of, make_event, operation
):
    events = [
        make_event("INSERT", ["c.s.old"], "c.s.t", {"a": ["c.s.old.a IDENTITY"]}),
        make_event(operation, ["c.s.new"], "c.s.t"),
    ]
    found = graph_of(folder_of(write(events)))
    assert names(found.into(find_node(found, "c.s.t"))) == ["c.s.new"]
    assert found.into(Column(Dataset("lakewright://shop", "c.s.t"), "a")) == []


def test_an_overwrite_adds_to_what_a_table_is_made_of_because_it_may_be_of_a_part(
    write, folder_of, make_event
):
    events = [make_event("INSERT OVERWRITE", [f"c.s.{name}"], "c.s.t") for name in "ab"]
    found = graph_of(folder_of(write(events)))
    assert names(found.into(find_node(found, "c.s.t"))) == ["c.s.a", "c.s.b"]


def test_a_view_stands_between_its_table_and_its_reader(graph):
    assert names(graph.into(find_node(graph, "gold.sales"))) == ["c.silver.paid"]
    assert names(graph.into(find_node(graph, "gold.sales.total"))) == ["c.silver.paid.paid"]


def test_a_view_whose_own_statement_is_not_known_does_not_hide_its_table(write, folder_of):
    from_conftest = list(read_events(folder_of(write())))
    found = graph_of(
        folder_of(write([item for item in from_conftest if item["job"]["name"] != "CREATE VIEW"]))
    )
    assert names(found.into(find_node(found, "gold.sales"))) == ["c.silver.orders", "c.silver.paid"]


def test_a_column_is_followed_to_the_files_it_comes_from(graph):
    trace = follow(graph, find_node(graph, "gold.sales.total"), down=False)
    assert label(trace.nodes[-1]) == "/Volumes/c/bronze/files/orders.amount"
    assert len(trace.edges) == 4


def test_a_column_is_followed_down_to_all_that_is_made_of_it(graph):
    trace = follow(graph, find_node(graph, "bronze.orders.amount"), up=False)
    assert names(trace.edges, "target") == [
        "c.gold.sales.total",
        "c.silver.orders.amount",
        "c.silver.paid.paid",
    ]


def test_what_only_decides_is_followed_when_it_is_asked_for(graph):
    rows = Column(Dataset("lakewright://shop", "c.silver.orders"), ROWS)
    assert names(follow(graph, rows).edges) == []
    assert names(follow(graph, rows, indirect=True, depth=1, down=False).edges) == ["c.bronze.orders.id"]


def test_the_depth_limits_the_steps(graph):
    assert names(follow(graph, find_node(graph, "gold.sales"), depth=2).edges) == [
        "c.silver.orders",
        "c.silver.paid",
    ]


def test_a_circle_of_tables_ends(write, folder_of, make_event):
    events = [make_event("INSERT", ["c.s.a"], "c.s.b"), make_event("INSERT", ["c.s.b"], "c.s.a")]
    found = graph_of(folder_of(write(events)))
    assert len(follow(found, find_node(found, "c.s.a")).edges) == 2


def test_a_table_that_reads_itself_is_not_its_own_source(write, folder_of, make_event):
    found = graph_of(
        folder_of(
            write(
                [
                    make_event(
                        "UPDATE", ["c.s.a"], "c.s.a", {"x": ["c.s.a.x TRANSFORMATION", "c.s.a.y IDENTITY"]}
                    )
                ]
            )
        )
    )
    assert names(found.edges.values()) == ["c.s.a.y"]


@pytest.mark.parametrize(
    "name", ["gold.sales.total", "C.Gold.Sales.TOTAL", "sales.total", "`c`.gold.sales.`total`"]
)
def test_the_last_parts_of_a_name_are_enough(graph, name):
    assert label(find_node(graph, name)) == "c.gold.sales.total"


@pytest.mark.parametrize(
    "name",
    [
        "/Volumes/c/bronze/files/orders",
        "/volumes/c/bronze/files/orders/",
        "/Volumes/c/bronze/files/orders.id",
    ],
)
def test_a_folder_is_named_by_its_path(graph, name):
    assert label(find_node(graph, name)).startswith("/Volumes/c/bronze/files/orders")


def test_a_column_with_a_dot_is_named_in_backticks(write, folder_of, make_event):
    found = graph_of(
        folder_of(write([make_event("INSERT", ["c.s.a"], "c.s.t", {"p.q": ["c.s.a.x IDENTITY"]})]))
    )
    assert find_node(found, "s.t.`p.q`").name == "p.q"


@pytest.mark.parametrize("name", ["c.s.`A.b`", "s.`a.b`", "`a.b`", "`a.b`.x"])
def test_a_table_with_a_dot_is_named_in_backticks(write, folder_of, make_event, name):
    found = graph_of(
        folder_of(write([make_event("INSERT", ["c.s.a"], "c.s.`a.b`", {"x": ["c.s.a.x IDENTITY"]})]))
    )
    assert label(find_node(found, name)).startswith("c.s.`a.b`")


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("gold.sale", "`gold.sales`"),
        ("gold.sales.totl", "`total`"),
        ("prod_gold.sales.total", "did you mean `c.gold.sales`?"),
        ("nothing.like.it", "choose one of"),
        ("", "choose one of"),
        (".", "choose one of"),
        ("``", "choose one of"),
    ],
)
def test_a_name_that_is_not_known_gets_its_nearest_ones(graph, name, fix):
    with pytest.raises(UnknownDatasetError) as problem:
        find_node(graph, name)
    assert fix in problem.value.fix


def test_a_name_of_several_tables_is_refused(graph):
    with pytest.raises(AmbiguousNameError, match="3 tables") as problem:
        find_node(graph, "orders.amount")
    assert "c.bronze.orders" in problem.value.fix
