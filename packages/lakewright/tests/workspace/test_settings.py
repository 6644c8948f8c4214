"""Which host and which credentials a target means: the rules of the Databricks CLI, and one that is stricter."""

from pathlib import Path

import pytest

from lakewright.workspace.errors import SignInError
from lakewright.workspace.profiles import profiles_in, with_host
from lakewright.workspace.secrecy import Secrets
from lakewright.workspace.settings import Settings, Surroundings, settings_of

pytestmark = pytest.mark.unit

PROD, DEV = "https://prod.example.com", "https://dev.example.com"
FILE = Path("/home/ana/.databrickscfg")
PROFILES = {
    "prod": {"host": "https://PROD.example.com/?o=1", "token": "dapi-prod-token"},
    "dev": {"host": f"{DEV}/", "token": "dapi-dev-token"},
}


def settings(
    workspace: dict, environ: dict | None = None, *, profiles: dict | None = None, profile: str | None = None
) -> Settings:
    here = Surroundings(
        environ or {},
        PROFILES if profiles is None else profiles,
        FILE,
        frozenset({"DATABRICKS_TOKEN", "DATABRICKS_CLIENT_ID"}),
    )
    return settings_of(workspace, here, profile=profile, place="databricks.yml:7")


def refused(*arguments: object, **options: object) -> SignInError:
    with pytest.raises(SignInError) as raised:
        settings(*arguments, **options)
    assert raised.value.exit_code == 3
    assert raised.value.fix
    assert "dapi" not in str(raised.value)
    return raised.value


def test_a_host_without_credentials_takes_the_one_profile_with_this_host():
    found = settings({"host": PROD})
    assert found.given == {
        "host": PROD,
        "workspace_id": "1",
        "token": "dapi-prod-token",
        "profile": "prod",
    }
    assert found.source == "the profile prod"
    assert "dapi" not in repr(found)


def test_credentials_of_the_environment_win_over_a_profile_that_only_has_the_host():
    found = settings({"host": PROD}, {"DATABRICKS_TOKEN": "x"})
    assert found.given == {"host": PROD}
    assert found.source == "the environment"


def test_a_named_profile_wins_over_the_environment():
    assert settings({"profile": "dev"}, {"DATABRICKS_TOKEN": "x"}).given["token"] == "dapi-dev-token"


def test_the_profile_of_the_command_line_wins_over_that_of_the_variable_and_of_the_bundle():
    environ = {"DATABRICKS_CONFIG_PROFILE": "dev"}
    assert settings({"profile": "dev"}, environ, profile="prod").given["profile"] == "prod"
    assert settings({"profile": "prod"}, environ).given["profile"] == "dev"


def test_a_profile_of_another_host_than_the_bundles_is_refused_and_the_fitting_one_is_named():
    error = refused({"host": PROD, "profile": "dev"})
    assert error.summary == f"the target's workspace is {PROD}, and that of the profile `dev` is {DEV}"
    assert error.location == "databricks.yml:7"
    assert error.fix == "use the profile of this workspace: --profile prod"


def test_a_profile_of_another_host_without_a_fitting_one_is_refused_with_the_login():
    error = refused({"host": "https://new.example.com", "profile": "dev"})
    assert "databricks auth login --host https://new.example.com" in error.fix


def test_a_profile_that_does_not_exist_is_refused_with_those_that_do():
    error = refused({"host": PROD, "profile": "prd"})
    assert error.detail == "profiles in /home/ana/.databrickscfg: dev, prod"


def test_several_profiles_of_one_host_are_refused():
    error = refused({"host": PROD}, profiles={"a": PROFILES["prod"], "b": PROFILES["prod"]})
    assert error.summary == f"several profiles are for {PROD}: a, b"
    assert "--profile a" in error.fix


def test_credentials_for_another_host_are_not_sent_to_that_of_the_bundle():
    error = refused({"host": PROD}, {"DATABRICKS_HOST": DEV, "DATABRICKS_TOKEN": "dapi-dev-token"})
    assert (
        error.summary == f"the target's workspace is {PROD}, and DATABRICKS_HOST is that of dev.example.com"
    )


@pytest.mark.parametrize("host", ["https://accounts.azuredatabricks.net", "accounts.cloud.databricks.com"])
def test_the_console_of_an_account_is_no_workspace(host):
    assert "console of an account" in refused({"host": host}).summary
    assert "console of an account" in refused({}, {"DATABRICKS_HOST": host}).summary


PASSWORD = "hunter2hunter2"
HIDDEN = f"https://token:{PASSWORD}@prod.example.com"


