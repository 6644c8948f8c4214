"""What the Databricks CLI refuses before it deploys.

Secrets in files, references in scripts, paths in volumes, missing fields, fields that exclude each other, and wrong values in the
sections beside the resources.
"""
