"""The shared library of a Databricks project: what runs the same on a cluster, in CI and on a laptop.

Importing it imports neither pyspark nor mlflow nor pandas: a program that only reads a configuration stays light.
"""

__version__ = "0.1.0"
