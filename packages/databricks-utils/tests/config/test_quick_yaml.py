"""The quick reader of YAML reads what it reads as PyYAML does, and leaves the rest, and every mistake, to PyYAML."""

import os
import random
import re
import textwrap
from pathlib import Path

import pytest
import yaml_texts
from generated_contracts import write_contracts

from databricks_utils.config.errors import ConfigSyntaxError
from databricks_utils.config.origin import Origin
from databricks_utils.config.quick_yaml import read_quickly, scalar
from databricks_utils.config.yaml_reader import read_text, read_with_pyyaml

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[4]
FILE = Origin("file", "f.yaml")
# A few seconds; `LAKEWRIGHT_YAML_TEXTS=1000000` takes some minutes.
TEXTS = int(os.environ.get("LAKEWRIGHT_YAML_TEXTS", "6000"))


def with_pyyaml(text):
    """What PyYAML makes of a text, as text: 1 and True, or NaN and itself, would else be compared as Python does."""
    try:
        return repr(read_with_pyyaml(text, FILE))
    except ConfigSyntaxError as error:
        return f"refused: {error.summary}"


def is_read_alike(text, read=read_quickly):
    tree = read(text, "f.yaml")
    return tree is None or repr(tree) == with_pyyaml(text)


def yaml_files():
    found = [path for pattern in ("*.yaml", "*.yml") for path in ROOT.rglob(pattern)]
    return [
        path
        for path in found
        if path.is_file() and not {".venv", ".lakewright", "node_modules"} & set(path.parts)
    ]


READ = {
    "plain": "a: b\nc : d\ne:f: g\n1: 2\n$ref: x#y\nurn:a:b: c\n.github: d\na b  c: d\n",
    "scalars": "a: 1\nb: 1.5\nc: true\nd: ~\ne: no\nf: 012\ng: -.inf\nh: .NaN\ni: -1\nj: 2024-01-31\nk:\nl: 0x1F\nm: .Inf\n",
    "comments": "# one\na: b # two\n\n  # three\nc: 'd' # four\ne: # five\n  f: [1] # six\n# seven",
    "document start": "# one\n---\na: b\n",
    "nested": "a:\n  b:\n    c: 1\n  d: 2\ne:\n    f: 3\n",
    "lists": "a:\n  - 1\n  - b: 2\n    c: 3\n  - - x\n    - y\n  -\n  -   z: 1\n      w: 2\nb:\n- 1\n-\n  c: 2\nd: 3\n",
    "keys with quotes": "\"a b\": 1\n'it''s': 2\n\"x: y\": 3\n- 4: 5\n".replace("- 4: 5\n", ""),
    "single quotes": "a: 'b: c # d'\ne: 'it''s'\nf: ''\n",
    "double quotes": 'a: "b: c # d"\ne: "\\"x\\" \\\\ \\n \\t \\e \\/ \\_"\nf: ""\n',
    "quotes over lines": "a: 'b\n  c\n\n  d'\ne: \"f\n\n\n g \\\n   h \\\n\n  \\ i\"\nj:\n- 'k\nl'\n",
    "plain over lines": "a: b\n  c\n\n  d - e\n  'f'\ng:\n  - h\n    i\nj: k\n",
    "literal": "a: |\n  b\n    c\n\n  d: # e\nf: |-\n  g\n\nh: |+\n  i\n\n\nj: k\n",
    "folded": "a: >\n  b\n  c\n\n  d\n    e\n  f\ng: >- # h\n    i\n    j\nk:\n  - >+\n    l\n\n",
    "a block without a break at its end": "a: |\n  b",
    "blank lines before a block": "a: |\n\n  b\n",
    "brackets": "a: [1, b, 'c', \"d\", [e], {f: g}, -1, --h, a/b c]\nb: {}\nc: []\nd: {e: 1, 'f': , \"g\":h, i: [j,]}\n",
    "brackets over lines": "a: [\n  b, # c\n  d e,\n\n# f\n{g:\n h},\n]\ni: {j: k,\nl: m}\n",
    "addresses": "a: http://b/c?d=e#f\ng: [http://h/i, 10:30]\n",
    "Windows": "a: b\r\nc:\r\n  - d\r\ne: |\r\n  f\r\n  g\r\n",
    "other alphabets": "größe: ключ\n名前: 値\n- a: b\n".replace("- a: b\n", ""),
}
LEFT = {
    "anchor": "a: &x 1\n",
    "alias": "a: 1\nb: *a\n",
    "tag": "a: !!str 1\n",
    "merge": "a: {b: 1}\n<<: {c: 2}\n",
    "merge in brackets": "a: {<<: {b: 1}}\n",
    "complex key": "? a\n: b\n",
    "two documents": "a: 1\n---\nb: 2\n",
    "document end": "a: 1\n...\n",
    "document end as a key": "... a: 1\n",
    "directive": "%YAML 1.2\n---\na: 1\n",
    "tab": "a:\tb\n",
    "other line break": "a: b\u2028c\n",
    "byte order mark": "a: \ufeffb\n",
    "control character": "a: \x07\n",
    "carriage return": "a: b\rc: d\n",
    "key twice": "a: 1\na: 2\n",
    "key twice in brackets": "a: {b: 1, b: 2}\n",
    "list": "- a\n",
    "text": "a\n",
    "nothing": "# a\n",
    "indented document start": "  ---\na: b\n",
    "indented too far": "a: 1\n  b: 2\n",
    "indented too little": "a:\n    b: 1\n  c: 2\n",
    "text after a comment": "a: b\n  # c\n  d\n",
    "value with a colon": "a: b: c\n",
    "value that ends in a colon": "a: b:\n",
    "further line with a colon": "a: b\n  c: d\n",
    "list behind a key": "a: - b\n",
    "text behind quotes": "a: 'b' c\n",
    "open quote": "a: 'b\n",
    "document start inside quotes": "a: 'b\n--- c'\n",
    "escape with a number": 'a: "\\x41"\n',
    "escape that is none": 'a: "\\q"\n',
    "open bracket": "a: [b\n",
    "closed by another bracket": "a: [b}\n",
    "no comma": "a: ['b' 'c']\n",
    "comma alone": "a: [,]\n",
    "pair in a list": "a: [b: c]\n",
    "key without a value": "a: {b}\n",
    "text behind a bracket": "a: [b] c\n",
    "bracket as a key": "[a]: b\n",
    "comment that touches": "a: [b]#c\n",
    "block with an indent": "a: |2\n  b\n",
    "block without lines": "a: |\nb: c\n",
    "block after a wider line": "a: |\n    \n  b\n",
    "reserved sign": "a: @b\n",
    "long key": "a" * 600 + ": b\n",
    "many levels": "a: " + "[" * 40 + "]" * 40 + "\n",
    "many indents": "".join("  " * level + "a:\n" for level in range(70)),
}


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_what_people_write_is_read_as_pyyaml_reads_it(text):
    tree = read_quickly(text, "f.yaml")
    assert tree is not None
    assert repr(tree) == with_pyyaml(text)


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_what_is_rare_or_wrong_is_left_to_pyyaml(text):
    assert read_quickly(text, "f.yaml") is None


