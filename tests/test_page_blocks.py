"""Pages are executed: what is read from them, what is compared, and what is refused."""

import pytest
from page_blocks import Change, Command, File, StalePageError, apply_change, difference, read_steps
from page_walk import PAGES, copy_project, follow

pytestmark = pytest.mark.unit

PAGE = """
# A page

```{code-block} python
:caption: src/one.py
x = 1
```

Prose.

```{code-block} diff
:caption: src/one.py
-x = 1
+x = 2
```

```console
$ cat src/one.py
x = 2
$ echo one
> echo two
one
two
```

```console exit=3
$ exit 3
```

```console slow
$ echo slow >> src/one.py
```

```console elsewhere
$ databricks bundle deploy
```

```python
this is not executed
```
"""


@pytest.fixture
def told(tmp_path):
    """Returns a function that follows a page with this text in an empty folder."""

    def tell(text, *, slow=True):
        page = tmp_path / "page.md"
        page.write_text(text, encoding="utf-8")
        (tmp_path / "project").mkdir()
        follow(page, tmp_path / "project", slow=slow)

    return tell


def test_files_changes_and_commands_are_read_in_the_order_of_the_page():
    assert read_steps(PAGE) == [
        File(4, "src/one.py", "x = 1\n"),
        Change(11, "src/one.py", "-x = 1\n+x = 2\n"),
        Command(18, "cat src/one.py", "x = 2"),
        Command(20, "echo one\necho two", "one\ntwo"),
        Command(27, "exit 3", "", code=3),
        Command(31, "echo slow >> src/one.py", "", slow=True),
    ]


@pytest.mark.parametrize(("slow", "after"), [(True, "x = 2\nslow\n"), (False, "x = 2\n")])
def test_a_page_that_tells_the_truth_can_be_followed(told, tmp_path, slow, after):
    told(PAGE, slow=slow)
    assert (tmp_path / "project" / "src" / "one.py").read_text() == after


@pytest.mark.parametrize(
    ("true", "false", "refusal"),
    [
        ("x = 2\n$ echo", "x = 3\n$ echo", r"line 18: \$ cat src/one.py\n(.|\n)*printed:\nx = 2"),
        ("one\ntwo\n", "one\n", "printed:\none\ntwo"),
        ("exit=3", "exit=2", "exit code 3, the page has 2"),
        ("$ exit 3", "$ exit 0", "exit code 0, the page has 3"),
        ("-x = 1", "-x = 7", "0 places of src/one.py have these lines:\nx = 7"),
        ("$ cat src/one.py", "cat src/one.py", r"a console block begins with `\$ `"),
    ],
)
def test_a_page_that_no_longer_fits_is_refused(told, true, false, refusal):
    assert true in PAGE
    with pytest.raises(StalePageError, match=refusal):
        told(PAGE.replace(true, false))


def test_a_new_file_that_exists_is_refused(told):
    block = "```{code-block} python\n:caption: one.py\nx = 1\n```\n"
    with pytest.raises(StalePageError, match=r"one\.py exists already"):
        told(block + block)


def change(diff):
    return Change(1, "one.py", diff)


def test_a_change_keeps_the_lines_around_it_and_may_have_several_places():
    text = "a = 1\n\nb = 2\nc = 3\n"
    assert apply_change(text, change(" a = 1\n+a2 = 1\n\n@@\n-c = 3\n")) == "a = 1\na2 = 1\n\nb = 2\n"


@pytest.mark.parametrize("text", ["x = 1\ny = 1\nx = 1\n", "y = 1\n"])
def test_a_change_that_fits_several_places_or_none_is_refused(text):
    with pytest.raises(StalePageError, match=r"places of one\.py"):
        apply_change(text, change(" x = 1\n+z = 1\n"))


@pytest.mark.parametrize(
    ("expected", "printed"),
    [
        ("ingestion: ok  1.5 s", "ingestion: ok  12.0 s"),
        ("12 passed in 3.21s", "12 passed in 45.60s"),
        ("record  runs/20260101T000000/summary.json", "record  runs/20261125T234134/summary.json"),
        ("train   ok      1.5   10 → 10", "train   ok     101.5   10 → 10"),
        ("a\n...\nd", "a\nb\nc\nd"),
        ("a\n...\nd", "a\nd"),
        ("AUC ... of 7", "AUC 0.7123 of 7"),
    ],
)
def test_what_differs_from_run_to_run_does_not_count(expected, printed):
    assert difference(expected, printed) is None


@pytest.mark.parametrize(
    ("expected", "printed"),
    [
        ("AUC 0.7123", "AUC 0.7124"),
        ("rows 12", "rows 13"),
        ("share 0.5 of all", "share 0.6 of all"),
        ("12 passed in 3.21s", "11 passed, 1 failed in 3.21s"),
        ("a\n...", "b\na"),
        ("a", "a\nb"),
        ("a\nb", "a"),
        ("AUC ... of 7", "AUC 0.7\nof 7"),
    ],
)
def test_every_other_difference_counts(expected, printed):
    assert difference(expected, printed) is not None


@pytest.mark.parametrize("name", ["reference/configuration.md", "how-to/env-file.md"])
def test_the_pages_that_need_no_engine_tell_the_truth(tmp_path, name):
    follow(PAGES / name, copy_project(tmp_path / "flights"))
