"""pytest plugin: loaded by the entry point `pytest11` of this distribution."""
