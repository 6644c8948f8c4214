"""Programs that a laptop lacks, or whose work has no place in a test: each checks its arguments as the real one does, and notes them.

An unknown command or flag ends with 1, as in the real program. What is accepted comes from its sources:

databricks  github.com/databricks/cli, the folder cmd/bundle, versions 1.12.1 and 1.13.0; `-q` came with 1.13
curl        curl.se/docs/manpage.html
gh          cli.github.com/manual
az          learn.microsoft.com/cli/azure/reference-index
pip         what a step installs from an index; pip.pypa.io/en/stable/cli/pip_install

    python -m pipelines.stand_ins PROGRAM ARGUMENT ...      with STAND_IN_NOTES, a file that gets one JSON list for each call
"""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.rendering import databricks_cli_version


@dataclass(frozen=True)
class Command:
    """What a command takes.

    Attributes:
        values: Flags that have a value.
        switches: Flags that have none.
        least: How many arguments that are no flags it needs.
        most: How many it takes; None: any number.
    """

    values: frozenset[str] = frozenset()
    switches: frozenset[str] = frozenset()
    least: int = 0
    most: int | None = 0


def _command(values: str = "", switches: str = "", least: int = 0, most: int | None = 0) -> Command:
    return Command(frozenset(values.split()), frozenset(switches.split()), least, most)


_OF_BUNDLES = "-t --target -o --output -p --profile --var --log-level --log-file --log-format"
DATABRICKS = {
    "version": _command("-o --output"),
    "bundle validate": _command(_OF_BUNDLES, "--strict --include-locations --debug"),
    "bundle plan": _command(f"{_OF_BUNDLES} -c --cluster-id --select", "--force --debug"),
    "bundle deploy": _command(
        f"{_OF_BUNDLES} -c --cluster-id --plan --select",
        "--force --force-lock --fail-on-active-runs --auto-approve --debug",
    ),
    "bundle run": _command(_OF_BUNDLES, "--no-wait --restart --debug", 1, None),
    "bundle summary": _command(_OF_BUNDLES, "--force-pull --debug"),
    "bundle destroy": _command(_OF_BUNDLES, "--auto-approve --force-lock --debug"),
    "current-user me": _command("-t --target -o --output -p --profile"),
}
CURL = {"": _command("-o --output --proto --retry --request -X --form -F --header -H -d --data --url",
                     "-f --fail -s --silent -S --show-error -L --location -fsSL -sSf -fsS", 1, 1)}  # fmt: skip
