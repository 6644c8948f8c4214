"""YAML as the Databricks CLI reads it, with the place of every value."""

import pytest

from lakewright.bundle.model.tree import to_plain
from lakewright.bundle.reading import yaml_source
from lakewright.bundle.reading.scalars import ScalarError, kind_of, parse_scalar
from lakewright.bundle.reading.yaml_source import SourceError, load_source

pytestmark = pytest.mark.unit


def read(tmp_path, text):
    file = tmp_path / "a.yml"
    file.write_text(text, encoding="utf-8")
    source = load_source(file)
    return source.node, list(source.warnings)


def refused(tmp_path, text):
    with pytest.raises(SourceError) as caught:
        read(tmp_path, text)
    return caught.value.diagnostic


def test_every_value_and_every_key_knows_its_place(tmp_path):
    node, _ = read(tmp_path, "a:\n  - b: 1\n    c: two\n")
    value = node.get("a", 0, "c")
    assert (value.location.line, value.location.column) == (3, 8)
    assert (node.get("a", 0).keys["c"].line, node.get("a", 0).keys["c"].column) == (3, 5)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("True", True),
        ("tRUE", "tRUE"),
        ("0o17", 15),
        ("0x1F", 31),
        ("1_000", 1000),
        ("1e3", 1000.0),
        ("2024-01-31", "2024-01-31"),
        ("12:30:45", "12:30:45"),
        ("", None),
    ],
)
def test_scalars_are_read_as_yaml_1_2(text, value):
    assert parse_scalar(text) == value
    assert type(parse_scalar(text)) is type(value)


# What the loader of databricks/cli (libs/dyn/yamlloader) makes of each with go.yaml.in/yaml/v3 3.0.4.
@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1_0.5", "float", 10.5),
        ("1.5_0", "float", 1.5),
        (".5_5", "float", 0.55),
        ("._5", "str", "._5"),
        ("1e1_0", "float", 1e10),
        ("1.5e-07", "float", 1.5e-07),
        ("1e400", "str", "1e400"),
        ("5.", "float", 5.0),
        ("08", "float", 8.0),
        ("017", "int", 17),
        ("-017", "int", -17),
        ("+5", "int", 5),
        ("0_1", "int", 1),
        ("0x_1F", "int", 31),
        ("0O17", "int", 15),
        ("-0b11", "int", -3),
        ("0b102", "str", "0b102"),
        ("0x", "str", "0x"),
        ("_1", "str", "_1"),
        ("9223372036854775807", "int", 9223372036854775807),
        ("99999999999999999999", "float", 1e20),
        ("2024-1-1", "timestamp", "2024-1-1"),
        ("2024-01-01 10:00:00", "timestamp", "2024-01-01 10:00:00"),
        ("2024-13-01", "str", "2024-13-01"),
        (".NaN", "float", float("nan")),
        ("-.nan", "str", "-.nan"),
        ("+.Inf", "float", float("inf")),
        ("NaN", "str", "NaN"),
        ("1,000", "str", "1,000"),
        ("\u0661\u0662", "str", "\u0661\u0662"),
    ],
)
def test_numbers_and_dates_are_those_of_the_cli(text, kind, value):
    assert (kind_of(text), repr(parse_scalar(text))) == (kind, repr(value))


@pytest.mark.parametrize(
    "text",
    ["1__0", "1_", "1_0_", "1_.5", "1._5", "1e_3", "1_e3", "9223372036854775808", "12345678901234567890"],
)
def test_what_looks_like_a_number_and_is_none_is_refused_as_by_the_cli(tmp_path, text):
    with pytest.raises(ScalarError):
        parse_scalar(text)
    finding = refused(tmp_path, f"a: {text}\n")
    assert finding.code == "LW109"
    assert f'quote it if it is text: `"{text}"`' in finding.fix


@pytest.mark.parametrize(
    ("text", "value"), [("!!str 5", "5"), ('!!int "5"', 5), ("!!float 5", 5.0), ('!!bool "true"', True)]
)
def test_a_tag_says_what_a_value_is(tmp_path, text, value):
    node, _ = read(tmp_path, f"a: {text}\n")
    assert repr(node.plain("a")) == repr(value)


@pytest.mark.parametrize("text", ["!!int abc", "!secret 5", "!!binary aGVsbG8=", "!!bool yes"])
def test_a_tag_that_does_not_fit_or_is_unknown_is_refused(tmp_path, text):
    assert refused(tmp_path, f"a: {text}\n").code == "LW109"


@pytest.mark.parametrize("key", ["2024", "true", "1.5", "1_000", "2024-01-01", ".inf", "!!int 5"])
def test_a_key_that_is_not_text_is_an_error_as_in_the_cli(tmp_path, key):
    finding = refused(tmp_path, f"a: 1\n{key}: 2\n")
    assert (finding.code, finding.location.line) == ("LW106", 2)
    assert "quote it" in finding.fix


@pytest.mark.parametrize("key", ["yes", "on", "null", "~", '"2024"', "!!str 2024", "1.2.3", "a b"])
def test_a_key_that_is_text_for_the_cli_stays_one(tmp_path, key):
    node, _ = read(tmp_path, f"{key}: 2\n")
    assert next(iter(node.value.values())).value == 2


