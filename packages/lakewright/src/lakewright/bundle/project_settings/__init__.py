"""The project's own keys, `extra` of `config/*.yaml`, checked with the project's own model."""
