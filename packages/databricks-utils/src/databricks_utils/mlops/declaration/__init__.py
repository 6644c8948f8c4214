"""A project's declaration of its model: the columns, the algorithms, and the settings from `config/*.yaml`."""
