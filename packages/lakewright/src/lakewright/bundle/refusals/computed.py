"""Fields that the Databricks CLI or the workspace sets: the CLI refuses them in a bundle.

Source: databricks/cli, bundle/config/validate/validate_deployment_fields.go, validate_dashboard_etags.go, validate_genie_space_etags.go.
"""

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import format_path, match
from lakewright.bundle.rules.schema.fields.computed_field import ComputedField

_SET_BY_OTHERS = (
    "resources.dashboards.*.etag",
    "resources.genie_spaces.*.etag",
    "resources.jobs.*.deployment.deployment_id",
    "resources.jobs.*.deployment.version_id",
    "resources.pipelines.*.deployment.deployment_id",
    "resources.pipelines.*.deployment.version_id",
)


def check_computed_fields(draft: Draft) -> None:
    """Report each field with a value that is not the bundle's to give."""
    for pattern in _SET_BY_OTHERS:
        for path, node in match(draft.tree, pattern):
            if node.value not in {None, ""}:
                draft.add(ComputedField.of(format_path(path)))
