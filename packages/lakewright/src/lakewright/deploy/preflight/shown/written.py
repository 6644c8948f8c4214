"""The grants of a step in the language that was asked for."""

from __future__ import annotations

from lakewright.deploy.preflight.examination import Report
from lakewright.deploy.preflight.facts.facts import Metastore
from lakewright.deploy.preflight.finding import Step
from lakewright.deploy.preflight.grants_written import Language, as_sql, as_terraform


def grants_of(step: Step, report: Report, language: Language) -> list[str]:
    """Return the grants of a step as SQL statements or as Terraform.

    Args:
        step: The step.
        report: The report, which knows what is granted already.
        language: The language.
    """
    if language is Language.SQL:
        return as_sql(step.grants)
    facts = report.facts
    held = {
        place: facts.access.granted_on(place) for place in facts.owners if place not in facts.unread_grants
    }
    metastore = facts.metastore.id if isinstance(facts.metastore, Metastore) else None
    return as_terraform(step.grants, held=held, metastore_id=metastore)
