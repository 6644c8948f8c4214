"""Contracts as pages in Markdown."""

from databricks_utils.contracts.pages.index import index_page
from databricks_utils.contracts.pages.page import MARK, contract_page, heading

__all__ = ["MARK", "contract_page", "heading", "index_page"]
