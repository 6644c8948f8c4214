"""A definition changes with what makes the rows, and with nothing else."""

import functools
import os
import subprocess
import sys
import types

import pytest
from shop import KNOWN, ORDERS, POSITIVE, customers, orders

from databricks_utils.medallion import Source
from databricks_utils.medallion.silver.definition import code_parts, define
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


def plain(records):
    return records


def test_what_is_behind_partials_methods_and_decorators_counts():
    def repeated(factor):
        def inner(records):
            return records * factor

        def outer(records):
            return inner(records)

        return functools.wraps(inner)(outer)

    class Reader:
        def __init__(self, factor):
            self.factor = factor

        def read(self, records):
            return plain(records) * self.factor

    assert any("test_definition.plain`" in name for name in code_parts(Reader(1).read))
    assert code_parts(Reader(1).read) != code_parts(Reader(2).read)
    assert code_parts(functools.partial(reader_of, factor=1)) == code_parts(
        functools.partial(reader_of, factor=1)
    )
    assert any("reader_of" in name for name in code_parts(functools.partial(reader_of, factor=1)))
    assert any("plain" in name for name in code_parts(functools.lru_cache(plain)))
    assert code_parts(repeated(1)) != code_parts(repeated(2))


def reader_of(records, factor):
    return plain(records) * factor


def test_bases_of_a_class_and_imports_inside_a_function_count(project):
    main = MAIN.replace("class Reader:", "class Base:\n    places = 1\n\nclass Reader(Base):").replace(
        "    inner = [", "    from some_project.helpers import scale as again\n    inner = [again(1)] + ["
    )
    assert {"code `some_project.main.Base`", "code `some_project.helpers.scale`"} <= set(
        code_parts(project(main=main))
    )


def test_a_definition_does_not_depend_on_the_process():
    code = (
        "from databricks_utils.medallion.silver.definition import code_parts\n"
        'read = eval(\'lambda records: records in {"a", "b", "c", "d"}\')\n'
        "print(sorted(code_parts(read).values()))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("7", "8", "9")
    }
    assert len(found) == 1


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
        "source changed": {"source": Source("orders_v2", ORDERS.columns, "One order")},
    }
    for expected, changes in cases.items():
        assert expected in define(orders(**changes)).changes_from(before)
    milder = Rule(POSITIVE.name, POSITIVE.expression, POSITIVE.reason, Severity.WARNING)
    assert define(orders(rules=(milder, KNOWN))).digest != define(orders()).digest


def test_the_same_declaration_has_the_same_definition():
    assert define(orders()).digest == define(orders()).digest
    assert define(orders()).changes_from(define(orders()).parts) == ()
    assert define(customers()).digest != define(orders()).digest
