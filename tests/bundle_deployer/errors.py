"""What stops a deployment."""


class DeployError(Exception):
    """A deployment stopped; what was done so far is in the state."""


class LockHeldError(DeployError):
    """Another deployment holds the lock."""


class LostAnswerError(DeployError):
    """A resource was perhaps created: the call's answer did not arrive."""
