"""The text of a file is read as a type only if all of it is a value of that type; no text is rounded, cut or guessed."""

import re
from datetime import date
from decimal import Decimal

import pytest
from pyspark.sql import functions as F

from databricks_utils.medallion import DeclarationError
from databricks_utils.medallion.declaring.text_values import TextType, present

TEXTS = [
    *(
        "7",
        "-7",
        "+7",
        "007",
        "7.0",
        "7e0",
        "1e3",
        "127",
        "128",
        "2147483648",
        "9223372036854775807",
        "seven",
        "7 8",
        "0x1F",
        "1_000",
    ),
    *(
        "1.5",
        "1.5f",
        "2D",
        ".5",
        "5.",
        "NaN",
        "inf",
        "-Infinity",
        "1,5",
        "12345678.90",
        "123456.789",
        "0.125",
        "0.120",
        "1E+2",
    ),
    *("true", "F", "yes", "1", "0", "on", "wahr", "", "  ", "NA", " 7 "),
    *(
        "2024-02-29",
        "2023-02-29",
        "2024-1-5",
        "2024-01-05 or so",
        "2024",
        "2024-01",
        "20240105",
        "1500-03-01",
        "0001-01-01",
        "9999-12-31",
    ),
    *(
        "2024-01-05T12:30:00Z",
        "2024-01-05 12:30",
        "2024-01-05T25:00:00",
        "12:30",
        "T12:30",
        "2024-01-05T12:30:00+02:00",
        "epoch",
        "now",
    ),
    *("05/01/2024", "31/02/2024", "5/1/2024", "05/01/24"),
]


def whole(low, high):
    return lambda text: int(text) if re.fullmatch(r"[+-]?\d+", text) and low <= int(text) <= high else None


def decimal(text):
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", text):
        return None
    value = Decimal(text)
    return value.quantize(Decimal("0.01")) if value == round(value, 2) and abs(value) < 10**7 else None


def number(text):
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
        return repr(float(text))
    special = {"nan": "nan", "inf": "inf", "infinity": "inf", "-infinity": "-inf"}
    return special.get(text.lower())


def day(text):
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    try:
        return date(*map(int, found.groups())).isoformat() if found else None
    except ValueError:
        return None


def european(text):
    found = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", text)
    try:
        return date(*map(int, found.groups()[::-1])).isoformat() if found else None
    except ValueError:
        return None


TRUTHS = {
    "true": True,
    "t": True,
    "yes": True,
    "y": True,
    "1": True,
    "false": False,
    "f": False,
    "no": False,
    "n": False,
    "0": False,
}
EXPECTED = {
    TextType("TINYINT"): whole(-128, 127),
    TextType("INT"): whole(-(2**31), 2**31 - 1),
    TextType("BIGINT"): whole(-(2**63), 2**63 - 1),
    TextType("DECIMAL(9, 2)"): decimal,
    TextType("DOUBLE"): number,
    TextType("BOOLEAN"): lambda text: TRUTHS.get(text.lower()),
    TextType("DATE"): day,
    TextType("DATE", "dd/MM/yyyy"): european,
    TextType("STRING"): lambda text: text,
}
MOMENTS = {  # in UTC, as the session
    "2024-01-05T12:30:00Z": "2024-01-05 12:30:00",
    "2024-01-05 12:30": "2024-01-05 12:30:00",
    "2024-01-05T12:30:00+02:00": "2024-01-05 10:30:00",
    **{text: f"{day(text)} 00:00:00" for text in TEXTS if day(text)},
}
OFFSET = re.compile(r"(Z|[+-]\d\d:\d\d)$")
EXPECTED |= {
    TextType("TIMESTAMP"): MOMENTS.get,
    TextType("TIMESTAMP_NTZ"): lambda text: (
        None if OFFSET.search(text) and "T" in text else MOMENTS.get(text)
    ),
}


@pytest.mark.integration
def test_each_type_reads_the_texts_that_plain_python_reads_and_no_others(spark):
    kinds = list(EXPECTED)
    frame = spark.createDataFrame([(text,) for text in TEXTS], "x string")
    shown = ("DOUBLE", "DATE", "TIMESTAMP", "TIMESTAMP_NTZ")
    read = frame.select(
        "x",
        *(
            F.expr(
                f"CAST({kind.value(present('x', ('NA',)))} AS STRING)"
                if kind.kind in shown
                else kind.value(present("x", ("NA",)))
            )
            for kind in kinds
        ),
    ).collect()
    for text, *values in (tuple(row) for row in read):
        given = None if text.strip() in {"", "NA"} else text.strip()
        for kind, value in zip(kinds, values, strict=True):
            is_number = kind.kind == "DOUBLE" and value is not None
            found = repr(float(value.replace("Infinity", "inf"))) if is_number else value
            right = EXPECTED[kind](given) if given else None
            assert found == right, (kind, text)


@pytest.mark.unit
@pytest.mark.parametrize(
    "pattern", ["YYYY-MM-dd", "yyyy-MM-DD", "HH:mm", "yyyy-mm-dd", "yyyy", "E dd MM yyyy"]
)
def test_a_pattern_that_reads_no_date_is_refused(pattern):
    with pytest.raises(DeclarationError, match="is no pattern of a date"):
        TextType("DATE", pattern)
    TextType("DATE", "yyyyDDD")
    TextType("TIMESTAMP", "dd.MM.yyyy 'at' HH:mm")


@pytest.mark.unit
@pytest.mark.parametrize("kind", ["ARRAY<INT>", "VARIANT", "BINARY", "STRUCT<`a`: INT>"])
def test_a_type_that_no_text_has_is_refused(kind):
    with pytest.raises(DeclarationError, match="no values of type") as refused:
        TextType(kind)
    assert refused.value.fix
    with pytest.raises(DeclarationError, match="only dates"):
        TextType("INT", "yyyy-MM-dd")


@pytest.mark.unit
def test_a_text_for_a_missing_value_is_never_sql():
    assert present("x", ("it's", "it's")) == r"CASE WHEN trim(x) IN ('', 'it\'s') THEN NULL ELSE trim(x) END"


@pytest.mark.unit
def test_blanks_count_where_a_text_is_exact():
    assert present("x", (" NA",), exact=True) == "CASE WHEN x IN (' NA') THEN NULL ELSE x END"
    assert present("x", exact=True) == "x"


@pytest.mark.unit
def test_a_long_list_of_texts_for_missing_values_does_not_multiply_the_expression():
    words = tuple(f"word{at}" for at in range(30))
    assert present("x", words).count("trim(x)") == 2
