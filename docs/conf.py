"""Sphinx: one site of Markdown pages; warnings are errors in `make docs`."""

project = "Lakewright"
author = "the project's contributors"
copyright = "2026, the project's contributors"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "**/_*.md"]
html_theme = "furo"
html_title = "Lakewright"
html_static_path = ["_static"]
html_css_files = ["site.css"]
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
