"""Runs a job of the resolved bundle, each task in its own process.

`run_job.py` connects the rooms: `planning`, `scheduling`, `execution`, `process`, `inside`, `record`, `shown`, and
`handover`, which the runner and the task's process both import. `docs/arc42/05-building-blocks.md` describes each room.
"""
