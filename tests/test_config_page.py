"""The page of the configuration says what the models say."""

from datetime import date
from enum import Enum
from pathlib import Path
from typing import Literal

import config_page
import pytest
from pydantic import BaseModel, Field

from databricks_utils.config.model.environment_config import EnvironmentConfig
from databricks_utils.config.model.keys import fields_of, leaves
from databricks_utils.mlops import ModelSettings

pytestmark = pytest.mark.unit


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Example(BaseModel):
    """Keys of every kind.

    Attributes:
        from_docstring: A description that stands in the docstring of the class,
            on two lines.
    """

    from_docstring: int = 3
    required: str = Field(description="x")
    share: float = Field(default=0.5, ge=0, lt=1, description="x")
    folder: Path | None = Field(default=None, description="x")
    names: tuple[str, ...] = Field(default=(), description="x")
    mode: Literal["one", "two"] = Field(default="one", description="x")
    colour: Colour = Field(default=Colour.BLUE, description="x")
    day: date = Field(default=date(2026, 1, 31), description="x")
    on: bool = Field(default=False, description="x")
    free: dict[str, str] = Field(default_factory=dict, description="x")


@pytest.mark.parametrize(
    ("key", "kind", "default"),
    [
        ("required", "text", "required"),
        ("share", "number, at least 0, below 1", "`0.5`"),
        ("folder", "path", ""),
        ("names", "list of text", ""),
        ("mode", "`one` or `two`", "`one`"),
        ("colour", "`red` or `blue`", "`blue`"),
        ("day", "date", "`2026-01-31`"),
        ("on", "`true` or `false`", "`false`"),
        ("free", "keys and values", ""),
    ],
)
def test_a_key_is_shown_with_its_values_and_its_default(key, kind, default):
    field = fields_of(Example)[key]
    assert (config_page.kind(field), config_page.default(field)) == (kind, default)


def test_a_description_may_stand_in_the_docstring_of_the_class():
    row = next(line for line in config_page.table(Example).splitlines() if "from_docstring" in line)
    assert "A description that stands in the docstring of the class, on two lines." in row


def test_a_key_without_a_description_is_refused():
    class Bare(BaseModel):
        """No keys are described."""

        nameless: int = 1

    with pytest.raises(SystemExit, match="Bare: no description of nameless"):
        config_page.table(Bare)


@pytest.mark.parametrize("model", [EnvironmentConfig, ModelSettings])
def test_every_key_has_a_row(model):
    page = config_page.page()
    keys = {path[-1] for path, _ in leaves(model)} - {"environment"}
    assert sorted(key for key in keys if f"| `{key}` |" not in page) == []


def test_the_committed_page_is_todays():
    assert config_page.PAGE.read_text(encoding="utf-8") == config_page.page(), (
        "write it again: make configuration"
    )


def test_a_stale_page_is_refused(tmp_path, monkeypatch):
    stale = tmp_path / "configuration.md"
    stale.write_text(config_page.page().replace("`2g`", "`3g`"), encoding="utf-8")
    monkeypatch.setattr(config_page, "PAGE", stale)
    monkeypatch.setattr("sys.argv", ["config_page.py", "--check"])
    with pytest.raises(SystemExit, match=r"configuration\.md is stale: run `make configuration`"):
        config_page.main()
