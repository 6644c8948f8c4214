"""A small example `config/` folder, for docs and tests."""

from pathlib import Path


def example_config_folder() -> Path:
    """Return the folder of an example configuration with the environments local, dev and prod."""
    return Path(__file__).parent / "example_config"
