"""The typed configuration: `EnvironmentConfig`, its sections, the rules for values, and the errors about them.

`sections.py` and `environment_config.py` define the keys; `validation.py` turns a tree into a model, and `diagnosis.py` turns
the errors of pydantic into ours.
"""
