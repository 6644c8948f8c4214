"""LW323: A token or a key stands in a file of the bundle."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule


class TokenInPlainText(BundleRule):
    """A token or a key stands in a file of the bundle.

    ## What it does

    Reports texts that have the form of a secret, anywhere in the bundle, in every target: tokens of Databricks, private keys,
    access keys of AWS, keys of Azure storage accounts and secrets of Entra applications. No output of a finding shows them. A
    password has no form of its own, so it is not found.

    ## Why is this bad?

    Whoever can read the repository, the deployed files or the job can use the secret. If the files were committed, the secret stays in
    the history: replace it.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables:
      signing_key: {default: "-----BEGIN PRIVATE KEY----- …"}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables:
      signing_key: {default: "{{secrets/shop/signing_key}}"}
    ```
    """

    code = "LW323"
    name = "token-in-plain-text"
    severity = "error"
    reads_files_only = True

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield a finding for each secret in the files."""
        for secret in view.bundle.written_secrets:
            yield self.finding(
                f"{secret.what} stands in the bundle",
                location=secret.location,
                path=secret.path,
                fix=_fix(secret.path)
                + "\nwhoever has seen the file may have it: revoke it and make a new one",
            )


def _fix(path: str) -> str:
    if ".workspace." in f".{path}":
        return "remove it, and sign in outside of the bundle: `databricks auth login`"
    return (
        "put it into a secret scope: write `{{secrets/<scope>/<key>}}` where Databricks reads it, or read it in the code "
        "with `dbutils.secrets.get`"
    )
