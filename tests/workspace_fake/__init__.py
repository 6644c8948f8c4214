"""A workspace to test against: an HTTP server in this process that keeps state and refuses what Databricks refuses.

The fixture `workspace`, which every test has, starts it. Set up who and what is there, and sign in with `databricks-sdk`:

    def test_a_schema(workspace):
        ana = workspace.add_user("ana@example.com", groups=["readers"])      # a token
        workspace.add_catalog("dev_analytics", grants={"ana@example.com": ["USE_CATALOG", "CREATE_SCHEMA"]})
        client = workspace.client(ana)                                        # a WorkspaceClient; no waiting, no network
        client.schemas.create(name="gold", catalog_name="dev_analytics")

`workspace.host` and a token are all that a program of its own needs (DATABRICKS_HOST, DATABRICKS_TOKEN).
`workspace.faults` makes calls fail (`workspace_fake.faults`), `workspace.calls` lists the calls that came in, `workspace.state` is
what the workspace holds. `workspace.ignored` lists the fields of bodies that no API knows: the real one drops them silently.

What it does not do is refused with 501, never answered as if it were done; a run succeeds only where every task of it was
executed by the runner that the test gives (`workspace.runner`, see `workspace_fake.runs`).
"""