PIP = {
    "install": _command(
        "-r --requirement -c --constraint", "--no-deps --require-hashes --quiet -q --upgrade", 0, None
    ),
    "wheel": _command("--wheel-dir", "--no-deps", 1, 1),
    "download": _command("-r --requirement -d --dest", "--no-deps --require-hashes --quiet -q", 0, None),
}
DETECT_SECRETS = {"": _command("--baseline", "", 1, None)}
ZIZMOR = {"": _command("--min-severity --format --config", "--offline --no-progress --pedantic", 1, None)}
AZ = {
    "login": _command(
        "-u --username -t --tenant --federated-token -o --output",
        "--service-principal --allow-no-subscriptions",
    ),
}
MYPY = {"": _command("--config-file --cache-dir --python-version", "--strict", 0, None)}
PYTEST = {"": _command("-m -k --junitxml -n --cov-report --tb -p", "-q -x -v --no-cov", 0, None)}
_OF_GH = "-R --repo"
GH = {
    "api": _command("--method -X -F --field -f --raw-field --jq -q -H --header", "--paginate --silent", 1, 1),
    "release create": _command(f"{_OF_GH} -t --title -n --notes --notes-file -F --target --notes-start-tag",
                               "--generate-notes --verify-tag --draft -d --prerelease -p --latest", 0, None),
    "release download": _command(f"{_OF_GH} -p --pattern -D --dir -O --output", "--clobber --skip-existing", 0, 1),
    "release list": _command(f"{_OF_GH} --json -q --jq -L --limit", "--exclude-drafts --exclude-pre-releases"),
    "release view": _command(f"{_OF_GH} --json -q --jq -t --template", "", 0, 1),
    "release upload": _command(_OF_GH, "--clobber", 1, None),
    "run download": _command(f"{_OF_GH} -n --name -D --dir -p --pattern", "", 0, 1),
    "run view": _command(f"{_OF_GH} --json -q --jq", "--exit-status --log", 1, 1),
    "run list": _command(f"{_OF_GH} -w --workflow -b --branch -c --commit -s --status -L --limit --json -q --jq -e --event --created"),
    "run cancel": _command(_OF_GH, "--force", 1, 1),
    "attestation verify": _command(f"{_OF_GH} -o --owner --signer-workflow --predicate-type --format", "", 1, 1),
    "label create": _command(f"{_OF_GH} -c --color -d --description", "-f --force", 1, 1),
    "label list": _command(f"{_OF_GH} --json -q --jq -L --limit"),
    "issue create": _command(f"{_OF_GH} -t --title -b --body -F --body-file -l --label -a --assignee"),
    "issue list": _command(f"{_OF_GH} --json -q --jq -L --limit -S --search -l --label -s --state"),
    "issue comment": _command(f"{_OF_GH} -b --body -F --body-file", "", 1, 1),
    "issue edit": _command(f"{_OF_GH} -b --body -F --body-file --add-label --remove-label", "", 1, 1),
    "issue close": _command(f"{_OF_GH} -c --comment -r --reason", "", 1, 1),
    "pr comment": _command(f"{_OF_GH} -b --body -F --body-file", "--edit-last --create-if-none", 0, 1),
}  # fmt: skip
_OF_TERRAFORM = "-chdir -var -var-file -backend-config -lock-timeout -parallelism -target -out"
TERRAFORM = {
    "version": _command(),
    "init": _command(
        _OF_TERRAFORM, "-input=false -no-color -reconfigure -upgrade -backend=false -lockfile=readonly"
    ),
    "validate": _command("-chdir", "-no-color -json"),
    "fmt": _command("-chdir", "-check -recursive -diff", 0, 1),
    "plan": _command(_OF_TERRAFORM, "-input=false -no-color -detailed-exitcode -refresh-only -lock=false"),
    "apply": _command(_OF_TERRAFORM, "-input=false -no-color -auto-approve", 0, 1),
    "show": _command("-chdir", "-no-color -json", 0, 1),  # `-json` prints a plan, which a step sums up
    "output": _command("-chdir", "-no-color -json -raw", 0, 1),
    "test": _command("-chdir -filter", "-no-color -verbose"),
}
PROGRAMS = {
    "databricks": DATABRICKS,
    "curl": CURL,
    "pip": PIP,
    "pytest": PYTEST,
    "detect-secrets-hook": DETECT_SECRETS,
    "zizmor": ZIZMOR,
    "mypy": MYPY,
    "gh": GH,
    "az": AZ,
    "terraform": TERRAFORM,
    "tofu": TERRAFORM,
}


class WrongArgumentsError(ValueError):
    """Raised for arguments that the real program refuses."""


def parse(program: str, arguments: Sequence[str]) -> tuple[str, dict[str, str], list[str]]:
    """Return the command, the flags and the other arguments of a call.

    Raises:
        WrongArgumentsError: The real program does not know the command or a flag, or misses an argument.
    """
    words = list(arguments)
    flags: dict[str, str] = {}
    while words and words[0].startswith("-chdir="):  # Terraform takes it before the command
        flags["-chdir"] = words.pop(0).partition("=")[2]
    name = next(
        (
            known
            for known in sorted(PROGRAMS[program], reverse=True)
            if words[: len(known.split())] == known.split()
        ),
        None,
    )
    if name is None:
        raise WrongArgumentsError(f'unknown command "{" ".join(words[:2])}" for "{program}"')
    command, rest = PROGRAMS[program][name], words[len(name.split()) :]
    others: list[str] = []
    while rest:
        word = rest.pop(0)
        if word == "--":
            others += rest
            break
        flag, equals, value = word.partition("=")
        if word in command.switches:
            flags[word] = ""
        elif flag in command.values:
            if not equals and not rest:
                raise WrongArgumentsError(f"flag needs an argument: {word}")
            flags[flag] = value if equals else rest.pop(0)
        elif word.startswith("-") and word != "-":
            raise WrongArgumentsError(f"unknown flag: {word}")
        else:
            others.append(word)
    if len(others) < command.least or (command.most is not None and len(others) > command.most):
        raise WrongArgumentsError(f"{program} {name} does not take {len(others)} arguments: {others}")
    return name, flags, others


