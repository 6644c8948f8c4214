"""What a project declares of its model: the columns, the algorithms, and the settings it reads from `config/*.yaml`."""
