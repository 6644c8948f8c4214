"""Delta's jars: fetched once, checked by their hash, from Maven or a company's mirror."""

import hashlib
import http.server
import threading

import pytest

from lakewright.engine.errors import CacheUnwritableError, JarCorruptError, JarUnavailableError
from lakewright.engine.installation import jars, maven

pytestmark = pytest.mark.unit

CONTENT = b"not really a jar, but its hash is true"
JAR = jars.Jar("org.example", "tool", "1.0", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A Maven repository on loopback that serves a folder and counts what it is asked."""
    served = tmp_path / "served"
    served.mkdir()
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(served))

        def log_message(self, *args):
            asked.append((self.path, self.headers.get("Authorization")))

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv(maven.URL_VARIABLE, f"http://127.0.0.1:{server.server_port}/maven/")
    yield served / "maven", asked
    server.shutdown()
    server.server_close()


def _put(folder, content=CONTENT):
    path = folder / JAR.path
    path.parent.mkdir(parents=True)
    path.write_bytes(content)


def test_a_jar_is_fetched_once_and_then_taken_from_the_cache(repository, tmp_path):
    served, asked = repository
    _put(served)
    for _ in range(3):
        [path] = jars.ensure_jars((JAR,), folder=tmp_path / "cache")
    assert path.read_bytes() == CONTENT
    assert len(asked) == 1


def test_a_jar_with_a_wrong_hash_is_refused_and_not_kept(repository, tmp_path):
    served, _ = repository
    _put(served, b"<html>please log in</html>")
    with pytest.raises(JarCorruptError) as refused:
        jars.ensure_jars((JAR,), folder=tmp_path / "cache")
    assert JAR.sha256 in refused.value.detail
    assert maven.URL_VARIABLE in refused.value.fix
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_cached_jar_that_was_cut_off_is_fetched_again(repository, tmp_path):
    served, _ = repository
    _put(served)
    cached = tmp_path / "cache" / JAR.file_name
    cached.parent.mkdir()
    cached.write_bytes(CONTENT[:5])
    [path] = jars.ensure_jars((JAR,), folder=tmp_path / "cache")
    assert path.read_bytes() == CONTENT


def test_an_unreachable_repository_names_the_address_and_the_variable_to_set(repository, tmp_path):
    with pytest.raises(JarUnavailableError) as refused:
        jars.ensure_jars((JAR,), folder=tmp_path / "cache")
    assert JAR.path in refused.value.location
    assert maven.URL_VARIABLE in refused.value.fix


def test_a_jar_in_mavens_local_repository_is_used_without_the_network(repository, tmp_path):
    _, asked = repository
    _put(tmp_path / "home" / ".m2" / "repository")
    [path] = jars.ensure_jars((JAR,), folder=tmp_path / "cache")
    assert path.read_bytes() == CONTENT
    assert asked == []


def test_a_wrong_jar_in_mavens_local_repository_is_skipped(repository, tmp_path):
    served, asked = repository
    _put(served)
    _put(tmp_path / "home" / ".m2" / "repository", b"something else")
    jars.ensure_jars((JAR,), folder=tmp_path / "cache")
    assert len(asked) == 1


def test_the_lock_names_every_jar_with_a_sha256_and_a_size():
    locked = jars.locked_jars()
    assert len(locked) == 7
    assert all(len(jar.sha256) == 64 and jar.size > 10_000 for jar in locked)


SETTINGS = """<settings xmlns="http://maven.apache.org/SETTINGS/1.0.0">
  <mirrors>
    <mirror><id>other</id><mirrorOf>jboss</mirrorOf><url>https://other.example.com</url></mirror>
    <mirror><id>corp</id><mirrorOf>*,!secret</mirrorOf><url>https://maven.example.com/all/</url></mirror>
  </mirrors>
  <servers><server><id>corp</id><username>reader</username><password>${env.CORP_PASSWORD}</password></server></servers>
</settings>"""


def _settings(home, text=SETTINGS):
    (home / ".m2").mkdir(parents=True)
    (home / ".m2" / "settings.xml").write_text(text)
    return home


def test_the_companys_mirror_and_its_credentials_are_read_from_mavens_settings(tmp_path):
    found = maven.find_repository({"CORP_PASSWORD": "hunter2"}, home=_settings(tmp_path))
    assert found.url == "https://maven.example.com/all"
    assert found.credentials == "reader:hunter2"
    assert "hunter2" not in repr(found)


def test_the_environment_variable_wins_over_mavens_settings(tmp_path):
    found = maven.find_repository(
        {maven.URL_VARIABLE: "https://me:pw@x.example.com/m/"}, home=_settings(tmp_path)
    )
    assert found.url == "https://x.example.com/m"
    assert found.credentials == "me:pw"
    assert "pw" not in repr(found)


def test_with_unreadable_maven_settings_the_default_is_used(tmp_path):
    assert maven.find_repository({}, home=_settings(tmp_path, "<settings><mirr")).url == maven.CENTRAL


def test_credentials_are_sent_to_the_repository(repository, tmp_path, monkeypatch):
    served, asked = repository
    _put(served)
    address = maven.find_repository().url
    monkeypatch.setenv(maven.URL_VARIABLE, address.replace("http://", "http://me:pw@"))
    jars.ensure_jars((JAR,), folder=tmp_path / "cache")
    assert asked[0][1] == "Basic bWU6cHc="


def test_percent_encoded_credentials_are_decoded():
    found = maven.find_repository({maven.URL_VARIABLE: "https://me%40corp:p%2Fw@x.example.com/m"})
    assert found.credentials == "me@corp:p/w"


def test_credentials_are_not_sent_after_a_redirect(repository, tmp_path, monkeypatch):
    served, asked = repository
    _put(served)
    store = maven.find_repository().url
    received = []

    class Redirecting(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            received.append(self.headers.get("Authorization"))
            self.send_response(302)
            self.send_header("Location", store + self.path)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirecting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv(maven.URL_VARIABLE, f"http://me:pw@127.0.0.1:{server.server_port}")
    try:
        jars.ensure_jars((JAR,), folder=tmp_path / "cache")
    finally:
        server.shutdown()
        server.server_close()
    assert received == ["Basic bWU6cHc="]
    assert [authorization for _, authorization in asked] == [None]


def test_an_unwritable_cache_is_reported_with_its_fix(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CacheUnwritableError) as refused:
        jars.ensure_jars((JAR,), folder=tmp_path / "file" / "cache")
    assert "export LAKEWRIGHT_CACHE=" in refused.value.fix


def test_a_complete_cache_may_be_read_only(tmp_path, monkeypatch):
    (tmp_path / JAR.file_name).write_bytes(b"x" * JAR.size)
    monkeypatch.setattr(jars, "writable", lambda folder: pytest.fail("asked to write"))
    assert jars.ensure_jars((JAR,), folder=tmp_path) == [tmp_path / JAR.file_name]
