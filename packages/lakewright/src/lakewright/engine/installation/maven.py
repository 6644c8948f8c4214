"""Where jars come from: a company's Maven mirror, proxy and credentials, read from the usual places.

Order for the base address: `LAKEWRIGHT_MAVEN_URL`, the mirror of central in Maven's `settings.xml`, the public
Maven Central. Proxies are taken from the usual environment variables, certificates from `SSL_CERT_FILE`,
`REQUESTS_CA_BUNDLE` or `CURL_CA_BUNDLE`.
"""

import base64
import os
import re
import ssl
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit
from xml.etree import ElementTree

URL_VARIABLE = "LAKEWRIGHT_MAVEN_URL"
CENTRAL = "https://repo.maven.apache.org/maven2"
_CA_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_CENTRAL_PATTERNS = frozenset({"*", "central", "external:*"})


@dataclass(frozen=True)
class MavenRepository:
    """One repository to fetch from.

    Attributes:
        url: Base address without a trailing slash and without credentials.
        source: Where the address was found; for messages.
        credentials: `user:password`, if given with the address; never printed.
    """

    url: str
    source: str
    credentials: str | None = field(default=None, repr=False)

    def opener(self) -> urllib.request.OpenerDirector:
        """Return an opener that trusts the company's certificates and uses its proxy."""
        opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=_ssl_context()))
        opener.addheaders = [("User-Agent", "lakewright")]
        return opener

    def request(self, path: str) -> urllib.request.Request:
        """Return the request for a file; after a redirect the credentials are not sent."""
        request = urllib.request.Request(f"{self.url}/{path}")  # noqa: S310 - the address that the user configured
        if self.credentials:
            encoded = base64.b64encode(self.credentials.encode()).decode()
            request.add_unredirected_header("Authorization", f"Basic {encoded}")
        return request


def find_repository(environ: Mapping[str, str] | None = None, *, home: Path | None = None) -> MavenRepository:
    """Return the repository to fetch jars from.

    Args:
        environ: Environment variables; by default those of the process.
        home: Home folder with `.m2/settings.xml`; by default the user's.
    """
    environ = os.environ if environ is None else environ
    explicit = environ.get(URL_VARIABLE)
    if explicit:
        return _with_embedded_credentials(explicit, f"environment {URL_VARIABLE}")
    settings = (home or Path.home()) / ".m2" / "settings.xml"
    return _mirror_of_central(settings, environ) or MavenRepository(CENTRAL, "default: Maven Central")


def local_repository(home: Path | None = None) -> Path:
    """Return the path of Maven's local repository, which may already contain a jar."""
    return (home or Path.home()) / ".m2" / "repository"


def _with_embedded_credentials(address: str, source: str) -> MavenRepository:
    parts = urlsplit(address)
    host = parts.hostname or ""
    netloc = f"{host}:{parts.port}" if parts.port else host
    credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else None
    clean = urlunsplit((parts.scheme, netloc, parts.path.rstrip("/"), "", ""))
    return MavenRepository(clean, source, credentials)


def _mirror_of_central(settings: Path, environ: Mapping[str, str]) -> MavenRepository | None:
    try:
        root = ElementTree.parse(settings).getroot()  # noqa: S314 - the user's own settings file
    except (OSError, ElementTree.ParseError):
        return None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    for mirror in root.iterfind("mirrors/mirror"):
        patterns = {part.strip() for part in (mirror.findtext("mirrorOf") or "").split(",")}
        url = (mirror.findtext("url") or "").strip()
        if url and patterns & _CENTRAL_PATTERNS and "!central" not in patterns:
            credentials = _server_credentials(root, mirror.findtext("id") or "", environ)
            return MavenRepository(_expand(url, environ).rstrip("/"), str(settings), credentials)
    return None


def _server_credentials(root: ElementTree.Element, server: str, environ: Mapping[str, str]) -> str | None:
    for element in root.iterfind("servers/server"):
        if element.findtext("id") == server and element.findtext("username"):
            user, password = element.findtext("username") or "", element.findtext("password") or ""
            return f"{_expand(user, environ)}:{_expand(password, environ)}"
    return None


def _expand(text: str, environ: Mapping[str, str]) -> str:
    """Replace Maven's `${env.NAME}` with the variable's value."""
    return re.sub(r"\$\{env\.([A-Za-z0-9_]+)\}", lambda found: environ.get(found[1], found[0]), text)


def _ssl_context() -> ssl.SSLContext:
    bundle = next((os.environ[name] for name in _CA_VARIABLES if os.environ.get(name)), None)
    context = ssl.create_default_context()
    if bundle and Path(bundle).is_file():
        context.load_verify_locations(cafile=bundle)
    return context
