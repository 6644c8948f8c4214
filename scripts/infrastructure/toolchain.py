"""Make what checks `infra/terraform` without a cloud, and print the folder that has it.

    python scripts/infrastructure/toolchain.py            make what is missing; minutes the first time, then nothing
    python scripts/infrastructure/toolchain.py --find     print the folder if it is complete, else say why not and return 3

The folder has `tofu` (OpenTofu, built from its source), `tofurc` (the configuration that finds providers in this folder alone) and
`mirror/` (a provider that knows the schemas of azurerm, azuread and databricks, and nothing else). It is in the cache of the user,
outside of the repository; LAKEWRIGHT_INFRASTRUCTURE names another folder. All versions are pinned with hashes: `tofu/go.sum`,
`provider/go.sum`, `bindings.lock`. A change of these files gives another folder.
"""

import argparse
import fcntl
import gzip
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
VARIABLE = "LAKEWRIGHT_INFRASTRUCTURE"
TOFU = "github.com/opentofu/opentofu"
_EDITION = 1  # another number where the code below makes something else from the same files
# State of other clouds, and keys of other clouds for it: a quarter of what has to be compiled.
_BACKENDS = ("Consul", "Cos", "GCS", "Kubernetes", "OSS", "Pg", "S3")
_KEYS = ("aws_kms", "gcp_kms", "openbao")


class NotReadyError(Exception):
    """Raised when the toolchain is not there and cannot be made; the message contains the fix."""


def find() -> Path:
    """Return the folder of the toolchain.

    Raises:
        NotReadyError: It is not complete.
    """
    folder = _folder()
    if not (folder / "ready").is_file():
        raise NotReadyError(
            f"OpenTofu and the schemas of its providers are not in {folder}\n"
            "  fix: make infrastructure-tools (needs Go; about five minutes)"
        )
    return folder


def make() -> Path:
    """Return the folder of the toolchain, and make what is missing in it.

    Raises:
        NotReadyError: There is no Go, or a step failed.
    """
    with _alone(_folder()) as folder:
        if not (folder / "ready").is_file():
            _make_tofu(folder)
            _make_providers(folder)
            (folder / "ready").write_text("")
    return folder


def _folder() -> Path:
    given = os.environ.get(VARIABLE)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(given) if given else cache / "lakewright" / "infrastructure" / _key()


def _key() -> str:
    """Return what names the folder: a hash of everything that goes into it."""
    digest = hashlib.sha256(
        repr((_EDITION, _BACKENDS, _KEYS, platform.system(), platform.machine())).encode()
    )
    for path in sorted(HERE.rglob("*")):
        if path.suffix in (".go", ".mod", ".sum", ".lock") or path.name == "provider_schemas.py":
            digest.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """Hold a lock, so that two processes do not build the same."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _make_tofu(folder: Path) -> None:
    version = _version_of(HERE / "tofu" / "go.mod", TOFU)
    if _says(folder / "tofu", version):
        return
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        for name in ("go.mod", "go.sum"):
            shutil.copy2(HERE / "tofu" / name, work)
        # The module cache is checked against go.sum; the copy is what it has, less the other clouds.
        found = json.loads(_run("go", "mod", "download", "-json", f"{TOFU}@{version}", folder=work))
        shutil.copytree(found["Dir"], work / "source", copy_function=shutil.copyfile)
        _leave_out(
            work / "source" / "internal" / "backend" / "init" / "init.go", *map("backend{}".format, _BACKENDS)
        )
        _leave_out(work / "source" / "internal" / "encryption" / "default_registry.go", *_KEYS)
        _run("go", "mod", "edit", f"-replace={TOFU}=./source", folder=work)
        _go_build(work, folder / "tofu", f"{TOFU}/cmd/tofu")
    if not _says(folder / "tofu", version):
        raise NotReadyError(
            f"the program that was built is not OpenTofu {version}\n  fix: rm -r {folder}, and again"
        )


def _leave_out(path: Path, *names: str) -> None:
    """Take imports and their uses out of a Go file."""
    text = path.read_text(encoding="utf-8")
    for name in names:
        text, imports = re.subn(
            rf'^\t(?:{name} )?"[^"]*/{name}"\n|^\t{name} ".*"\n', "", text, flags=re.MULTILINE
        )
        use = rf"^\t\t.*\b{name}\.New\(.*\n|^\tif err := .*\b{name}\.New\(.*\{{\n.*\n\t\}}\n"
        text, uses = re.subn(use, "", text, flags=re.MULTILINE)
        if (imports, uses) != (1, 1):
            raise NotReadyError(
                f"{path.name} of OpenTofu has changed: {name}\n  fix: adapt scripts/infrastructure/toolchain.py"
            )
    path.write_text(text, encoding="utf-8")


def _make_providers(folder: Path) -> None:
    system = f"{_run('go', 'env', 'GOOS').strip()}_{_run('go', 'env', 'GOARCH').strip()}"
    mirror = folder / "mirror"
    shutil.rmtree(mirror, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        _go_build(HERE / "provider", work / "provider", ".")
        pip = (
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--require-hashes",
        )
        _run(sys.executable, *pip, "--dest", str(work), "--requirement", str(HERE / "bindings.lock"))
        for wheel in sorted(work.glob("*.whl")):
            schema = _schema_of(wheel)
            name = schema["source"].rpartition("/")[2]
            place = mirror / "registry.opentofu.org" / schema["source"] / schema["version"] / system
            place.mkdir(parents=True)
            shutil.copy2(work / "provider", place / f"terraform-provider-{name}")
            (place / f"{name}.json.gz").write_bytes(gzip.compress(json.dumps(schema).encode(), mtime=0))
    (folder / "tofurc").write_text(
        f'disable_checkpoint = true\nprovider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
    )


def _schema_of(wheel: Path) -> dict:  # type: ignore[type-arg]  # JSON
    sys.path.insert(0, str(HERE.parent))
    from infrastructure.provider_schemas import read_schema

    return read_schema(wheel)


def _go_build(where: Path, program: Path, package: str) -> None:
    print(f"── building {program.name}", file=sys.stderr)
    linked = f"-ldflags=-s -w -X {TOFU}/version.dev=no"
    flags = (
        "-trimpath",
        "-buildvcs=false",
        linked,
        "-mod=mod" if program.name == "tofu" else "-mod=readonly",
    )
    _run("go", "build", *flags, "-o", str(program), package, folder=where)


def _version_of(path: Path, module: str) -> str:
    return re.findall(rf"{re.escape(module)} (v[0-9.]+)", path.read_text(encoding="utf-8"))[0]


def _says(program: Path, version: str) -> bool:
    if not program.is_file():
        return False
    alone = {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    done = subprocess.run([program, "version"], capture_output=True, text=True, env=alone, check=False)
    return f"OpenTofu {version}" in done.stdout.splitlines()


def _run(*command: str, folder: Path = HERE) -> str:
    settings = {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off"}
    try:
        done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise NotReadyError(
            f"there is no {command[0]} on PATH\n  fix: install Go 1.26.6 or newer from go.dev"
        ) from None
    if done.returncode:
        raise NotReadyError(
            f"{' '.join(command[:3])} failed:\n{done.stderr[-2000:]}\n  fix: see above; then make infrastructure-tools"
        )
    return done.stdout


def main() -> int:
    """Print the folder; 3 if it is not complete."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--find", action="store_true", help="make nothing")
    try:
        print(find() if parser.parse_args().find else make())
    except NotReadyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