def act(program: str, name: str, flags: dict[str, str], others: list[str]) -> None:
    """Do the little that a later step needs: print a plan, write a file, or fail where the real program would."""
    if program == "databricks":
        _databricks(name, flags, others)
    elif program == "curl" and (target := flags.get("-o") or flags.get("--output")):
        _an_archive(Path(target))
    elif program == "pip":
        for file in filter(None, (flags.get("-r"), flags.get("--requirement"), flags.get("-c"))):
            Path(file).read_text(encoding="utf-8")
        if name == "wheel":
            _wheel(Path(others[0]), Path(flags["--wheel-dir"]))
    elif program == "az":
        if empty := [flag for flag in ("--username", "--tenant", "--federated-token") if not flags.get(flag)]:
            raise WrongArgumentsError(f"argument {empty[0]}: expected one argument")
        Path(os.environ["HOME"], ".azure").mkdir(exist_ok=True)
    elif program in ("terraform", "tofu"):
        _terraform(name, flags, others)
    elif program == "pytest" and (report := flags.get("--junitxml")):
        Path(report).write_text("<testsuites/>\n", encoding="utf-8")
    elif program == "gh":
        _gh(name, flags, others)
        for file in filter(None, (flags.get("--notes-file"), flags.get("--body-file"))):
            Path(file).read_text(encoding="utf-8")


def _terraform(name: str, flags: dict[str, str], others: list[str]) -> None:
    """Plan one change, which is the file `change` beside the root; without a sign-in or a file that is named, fail."""
    folder = Path(flags.get("-chdir", "."))
    for file in filter(None, (flags.get("-var-file"), flags.get("-backend-config"))):
        (folder / file).read_text(encoding="utf-8")
    if "-backend-config" in flags and os.environ.get("ARM_USE_OIDC") == "true":
        for variables in (
            ("ARM_CLIENT_ID",),
            ("ARM_TENANT_ID",),
            ("ARM_OIDC_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"),
        ):
            if not any(map(os.environ.get, variables)):
                raise WrongArgumentsError(f"building account: {variables[0]} is not set")
    signed_in = Path(os.environ["HOME"], ".azure").exists()
    if name == "plan" and os.environ.get("DATABRICKS_AUTH_TYPE") == "azure-cli" and not signed_in:
        raise WrongArgumentsError("cannot get access token: Please run 'az login' to setup account.")
    change = Path(os.environ["HOME"]) / "change"
    if name == "plan" and "-out" in flags:
        (folder / flags["-out"]).write_text(change.read_text() if change.exists() else "a", encoding="utf-8")
    if name == "show" and "-json" in flags:
        print(
            json.dumps({"resource_changes": [{"address": (folder / others[0]).read_text(encoding="utf-8")}]})
        )
    if name == "apply":
        (folder / others[0]).read_text(encoding="utf-8")


def _runs(name: str, flags: dict[str, str], others: list[str]) -> str | None:
    """Answer from the runs that the test has written to `runs.json`, as GitHub would; None without that file.

    The expression of `--jq` is run by jq; gh has its own, which takes the same expressions.
    """
    file = Path(os.environ["HOME"]) / "runs.json"
    if not name.startswith("run ") or "--jq" not in flags or not file.exists():
        return None
    runs = json.loads(file.read_text(encoding="utf-8"))
    if name == "run view":
        found: object = next(run for run in runs if str(run["databaseId"]) == others[0])
    else:
        after = flags.get("--created", ">").removeprefix(">")
        wanted = {"workflow": flags.get("--workflow"), "status": flags.get("--status")}
        found = [
            run
            for run in runs
            if run["createdAt"] > after and all(run[key] == value for key, value in wanted.items() if value)
        ]
    asked = set(flags["--json"].split(","))
    each = found if isinstance(found, list) else [found]
    if missing := [field for run in each for field in asked - set(run)]:
        raise WrongArgumentsError(f"Unknown JSON field: {missing}")
    fields = [{field: run[field] for field in asked} for run in each]
    given = json.dumps(fields if isinstance(found, list) else fields[0])
    done = subprocess.run(
        ["jq", "-r", flags["--jq"]], input=given, capture_output=True, text=True, check=True
    )
    return done.stdout


