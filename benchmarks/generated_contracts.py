"""Contracts as a team of a shop would write them: one table each, 10 to 20 columns, in block style with descriptions.

They are generated from a seed, so every machine measures the same ones. About 190 lines and 6 kB each.
"""

import random
from pathlib import Path

_SEED = 11
_HEAD = """\
apiVersion: v3.2.0
kind: DataContract
id: {name}-contract
name: {title}
version: 1.{minor}.0
status: active
domain: {domain}
dataProduct: {domain}-core
description:
  purpose: >-
    What {domain} knows about {plural}, cleaned and with one row for each of them.
    Written once a day, before the reports are refreshed.
  limitations: "Rows of the last two days may still change: late deliveries are merged."
  usage: Reports, features, and the monthly review of {plural}.
tags: [{domain}, daily, "tier:{tier}"]
servers:
  - server: production
    type: databricks
    environment: prod
    host: example.cloud.databricks.com
    catalog: prod_analytics
    schema: {domain}_silver
schema:
  - name: {name}
    physicalName: {name}
    physicalType: table
    description: One {singular} of the shop, as it stands at the end of the day.
    tags: ["{domain}"]
    properties:
"""
_TAIL = """\
slaProperties:
  - property: latency
    value: 1
    unit: d
    element: {name}.updated_at
  - property: retention
    value: 3
    unit: y
    element: {name}.created_at
team:
  name: {domain}-team
  members:
    - username: data.owner@example.com
      role: owner
support:
  - channel: "#{domain}-data"
    tool: slack
    url: https://example.slack.com/archives/{domain}
"""
_KEY = """\
      - name: {name}_id
        logicalType: integer
        logicalTypeOptions:
          format: i64
          minimum: 1
        primaryKey: true
        primaryKeyPosition: 1
        required: true
        description: Number of the {singular}; never used again.
"""
_COLUMNS = {
    "state": """\
        logicalType: string
        required: true
        description: "Where the {singular} is in its life: see the handbook, chapter 4."
        enum:
          - value: open
          - value: paid
          - value: sent
          - value: returned
""",
    "price": """\
        logicalType: number
        physicalType: decimal(12, 2)
        required: true
        description: Price in the currency of `currency`, taxes included.
        logicalTypeOptions:
          minimum: 0
          maximum: 1000000
""",
    "code": """\
        logicalType: string
        description: Code of the warehouse, as printed on its label.
        logicalTypeOptions:
          pattern: '^[A-Z]{{3}}-\\d{{4}}$'
        examples:
          - ABC-0123
          - "XYZ-9999"
""",
    "email": """\
        logicalType: string
        description: Address that the customer gave; may be shared by a family.
        classification: confidential
        tags:
          - pii
        logicalTypeOptions:
          minLength: 3
          maxLength: 254
        customProperties:
          - property: masking
            value: hash
""",
    "created_at": """\
        logicalType: timestamp
        required: true
        description: When the row came into being, in UTC.
""",
    "delivery_date": """\
        logicalType: date
        description: |
          Day of the promised delivery.
          Empty for a {singular} that is collected in a shop.
        logicalTypeOptions:
          minimum: 2015-01-01
""",
    "quantity": """\
        logicalType: integer
        required: true
        description: Number of pieces, at least one.
        logicalTypeOptions: {{minimum: 1, maximum: 10000}}
""",
    "weight": """\
        logicalType: number
        description: Weight in kilograms, as measured; NULL if it was not weighed.
        logicalTypeOptions:
          exclusiveMinimum: 0
""",
    "is_gift": """\
        logicalType: boolean
        description: Whether it is wrapped as a gift.
""",
    "note": """\
        logicalType: string
        description: What the customer wrote; free text, so it may hold anything.
        criticalDataElement: false
        logicalTypeOptions:
          maxLength: 2000
""",
}
_DOMAINS = ("sales", "logistics", "marketing", "finance", "service")
_THINGS = ("order", "parcel", "return", "campaign", "invoice", "ticket", "visit", "voucher", "claim", "shift")


def write_contracts(folder: Path, *, count: int = 100) -> list[Path]:
    """Write so many contracts into a folder, and return their files."""
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(_SEED)
    return [_write(folder, number, dice) for number in range(count)]


def _write(folder: Path, number: int, dice: random.Random) -> Path:
    thing = dice.choice(_THINGS)
    name = f"{thing}s_{number:03d}"
    words = {
        "name": name,
        "title": f"{thing.title()}s, number {number}",
        "singular": thing,
        "plural": f"{thing}s",
        "domain": dice.choice(_DOMAINS),
        "minor": number % 7,
        "tier": 1 + number % 3,
    }
    kinds = sorted(_COLUMNS)
    columns = [_KEY.format(**words)]
    for at in range(dice.randint(9, 19)):
        kind = dice.choice(kinds)
        columns.append(f"      - name: {kind}_{at}\n{_COLUMNS[kind].format(**words)}")
    file = folder / f"{name}.odcs.yaml"
    file.write_text("".join((_HEAD.format(**words), *columns, _TAIL.format(**words))), encoding="utf-8")
    return file
