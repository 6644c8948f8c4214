"""A bundle of 500 jobs is loaded, planned and deployed in bounded time and memory."""

import resource
import time

import pytest
from deploying.shop import Shop, actions

pytestmark = pytest.mark.unit

JOBS = 500
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
MOST_CPU_SECONDS = 60
MOST_MEGABYTES = 400


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_five_hundred_jobs_are_deployed_planned_and_destroyed(tmp_path, workspace):
    shop = Shop(tmp_path / "shop", workspace, parts=())
    shop.write(
        "resources/jobs.yml", "resources:\n  jobs:\n" + "".join(JOB.format(number) for number in range(JOBS))
    )
    shop.edit("databricks.yml", "    permissions: [{level: CAN_MANAGE, group_name: users}]\n", "")
    before, started = megabytes(), time.process_time()
    deployer = shop.deployer()
    assert len(actions(deployer.deploy())) == JOBS
    assert actions(deployer.plan()) == {}
    deployer.destroy()
    assert workspace.holds() == {}
    seconds, more = time.process_time() - started, megabytes() - before
    print(f"{JOBS} jobs: {seconds:.1f} CPU seconds, {more:.0f} MB more")
    assert seconds < MOST_CPU_SECONDS, f"{seconds:.1f} CPU seconds"
    assert more < MOST_MEGABYTES, f"{more:.0f} MB more"
