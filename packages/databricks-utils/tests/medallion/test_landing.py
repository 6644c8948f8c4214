"""A drop is inspected before it is loaded; a file that cannot be loaded is named, with a fix."""

import gzip
import os

import pytest

from databricks_utils.medallion import LandingFileError, LandingFolderError, Source
from databricks_utils.medallion.landing.files import list_files
from databricks_utils.medallion.landing.inspection import Drop, inspect, nothing_yet, sha256_of
from databricks_utils.medallion.landing.samples import deliver

AIRLINES = Source("airlines", ("carrier", "name"), "One airline")

pytestmark = pytest.mark.unit
GOOD = b"carrier,name\nAA,American Airlines Inc.\nDL,Delta\n\n"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "airlines"
    path.mkdir()
    return path


def look(folder, content, name="a.csv"):
    (folder / name).write_bytes(content)
    (file,) = list_files(folder.parent, folder)
    return inspect(Drop(file, sha256_of(file.path)), AIRLINES)


def test_records_are_counted_and_blank_lines_are_not(folder):
    assert look(folder, GOOD).records == 2


def test_a_byte_order_mark_and_other_line_ends_are_not_part_of_the_header(folder):
    assert look(folder, b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n")).header == ("carrier", "name")


def test_a_file_with_only_a_header_has_no_records(folder):
    assert look(folder, b"carrier,name\n").records == 0


def test_a_source_without_a_folder_has_delivered_nothing(tmp_path):
    (tmp_path / "arlines").mkdir()
    (tmp_path / "note.txt").touch()
    assert list_files(tmp_path, tmp_path / "airlines") == []
    advice = nothing_yet(tmp_path / "airlines")
    assert advice.startswith(
        f"nothing delivered yet: deliver `.csv` or `.csv.gz` files to {tmp_path}/airlines"
    )
    assert advice.endswith("(there is a folder `arlines` beside it)")


def test_a_volume_that_does_not_exist_and_a_folder_that_is_a_file_are_refused(tmp_path):
    with pytest.raises(LandingFolderError, match="databricks bundle deploy"):
        list_files(tmp_path / "files", tmp_path / "files" / "airlines")
    (tmp_path / "airlines").touch()
    with pytest.raises(LandingFolderError, match="move it away"):
        list_files(tmp_path, tmp_path / "airlines")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"carrier,title\nAA,x\n", "missing: name"),
        (b"carrier,names\nAA,x\n", "there is `names`"),
        (b"AA,American Airlines Inc.\n", "has no header"),
        (b"carrier,name,name\nAA,x,y\n", "twice: name"),
        ("carrier,name\nAA,Aéro\n".encode("latin-1"), "is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_refused(folder, content, message):
    with pytest.raises(LandingFileError, match=message) as caught:
        look(folder, content)
    assert "a.csv" in str(caught.value)
    assert caught.value.fix


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-12], lambda data: data[: len(data) // 2], lambda data: b"no gzip at all"]
)
def test_a_cut_off_gzip_is_refused_by_name(folder, damage):
    with pytest.raises(LandingFileError, match="cut off or damaged"):
        look(folder, damage(gzip.compress(GOOD * 200)), name="a.csv.gz")


@pytest.mark.parametrize("name", ["notes.txt", "a b.csv", "[2013].csv"])
def test_a_name_that_could_be_a_pattern_or_is_no_csv_is_refused(folder, name):
    with pytest.raises(LandingFileError, match="is not a file"):
        look(folder, GOOD, name=name)


def test_an_unfinished_upload_is_skipped(folder):
    (folder / ".b.csv.part").write_bytes(b"half")
    (folder / "a.csv").write_bytes(GOOD)
    assert [file.name for file in list_files(folder.parent, folder)] == ["a.csv"]


def test_samples_are_delivered_once_and_again_when_their_content_has_changed(tmp_path):
    sample, landing = tmp_path / "samples" / "airlines" / "a.csv", tmp_path / "landing"
    sample.parent.mkdir(parents=True)
    sample.write_bytes(b"")
    (delivered,) = deliver(tmp_path / "samples", landing)
    assert deliver(tmp_path / "samples", landing) == []
    delivered.write_bytes(b"corrected in the volume")
    os.utime(sample, (2e9, 2e9))  # another time, as after a checkout, but the same content
    assert deliver(tmp_path / "samples", landing) == []
    sample.write_bytes(GOOD)
    assert deliver(tmp_path / "samples", landing) == [delivered]
    assert delivered.read_bytes() == GOOD
    delivered.with_name(".a.csv.sample").unlink()  # as of a file that came in another way
    sample.write_bytes(b"other")
    assert deliver(tmp_path / "samples", landing) == []


def test_the_line_that_is_not_utf8_is_in_the_error(folder):
    with pytest.raises(LandingFileError) as refusal:
        look(folder, GOOD + "ZZ,Aéro\n".encode("latin-1"))
    assert "line 5: byte 0xe9" in refusal.value.detail


def test_a_cut_off_gzip_that_is_not_utf8_either_is_refused_by_name(folder):
    damaged = gzip.compress(GOOD + "ZZ,Aéro".encode("latin-1"))[:-8]
    with pytest.raises(LandingFileError, match=r"is not UTF-8|is cut off"):
        look(folder, damaged, name="a.csv.gz")
