"""The runner: a job of the resolved bundle, task by task, each in a process of its own.

`run_job.py` puts the rooms together: `planning`, `scheduling`, `execution`, `process`, `inside`, `record`, `shown`, and
`handover`, which both sides of a task's process import. `docs/arc42/05-building-blocks.md` says what happens in each.
"""
