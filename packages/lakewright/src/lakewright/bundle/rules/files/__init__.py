"""Files of the bundle: includes, resources in several files."""

CODES = range(121, 161)
