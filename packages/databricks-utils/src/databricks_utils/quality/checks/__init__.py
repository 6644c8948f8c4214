"""Checks of whole tables: a number is measured and compared with bounds; no row is marked."""
