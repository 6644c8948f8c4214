"""The typed half of the configuration: `EnvironmentConfig`, its sections, the rules for values, and their errors.

`sections.py` and `environment_config.py` say which keys there are; `validation.py` makes a model of a tree, and
`diagnosis.py` puts what pydantic refuses into words.
"""
