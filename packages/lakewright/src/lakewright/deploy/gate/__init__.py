"""The gate before a deployment: a plan passes if it destroys nothing that holds data and that nobody has named."""

from lakewright.deploy.gate.allowances import Allowance, read_allowances
from lakewright.deploy.gate.errors import AllowanceError
from lakewright.deploy.gate.judging import judge
from lakewright.deploy.gate.kinds import KINDS, Keeps, Kind
from lakewright.deploy.gate.verdict import Judgement, Outcome, Verdict

__all__ = [
    "KINDS",
    "Allowance",
    "AllowanceError",
    "Judgement",
    "Keeps",
    "Kind",
    "Outcome",
    "Verdict",
    "judge",
    "read_allowances",
]
