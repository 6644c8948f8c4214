"""Our own packages in a project: their wheels in `wheels/`, the lock with their hashes, and where new ones come from.

On a public index the names of these packages belong to other people, so no command may ask one for them.
"""

from lakewright.wheels.folder import carry
from lakewright.wheels.lock import LockedWheel, WheelLock, lock_file, read_lock
from lakewright.wheels.names import OURS, asks_an_index, install_line
from lakewright.wheels.problems import WheelProblem, wheel_problems

__all__ = [
    "OURS",
    "LockedWheel",
    "WheelLock",
    "WheelProblem",
    "asks_an_index",
    "carry",
    "install_line",
    "lock_file",
    "read_lock",
    "wheel_problems",
]