def _gh(name: str, flags: dict[str, str], others: list[str]) -> None:
    """Answer what the steps ask, and download what they published."""
    if (answer := _runs(name, flags, others)) is not None:
        sys.stdout.write(answer)
        return
    answers = {
        "release view": "v1.0.0\n",
        "release list": "v1.0.0\n",
        "run view": "release main push success\n",
    }
    published = Path(os.environ["HOME"]) / "releases"
    if name == "release list" and published.exists():
        answers[name] = published.read_text(encoding="utf-8")
    nothing = "[]" if "--json" in flags and not {"-q", "--jq"} & set(flags) else ""
    sys.stdout.write(answers.get(name, nothing))
    if not os.environ.get("GH_TOKEN"):
        raise WrongArgumentsError("set the GH_TOKEN environment variable")
    home = Path(os.environ["HOME"])
    if name == "api" and "--paginate" in flags and (home / "comments").exists():
        sys.stdout.write((home / "comments").read_text(encoding="utf-8"))  # the ids that a test gives
    if (home / "gh-fails").exists():
        raise WrongArgumentsError("HTTP 502")
    artifacts = home / "artifacts"
    release = artifacts / "release"
    if name == "release download":
        with tarfile.open(Path(flags["--dir"]) / "release.tar.gz", "w:gz") as archive:
            archive.add(release, "release")
    ended = home / "not-cancelled"  # the run that the test says has ended by itself
    if name == "run cancel" and ended.exists() and ended.read_text(encoding="utf-8") == others[0]:
        raise WrongArgumentsError("HTTP 409: Cannot cancel a workflow run that is completed")
    if name == "run download":
        shutil.copytree(artifacts / flags["--name"], flags["--dir"], dirs_exist_ok=True)


def _databricks(name: str, flags: dict[str, str], others: list[str]) -> None:
    if name == "version":
        print(f"Databricks CLI v{databricks_cli_version()}")
        return
    target = flags.get("-t") or flags.get("--target")
    if name.startswith("bundle") and target not in ("dev", "staging", "prod"):
        raise WrongArgumentsError(f"{target}: no such target. Available targets: dev, staging, prod")
    missing = [key for key in ("DATABRICKS_AUTH_TYPE", "DATABRICKS_CLIENT_ID") if not os.environ.get(key)]
    if name.startswith("bundle") and missing:
        raise WrongArgumentsError(f"cannot configure default credentials: {', '.join(missing)} is not set")
    _token()
    if name == "bundle plan" and "json" in (flags.get("-o"), flags.get("--output")):
        print(
            json.dumps(
                {
                    "plan_version": 2,
                    "cli_version": databricks_cli_version(),
                    "lineage": "3f2a",
                    "serial": 4,
                    "plan": {},
                }
            )
        )
    if name == "bundle deploy" and (plan := flags.get("--plan")):
        json.loads(Path(plan).read_text(encoding="utf-8"))
    if name == "bundle run" and not (Path("resources") / f"{others[0]}.job.yml").exists():
        raise WrongArgumentsError(f"resource with key {others[0]!r} not found")


def _token() -> None:
    """Fail as the SDK does where the way to sign in has no token."""
    needed = {
        "azure-devops-oidc": ("SYSTEM_ACCESSTOKEN", "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI", "SYSTEM_PLANID", "SYSTEM_JOBID",
                              "SYSTEM_TEAMPROJECTID", "SYSTEM_HOSTTYPE"),
        "env-oidc": (os.environ.get("DATABRICKS_OIDC_TOKEN_ENV") or "DATABRICKS_OIDC_TOKEN",),
        "github-oidc": ("ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"),
    }  # fmt: skip
    for variable in needed.get(os.environ.get("DATABRICKS_AUTH_TYPE", ""), ()):
        if not os.environ.get(variable) or os.environ[variable].startswith("$("):
            raise WrongArgumentsError(
                f"{os.environ['DATABRICKS_AUTH_TYPE']} auth: {variable} env var not found"
            )


