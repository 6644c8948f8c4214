"""The project's configuration, `config/*.yaml`."""

CODES = range(801, 901)
