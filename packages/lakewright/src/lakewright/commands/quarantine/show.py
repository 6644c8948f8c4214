"""`lakewright quarantine show`: how many records are in quarantine, by which rules, and each of them with its reasons."""

import json
import sys
from typing import Any

import click

from lakewright.commands.quarantine.opened import Opened, open_here, options

_SHOWN = 20
_ORIGIN = ("_corrupt_record", "_extra")


@click.command()
@click.argument("table", required=False)
@click.option("--rule", help="Only records that fail this rule.")
@click.option(
    "-n",
    "--rows",
    type=click.IntRange(0),
    default=_SHOWN,
    show_default=True,
    help="Maximum number of records.",
)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="csv: the records as delivered, all of them, to be corrected and delivered again.",
)
@options
def show(  # noqa: PLR0913 - the options of the command
    *, table: str | None, rule: str | None, rows: int, output: str, principal: str | None, schema_prefix: str
) -> None:
    """Show what is in quarantine: without TABLE the numbers of all tables, with TABLE its records and their reasons.

    Values of classified columns are masked, except with `-o csv`.
    """
    from lakewright.project_session import refusals_of_spark

    if table is None and (rule or output == "csv"):
        raise click.UsageError("name a table: lakewright quarantine show TABLE")
    opened = open_here(principal, schema_prefix)
    with refusals_of_spark():
        if table is None:
            _show_all(opened, output)
            return
        records = opened.spark.table(opened.context.table("quarantine", opened.chosen(table)))
        if rule:
            records = records.where(_fails(rule))
        if output == "csv":
            _print_csv(records)
        elif output == "json":
            _print_json(records, rows)
        else:
            _print_text(opened, table, records, rows)


def _fails(rule: str) -> Any:  # noqa: ANN401 - a column of Spark
    from pyspark.sql import functions as F

    return F.exists("_failures", lambda failure: failure["rule"] == rule)


def _rules(records: Any) -> list[dict[str, object]]:  # noqa: ANN401 - rows of Spark
    from pyspark.sql import functions as F

    from databricks_utils.quality import summary

    counted = summary(records).select("rule", "severity", F.col("failed_rows").alias("records"), "reason")
    ordered = counted.orderBy(F.desc("records"), "rule")
    return [row.asDict() for row in ordered.collect()]


def _show_all(opened: Opened, output: str) -> None:
    from lakewright.commands.sql_output import print_rows

    found: list[dict[str, object]] = []
    for table in opened.tables():
        records = opened.spark.table(opened.context.table("quarantine", table))
        count = records.count()
        rules = ", ".join(str(row["rule"]) for row in (_rules(records)[:3] if count else []))
        found.append({"table": table, "records": count, "most frequent rules": rules})
    if not found:
        click.echo(
            "nothing was ever quarantined: run the transformation first: lakewright run transformation"
        )
        return
    print_rows(list(found[0]), found, "json" if output == "json" else "table")


def _print_text(opened: Opened, table: str, records: Any, rows: int) -> None:  # noqa: ANN401 - rows of Spark
    from lakewright.commands.sql_output import print_rows

    count = records.count()
    click.echo(f"{opened.context.table('quarantine', table)}: {count:,} record{'' if count == 1 else 's'}")
    if not count:
        return
    rules = _rules(records)
    print_rows(list(rules[0]), rules, "table")
    shown = records.orderBy("_judged_at", "_source_file", "_row").limit(rows).collect()
    for record in (row.asDict(recursive=True) for row in shown):
        click.echo(f"\n{record['_source_file']}, record {record['_row']}  ({_judged(record)})")
        for failure in record["_failures"]:
            value = f" ({failure['value']})" if failure.get("value") is not None else ""
            click.echo(f"  {failure['rule']}: {failure['reason']}{value}")
    if count > len(shown):
        click.echo(f"\n… {count - len(shown):,} more; -n shows more, -o csv writes all")
    click.echo(f"\nto see which of them are valid now: lakewright quarantine judge {table}")


def _judged(record: dict[str, Any]) -> str:
    parts = [f"judged {record['_judged_at']:%Y-%m-%d %H:%M} UTC"]
    parts += [f"run {record['_run_id']}"] if record.get("_run_id") not in (None, "unknown") else []
    parts += [record["_contract"]] if record.get("_contract") else []
    return ", ".join(parts)


def _print_json(records: Any, rows: int) -> None:  # noqa: ANN401 - rows of Spark
    kept = ("_source_file", "_row", "_judged_at", "_run_id", "_contract", "_definition", "_failures")
    shown = records.orderBy("_judged_at", "_source_file", "_row").limit(rows).collect()
    for record in (row.asDict(recursive=True) for row in shown):
        click.echo(json.dumps({name: record.get(name) for name in kept}, default=str, ensure_ascii=False))


def _print_csv(records: Any) -> None:  # noqa: ANN401 - rows of Spark
    """Print the raw records under one header; a malformed line has no columns, so it is counted and left out."""
    import csv

    texts = [json.loads(row["_raw"]) for row in records.select("_raw").collect()]
    whole = [text for text in texts if not text.get("_corrupt_record")]
    columns = list(dict.fromkeys(name for text in whole for name in text if name not in _ORIGIN))
    writer = csv.DictWriter(sys.stdout, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(whole)
    if malformed := len(texts) - len(whole):
        click.echo(f"{malformed} malformed lines are not shown: see `_raw` with lakewright sql", err=True)
