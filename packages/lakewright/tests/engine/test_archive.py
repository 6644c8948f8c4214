"""The class archive: adopted when it is whole, thrown away when its writer was killed in the middle."""

import subprocess
from pathlib import Path

import pytest

from lakewright.engine.parts.archive import archive_options
from lakewright.engine.parts.java import find_java
from lakewright.engine.parts.spark import spark_home

pytestmark = pytest.mark.unit

CLASSPATH = sorted((spark_home() / "jars").glob("slf4j-api*.jar"))


@pytest.fixture
def written(tmp_path, monkeypatch):
    """An archive as a first engine leaves it at its end."""
    java = find_java()
    if java.version >= 19:
        pytest.skip("this Java keeps its archive fresh by itself")
    monkeypatch.setenv("LAKEWRIGHT_CACHE", str(tmp_path))
    option = archive_options(java, CLASSPATH)[-1]
    assert option.startswith("-XX:ArchiveClassesAtExit=")
    classpath = ":".join(map(str, CLASSPATH))
    subprocess.run(
        [str(java.executable), option, "-cp", classpath, "-version"], capture_output=True, check=True
    )
    return Path(option.partition("=")[2])


def test_a_whole_archive_is_used_by_the_next_engine(written):
    option = archive_options(find_java(), CLASSPATH)[-1]
    assert option == f"-XX:SharedArchiveFile={written.with_suffix('.jsa')}"
    assert archive_options(find_java(), CLASSPATH)[-1] == option
    assert not written.exists()


@pytest.mark.parametrize("spoil", ["cut off", "not begun", "a flipped byte"])
def test_a_broken_archive_is_thrown_away_and_written_anew(written, spoil):
    whole = written.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
    written.unlink()
    written.write_bytes({"cut off": whole[:-5000], "not begun": b"", "a flipped byte": flipped}[spoil])
    assert archive_options(find_java(), CLASSPATH)[-1] == f"-XX:ArchiveClassesAtExit={written}"
    assert not written.exists()
