"""A small deployer for the tests: what `databricks bundle plan | deploy | run | destroy` do with the direct engine.

It takes the resolved bundle (the JSON of `lakewright validate -o json`) and the client of `databricks-sdk`. It exists because the CLI
cannot be had everywhere that the tests run; its plans have the JSON shape of `databricks bundle plan -o json`, its state the shape of
`resources.json`, its lock that of `deploy.lock`. Source of the behaviour: databricks/cli, bundle/{deployplan,direct,phases}, libs/locker.

    deployer = Deployer(load_bundle(project, target="prod"), workspace.client(token))
    plan = deployer.plan()                    # {"plan_version": 2, "plan": {"resources.jobs.main": {"action": "create", …}}}
    deployer.deploy()
    run = deployer.run("main_pipeline")
    deployer.destroy()

What is left out: metadata.json, immutable folders, apps, databases and the other kinds that `kinds.KINDS` does not list (they are refused).
"""

from bundle_deployer.deployer import Deployer
from bundle_deployer.errors import DeployError, LockHeldError, LostAnswerError

__all__ = ["DeployError", "Deployer", "LockHeldError", "LostAnswerError"]
