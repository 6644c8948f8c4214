"""What a program does with its files, as far as its command line says so, and the rights that it takes."""

import os
import shlex
import subprocess

import pytest

from lakewright.storage.fuse.programs.program_uses import changed
from lakewright.storage.fuse.programs.shell_words import words_of

pytestmark = pytest.mark.unit

READ, WRITE = "READ VOLUME", "WRITE VOLUME"
V = "/Volumes/c/s/v"

# Command lines with `R` for files that are read, and `W` for files that are changed.
COMMANDS = (
    *("cat R", "wc -c R", "head -n 3 R", "grep -r x R", "python job.py R", "ls -l R", "diff R R"),
    *(
        "cp R /tmp",
        "cp -r R R W",
        "cp -t W R",
        "cp --target-directory=W R",
        "cp -l W /tmp/h",
        "cp -s W /tmp/h",
    ),
    *("mv W /tmp", "mv W W", "ln W /tmp/h", "ln -s W /tmp/h", "install -m 600 R W", "rsync -a R W"),
    *(
        "rm -rf W",
        "rmdir W",
        "mkdir -p W",
        "touch W",
        "shred -u W",
        "truncate -s 0 W",
        "chmod 600 W",
        "tee -a W",
    ),
    *("sed s/a/b/ R", "sed -n 1p R", "sed -i s/a/b/ W", "sed -i.bak s/a/b/ W", "sed --in-place s/a/b/ W"),
    *("perl -ne print R", "perl -pi -e s/a/b/ W", "perl -i.bak -pe s/a/b/ W", "patch W /tmp/diff"),
    *("sort R", "sort -o W R", "sort R -o W", "sort --output=W R", "sort -uo W R"),
    *("find R -name x", "find W -delete", "find W -exec rm x", "find R -fprint W"),
    *("gzip W", "gzip -c R", "gunzip --stdout R", "gzip -dc R", "xz W", "xz -dk W", "bzip2 W", "zstd W"),
    *("tar czf W R", "tar -czf W R R", "tar xzf R", "tar xzf R -C W", "tar -xf R --directory=W", "tar tf R"),
    *("tar --create --file=W R", "zip -r W R", "zip -m W W", "unzip R", "unzip R -d W", "unzip -l R"),
    *("curl -o W https://x", "curl -sSLo W https://x", "curl -T R https://x", "curl --output W https://x"),
    *("wget -O W https://x", "wget -P W https://x", "dd if=R of=W", "sqlite3 W", "sqlite3 -readonly R"),
    *("sudo rm W", "env A=1 rm W", "timeout 5 cp R W", "A=1 cat R", "xargs rm W", "/bin/rm W", "nice cat R"),
)
SCRIPTS = (
    *(
        "cat R 2>/dev/null",
        "cat R > /tmp/o",
        "wc -c R; echo sed",
        "cat R >/dev/null 2>&1",
        "cat < R",
        "cat R | tee W",
    ),
    *("echo x > W", "echo x >W", "echo x >> W", "echo x 2> W", "echo x &> W", "cat R > W", "cat R >| W"),
    *(
        "cat R && rm W",
        "cat R\nrm W",
        "(rm W)",
        "echo $(rm W)",
        "echo `rm W`",
        "cat R | sort -o W",
        "cat R & rm W",
    ),
    *(
        "cat 'R'",
        'rm "W"',
        "rm 'W'/x",
        "bash -c 'rm W'",
        'bash -c "cat R"',
        'echo "$(rm W)"',
        "awk '{print > \"W\"}'",
    ),
    *("for f in W; do rm $f; done", "for f in R; do cat $f; done", "X=W; rm $X", "X=R; cat $X", "cd W; rm x"),
    *("cd R; ls 2>/dev/null", "ls W | xargs rm", "ls R | xargs cat", "if cat R; then rm W; fi", "! rm W"),
    *("cat R # rm", "cat <<EOF > W\nx\nEOF", "python -c 'open(\"R\")'", "eval 'rm W'", "test -f R && cp R W"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_words_of_a_command_are_read_or_changed(command):
    words = shlex.split(command)
    files = [
        at
        for at, word in enumerate(words)
        if word[-1] in "RW" and word[:-1] in {"", "if=", "of="} | _options(word)
    ]
    assert files
    found = changed(words)
    assert [found[at] for at in files] == [words[at][-1] == "W" for at in files]


def _options(word):
    return {word[:-1]} if word.startswith("--") and word[-2] == "=" else set()


@pytest.mark.parametrize("text", SCRIPTS)
def test_the_words_of_a_script_are_read_or_changed(text):
    words = words_of(text)
    places = [at for at, sign in enumerate(text) if sign in "RW" and not text[at - 1 : at].isalpha()]
    found = [any(word.changes and word.start <= at < word.end for word in words) for at in places]
    assert places
    assert found == [text[at] == "W" for at in places]


def _run(command, **options):
    return subprocess.run(command, shell=isinstance(command, str), check=True, capture_output=True, **options)


def test_everyday_reads_take_the_right_to_read(mounted, tmp_path):
    mounted.fill()
    mounted.hold((READ, "v"))
    assert _run(f"cat {V}/a.csv 2>/dev/null").stdout == b"x\n1\n"
    assert b"sed" in _run(f"wc -c {V}/a.csv; echo sed").stdout
    _run(f"cat {V}/a.csv > {tmp_path}/o")
    _run(["cp", f"{V}/a.csv", str(tmp_path)])
    _run(["tar", "cf", f"{tmp_path}/o.tar", V])
    assert os.system(f"cp {V}/a.csv {tmp_path}/o2") == 0


@pytest.mark.parametrize(
    "command",
    [
        *(f"shred -u {V}/a.csv", f"find {V} -delete", f"sort -o {V}/a.csv {V}/a.csv", f"xz {V}/a.csv"),
        *(
            f"perl -pi -e s/x/y/ {V}/a.csv",
            f"bzip2 {V}/a.csv",
            f"patch {V}/a.csv /dev/null",
            f"rm -rf {V}/folder",
        ),
        *(f"ln {V}/a.csv /tmp/linked-file", f"dd if=/dev/null of={V}/a.csv"),
    ],
)
def test_programs_that_change_files_take_both_rights(mounted, command):
    mounted.fill()
    mounted.hold((READ, "v"))
    for given in (command, shlex.split(command), ["bash", "-c", command]):
        with pytest.raises(PermissionError, match=WRITE):
            _run(given)
    assert mounted.names() == ["a.csv", "folder"]


def test_programs_are_held_by_the_folder_behind_a_volume(mounted, monkeypatch):
    mounted.fill()
    mounted.hold()
    monkeypatch.chdir(mounted.storage.project)
    inner = ".lakewright/lakehouse/volumes/c/s/v/a.csv"
    project = mounted.storage.project
    paths = (f"{project}/{inner}", f"{project}/./{inner}", f"{project}//{inner}", inner)
    for path in (
        *paths,
        str(mounted.storage.lakehouse / "volumes/*/s/v/a.csv"),
        inner.replace("/c/", "/$C/"),
    ):
        with pytest.raises(PermissionError):
            _run(f"cat {path}")
    for path in paths:
        with pytest.raises(PermissionError):
            _run(["cat", path])
        mounted.hold((READ, "v"))
        assert _run(["cat", path]).stdout == _run(f"cat '{path}'").stdout == b"x\n1\n"
        with pytest.raises(PermissionError, match=WRITE):
            _run(["rm", path])
        mounted.hold()
    with pytest.raises(PermissionError):
        _run(["cat", "v/a.csv"], cwd=mounted.storage.lakehouse / "volumes/c/s")


def test_programs_are_held_by_folders_above_volumes(mounted, tmp_path_factory):
    mounted.fill()
    folder = mounted.storage.lakehouse / "volumes/c"
    copy = str(tmp_path_factory.mktemp("copy"))
    mounted.hold((READ, "v"))
    for command in (
        ["cp", "-r", str(folder), copy],
        ["tar", "cf", f"{copy}/o", str(folder)],
        f"cp -r {folder} {copy}",
    ):
        with pytest.raises(PermissionError, match=r"READ VOLUME on Volume 'c\.s\.w'"):
            _run(command)
    mounted.hold((READ, "v"), (READ, "w"))
    _run(["cp", "-r", str(folder), copy])
    for removed in (folder, mounted.storage.lakehouse, mounted.storage.project):
        with pytest.raises(PermissionError, match=WRITE):
            _run(["rm", "-rf", str(removed)])
        with pytest.raises(PermissionError, match=WRITE):
            _run(f"mv {removed} {copy}")


def test_programs_work_with_the_project_and_its_other_files(mounted, monkeypatch):
    mounted.hold()
    project = mounted.storage.project
    (project / "a.txt").write_text("a")
    monkeypatch.chdir(project)
    assert _run(["ls", str(project)]).stdout == b"a.txt\n"
    _run(["cp", "a.txt", str(project / "b.txt")])
    _run("rm -f *.none; touch . ; mkdir -p . made")
    _run(["rm", "b.txt"])
