"""Deploying a bundle: what a plan of the Databricks CLI would do, and whether it may."""
