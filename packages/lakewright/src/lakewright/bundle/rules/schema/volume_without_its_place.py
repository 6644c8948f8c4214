"""LW319: An external volume has no location, or a managed volume has one.

Source: https://docs.databricks.com/api/workspace/volumes/create (`volume_type`, `storage_location`).
"""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule


class VolumeWithoutItsPlace(BundleRule):
    """An external volume has no location, or a managed volume has one.

    ## What it does

    Reports `volume_type: EXTERNAL` without `storage_location`, and a `storage_location` of a volume that is not external.

    ## Why is this bad?

    The API refuses the volume, and the Databricks CLI does not look.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      volumes:
        drops: {catalog_name: dev_shop, schema_name: landing, name: drops, volume_type: EXTERNAL}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      volumes:
        drops:
          catalog_name: dev_shop
          schema_name: landing
          name: drops
          volume_type: EXTERNAL
          storage_location: abfss://drops@shop.dfs.core.windows.net/in
    ```
    """

    code = "LW319"
    name = "volume-without-its-place"
    severity = "error"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield each volume whose type and location do not fit."""
        for key, volume in view.resources("volumes").items():
            path = f"resources.volumes.{key}"
            kind, place = volume.get("volume_type") or "MANAGED", volume.get("storage_location")
            if kind == "EXTERNAL" and not place:
                yield self.at(
                    view,
                    f"{path}.volume_type",
                    f"the external volume `{key}` has no `storage_location`",
                    fix="add `storage_location`, or write `volume_type: MANAGED`",
                )
            elif kind == "MANAGED" and place:
                yield self.at(
                    view,
                    f"{path}.storage_location",
                    f"the managed volume `{key}` has a `storage_location`",
                    fix="write `volume_type: EXTERNAL`, or remove `storage_location`",
                )
