"""What stops a secret before it is committed, and an unsafe workflow: the real scanners, on what they must refuse and accept."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from repository_tools import program, read_yaml

from lakewright.scaffold import render_project
from lakewright.shown_text import secret_forms

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]
FLIGHTS = ROOT / "examples" / "flights"
# Put together here, so that no scanner takes this file for one with secrets.
_HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
_STORAGE_KEY = "Eby8vdM02xNOcqFl" * 5 + "qUwJPL=="
SECRETS = {
    "a token of Databricks": f"host: x\ntoken: dapi{_HEX}-2",
    "a secret of a Databricks service principal": f"DATABRICKS_CLIENT_SECRET=dose{_HEX}",
    "a secret of an Entra application": "ARM_CLIENT_SECRET="
    + "Zk58Q"
    + "~abcDEFghiJKLmnoPQRstuVWXyz0123456a",
    "a key of an Azure storage account": f"AccountName=a;AccountKey={_STORAGE_KEY}",
    "a key of storage for Spark": f"spark.conf.set('fs.azure.account.key.a.dfs.core.windows.net', '{_STORAGE_KEY}')",
    "a key of storage for a backend": f'access_key = "{_STORAGE_KEY}"',
    "a key of storage for Terraform": f"ARM_ACCESS_KEY={_STORAGE_KEY}",
    "a key of storage for the Azure CLI": f"export AZURE_STORAGE_KEY={_STORAGE_KEY}",
    "a key of Event Hubs": "Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=r;SharedAccessKey="
    + "aB3/" * 10
    + "x+Y=",
    "a token of Azure DevOps": "pat: " + "aB3d" * 19 + "AZDO" + "x1Y2",
    "a fine-grained token of GitHub": "token: github" + "_pat_" + "aB3dE6gH9jK" * 2 + "_" + "aB3" * 19 + "x1",
    "the address of a Logic App": "https://prod-00.westeurope.logic.azure.com:443/workflows/a/triggers/manual/paths/invoke"
    "?api-version=2016-10-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=" + "aB3-_" * 8 + "x1Y",
    "a password of a database": "spark.read.jdbc('jdbc:sqlserver://a.example.com;database=b;user=c;password="
    + "hunter2!x')",
    "a shared access signature": "https://a.blob.core.windows.net/c?sv=2022-11-02&sp=rl&sig="
    + "aB3" * 14
    + "a%3D",
    "an access key of AWS": "aws = AKIA" + "QYLPMN5HFIQR7BBB",
    "a private key": "-----BEGIN RSA PRIVATE" + " KEY-----\nMIIEpAIBAAKCAQEA",
    "a token of GitHub": "token = ghp" + "_wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx",
    "a user and a password in an address": "url = https://someone:" + "s3cretWord@index.example.com/simple",
    "a password": 'mlflow_password = "' + 'hunter2hunter2"',
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The flights project in a repository of its own, with the programs of this environment as its .venv."""
    folder = tmp_path_factory.mktemp("scanned") / "flights"
    ignored = shutil.ignore_patterns(
        ".lakewright", "__pycache__", "*.whl", "wheels.lock", ".venv", ".*_cache"
    )
    shutil.copytree(FLIGHTS, folder, ignore=ignored)
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("detect-secrets-hook", "ruff"):
        (programs / name).symlink_to(program(name))
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
    return folder


def scan(folder, *files):
    command = [program("detect-secrets-hook"), "--baseline", ".secrets.baseline", *files]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_generated_project_has_no_secret_as_ci_looks_for_them(project):
    line = f"git ls-files -z | xargs -0 {program('detect-secrets-hook')} --baseline .secrets.baseline"
    done = subprocess.run(["bash", "-c", line], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    # The scanner corrects the lines of known findings in the baseline; without any it changes nothing.
    assert subprocess.run(["git", "diff", "--quiet"], cwd=project, check=False).returncode == 0


def test_projects_of_other_ci_systems_have_no_secret_either(project, tmp_path):
    """GitHub with infrastructure is the flights project; the others together have every file of every combination."""
    for ci, infrastructure in (("azure_devops", "azure"), ("gitlab", "azure"), ("none", "none")):
        render_project(
            tmp_path / ci,
            answers={"ci": ci, "infrastructure": infrastructure, "project_name": "flights"},
            ask=False,
        )
    others = (path for path in tmp_path.rglob("*") if path.is_file() and "data" not in path.parts)
    different = [
        path for path in others if not _same(path, project / Path(*path.relative_to(tmp_path).parts[1:]))
    ]
    assert {path.name for path in different} >= {".gitlab-ci.yml", "deploy.yml", "README.md"}
    done = scan(project, *map(str, different))
    assert done.returncode == 0, done.stdout


def _same(path, other):
    return other.is_file() and path.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("source", "accepted"), [(FLIGHTS, set()), (ROOT, {"a password"})], ids=["flights", "ours"]
)
def test_each_secret_is_refused_and_its_value_is_not_shown(tmp_path, source, accepted):
    """Our own code is about passwords, so the scan of this repository knows forms alone."""
    shutil.copy(source / ".secrets.baseline", tmp_path)
    patterns = re.search(r"file://(.*/)secret_patterns\.py", (tmp_path / ".secrets.baseline").read_text())[1]
    (tmp_path / patterns).mkdir(parents=True)
    shutil.copy(source / patterns / "secret_patterns.py", tmp_path / patterns)
    names = {what: f"{what.replace(' ', '-')}.txt" for what in SECRETS}
    for what, name in names.items():
        (tmp_path / name).write_text(SECRETS[what] + "\n")
    done = scan(tmp_path, *names.values())
    assert done.returncode == 1
    assert {what for what, name in names.items() if name not in done.stdout} == accepted
    assert [what for what in SECRETS if SECRETS[what].split("\n")[-1][-20:] in done.stdout] == []


