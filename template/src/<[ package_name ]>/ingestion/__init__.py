"""Landing files are checked first, then loaded into bronze completely or not at all."""
