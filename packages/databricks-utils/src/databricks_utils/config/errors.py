"""The errors of the configuration."""

from collections.abc import Sequence

from databricks_utils.errors import DatabricksUtilsError


class ConfigError(DatabricksUtilsError, ValueError):
    """Base of every error of the configuration; raised itself only if no subclass fits."""


class ConfigFolderError(ConfigError, FileNotFoundError):
    """Raised when the `config/` folder does not exist, or is not a folder."""


class UnknownEnvironmentError(ConfigError, LookupError):
    """Raised when the environment has no file, or no environment is named on Databricks."""


class ConfigFileError(ConfigError, OSError):
    """Raised when a file exists but cannot be read: permissions, encoding."""


class ConfigSyntaxError(ConfigError):
    """Raised when a file is not valid YAML, or uses YAML that a configuration must not contain."""


class MissingKeyError(ConfigError, KeyError):
    """Raised when no file, variable or argument gives a required key."""


class UnknownKeyError(ConfigError, KeyError):
    """Raised when a file or an argument gives a key that the model does not know."""


class UnknownVariableError(ConfigError, KeyError):
    """Raised when a variable has the form `DBX_SECTION__KEY`, but no such key exists."""


class InvalidValueError(ConfigError):
    """Raised when a value has the wrong type or breaks a rule."""


class UndefinedVariableError(ConfigError, KeyError):
    """Raised when `${NAME}` names a variable that is not set and has no default."""


class ConfigProblemsError(ConfigError):
    """Raised when a configuration has several problems; `problems` lists the error of each."""

    def __init__(self, summary: str, *, problems: Sequence[ConfigError], fix: str | None = None) -> None:
        super().__init__(summary, detail="\n".join(str(problem) for problem in problems), fix=fix)
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the problems when the error is pickled, for another process."""
        return (_rebuild, (self.summary, self.problems, self.fix))


def _rebuild(summary: str, problems: Sequence[ConfigError], fix: str | None) -> ConfigProblemsError:
    return ConfigProblemsError(summary, problems=problems, fix=fix)


def raise_all(problems: Sequence[ConfigError], *, environment: str) -> None:
    """Raise the collected problems: one as itself, several as one `ConfigProblemsError`; without any, return.

    Args:
        problems: The errors that were collected.
        environment: Name of the environment, for the summary.

    Raises:
        ConfigError: There is at least one problem.
    """
    if len(problems) == 1:
        raise problems[0]
    if problems:
        summary = f"config: {len(problems)} problems in environment `{environment}`"
        raise ConfigProblemsError(summary, problems=problems)
