"""Variables of the bundle."""

CODES = range(201, 221)
