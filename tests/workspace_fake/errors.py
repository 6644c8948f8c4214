"""The refusals of the API: status, error code, message. Messages follow what the real API says, as far as it is known."""


class ApiError(Exception):
    """A refusal, as the API sends it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def missing(kind: str, name: object) -> ApiError:
    """Unity Catalog: `Schema 'c.s' does not exist.`, with a code of its own for each kind of securable."""
    return ApiError(
        404, f"{kind.upper().replace(' ', '_')}_DOES_NOT_EXIST", f"{kind} '{name}' does not exist."
    )


def taken(kind: str, name: str) -> ApiError:
    return ApiError(
        409, f"{kind.upper().replace(' ', '_')}_ALREADY_EXISTS", f"{kind} '{name}' already exists"
    )


def not_found(message: str) -> ApiError:
    return ApiError(404, "RESOURCE_DOES_NOT_EXIST", message)


def already_there(message: str) -> ApiError:
    return ApiError(400, "RESOURCE_ALREADY_EXISTS", message)


def invalid(message: str) -> ApiError:
    return ApiError(400, "INVALID_PARAMETER_VALUE", message)


def malformed(message: str) -> ApiError:
    return ApiError(400, "MALFORMED_REQUEST", message)


def denied(message: str) -> ApiError:
    return ApiError(403, "PERMISSION_DENIED", message)


def not_implemented(method: str, path: str) -> ApiError:
    return ApiError(501, "NOT_IMPLEMENTED", f"the fake workspace does not implement {method} {path}")
