"""A definition changes with what makes the rows, and with nothing else."""

import sys
import types

import pytest
from shop import KNOWN, POSITIVE, customers, orders

from databricks_utils.medallion.declaring.definition import code_parts, define
from databricks_utils.quality import Rule, Severity

pytestmark = pytest.mark.unit
PACKAGE = "some_project"
HELPERS = "FACTOR = 2\n\ndef scale(value):\n    return value * FACTOR\n"
MAIN = """
from some_project import helpers
from some_project.helpers import scale

MEASURES = {"a": "b"}

class Reader:
    def read(self, value):
        return value

def typed(records):
    inner = [scale(record) for record in records]
    return Reader().read(inner), MEASURES, helpers.scale(1)
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Write a small project, import it anew each time, and return its function."""
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / PACKAGE
    folder.mkdir()
    (folder / "__init__.py").write_text("")

    def load(*, helpers=HELPERS, main=MAIN):
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]
        modules = {}
        for name, text in (("helpers", helpers), ("main", main)):
            path = (
                folder / f"{name}_{len(list(folder.iterdir()))}.py"
            )  # a file of its own: sources are cached by path
            path.write_text(text)
            module = types.ModuleType(f"{PACKAGE}.{name}")
            module.__file__ = str(path)
            sys.modules[module.__name__] = module
            if "helpers" in modules:
                sys.modules[PACKAGE] = package = types.ModuleType(PACKAGE)
                package.__path__, package.helpers = [str(folder)], modules["helpers"]
            exec(compile(text, path, "exec"), vars(module))
            modules[name] = module
        return modules["main"].typed

    yield load
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def changed(before, after):
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


def test_layout_comments_docstrings_and_annotations_do_not_count(project):
    before = code_parts(project())
    other = MAIN.replace(
        "def typed(records):",
        'def typed(\n    records: list,\n) -> tuple:\n    """Read."""\n    # a comment\n',
    )
    assert code_parts(project(main=other)) == before


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"main": MAIN.replace("scale(1)", "scale(2)")}, "code `some_project.main.typed`"),
        (
            {"helpers": HELPERS.replace("value * FACTOR", "value + FACTOR")},
            "code `some_project.helpers.scale`",
        ),
        (
            {"helpers": HELPERS.replace("FACTOR = 2", "FACTOR = 3")},
            "value `some_project.helpers.scale: FACTOR`",
        ),
        ({"main": MAIN.replace('"b"', '"c"')}, "value `some_project.main.typed: MEASURES`"),
        ({"main": MAIN.replace("return value\n", "return -value\n")}, "code `some_project.main.Reader`"),
    ],
)
def test_what_the_function_reaches_counts_by_name(project, changes, name):
    before = code_parts(project())
    assert changed(before, code_parts(project(**changes))) == {name}


def test_lambdas_closures_and_defaults_count():
    def reader(factor, places=1):
        return lambda records: round(records * factor, places)

    assert code_parts(reader(1)) == code_parts(reader(1))
    assert code_parts(reader(1)) != code_parts(reader(2))


def test_rules_columns_keys_and_needs_are_parts():
    before = define(orders()).parts
    cases = {
        "rule `amount_is_positive` changed": {
            "rules": (Rule(POSITIVE.name, "amount_eur > 1", POSITIVE.reason), KNOWN)
        },
        "rule `customer_is_known` is gone": {"rules": (POSITIVE,)},
        "column `country` is new": {"columns": ("customer", "amount_eur", "country")},
        "keys changed": {"keys": ("order_number", "customer")},
        "needs changed": {"needs": ()},
    }
    for expected, changes in cases.items():
        assert expected in define(orders(**changes)).changes_from(before)
    milder = Rule(POSITIVE.name, POSITIVE.expression, POSITIVE.reason, Severity.WARNING)
    assert define(orders(rules=(milder, KNOWN))).digest != define(orders()).digest


def test_the_same_declaration_has_the_same_definition():
    assert define(orders()).digest == define(orders()).digest
    assert define(orders()).changes_from(define(orders()).parts) == ()
    assert define(customers()).digest != define(orders()).digest