def test_the_files_of_this_repository_are_read_alike_and_nearly_all_quickly():
    texts = [path.read_text(encoding="utf-8-sig") for path in yaml_files()]
    assert len(texts) > 40
    assert [text for text in texts if not is_read_alike(text)] == []
    valid = [text for text in texts if not with_pyyaml(text).startswith("refused")]
    without_anchors = [text for text in valid if not re.search(r": &\w", text)]  # those are left to PyYAML
    assert len(without_anchors) > 0.85 * len(valid)
    assert sum(read_quickly(text, "f.yaml") is not None for text in without_anchors) > 0.9 * len(
        without_anchors
    )


def test_contracts_are_read_quickly(tmp_path):
    for file in write_contracts(tmp_path, count=20):
        text = file.read_text(encoding="utf-8")
        assert read_quickly(text, "f.yaml") is not None, file
        assert is_read_alike(text)


def test_random_texts_are_read_alike():
    seed = int(os.environ.get("LAKEWRIGHT_SEED") or random.SystemRandom().randrange(10_000))
    print(f"LAKEWRIGHT_SEED={seed}")
    dice = random.Random(seed)
    files = [*READ.values(), *(path.read_text(encoding="utf-8-sig") for path in yaml_files())]
    texts = [*yaml_texts.random_texts(dice, TEXTS), *yaml_texts.broken_texts(dice, TEXTS, files)]
    assert [text for text in texts if not is_read_alike(text)] == []
    assert sum(read_quickly(text, "f.yaml") is not None for text in texts) > 0.05 * len(texts)


def test_a_reader_that_reads_otherwise_is_found():
    assert not is_read_alike("a: 1\n", lambda text, place: read_quickly("a: true\n", place))
    assert not is_read_alike("a: 1\n", lambda text, place: read_quickly("\na: 1\n", place))
    assert not is_read_alike("a: [\n", lambda text, place: read_quickly("a: 1\n", place))


def test_a_mistake_has_the_line_and_the_words_of_pyyaml():
    text = textwrap.dedent(
        """\
        a: 1
        b: [2
        c: 3
        """
    )
    with pytest.raises(ConfigSyntaxError, match=r"not valid YAML: expected ',' or '\]'") as caught:
        read_text(text, FILE)
    assert caught.value.location == "f.yaml:3"


@pytest.mark.parametrize(("text", "value"), [(".Inf", float("inf")), ("-.INF", float("-inf"))])
def test_infinity_is_a_number_however_it_is_written(text, value):
    assert scalar(text) == value
    assert str(scalar(".NaN")) == str(scalar(".NAN")) == "nan"
