"""The functions that answer the calls, one module for each service; importing them registers them."""

from workspace_fake.handlers import (  # noqa: F401 - importing registers the calls
    analytics,
    catalog,
    compute,
    data_quality,
    files,
    grants,
    identity,
    jobs,
    machine_learning,
    metastore,
    permissions,
    runs,
    secrets,
    volume_files,
)