def test_a_merge_of_a_map_that_is_written_out_is_refused_as_by_the_cli(tmp_path):
    assert "refuses a map that is written out" in refused(tmp_path, "x:\n  <<: {a: 1}\n").detail
    node, _ = read(tmp_path, "x:\n  <<: [{a: 1}]\n")
    assert node.plain("x") == {"a": 1}


def test_quoted_scalars_stay_strings(tmp_path):
    node, _ = read(tmp_path, "a: \"1\"\nb: 'true'\nc: |\n  1\n")
    assert to_plain(node) == {"a": "1", "b": "true", "c": "1\n"}


def test_merge_keys_yield_to_the_map_that_holds_them(tmp_path):
    text = "base: &base {a: 1, b: 2}\nmore: &more {b: 3}\nx:\n  <<: [*base, *more]\n  a: 9\n"
    node, _ = read(tmp_path, text)
    assert node.plain("x") == {"a": 9, "b": 3}
    assert node.get("x", "b").location.line == 2


def test_an_alias_is_a_copy_of_its_own(tmp_path):
    node, _ = read(tmp_path, "a: &a {k: 1}\nb: *a\n")
    node.get("b").set(2, "k")
    assert node.plain("a", "k") == 1


def test_a_key_that_stands_twice_is_a_warning_with_both_places(tmp_path):
    node, warnings = read(tmp_path, "a: 1\nb: 2\na: 3\n")
    assert node.plain("a") == 3
    assert (warnings[0].location.line, warnings[0].related[0].line) == (3, 1)


def test_json_is_read_too(tmp_path):
    node, _ = read(tmp_path, '{"a": [1, true, null]}')
    assert to_plain(node) == {"a": [1, True, None]}


def test_an_empty_file_is_a_null_node(tmp_path):
    node, _ = read(tmp_path, "# nothing\n")
    assert node.value is None


@pytest.mark.parametrize(
    ("text", "line", "fix"),
    [
        ("a:\n\tb: 1\n", 2, "spaces"),
        ("a: b: c\n", 1, "quote"),
        ("a: [1, 2\nb: 1\n", 2, "bracket"),
        ('a: "open\n', 2, "quote"),
        ("a: {{job.id}}\n", 1, "quote"),
        ("a: @x\n", 1, "quote"),
    ],
)
def test_a_syntax_error_names_its_line_and_a_fix(tmp_path, text, line, fix):
    diagnostic = refused(tmp_path, text)
    assert diagnostic.severity == "error"
    assert diagnostic.location.line == line
    assert fix in diagnostic.fix


def test_a_second_document_is_refused_where_it_begins(tmp_path):
    diagnostic = refused(tmp_path, "a: 1\n---\nb: 2\n")
    assert "more than one YAML document" in diagnostic.summary
    assert diagnostic.location.line == 2


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("a: *missing\n", "no anchor"),
        ("a: &a {b: *a}\n", "refers to itself"),
        ("x: &x {a: 1}\nb: {<<: *x, <<: *x}\n", "stands twice"),
        ("x: &x 1\nb: {<<: *x}\n", "only a map"),
        ("? [a, b]\n: 1\n", "plain string"),
    ],
)
def test_misused_anchors_and_keys_are_refused(tmp_path, text, summary):
    diagnostic = refused(tmp_path, text)
    assert summary in diagnostic.summary
    assert diagnostic.location


def test_a_file_in_another_encoding_is_refused_with_a_fix(tmp_path):
    file = tmp_path / "a.yml"
    file.write_bytes("a: zürich\n".encode("latin-1"))
    with pytest.raises(SourceError) as caught:
        load_source(file)
    assert "UTF-8" in caught.value.diagnostic.fix


_ALIASES = [f"a{n}: &a{n} {'[' * 90}{f'*a{n - 1}' if n else 1}{']' * 90}" for n in range(30)]


@pytest.mark.parametrize(
    "text", ["a: " + "[" * 400 + "]" * 400, "a: " + "{b: " * 400 + "1" + "}" * 400, "\n".join(_ALIASES)]
)
def test_values_nested_hundreds_of_levels_deep_are_refused_not_a_traceback(tmp_path, text):
    diagnostic = refused(tmp_path, text)
    assert "levels deep" in diagnostic.summary
    assert "flatten" in diagnostic.fix


def test_aliases_that_multiply_into_billions_of_values_are_refused(tmp_path, monkeypatch):
    assert yaml_source._MOST_VALUES <= 1_000_000
    monkeypatch.setattr(yaml_source, "_MOST_VALUES", 10_000)  # a million takes a second
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    diagnostic = refused(tmp_path, "\n".join(lines))
    assert "aliases" in diagnostic.summary
    assert "multiply" in diagnostic.fix


def test_a_number_of_thousands_of_digits_stays_text(tmp_path):
    node, _ = read(tmp_path, f"a: {'9' * 5000}\n")
    assert node.get("a").value == "9" * 5000


def test_a_control_character_is_found_where_it_stands(tmp_path):
    diagnostic = refused(tmp_path, "a: 1\nbc: \x07\n")
    assert (diagnostic.location.line, diagnostic.location.column) == (2, 5)
    assert "remove it" in diagnostic.fix


def test_unquoted_braces_are_fixed_by_quoting_the_value(tmp_path):
    assert '"{{…}}"' in refused(tmp_path, "name: {{job.id}}\n").fix
