"""An event of a Python step is one of OpenLineage, and joins those of the engine."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from databricks_utils.lineage import LineageEvent, Source
from databricks_utils.lineage.event import parent_run, timed_id

pytestmark = pytest.mark.unit

FACTS = {"job": "scoring", "task": "score", "run_id": "2026-03-01T10-00-00", "attempt": "2"}


def made(**changes):
    values = {
        "namespace": "lakewright://flights",
        "operation": "score",
        "inputs": [Source("c.features.flights", columns=("id", "delay")), Source("c.models.delay", "MODEL")],
        "output": "c.gold.predictions",
        "columns": {
            "id": [("c.features.flights", "id")],
            "score": [("c.features.flights", "delay")],
            "model_name": [],
        },
        "facts": FACTS,
        "principal": "scorer",
        "started_at": datetime(2026, 3, 1, 10, tzinfo=UTC),
        "ended_at": datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=1))),
    }
    return LineageEvent(**{**values, **changes})


def test_a_step_is_a_start_and_a_completion_of_one_run():
    start, end = made().events()
    assert (start["eventType"], end["eventType"]) == ("START", "COMPLETE")
    assert start["run"]["runId"] == end["run"]["runId"]
    assert (start["eventTime"], end["eventTime"]) == ("2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z")
    assert end["job"] | {"facets": 0} == {
        "namespace": "lakewright://flights",
        "name": "scoring.score.score.c.gold.predictions",
        "facets": 0,
    }


def test_columns_of_the_same_name_are_copies_and_others_are_made():
    output = made().events()[1]["outputs"][0]
    fields = output["facets"]["columnLineage"]["fields"]
    ways = {name: field["inputFields"][0]["transformations"] for name, field in fields.items()}
    assert ways == {
        "id": [{"type": "DIRECT", "subtype": "IDENTITY"}],
        "score": [{"type": "DIRECT", "subtype": "TRANSFORMATION"}],
    }


def test_inputs_say_what_they_are():
    kinds = [item["facets"]["datasetType"]["datasetType"] for item in made().events()[1]["inputs"]]
    assert kinds == ["TABLE", "MODEL"]


def test_the_attempt_has_the_same_id_as_in_the_engine():
    # `UUID.nameUUIDFromBytes` of Java for the same text.
    assert parent_run(FACTS) == UUID("2a4c5c65-5cea-3dc1-bb6d-c81b1d7c93ba")
    assert made().events()[0]["run"]["facets"]["parent"]["run"]["runId"] == str(parent_run(FACTS))


def test_a_step_outside_of_a_run_has_no_parent():
    event = made(facts={}).events()[1]
    assert "parent" not in event["run"]["facets"]
    assert event["job"]["name"] == "score.c.gold.predictions"
    assert parent_run({}) is None


def test_ids_are_of_version_seven_and_differ():
    first, second = timed_id(), timed_id()
    assert first != second
    assert (first.version, first.variant) == (7, "specified in RFC 4122")


def test_the_events_are_those_of_the_official_client():
    """Built with the classes of `openlineage-python`, the events are the same JSON."""
    client = pytest.importorskip("openlineage.client.event_v2")
    generated = pytest.importorskip("openlineage.client.facet_v2")
    serde = pytest.importorskip("openlineage.client.serde").Serde
    event = made().events()[1]
    output = event["outputs"][0]
    lineage = generated.column_lineage_dataset
    fields = {
        name: lineage.Fields(
            inputFields=[
                lineage.InputField(
                    item["namespace"],
                    item["name"],
                    item["field"],
                    [lineage.Transformation(**way) for way in item["transformations"]],
                )
                for item in field["inputFields"]
            ]
        )
        for name, field in output["facets"]["columnLineage"]["fields"].items()
    }
    theirs = client.RunEvent(
        eventType=client.RunState[event["eventType"]],
        eventTime=event["eventTime"],
        producer=event["producer"],
        run=client.Run(event["run"]["runId"]),
        job=client.Job(event["job"]["namespace"], event["job"]["name"]),
        inputs=[client.InputDataset(item["namespace"], item["name"]) for item in event["inputs"]],
        outputs=[
            client.OutputDataset(
                output["namespace"],
                output["name"],
                facets={"columnLineage": lineage.ColumnLineageDatasetFacet(fields=fields)},
            )
        ],
    )
    written = serde.to_dict(theirs)
    assert written["schemaURL"] == event["schemaURL"]
    facet = written["outputs"][0]["facets"]["columnLineage"]
    ours = output["facets"]["columnLineage"]
    assert facet["_schemaURL"] == ours["_schemaURL"]
    assert set(facet["fields"]) == set(ours["fields"])
    for name, field in ours["fields"].items():
        for mine, their in zip(field["inputFields"], facet["fields"][name]["inputFields"], strict=True):
            assert mine.items() <= {**their, "transformations": mine["transformations"]}.items()
