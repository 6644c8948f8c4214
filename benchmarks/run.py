"""Run the benchmarks and write `results/<name>.json`: the figures and the machine they were measured on.

python benchmarks/run.py [name ...]
names: access_rules, cli_help, contract_loading, engine_start, governance, grants_check, grants_cost, kit_overhead, lineage, spark_jobs,
validate_cost, warm
"""

import importlib
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
ALL = (
    "access_rules",
    "cli_help",
    "contract_loading",
    "engine_start",
    "governance",
    "grants_check",
    "grants_cost",
    "kit_overhead",
    "lineage",
    "spark_jobs",
    "validate_cost",
    "warm",
)


def main() -> None:
    """Run those that are named, all by default, one after the other."""
    sys.path.insert(0, str(HERE))
    from machine import describe

    for name in sys.argv[1:] or ALL:
        print(f"{name} …", flush=True)
        found = importlib.import_module(name).measure()
        result = {"machine": describe(), **found}
        (HERE / "results" / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
        print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
