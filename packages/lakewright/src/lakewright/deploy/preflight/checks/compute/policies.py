"""The cluster policies that the bundle names exist, and its clusters keep to them.

Source: https://docs.databricks.com/aws/en/admin/clusters/policy-definition
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.deploy.preflight.wanted.compute import Cluster
from lakewright.workspace.refusing import Kind, Refusal

_NAME = "cluster policy"


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each policy, and one for each field of a cluster that a policy refuses."""
    for each in wanted.compute.policies:
        subject, place = f"{_NAME} {each.name}", wanted.place(each.path)
        found = facts.policies.get(each.name)
        if isinstance(found, Refusal):
            ask = Who(Role.WORKSPACE_ADMIN)
            yield not_known(_NAME, subject, found, ask=ask, path=each.path, location=place)
        elif found is None:
            step = Step(
                Who(Role.DEVELOPER),
                ("databricks cluster-policies list",),
                because="name one of these by its id, or a workspace admin gives who deploys CAN_USE on it",
            )
            summary = "it does not exist, or who deploys may not use it"
            yield Finding(_NAME, Status.MISSING, subject, summary, each.path, place, (step,))
        else:
            refused = list(_refused(each.name, found, wanted))
            yield from refused
            if unread := what_cannot_be_read(found):
                refusal = Refusal(Kind.FAILED, unread)
                ask = Who(Role.WORKSPACE_ADMIN)
                yield not_known(_NAME, subject, refusal, ask=ask, path=each.path, location=place)
            elif not refused:
                yield Finding(_NAME, Status.OK, subject, "its clusters keep to it", each.path, place)


def _refused(policy: str, definition: str, wanted: Wanted) -> Iterator[Finding]:
    rules = _rules(definition)
    for cluster in wanted.compute.clusters:
        if cluster.spec.get("policy_id") != policy:
            continue
        for field, rule in rules.items():
            reason = reason_against(rule, value_at(cluster, field))
            if reason:
                path = f"{cluster.path}.{field}"
                step = Step(
                    Who(Role.DEVELOPER),
                    (f"{field}: {reason}",),
                    because="or a workspace admin changes the policy",
                )
                summary = f"{field} is not as the policy wants it: {reason}"
                subject = f"{_NAME} {policy}"
                yield Finding(_NAME, Status.MISSING, subject, summary, path, wanted.place(path), (step,))


def _rules(definition: str) -> dict[str, dict[str, Any]]:
    try:
        content = json.loads(definition)
    except ValueError:
        return {}
    rules = content.items() if isinstance(content, dict) else ()
    return {field: rule for field, rule in rules if isinstance(rule, dict)}


def what_cannot_be_read(definition: str) -> str:
    r"""Return what of a policy cannot be judged here; empty for most. Its patterns are those of Java.

    >>> what_cannot_be_read('{"node_type_id": {"type": "regex", "pattern": "\\\\p{Alpha}+"}}'), what_cannot_be_read("{}")
    ('the pattern of node_type_id cannot be read here', '')
    """
    try:
        is_object = isinstance(json.loads(definition), dict)
    except ValueError:
        is_object = False
    if not is_object:
        return "the definition is no JSON object"
    for field, rule in _rules(definition).items():
        try:
            re.compile(str(rule.get("pattern") or ""))
        except re.error:
            return f"the pattern of {field} cannot be read here"
    return ""


def value_at(cluster: Cluster, field: str) -> object:
    """Return the value of a field such as `autoscale.max_workers` in a cluster; None if it is not written."""
    if field in cluster.spec:
        return cluster.spec[field]
    for length in range(field.count("."), 0, -1):  # `spark_conf.spark.databricks.x`: a key may hold dots
        parts = field.split(".")
        head, tail = ".".join(parts[:length]), ".".join(parts[length:])
        inner = cluster.spec.get(head)
        if isinstance(inner, dict):
            return value_at(Cluster(cluster.path, inner), tail)
    return None


def reason_against(rule: Mapping[str, Any], value: object) -> str | None:
    """Return what a rule of a policy wants in place of a value that is written; None if it takes the value.

    >>> reason_against({"type": "allowlist", "values": ["a", "b"]}, "c")
    'one of a, b'
    >>> reason_against({"type": "range", "maxValue": 8}, 12)
    'at most 8'
    """
    if value is None or (isinstance(value, str) and "${" in value):
        return None
    kind, text = rule.get("type"), _text(value)
    listed = [_text(each) for each in rule.get("values") or []]
    wanted, pattern = _text(rule.get("value")), str(rule.get("pattern") or ".*")
    judged = {
        "fixed": (text == wanted, wanted),
        "forbidden": (False, "nothing: the policy forbids the field"),
        "allowlist": (text in listed, f"one of {', '.join(listed)}"),
        "blocklist": (text not in listed, f"none of {', '.join(listed)}"),
        "regex": (kind != "regex" or _fits(pattern, text), f"a text that fits {pattern}"),
    }
    if kind == "range":
        return _out_of_range(rule, value)
    is_fine, reason = judged.get(str(kind), (True, ""))
    return None if is_fine else reason


def _fits(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern; one that cannot be read is a finding of its own."""
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return True


def _out_of_range(rule: Mapping[str, Any], value: object) -> str | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    lowest, highest = rule.get("minValue"), rule.get("maxValue")
    if lowest is not None and value < lowest:
        return f"at least {lowest}"
    return f"at most {highest}" if highest is not None and value > highest else None


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
