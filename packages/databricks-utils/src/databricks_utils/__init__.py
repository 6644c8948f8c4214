"""The shared library of a Databricks project: what runs the same on a cluster, in CI and on a laptop.

The package imports neither pyspark nor mlflow nor pandas by itself: whoever only reads a configuration
pays for nothing else.
"""

__version__ = "0.1.0"
