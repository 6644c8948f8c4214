"""What a bundle wants of a workspace, read from the resolved bundle alone: names with their key paths.

A name that only a deployment makes, `${resources.…}`, is left out: nobody can look for it before.
"""

from lakewright.deploy.preflight.wanted.wanted import Wanted, wanted_of

__all__ = ["Wanted", "wanted_of"]
