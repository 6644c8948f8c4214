"""Fields that the API calls optional, and without which the Databricks CLI refuses the bundle.

Source: https://github.com/databricks/cli/blob/main/bundle/config/validate/required.go
"""

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node, format_path, match
from lakewright.bundle.rules.schema.fields.missing_field import MissingField

# Pattern of the holder, what it is called, the fields, and whether blanks count as missing.
_NEEDED = (
    ("resources.dashboards.*", "a dashboard", ("display_name", "warehouse_id"), False),
    ("resources.sql_warehouses.*", "a SQL warehouse", ("name",), True),
    ("resources.*.*.grants[*]", "a grant", ("principal", "privileges"), False),
)
_PRINCIPALS = ("user_name", "group_name", "service_principal_name")


def check_needed(draft: Draft) -> None:
    """Report each dashboard, SQL warehouse, grant and permission on a secret scope that lacks such a field."""
    for pattern, what, fields, refuses_blank in _NEEDED:
        for path, holder in match(draft.tree, pattern):
            for field in fields if holder.is_map else ():
                if _is_missing(holder.get(field), refuses_blank=refuses_blank):
                    draft.add(MissingField.of_holder(what, field, holder.location, format_path(path)))
    for path, permission in match(draft.tree, "resources.secret_scopes.*.permissions[*]"):
        if permission.is_map and not any(permission.text(field) for field in _PRINCIPALS):
            draft.add(MissingField.of_principal(_PRINCIPALS, permission.location, format_path(path)))


def _is_missing(node: Node | None, *, refuses_blank: bool) -> bool:
    """Whether a field is not set, is null, or holds an empty text or list."""
    if node is None or node.value is None:
        return True
    if isinstance(node.value, str):
        return not (node.value.strip() if refuses_blank else node.value)
    return node.is_list and not node.value
