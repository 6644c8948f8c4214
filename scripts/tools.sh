# Finds the tools for the other scripts. Source this file from the repository's root; do not run it.

say() { printf '%s\n' "── $*" >&2; }

fail() { # summary, fix
  printf 'error: %s\n  fix: %s\n' "$1" "$2" >&2
  exit 2
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.12 python3 python3.14 python3.13 python3.11; do # 3.12: the runtimes have it
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      # Print the real interpreter, not a version manager's shim: a virtual environment must link to the real one.
      "$candidate" -c 'import sys; print(getattr(sys, "_base_executable", None) or sys.executable)'
      return
    fi
  done
  fail "no Python 3.11 or newer was found (python3 is $(python3 --version 2>&1 || echo missing))" \
    "install one from python.org or your system's packages, or name it: make setup PYTHON=/path/to/python3.11"
}

sha256() { # of standard input; macOS has no sha256sum
  "${python:-$(find_python)}" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'
}

find_uv() { # python
  if command -v uv >/dev/null 2>&1; then
    command -v uv
    return
  fi
  if [ ! -x .bootstrap/bin/uv ]; then
    say "uv is not on PATH: installing it into .bootstrap"
    "$1" -m venv .bootstrap >/dev/null 2>&1 || {
      rm -rf .bootstrap
      fail "python3 cannot make a virtual environment" \
        "install its venv module (Debian, Ubuntu: apt install python3-venv), or install uv and put it on PATH"
    }
    .bootstrap/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.9" || {
      rm -rf .bootstrap
      fail "uv could not be installed from the package index" \
        "check the network; behind a proxy set HTTPS_PROXY, for a company's index PIP_INDEX_URL, for its certificates PIP_CERT"
    }
  fi
  printf '%s\n' "$PWD/.bootstrap/bin/uv"
}

has_java() { # a Java of at least 17: JAVA_HOME, or on PATH
  local java="${JAVA_HOME:+$JAVA_HOME/bin/java}"
  [ -n "$java" ] && [ -x "$java" ] || java="$(command -v java || true)"
  [ -n "$java" ] || return 1
  local version
  version="$("$java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)"
  [ "${version:-0}" -ge 17 ]
}
