"""Secrets are hidden in what other programs print, by their form, by the name of their variable and by their value."""

import pytest

from lakewright.shown_text.secret_values import without_secrets

pytestmark = pytest.mark.unit

TOKEN = "dapi" + "0123456789abcdef" * 2
ENVIRON = {
    "ARM_CLIENT_SECRET": "s3cr3t-value",
    "HTTP_AUTHORIZATION": "for-header",
    "SHORT_TOKEN": "dev",
    "HOME": "is a",
}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"token {TOKEN}.", "token [redacted]."),
        (f"token {TOKEN}-2 of old", "token [redacted] of old"),
        ("dose0123456789abcdef0123456789abcdef", "[redacted]"),
        ("Authorization: Bearer abc.def", "Authorization: [redacted]"),
        ("Authorization: basic YW5hOmh1bnRlcjI=", "Authorization: [redacted]"),
        ("see https://ana:hunter2@host/x", "see https://[redacted]@host/x"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "jwt [redacted]"),
        ("half a jwt eyJhbGciOiJIUzI1NiJ9", "half a jwt [redacted]"),
        ("key AKIA2345672345672345", "key [redacted]"),
        ("-----BEGIN PRIVATE KEY-----\nabc", "[redacted]"),
        ("secret is s3cr3t-value", "secret is [redacted]"),
        ("header for-header", "header [redacted]"),
        ("my variable is wordings", "my variable is [redacted]"),
        ("dev is a target", "dev is a target"),
        ("a bearer token is missing", "a bearer token is missing"),
        ("see https://host:8080/x", "see https://host:8080/x"),
    ],
)
def test_a_message_has_no_secrets(text, shown):
    assert without_secrets(text, ENVIRON, values=["wordings", "x"]) == shown


def test_of_two_values_the_longer_one_is_hidden_whole():
    environ = {"A_TOKEN": "hunter2", "B_TOKEN": "hunter2-hunter3"}
    assert without_secrets("with hunter2-hunter3", environ) == "with [redacted]"
