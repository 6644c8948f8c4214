"""The steps of a pipeline as its CI system would run them: templates expanded, `extends` resolved, variables put in.

Each system has its own module; what they return is the same, so that a step is executed and listed without knowing its system.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """One step of a job.

    Attributes:
        name: Its name; for GitLab, which has none, the command.
        script: What bash runs; empty for an action or a task.
        uses: The action or task, with its inputs, for a step without a script.
        environment: The variables that the step itself gets.
        always: Whether it runs after a step that failed, too.
        folder: The folder that it runs in, from the checkout.
        inputs: What the action gets.
    """

    name: str
    script: str = ""
    uses: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    always: bool = False
    folder: str = "."
    inputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What the step is known by in the list of what was executed: its script's first line, or what it uses."""
        return " ".join(self.script.strip().splitlines()[0].split()) if self.script.strip() else self.uses


@dataclass(frozen=True)
class Job:
    """One job with the steps that run on one machine.

    Attributes:
        file: The file in which it is written.
        name: Its key; with the target for a template that deploys to any.
        steps: Its steps, in order.
        environment: The variables of the job.
        signs_in: Whether the system gives the job a token to sign in with, without the job handing it on.
    """

    file: str
    name: str
    steps: tuple[Step, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    signs_in: bool = False
