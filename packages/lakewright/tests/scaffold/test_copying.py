"""Copier renders the same files with fewer steps, and is as it was afterwards."""

import copier
import plumbum
import pytest
from jinja2.sandbox import SandboxedEnvironment

from lakewright.scaffold.copying import quick_copying

pytestmark = pytest.mark.unit

SETTINGS = """
_subdirectory: template
_templates_suffix: .jinja
name: {type: str, default: shop}
"""


@pytest.fixture
def template(tmp_path):
    """A template with a name in paths and texts, one text twice, and a script."""
    folder = tmp_path / "source" / "template" / "{{ name }}" / "inner"
    folder.mkdir(parents=True)
    (tmp_path / "source" / "copier.yml").write_text(SETTINGS)
    for name in ("a", "b"):
        (folder / f"{name}.txt.jinja").write_text("{{ name }} in {{ _copier_conf.dst_path.name }}\n")
    (folder / "{{ name }}.txt").write_text("{{ name }}\n")
    (folder / "{% if name == 'x' %}left out{% endif %}").write_text("")
    (folder / "run.sh").write_text("echo {{ name }}\n")
    (folder / "run.sh").chmod(0o755)
    return tmp_path / "source"


def copied(template, folder):
    """What a copy has: each file with its text and mode."""
    copier.run_copy(str(template), folder, defaults=True, quiet=True)
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): (path.read_text(), path.stat().st_mode) for path in files}


@pytest.fixture
def compiled(monkeypatch):
    """The texts that were compiled."""
    texts, original = [], SandboxedEnvironment.compile

    def noted(environment, source, *rest, **named):
        if isinstance(source, str):  # Copier tries each default, a number or a truth value too
            texts.append((source, *rest))
        return original(environment, source, *rest, **named)

    monkeypatch.setattr(SandboxedEnvironment, "compile", noted)
    return texts


def test_the_copy_is_the_same_and_each_text_is_compiled_once(template, tmp_path, compiled):
    alone = copied(template, tmp_path / "a" / "p")
    assert len(compiled) > len(set(compiled))
    compiled.clear()
    with quick_copying():
        assert copied(template, tmp_path / "b" / "p") == alone
    assert len(compiled) == len(set(compiled)) > 8
    assert {path.name for path in alone} == {"a.txt", "b.txt", "shop.txt", "run.sh"}


def test_no_program_is_found_while_it_copies_and_everything_is_as_before_after_a_failure(template, tmp_path):
    before = SandboxedEnvironment.compile
    (template / "copier.yml").write_text(f"{SETTINGS}\nother: {{type: str, validator: no}}\n")
    with quick_copying():
        assert "git" not in plumbum.local
    with pytest.raises(ValueError, match="valid string"), quick_copying():
        copied(template, tmp_path / "p")
    assert "git" in plumbum.local
    assert SandboxedEnvironment.compile is before
