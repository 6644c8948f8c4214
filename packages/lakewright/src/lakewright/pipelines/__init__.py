"""The pipelines of a project, as its CI system reads them: what makes one unsafe, by file and line, with a fix.

GitHub Actions, Azure DevOps and GitLab have the same rules in their own words: what runs for a pull request signs in nowhere and
deploys nothing; what deploys names its environment; no secret stands in a file; what is fetched is pinned.
"""

from lakewright.pipelines.check import PipelineFileError, check_pipelines
from lakewright.pipelines.weakness import Weakness

__all__ = ["PipelineFileError", "Weakness", "check_pipelines"]
