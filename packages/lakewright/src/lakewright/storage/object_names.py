"""Names of catalogs, schemas and volumes as names of files, as `jvm/store/Names.scala` writes them."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-")


def file_name(name: str) -> str:
    """Return the file name of a catalog, schema or volume.

    Examples:
        >>> file_name("Sales")
        'sales'
        >>> file_name("_a b")
        '%5Fa%20b'
    """
    encoded = name.lower().encode("utf-8", "surrogatepass")
    return "".join(
        chr(byte) if byte in _PLAIN or (byte == ord("_") and at > 0) else f"%{byte:02X}"
        for at, byte in enumerate(encoded)
    )


def name_of(file: str) -> str | None:
    """Return the name that a file name stands for, or None for another file."""
    try:
        name = unquote_to_bytes(file).decode("utf-8")
    except UnicodeDecodeError:
        return None
    return name if file_name(name) == file else None
