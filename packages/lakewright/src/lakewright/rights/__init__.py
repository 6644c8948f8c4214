"""What the principal of this process may do with files and models, by the grants that the lakehouse holds.

The engine asks for tables by the same grants (`jvm/access`). Here they are asked where no statement goes to the engine: `open`,
`dbutils.fs`, the model registry.
"""

from lakewright.rights.errors import NotGrantedError
from lakewright.rights.process import rights_of_process

__all__ = ["NotGrantedError", "rights_of_process"]
