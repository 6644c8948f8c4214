"""Before a deployment: whether a workspace has what a bundle needs, and what to run where it has not.

| to find | read |
|---|---|
| what a bundle wants of a workspace | `wanted/` |
| what a workspace has, and how it is asked | `facts/` |
| what is missing, one module for each question | `checks/` |
| findings, steps, and who must run them | `finding.py` |
| GRANT statements and Terraform | `grants_written.py` |
| the whole walk | `examination.py` |
| text and JSON | `shown/` |

Reading and judging are apart: a check is a function of what is wanted and what was read, and asks nothing itself. Nothing is changed.
"""

from lakewright.deploy.preflight.examination import Report, examine

__all__ = ["Report", "examine"]