def test_the_scan_knows_each_form_that_validate_knows():
    """Both have their own patterns: a project's scan must not need our package."""
    forms = {what for text in SECRETS.values() if (what := secret_forms.secret_in(text))}
    assert forms == set(secret_forms._FORMS)


def test_a_reference_to_a_secret_is_no_secret(project, tmp_path):
    text = 'password: "{{secrets/shop/password}}"\ntoken: ${DATABRICKS_TOKEN}\nkey = dbutils.secrets.get("shop", "key")\n'
    (project / "references.yml").write_text(text)
    assert scan(project, "references.yml").returncode == 0


def test_a_sum_a_hash_and_a_name_of_a_key_are_no_secrets(project):
    """Each is as long as a secret or stands where one could; only the address takes its password from elsewhere."""
    (project / "harmless.txt").write_text(
        f"integrity: sha512-{_STORAGE_KEY}\n--hash=sha256:{'0a1b' * 16}\n"
        'address = f"jdbc:sqlserver://{host};user={user};password={word}"\njdbc:a://b?user=c&password=${PASSWORD}\n'
        "jdbc:a://b;password=<yours>\nSharedAccessKey=<yours>;sig=<yours>\n"
        "access_key = dbutils.notebook.entry_point\nARM_ACCESS_KEY=$KEY\n"
    )
    done = scan(project, "harmless.txt")
    assert done.returncode == 0, done.stdout


def run_hook(project, hook, *files):
    command = [program("pre-commit"), "run", hook, "--files", *files]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("root", [ROOT, FLIGHTS], ids=["ours", "flights"])
def test_the_hooks_download_nothing(root):
    config = read_yaml(root / ".pre-commit-config.yaml")
    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    hooks = config["repos"][0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system", "pygrep"} & {hook["language"] for hook in hooks}
    command = [program("pre-commit"), "validate-config", str(root / ".pre-commit-config.yaml")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_the_hooks_refuse_a_secret_an_undefined_name_and_output(project):
    (project / "client.py").write_text(f'TOKEN = "dapi{_HEX}"\n')
    (project / "notebooks" / "wrong.py").write_text("# Databricks notebook source\nprint(frame)\n")
    cell = '{"cells": [{"outputs": [{"output_type": "stream", "text": ["Mr Smith"]}]}]}'
    (project / "explore.ipynb").write_text(cell)
    refused = {"secrets": "client.py", "ruff": "notebooks/wrong.py", "notebook-output": "explore.ipynb"}
    for hook, file in refused.items():
        done = run_hook(project, hook, file)
        assert done.returncode == 1, hook
        assert file in done.stdout
        accepted = run_hook(project, hook, "notebooks/01_ingest_bronze.py")
        assert accepted.returncode == 0, accepted.stdout


def audit(*files):
    command = [program("zizmor"), "--offline", "--quiet", "--no-progress", *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_no_workflow_of_ours_is_unsafe():
    done = audit(ROOT / ".github")
    assert done.returncode == 0, done.stdout


def test_an_unsafe_workflow_is_refused(tmp_path):
    workflow = tmp_path / "unsafe.yml"
    workflow.write_text(
        "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - uses: actions/checkout@v4\n      - run: echo ${{ github.event.pull_request.title }}\n"
    )
    done = audit(workflow)
    assert done.returncode != 0
    for rule in ("template-injection", "dangerous-triggers", "unpinned-uses"):
        assert rule in done.stdout


def actions_of(root):
    """Return the actions of others that workflows name, each as (name, commit, version)."""
    text = "".join(file.read_text() for file in sorted((root / ".github").rglob("*.yml")))
    lines = [line for line in re.findall(r"uses: (.*)", text) if not line.startswith(("./", "$/"))]
    found = [re.fullmatch(r"([\w-]+/[\w-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)", line) for line in lines]
    assert all(found), lines
    return {match.groups() for match in found}


def test_each_action_is_named_by_commit_and_version_and_everywhere_by_the_same():
    known = actions_of(ROOT) | actions_of(FLIGHTS)
    assert len({name for name, _, _ in known}) == len(known) > 5
