"""The table of kinds: complete, and what each keeps."""

import pytest

from lakewright.bundle.schema.types import resource_types
from lakewright.deploy.gate import KINDS, Keeps
from lakewright.deploy.gate.kinds import UNKNOWN, kind_of

pytestmark = pytest.mark.unit

DATA = """catalogs dashboards database_instances experiments genie_spaces models pipelines postgres_branches postgres_databases
postgres_projects postgres_synced_tables registered_models schemas secret_scopes secrets synced_database_tables vector_search_indexes
volumes"""
HISTORY = """apps database_catalogs external_locations jobs model_serving_endpoints postgres_catalogs postgres_roles quality_monitors
sql_warehouses vector_search_endpoints"""
NOTHING = "alerts clusters instance_pools job_runs postgres_endpoints"
# Those for which the CLI itself asks for consent, in `bundle/phases/deploy.go`.
ASKED_BY_THE_CLI = """schemas pipelines volumes dashboards database_instances synced_database_tables postgres_projects
postgres_branches postgres_databases vector_search_indexes genie_spaces"""


def test_each_kind_keeps_what_is_written_here_a_second_time():
    expected = {Keeps.DATA: DATA, Keeps.HISTORY: HISTORY, Keeps.NOTHING: NOTHING}
    assert {name: kind.keeps for name, kind in KINDS.items()} == {
        name: keeps for keeps, names in expected.items() for name in names.split()
    }


def test_everything_that_the_cli_asks_about_holds_data():
    assert all(KINDS[name].keeps is Keeps.DATA for name in ASKED_BY_THE_CLI.split())


def test_every_kind_that_a_bundle_may_declare_is_in_the_table():
    assert set(resource_types()) - set(KINDS) == set()


def test_a_kind_that_is_not_in_the_table_is_taken_to_hold_data():
    assert kind_of("time_machines") is UNKNOWN
    assert UNKNOWN.keeps is Keeps.DATA


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_says_what_is_lost_in_sentences(name):
    kind = KINDS[name]
    assert kind.loss.endswith(".")
    assert not kind.recovery or kind.recovery.endswith(".")
    if kind.keeps is Keeps.DATA:
        assert kind.recovery
    assert all(above in KINDS for above in kind.within)


def test_only_what_the_cli_renames_in_place_has_words_for_it():
    assert {name for name, kind in KINDS.items() if kind.renamed} == {
        "catalogs",
        "external_locations",
        "volumes",
    }
