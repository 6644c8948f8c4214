r"""Reads plainly written YAML about ten times as fast as PyYAML, and leaves the rest to PyYAML.

`read_quickly` either returns what `yaml_reader` would build from PyYAML's nodes, or None. It reads mappings and lists in lines or
brackets, texts without and with quotes, and `|` and `>`. It returns None for whatever else YAML has (anchors, tags, `<<`, `? key`,
several documents, tabs), for every mistake, and wherever it is not sure: PyYAML then decides, and words the error. So both read
every file alike, and a test compares them.

| to find | read |
|---|---|
| mappings and lists in lines | `blocks.py` |
| mappings and lists in brackets | `brackets.py` |
| texts with quotes, over several lines, `\|` and `>` | `texts.py` |
| what a text without quotes stands for | `scalars.py` |
"""

from databricks_utils.config.quick_yaml.blocks import read_quickly
from databricks_utils.config.quick_yaml.scalars import scalar

__all__ = ["read_quickly", "scalar"]
