"""Schemas read from the bindings of a provider: what each comment and class becomes."""

import io
import tarfile
import zipfile

import pytest
from infrastructure.provider_schemas import UnreadableBindingsError, read_schema

pytestmark = pytest.mark.unit

DOCS = "// https://registry.terraform.io/providers/company/cloud/1.2.3/docs\n"
PROVIDER = """class CloudProvider extends cdktn.TerraformProvider {
    synthesizeHclAttributes() {
        const attrs = {
            region: {
                isBlock: false,
                storageClassType: "string",
            },
        };
    }
}
"""
BUCKET = """class Rule extends cdktn.ComplexObject {
}
class BucketRuleOutputReference extends cdktn.ComplexObject {
    // days - computed: false, optional: false, required: true
    _days;
    get days() {
        return this.getNumberAttribute('days');
    }
}
class BucketRuleList extends cdktn.ComplexList {
}
class Bucket extends cdktn.TerraformResource {
    static tfResourceType = "cloud_bucket";
    // id - computed: true, optional: true, required: false
    _id;
    get id() {
        return this.getStringAttribute('id');
    }
    // zones - computed: false, optional: true, required: false
    _zones;
    get zones() {
        return cdktn.Fn.tolist(this.getListAttribute('zones'));
    }
    // rule - computed: false, optional: true, required: false
    _rule = new BucketRuleList(this, "rule", true);
    get rule() {
        return this._rule;
    }
}
"""


@pytest.fixture
def wheel(tmp_path):
    """Make a wheel of bindings with these modules."""

    def make(*modules: str):
        inner = io.BytesIO()
        with tarfile.open(fileobj=inner, mode="w:gz") as archive:
            for number, text in enumerate(modules):
                member = tarfile.TarInfo(f"package/lib/m{number}/index.js")
                member.size = len(text.encode())
                archive.addfile(member, io.BytesIO(text.encode()))
        path = tmp_path / "bindings.whl"
        with zipfile.ZipFile(path, "w") as files:
            files.writestr("cloud/_jsii/provider@1.jsii.tgz", inner.getvalue())
        return path

    return make


def test_attributes_and_blocks_of_the_older_framework(wheel):
    schema = read_schema(wheel(DOCS + PROVIDER, BUCKET))
    bucket = schema["resources"]["cloud_bucket"]
    assert (schema["source"], schema["version"]) == ("company/cloud", "1.2.3")
    assert schema["provider"]["attributes"]["region"]["type"] == "string"
    assert bucket["attributes"]["zones"]["type"] == ["set", "string"]
    assert bucket["attributes"]["id"] == {
        "required": False,
        "optional": True,
        "computed": True,
        "type": "string",
    }
    assert bucket["blocks"]["rule"]["nesting"] == "set"
    assert bucket["blocks"]["rule"]["attributes"]["days"] == {
        "required": True,
        "optional": False,
        "computed": False,
        "type": "number",
    }


def test_what_is_nested_in_the_newer_framework_is_an_attribute(wheel):
    newer = BUCKET.replace("id - computed: true, optional: true", "id - computed: true, optional: false")
    bucket = read_schema(wheel(DOCS + PROVIDER, newer))["resources"]["cloud_bucket"]
    assert bucket["attributes"]["rule"]["nesting"] == "set"
    assert not bucket["blocks"]


def test_an_attribute_of_unknown_form_is_refused(wheel):
    with pytest.raises(UnreadableBindingsError, match="attribute zones"):
        read_schema(wheel(DOCS + PROVIDER, BUCKET.replace("getListAttribute", "getTupleAttribute")))


def test_bindings_without_a_provider_are_refused(wheel):
    with pytest.raises(UnreadableBindingsError, match=r"bindings\.whl holds no provider"):
        read_schema(wheel(DOCS + BUCKET))
