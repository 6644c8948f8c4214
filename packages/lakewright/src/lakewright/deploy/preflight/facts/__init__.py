"""What a workspace has, as far as a bundle wants it: read with questions alone, each answer a fact or the reason why there is none."""

from lakewright.deploy.preflight.facts.facts import Facts
from lakewright.deploy.preflight.facts.reading import read_facts

__all__ = ["Facts", "read_facts"]
