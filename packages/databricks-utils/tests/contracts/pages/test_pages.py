"""The page of a contract: all that people need, and no text of a contract is markup."""

import pytest
from markdown_it import MarkdownIt

from databricks_utils.contracts import load_contract
from databricks_utils.contracts.pages import MARK, contract_page, index_page
from databricks_utils.contracts.parts import relations_of

pytestmark = pytest.mark.unit

SHOP = """\
apiVersion: v3.2.0
kind: DataContract
id: shop-orders
name: Orders
version: 1.2.0
status: active
domain: sales
description: {purpose: To bill., usage: Daily., limitations: No refunds.}
team: {name: Sales data, members: [{username: ann, role: owner}, {username: bob, dateOut: "2024-01-01"}]}
support: [{channel: help, tool: slack, url: "https://example.org/help"}]
roles: [{role: reader, access: read}]
servers: [{server: prod, type: databricks, catalog: main}]
slaProperties: [{property: latency, value: 4, unit: h, element: orders.at}]
context: {instructions: Ask first., constraints: [{constraint: Do not sum prices of several currencies.}]}
schema:
  - name: customers
    properties: [{name: id, logicalType: integer, primaryKey: true}]
  - name: orders
    description: One line of an order.
    dataGranularityDescription: order and line
    context: {constraints: [{constraint: Do not guess a customer.}]}
    quality: [{metric: rowCount, mustBeBetween: [1, 9], severity: warning, description: Not empty.}]
    properties:
      - {name: id, logicalType: integer, primaryKey: true, primaryKeyPosition: 1}
      - {name: line, logicalType: integer, primaryKey: true, primaryKeyPosition: 2}
      - {name: customer, logicalType: integer, required: true, relationships: [{to: customers.id}]}
      - name: state
        logicalType: string
        description: Where it stands.
        businessName: State
        classification: internal
        deprecated: true
        synonyms: [{synonym: status}]
        examples: [open]
        enum: [{value: open, description: Not paid.}, {value: paid}]
      - {name: price, physicalType: "decimal(10, 2)", logicalTypeOptions: {minimum: 0.10}}
      - {name: address, logicalType: object, properties: [{name: zip, logicalType: string, unique: true}]}
      - {name: revenue, semanticType: measure, logicalType: number, transformLogic: SUM(price)}
"""


@pytest.fixture
def page_of(tmp_path):
    """Returns the page of a contract, from its text."""

    def page(text):
        file = tmp_path / "shop.odcs.yaml"
        file.write_text(text, encoding="utf-8")
        contract = load_contract(file)
        return contract_page(contract, relations_of([contract]))

    return page


def rendered(text):
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)


def test_a_page_has_what_producers_and_consumers_need(page_of):
    page = page_of(SHOP)
    assert page.startswith(f"{MARK}\n\n# Orders\n")
    for part in (
        "| version | `1.2.0` |",
        "## Purpose\n\nTo bill.\n",
        "## Usage\n\nDaily.\n",
        "## Limitations\n\nNo refunds.\n",
        "**An agent must not:**\n\n- Do not sum prices of several currencies.\n\nAsk first.\n",
        "## Table orders\n\nOne line of an order.\n\n- One row: order and line\n- Key: `id`, `line`\n",
        "### For AI agents\n\n**An agent must not:**\n\n- Do not guess a customer.\n",
        "| `id` | `INT` | yes | 1 |",
        "| `price` | `DECIMAL(10, 2)` |  |  |  | minimum: `0.10` |",
        "| `state`<br>**deprecated** | `STRING` |  |  | **State**<br>Where it stands. | `open` Not paid.<br>`paid` |",
        "`paid` | internal | `open` | status |",
        "| `address` | `STRUCT` |",
        "| `address.zip` | `STRING` |  |  |  | each value once |",
        "| `revenue` | measure | `SUM(price)` |",
        "### Relationships\n\n- `customer → customers.id`\n",
        "| the table | rowCount | Not empty. | between 1 and 9 | warning |",
        "| latency | 4 h | orders.at |",
        "## Team\n\nSales data\n",
        "| ann | owner |",
        "| help | slack | <https://example.org/help> |",
        "| `reader` | read |",
        "| `prod` | databricks | catalog: `main` |",
        "## Promised, not checked\n\n- the service level `latency` of orders.at: 4 h\n",
    ):
        assert part in page, part
    assert "bob" not in page