def _lakewright(arguments: Sequence[str]) -> int:
    """Run a command here; one that needs a workspace or a JVM only parses its arguments."""
    import click

    from lakewright.cli import cli

    if not _is_elsewhere(arguments):
        from lakewright.__main__ import main as real

        sys.argv = ["lakewright", *arguments]
        real()
        return 0
    try:
        context = cli.make_context("lakewright", list(arguments), resilient_parsing=False)
        command: click.Command = cli
        rest = list(arguments)
        while isinstance(command, click.Group):
            found = command.get_command(context, rest[0])
            if found is None:
                raise WrongArgumentsError(f"no such command {rest[0]}")
            command, rest = found, rest[1:]
        command.make_context(command.name, rest, parent=context)
    except click.ClickException as error:
        raise WrongArgumentsError(error.format_message()) from error
    if arguments[0] == "run":
        _record(Path(".lakewright") / "runs" / "latest", arguments[1])
    return 0


def _is_elsewhere(arguments: Sequence[str]) -> bool:
    return arguments[0] in ("run", "preflight") or "--workspace" in arguments


def _record(folder: Path, job: str) -> None:
    """Write the record of a run: what a later step shows."""
    folder.mkdir(parents=True, exist_ok=True)
    task = {
        "key": "ingest",
        "attempt": 1,
        "status": "success",
        "seconds": 1.5,
        "rows_in": 3,
        "rows_out": 3,
        "tables": [],
    }
    rows = {
        "source": "flights",
        "landed": 3,
        "bronze": 3,
        "silver": 3,
        "updated": 0,
        "quarantined": 0,
        "duplicates": 0,
    }
    record = {
        "schema_version": 1,
        "run_id": "r",
        "job": job,
        "environment": "local",
        "git_sha": "abc",
        "status": "success",
    }
    (folder / "summary.json").write_text(
        json.dumps({**record, "tasks": [task], "accounting": [rows]}), encoding="utf-8"
    )


def _sums(arguments: Sequence[str]) -> None:
    """Check what `sha256sum --check -` is asked, not the sum: the archive of a test has another one."""
    if list(arguments) != ["--check", "--quiet", "-"]:
        raise WrongArgumentsError(f"unrecognized: {arguments}")
    for line in sys.stdin.read().splitlines():
        found = re.fullmatch(r"[0-9a-f]{64}  (.+)", line)
        if not found:
            raise WrongArgumentsError("no properly formatted checksum lines found")
        Path(found[1]).read_bytes()


def _wheel(project: Path, folder: Path) -> None:
    """Build a wheel as pip does, by the project's build backend; pip itself is not installed everywhere."""
    import tomllib

    backend = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["build-system"][
        "build-backend"
    ]
    folder.mkdir(parents=True, exist_ok=True)
    target = folder.absolute()
    os.chdir(project)
    importlib.import_module(backend).build_wheel(str(target))


def _an_archive(target: Path) -> None:
    """Write an archive with a program that is this stand-in: what a step unpacks can be run."""
    name = "terraform" if target.name == "terraform.zip" else "databricks"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, f'#!/bin/sh\nexec "{sys.executable}" -m pipelines.stand_ins {name} "$@"\n')


def main(program: str, arguments: Sequence[str]) -> int:
    """Play a program; 1 for what the real one refuses."""
    with Path(os.environ["STAND_IN_NOTES"]).open("a", encoding="utf-8") as notes:
        notes.write(json.dumps([program, *arguments]) + "\n")
    try:
        if program == "lakewright":
            return _lakewright(arguments)
        if program == "sha256sum":
            _sums(arguments)
        else:
            act(program, *parse(program, arguments))
    except (WrongArgumentsError, OSError, json.JSONDecodeError) as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
