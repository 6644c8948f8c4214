"""References: `${…}` and `{{…}}`."""

CODES = range(221, 261)