def test_the_diagram_has_the_keys_and_the_columns_that_refer(page_of):
    assert (
        "```mermaid\n"
        "erDiagram\n"
        "    orders {\n        int id PK\n        int line PK\n        int customer FK\n    }\n"
        "    customers {\n        int id PK\n    }\n"
        '    orders }o--|| customers : "customer"\n'
        "```\n"
    ) in page_of(SHOP)


@pytest.mark.parametrize(
    ("column", "arrow"),
    [
        ("{name: c, logicalType: integer", "}o--o|"),
        ("{name: c, logicalType: integer, required: true", "}o--||"),
        ("{name: c, logicalType: integer, unique: true", "|o--o|"),
        ("{name: c, logicalType: integer, primaryKey: true", "|o--||"),
    ],
)
def test_the_arrow_says_how_many_rows_are_on_each_side(page_of, column, arrow):
    head = SHOP.partition("schema:")[0]
    page = page_of(
        f"{head}schema:\n  - {{name: a, properties: [{column}, relationships: [{{to: b.id}}]}}]}}\n"
        "  - {name: b, properties: [{name: id, logicalType: integer, primaryKey: true}]}\n"
    )
    assert f'    a {arrow} b : "c"' in page


def test_without_relationships_inside_of_the_set_there_is_no_diagram(page_of):
    assert "mermaid" not in page_of(SHOP.replace("to: customers.id", "to: elsewhere.id"))


def test_odd_names_cannot_break_the_diagram(page_of):
    page = page_of(
        SHOP.replace("name: customers", """name: 'a "b" | {c}'""").replace(
            "to: customers.id", """to: 'a "b" | {c}.id'"""
        )
    )
    assert '    table_1["a #34;b#34; #124; #123;c#125;"] {\n' in page
    assert '    orders }o--|| table_1 : "customer"\n' in page


def test_a_table_with_the_name_that_an_odd_one_would_get_keeps_it(page_of):
    page = page_of(
        SHOP.partition("schema:")[0]
        + "schema:\n  - {name: table_1, properties: [{name: c, logicalType: integer, relationships: [{to: odd name.id}]}]}\n"
        "  - {name: odd name, properties: [{name: id, logicalType: integer}]}\n"
    )
    assert (
        '    table_1 {\n        int c FK\n    }\n    table_1_2["odd name"] {\n        int id\n    }\n' in page
    )
    assert '    table_1 }o--o| table_1_2 : "c"\n' in page


def test_tables_of_one_name_in_two_layers_are_two(tmp_path):
    head = SHOP.partition("domain:")[0]
    contracts = []
    for layer, to in (
        ("silver", "customers.id"),
        ("gold", "../silver/orders.odcs.yaml#/schema/orders/properties/n"),
    ):
        file = tmp_path / "contracts" / layer / "orders.odcs.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(
            f"{head}schema:\n  - {{name: orders, properties: [{{name: n, logicalType: integer, relationships: [{{to: '{to}'}}]}}]}}\n"
            "  - {name: customers, properties: [{name: id, logicalType: integer, primaryKey: true}]}\n",
            encoding="utf-8",
        )
        contracts.append(load_contract(file))
    page = index_page([("a.md", contracts[0]), ("b.md", contracts[1])], relations_of(contracts))
    assert (
        '    orders["silver.orders"] {\n        int n FK\n    }\n'
        "    customers {\n        int id PK\n    }\n"
        '    orders_2["gold.orders"] {\n        int n FK\n    }\n'
        '    orders }o--o| customers : "n"\n'
        '    orders_2 }o--o| orders : "n"\n'
    ) in page


def test_a_page_is_always_the_same(page_of):
    assert page_of(SHOP) == page_of(SHOP)


def test_the_index_lists_the_contracts_with_links(tmp_path):
    file = tmp_path / "shop.odcs.yaml"
    file.write_text(SHOP, encoding="utf-8")
    contract = load_contract(file)
    page = index_page([("landing/my shop.md", contract)], relations_of([contract]))
    assert page.startswith(MARK)
    assert (
        "| [Orders](<landing/my shop.md>) | 1.2.0 | active | sales | customers, orders | To bill. |" in page
    )
    assert 'orders }o--|| customers : "customer"' in page
    assert 'href="landing/my%20shop.md"' in rendered(page)
