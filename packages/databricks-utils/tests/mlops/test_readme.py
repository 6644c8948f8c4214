"""The README's example of a model's life runs as it stands."""

import re
from pathlib import Path

import pytest

from databricks_utils import context as contexts

pytestmark = [pytest.mark.integration, pytest.mark.slow]
README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def block(language, word):
    found = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return next(text for text in found if word in text)


def test_the_example_leads_to_verified_predictions(spark, context, deliver, deliveries, monkeypatch):
    deliver(deliveries().drop(columns=["carrier", "predicted_at"]))
    monkeypatch.setattr(contexts, "notebook_context", lambda _dbutils: context)
    shown, printed = [], []
    names = {"spark": spark, "dbutils": None, "display": shown.append, "print": printed.append}
    for text in (block("python", "late_delivery ="), block("python notebook", "late_delivery")):
        exec(compile(text, "README.md", "exec"), names)
    assert [type(value).__name__ for value in shown] == ["DataFrame", "Figure", "DataFrame", "Figure"]
    assert "each of 480 rows has a prediction" in str(printed[-1])