@pytest.mark.parametrize(
    ("workspace", "environ", "profiles"),
    [
        ({"host": HIDDEN}, {"DATABRICKS_TOKEN": "x"}, {}),
        ({"host": HIDDEN, "profile": "no such one"}, {}, {}),
        ({"host": f"https://token:{PASSWORD}@accounts.azuredatabricks.net"}, {}, {}),
        ({"host": f"https://prod.example.com:{PASSWORD}"}, {}, {}),
        ({"host": f"https://[{PASSWORD}"}, {}, {}),
        ({"host": f"https:///{PASSWORD}"}, {}, {}),
        ({}, {"DATABRICKS_HOST": HIDDEN, "DATABRICKS_TOKEN": "x"}, {}),
        ({"profile": "a"}, {}, {"a": {"host": HIDDEN}}),
        ({"host": DEV, "profile": "a"}, {}, {"a": {"host": HIDDEN}}),
        ({"host": PROD}, {}, {"a": {"host": HIDDEN}}),
        ({}, {}, {"DEFAULT": {"host": HIDDEN}}),
    ],
)
def test_an_address_that_holds_credentials_or_is_none_is_refused_and_not_shown(workspace, environ, profiles):
    error = refused(workspace, environ, profiles=profiles)
    assert "address" in error.summary
    assert PASSWORD not in str(error)


def test_another_address_in_the_environment_is_named_without_its_credentials():
    error = refused({"host": DEV}, {"DATABRICKS_HOST": HIDDEN, "DATABRICKS_TOKEN": "x"})
    assert "DATABRICKS_HOST is that of prod.example.com" in error.summary
    assert PASSWORD not in str(error)


@pytest.mark.parametrize(
    "host", [f"{PROD}/?o=12&token={PASSWORD}", f"{PROD}/jobs/4?w=12#x", "prod.example.com?workspace_id=12"]
)
def test_an_address_from_the_browser_is_taken_as_the_cli_takes_it(host):
    plain = {"host": PROD, "workspace_id": "12"}
    assert settings({"host": host}, {"DATABRICKS_TOKEN": "x"}).given == plain
    assert settings({}, {"DATABRICKS_HOST": host, "DATABRICKS_TOKEN": "x"}).given == plain
    assert settings({"profile": "a"}, profiles={"a": {"host": host}}).given == {**plain, "profile": "a"}


def test_without_a_host_the_environment_and_the_default_profile_decide():
    assert settings({}).given == {}


def test_profiles_are_read_without_the_section_of_settings_and_without_defaults_in_each(tmp_path):
    file = tmp_path / "cfg"
    file.write_text(
        "[DEFAULT]\ntoken = a%b\n[__settings__]\ndefault_profile = x\n[x]\nhost = https://x.example.com\n"
    )
    assert profiles_in(file) == {"DEFAULT": {"token": "a%b"}, "x": {"host": "https://x.example.com"}}
    assert with_host(profiles_in(file), "x.example.com") == ["x"]
    assert profiles_in(tmp_path / "none") == {}


def test_a_broken_file_of_profiles_is_named_without_its_lines(tmp_path):
    file = tmp_path / "cfg"
    file.write_text("[x]\nhost = https://x.example.com\ntoken dapi-secret\n")
    with pytest.raises(SignInError) as raised:
        profiles_in(file)
    assert "dapi-secret" not in str(raised.value)
    assert str(file) in raised.value.location


def test_what_a_server_says_cannot_move_the_cursor():
    assert Secrets.of([]).hidden("no\x1b[2K\rall is well") == "no [2K"


def test_a_secret_is_hidden_in_the_forms_in_which_a_message_shows_it():
    secret = "hunter2\nhunter3/é"
    for form in (secret, repr(secret), "hunter3/é", "hunter2%0Ahunter3%2F%C3%A9"):
        assert "hunter" not in Secrets.of([secret]).hidden(f"wrong: {form}")


@pytest.mark.parametrize(
    "text",
    [
        "token dapi0123456789abcdef0123456789abcdef is bad",
        "Authorization: Bearer abc.def-ghi_jkl",
        "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig",
        "secret hunter2hunter2 of the client",
    ],
)
def test_secrets_are_hidden_also_those_that_nobody_knows(text):
    shown = Secrets.of(["hunter2hunter2", "", None, "abc"]).hidden(f"{text}\nsecond line")
    assert "[redacted]" in shown
    for part in ("dapi0123", "abc.def", "eyJ", "hunter2", "second"):
        assert part not in shown
