"""LW638: A job takes its code from more than one of branch, tag and commit.

Source: https://docs.databricks.com/api/jobs/v2/create-job.md (`git_source`).
"""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule


class SeveralGitReferences(JobRule):
    """A job takes its code from more than one of branch, tag and commit.

    ## What it does

    Reports a `git_source` with more than one of `git_branch`, `git_tag` and `git_commit`.

    ## Why is this bad?

    The API refuses the job, and the Databricks CLI does not look.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          git_source: {git_url: https://github.com/shop/load, git_provider: gitHub, git_branch: main, git_tag: v1}
          tasks: [{task_key: load, notebook_task: {notebook_path: load, source: GIT}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          git_source: {git_url: https://github.com/shop/load, git_provider: gitHub, git_tag: v1}
          tasks: [{task_key: load, notebook_task: {notebook_path: load, source: GIT}}]
    ```
    """

    code = "LW638"
    name = "several-git-references"
    severity = "error"

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield the second reference of a job's git source."""
        source = job.spec.get("git_source")
        present = [
            field
            for field in ("git_branch", "git_tag", "git_commit")
            if isinstance(source, dict) and source.get(field)
        ]
        if len(present) > 1:
            names = " and ".join(f"`{field}`" for field in present)
            yield self.at(job, f"git_source.{present[1]}", f"`git_source` has {names}", fix="keep one")
