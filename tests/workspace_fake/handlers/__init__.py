"""The functions that answer the calls, one module for each service; importing them registers them."""

from workspace_fake.handlers import (  # noqa: F401 - importing registers the calls
    analytics,
    catalog,
    compute,
    files,
    grants,
    identity,
    jobs,
    machine_learning,
    permissions,
    runs,
    secrets,
    volume_files,
)
