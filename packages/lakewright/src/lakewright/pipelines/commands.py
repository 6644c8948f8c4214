"""What the script of a step does, as far as its commands show it."""

import re

# Continued lines are one command; options may stand between the program and what it does.
_OF_BUNDLE = r"\bdatabricks\s+(?:-\S+\s+(?:[^-\s]\S*\s+)?)*bundle\s+"
_BUNDLE = rf"{_OF_BUNDLE}(?:deploy|run|destroy|deployment)\b"
_INFRASTRUCTURE = r"""\b(?:terraform|tofu)\s+(?:-\S+\s+)*(?:apply|destroy|import|state\s+(?:rm|mv|push)|taint)\b
      |\binfra/terraform/run\.sh\s+(?:apply|approve)\b"""
_DEPLOYS_BUNDLE = re.compile(_BUNDLE)
_DEPLOYMENT = re.compile(rf"{_OF_BUNDLE}deploy\b")
_CHANGES_INFRASTRUCTURE = re.compile(_INFRASTRUCTURE, re.VERBOSE)
_PLANS_INFRASTRUCTURE = re.compile(
    r"\b(?:terraform|tofu)\s+(?:-\S+\s+)*plan\b|\binfra/terraform/run\.sh\s+plan\b"
)
# Other commands that change a workspace or a subscription.
_OTHERS = r"""\bdatabricks\s+(?:-\S+\s+(?:[^-\s]\S*\s+)?)*?(?:
        jobs\s+(?:create|reset|update|delete|run-now|submit)
      | pipelines\s+(?:create|update|delete|start-update)
      | workspace\s+(?:import|import-dir|import_dir|delete)
      | repos\s+(?:update|create|delete) | apps\s+deploy | fs\s+(?:cp|rm) | libraries\s+install | grants\s+update
      )\b
      | \bdbx\s+(?:deploy|launch)\b
      | \bterragrunt\s+(?:run-all\s+|run\s+--all\s+|-\S+\s+)*(?:apply|destroy)\b
      | \baz\s+(?:deployment|stack)\s+\w+\s+create\b"""
_DEPLOYS = re.compile(
    rf"{_BUNDLE}|{_INFRASTRUCTURE}|{_OTHERS}|\b(?:twine\s+upload|uv\s+publish)\b",
    re.VERBOSE,
)
_FETCH = r"(?:curl|wget|iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b"
# A program may stand behind `sudo -E`, `env A=b` and the like, and be written with its folder.
_BEFORE = (
    r"(?<![\w./-])(?:(?:sudo|env|exec|command)\s+(?:-[ugh]\s+\S+\s+|-\S+\s+|\w+=\S*\s+)*)*(?:(?:/usr)?/bin/)?"
)
_SHELL = r"(?:ba|z|da|k)?sh"
_INTERPRETER = r"(?:python|perl|ruby|node)[\d.]*"
_ANY = rf"(?:{_SHELL}|{_INTERPRETER}|pwsh|source|\.)"
_OPTIONS = r"(?:-\S+\s+)*"
_UNSEEN = re.compile(
    rf"""\b{_FETCH}[^\n;]{{0,2000}}?(?<!\|)\|&?(?!\|)\s*{_BEFORE}(?:{_SHELL}\b|(?:iex|Invoke-Expression)\b|{_INTERPRETER}(?=\s*(?:$|[\n;|&)])|\s+-(?:\s|$)))
      |{_BEFORE}{_ANY}\s+{_OPTIONS}(?:<\s*)?<\(\s*{_FETCH}
      |{_BEFORE}(?:(?:{_SHELL}|{_INTERPRETER})\s+{_OPTIONS}(?:-\w*[ce]|<<<)|eval)\s*["']?(?:\$\(|`)\s*{_FETCH}
      |\b(?:iex|Invoke-Expression)\s*\(+\s*{_FETCH}""",
    re.VERBOSE,
)


def joined(script: str) -> str:
    """Return a script with its continued lines joined, without its comments."""
    lines = [re.sub(r"(?:^|\s)#.*", "", line) for line in script.splitlines()]
    return re.sub(r"\\\n\s*", " ", "\n".join(lines))


def deploys(script: str) -> str | None:
    """Return the first command of a script that changes a workspace, a cloud or an index; None: there is none."""
    return _first(_DEPLOYS, script)


def deploys_bundle(script: str) -> str | None:
    """Return the first command of a script that changes what a bundle has in a workspace; None: there is none."""
    return _first(_DEPLOYS_BUNDLE, script)


def before_deployment(script: str) -> str | None:
    """Return the commands of a script before its first `databricks bundle deploy`; None: there is none."""
    commands = joined(script)
    found = _DEPLOYMENT.search(commands)
    return commands[: found.start()] if found else None


def changes_infrastructure(script: str) -> str | None:
    """Return the first command of a script that changes what Terraform describes; None: there is none."""
    return _first(_CHANGES_INFRASTRUCTURE, script)


def plans_infrastructure(script: str) -> str | None:
    """Return the first command of a script that plans what Terraform describes; None: there is none."""
    return _first(_PLANS_INFRASTRUCTURE, script)


_GATE = re.compile(
    r"\blakewright\s+(?:release\s+(?:check|verify)|plan-gate(?!.*--fail-on-changes)|pipelines\s+check|contract\s+diff)\b"
)


def gate(script: str) -> str | None:
    """Return the first command of a script that refuses what may not be deployed; None: there is none."""
    return _first(_GATE, script)


def _first(pattern: re.Pattern[str], script: str) -> str | None:
    found = pattern.search(joined(script))
    return " ".join(found.group().split()) if found else None


def runs_at_once(script: str) -> bool:
    """Whether a script, with its lines joined, runs a download while it comes: `curl … | sh`."""
    return bool(_UNSEEN.search(script))
