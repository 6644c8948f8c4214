"""A bundle of hundreds of jobs is loaded, planned and deployed in bounded time and memory."""

import resource
import time

import pytest
from deploying.shop import Shop, actions

pytestmark = pytest.mark.unit

JOB = """\
    job_{0}:
      name: job {0}
      max_concurrent_runs: 1
      tasks:
        - task_key: first
          notebook_task: {{notebook_path: /Shared/first}}
        - task_key: second
          depends_on: [{{task_key: first}}]
          notebook_task: {{notebook_path: /Shared/second}}
"""
MOST_CPU_SECONDS = 60 / 500  # for a job
MOST_MEGABYTES = 400


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize(
    "jobs", [pytest.param(500, marks=pytest.mark.drawn(0)), 100]
)  # all: `make soak PART=drawn`
def test_hundreds_of_jobs_are_deployed_planned_and_destroyed(tmp_path, workspace, jobs):
    shop = Shop(tmp_path / "shop", workspace, parts=())
    shop.write(
        "resources/jobs.yml", "resources:\n  jobs:\n" + "".join(JOB.format(number) for number in range(jobs))
    )
    shop.edit("databricks.yml", "    permissions: [{level: CAN_MANAGE, group_name: users}]\n", "")
    before, started = megabytes(), time.process_time()
    deployer = shop.deployer()
    assert len(actions(deployer.deploy())) == jobs
    assert actions(deployer.plan()) == {}
    deployer.destroy()
    assert workspace.holds() == {}
    seconds, more = time.process_time() - started, megabytes() - before
    print(f"{jobs} jobs: {seconds:.1f} CPU seconds, {more:.0f} MB more")
    assert seconds < MOST_CPU_SECONDS * jobs, f"{seconds:.1f} CPU seconds"
    assert more < MOST_MEGABYTES, f"{more:.0f} MB more"
