"""Grants of a project: what its bundle declares, what its lakehouse and a workspace hold, and what a change of them means.

| to find | read |
|---|---|
| users, groups and roles of `config/<environment>.yaml` | `people.py` |
| the objects and grants of a resolved bundle | `resources.py` |
| the state that a bundle declares | `declared.py` |
| whom jobs and pipelines run as, and what that needs | `running.py` |
| the state of the local lakehouse | `stored.py` |
| the state of a workspace | `workspace.py` |
| the state of a git ref | `revisions.py` |
| what a question is about, and the object of a name | `asked.py` |
| what a deployment would change | `deployed.py` |
| the statements of a local deployment, and the list of principals | `applied.py` |
| which target is production, problems as findings with file and line | `checking/` |
| text, JSON and Markdown | `shown/` |

The rules about access are those of `databricks_utils.catalog.grants`.
"""
