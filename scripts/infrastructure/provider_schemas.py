"""Read the schema of a Terraform provider from the bindings for it on PyPI (`cdktn-provider-…`), which are generated from that schema.

Each resource and data source is a JavaScript class in an archive inside the wheel. Above each of its attributes stands a comment with
what the schema says: `// name - computed: false, optional: false, required: true`. What the bindings do not have is not in the result
either: checks that a provider makes in code (patterns, ranges, names that exclude each other), and what an attribute's text means.
"""

import gzip
import io
import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Block = dict[str, Any]
_CLASS = re.compile(r"^class (\w+) extends cdktn\.(\w+) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_TYPE = re.compile(r'static tfResourceType = "(\w+)"')
_ATTRIBUTE = re.compile(
    r"^    // (\w+) - computed: (true|false), optional: (true|false), required: (true|false)\n(.*?\n    \})",
    re.MULTILINE | re.DOTALL,
)
_NESTED = re.compile(r'new (?:\w+_\d+\.)?(\w+)(OutputReference|List|Map)\(this, "\w+"(?:, (true|false))?\)')
_OLDER = re.compile("// id - computed: true, optional: true, required: false")
_IN_HCL = re.compile(r"^            (\w+): \{\n(.*?)^            \},", re.MULTILINE | re.DOTALL)
_IN_STRUCT = re.compile(r"^        (\w+): \{\n(.*?)^        \},", re.MULTILINE | re.DOTALL)
_CLASS_STORED = re.compile(r'storageClassType: "(\w+)"')
_VERSION = re.compile(r"registry\.terraform\.io/providers/([\w-]+/[\w-]+)/([0-9.]+)/docs")
_COLLECTION = re.compile(r"new cdktn\.(String|Number|Boolean|Any)(Map)?(MapList|List)?\(this")
_STORED = re.compile(r'storageClassType: "(string|number|boolean)(List|Map)?"')
_TYPES = (  # the longest names first: one is the end of another
    ("getNumberListAttribute", ["list", "number"]),
    ("getStringMapAttribute", ["map", "string"]),
    ("getNumberMapAttribute", ["map", "number"]),
    ("getBooleanMapAttribute", ["map", "bool"]),
    ("getListAttribute", ["list", "string"]),
    ("getStringAttribute", "string"),
    ("getNumberAttribute", "number"),
    ("getBooleanAttribute", "bool"),
)
_KINDS = {
    "TerraformResource": "resources",
    "TerraformDataSource": "data_sources",
    "TerraformProvider": "provider",
}


class UnreadableBindingsError(Exception):
    """Raised when bindings are not written as this module expects, so that a schema from them would be wrong."""


def read_schema(wheel: Path) -> dict[str, Any]:
    """Return a provider's schema: `source`, `version`, `provider`, and `resources` and `data_sources` by their types.

    Args:
        wheel: A wheel of bindings.

    Raises:
        UnreadableBindingsError: It has no class of a provider, or an attribute of unknown form.
    """
    schema: dict[str, Any] = {"provider": None, "resources": {}, "data_sources": {}}
    for module in _folders(wheel):
        if not schema.get("source") and (found := _VERSION.search(module)):
            schema.update(source=found[1], version=found[2])
        classes = {name: (base, body) for name, base, body in _CLASS.findall(module)}
        for base, body in classes.values():
            if kind := _KINDS.get(base):
                if kind == "provider":
                    schema["provider"] = _provider_block(body, module)
                else:
                    schema[kind][_first(_TYPE, body)] = _block_of(body, classes)
    if not schema["provider"] or not schema["resources"] or "version" not in schema:
        raise UnreadableBindingsError(
            f"{wheel.name} holds no provider; fix: look at how its JavaScript is written now"
        )
    return schema


def _folders(wheel: Path) -> Iterator[str]:
    """Return the text of each resource and data source: its folder's files, one after the other."""
    texts: dict[str, str] = {}
    with zipfile.ZipFile(wheel) as files:
        inner = next(name for name in files.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(files.read(inner))) as archive:
            for member in archive:
                folder = "/".join(member.name.split("/")[:3])
                if member.name.endswith(".js") and (content := archive.extractfile(member)):
                    texts[folder] = texts.get(folder, "") + content.read().decode()
    yield from texts.values()


def _block_of(body: str, classes: dict[str, tuple[str, str]], *, attributes: bool | None = None) -> Block:
    """Return the attributes and blocks of one class.

    Args:
        body: The class.
        classes: All classes of its folder.
        attributes: Whether what is nested is an attribute (`rule = [{…}]`) and not a block (`rule {…}`). The bindings do not say so, but
            an `id` that may be given is in every resource of the older framework for providers, which has blocks alone.
    """
    attributes = _OLDER.search(body) is None if attributes is None else attributes
    in_hcl = dict(_IN_HCL.findall(body.partition("synthesizeHclAttributes()")[2]))
    block: Block = {"attributes": {}, "blocks": {}}
    for name, computed, optional, required, code in _ATTRIBUTE.findall(body):
        flags = _flags(computed=computed == "true", optional=optional == "true", required=required == "true")
        nested = _NESTED.search(code)
        if (
            nested and classes[nested[1] + nested[2]][0] == "MapList"
        ):  # lists of lists; two data sources have one
            block["attributes"][name] = {**flags, "type": "dynamic"}
            continue
        if not nested:
            block["attributes"][name] = {**flags, "type": _type_of(name, code, in_hcl.get(name, ""))}
            continue
        inner = _block_of(classes[nested[1] + "OutputReference"][1], classes, attributes=attributes)
        many = nested[2] != "OutputReference"
        nesting = (
            ("map" if "Map" in nested[2] else "set" if nested[3] == "true" else "list") if many else "single"
        )
        struct = 'type: "struct"' in in_hcl.get(name, "")
        if name == "timeouts":
            block["blocks"][name] = {**inner, "nesting": "single", "required": False, "one": True}
        elif flags["computed"] or attributes or struct or nesting == "map":
            block["attributes"][name] = {**flags, "nested": inner, "nesting": nesting}
        else:
            one = not many
            nesting = "list" if one else nesting
            block["blocks"][name] = {**inner, "nesting": nesting, "required": flags["required"], "one": one}
    return block


def _flags(*, computed: bool, optional: bool, required: bool) -> dict[str, bool]:
    """Return who gives a value: what is required cannot be anything else, though some schemas of the framework say so."""
    return {
        "required": required,
        "optional": optional and not required,
        "computed": not required and (computed or not optional),
    }


def _provider_block(body: str, module: str) -> Block:
    """Return what a provider is configured with. Its class says only how each setting is written, and none of Azure's is required."""
    written = body.partition("synthesizeHclAttributes()")[2]
    block = _written(_IN_HCL.findall(written), module)
    block["attributes"].pop("alias", None)  # of the language, not of the provider
    return block


def _written(settings: list[tuple[str, str]], module: str) -> Block:
    block: Block = {"attributes": {}, "blocks": {}}
    for name, how in settings:
        stored = re.sub("List$", "", _first(_CLASS_STORED, how))
        if "isBlock: true" not in how:
            flags = {"computed": False, "optional": True, "required": False}
            block["attributes"][name] = {**flags, "type": _type_of(name, "", how)}
            continue
        function = f"function {stored[0].lower()}{stored[1:]}ToHclTerraform(struct)"
        inner = re.findall(_IN_STRUCT, module.partition(function)[2].partition("\n}")[0])
        block["blocks"][name] = {**_written(inner, module), "nesting": "list", "required": False, "one": True}
    return block


def _type_of(name: str, code: str, in_hcl: str) -> str | list[Any]:
    """Return the type of an attribute: from what its getter returns, else, as in a provider's own class, from how it is written."""
    for getter, type_ in _TYPES:
        if getter in code:
            return ["set", type_[1]] if "Fn.tolist(" in code and isinstance(type_, list) else type_
    if found := _COLLECTION.search(code):
        plain = {"String": "string", "Number": "number", "Boolean": "bool", "Any": "dynamic"}[found[1]]
        inner = ["map", plain] if found[2] else plain
        return ["list", inner] if found[3] else inner
    if "interpolationForAttribute" in code:
        return "dynamic"
    if found := _STORED.search(in_hcl):
        plain = {"string": "string", "number": "number", "boolean": "bool"}[found[1]]
        return [found[2].lower(), plain] if found[2] else plain
    raise UnreadableBindingsError(f"attribute {name}: {code[:200]}")


def _first(pattern: re.Pattern[str], text: str) -> str:
    if not (found := pattern.search(text)):
        raise UnreadableBindingsError(f"no {pattern.pattern} in {text[:200]}")
    return str(found[1])


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(gzip.compress(json.dumps(read_schema(Path(sys.argv[1]))).encode(), mtime=0))
