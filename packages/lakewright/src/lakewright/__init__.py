"""Lakewright: a Databricks bundle is scaffolded, validated and run on a laptop, on real Spark and Delta."""

__version__ = "0.1.0"
