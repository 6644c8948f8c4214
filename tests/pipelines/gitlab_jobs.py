"""The jobs of GitLab's files: `extends` and `!reference` resolved, one step for each command."""

from collections.abc import Iterator, Mapping
from typing import Any

from lakewright.pipelines.gitlab import Jobs
from lakewright.pipelines.gitlab_files import pipelines_of
from lakewright.pipelines.reading import read_yaml
from pipelines.steps import Job, Step


def gitlab_jobs(files: Mapping[str, str]) -> Iterator[Job]:
    """Yield the jobs of a project."""
    for pipeline in pipelines_of({file: read_yaml(text) for file, text in files.items()}):
        yield from _jobs(pipeline)


def _jobs(trees: Mapping[str, Any]) -> Iterator[Job]:
    jobs = Jobs(trees)
    shared: dict[str, str] = {}
    for tree in trees.values():
        shared |= {name: str(value) for name, value in tree.get("variables", {}).items()}
    for name in jobs.written:
        if name.startswith("."):
            continue
        job = jobs.resolved(name)
        lines = [str(line) for key in ("before_script", "script") for line in jobs.listed(job.get(key))]
        variables = shared | {key: str(value) for key, value in job.get("variables", {}).items()}
        if "environment" in job:
            variables["CI_ENVIRONMENT_NAME"] = job["environment"]["name"]
        for token in job.get("id_tokens", {}):
            variables[token] = "an-id-token"
        yield Job(jobs.files[name], name, tuple(Step(line, line) for line in lines), variables)
