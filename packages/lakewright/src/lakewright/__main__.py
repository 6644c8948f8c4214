"""`python -m lakewright` is the `lakewright` command."""

from lakewright.cli import main

main()
