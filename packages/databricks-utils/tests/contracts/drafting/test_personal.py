"""Columns about persons and secrets are guessed by their names, by what is counted in them, and by checksums."""

import pytest

from databricks_utils.contracts.drafting.personal import (
    by_checksum,
    by_name,
    by_shape,
    is_bank_account,
    is_card_number,
)
from databricks_utils.contracts.drafting.text_shapes import TextProfile
from databricks_utils.contracts.types.spark_types import parse

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("name", "kind", "what"),
    [
        ("email", "string", "e-mail addresses"),
        ("ContactEMail", "string", "e-mail addresses"),
        ("emails", "array<string>", "e-mail addresses"),
        ("emails", "string", "e-mail addresses"),
        ("phoneNumbers", "array<bigint>", "phone numbers"),
        ("phones", "map<string, string>", "phone numbers"),
        ("phones", "int", None),
        ("ip_addresses", "array<array<string>>", "addresses of machines"),
        ("ibans", "array<string>", "bank accounts"),
        ("contacts", "array<struct<email: string>>", None),
        ("prices", "map<string, double>", None),
        ("phone_num", "string", "phone numbers"),
        ("phone1", "string", "phone numbers"),
        ("cc_num", "bigint", "payment cards"),
        ("acct_no", "bigint", "bank accounts"),
        ("dateofbirth", "date", "dates of birth"),
        ("birth_dt", "date", "dates of birth"),
        ("ssn1", "string", "numbers of persons"),
        ("ssn_number", "string", "numbers of persons"),
        ("Email ID", "string", "e-mail addresses"),
        ("tax_number", "bigint", "numbers of persons"),
        ("employee", "string", "names of persons"),
        ("manager", "string", "names of persons"),
        ("sales_rep", "string", "names of persons"),
        ("SalesPerson", "string", "names of persons"),
        ("agent", "string", "names of persons"),
        ("account_owner", "string", "names of persons"),
        ("doctor", "string", "names of persons"),
        ("drivers", "array<string>", "names of persons"),
        ("created_by", "string", "names of persons"),
        ("employee", "bigint", None),
        ("owner_id", "string", None),
        ("user_agent", "string", None),
        ("jdbc_driver", "string", None),
        ("e_mail", "array<string>", "e-mail addresses"),
        ("mobile_no", "bigint", "phone numbers"),
        ("phone_calls", "int", None),
        ("IBAN", "string", "bank accounts"),
        ("credit_card_number", "decimal(19, 0)", "payment cards"),
        ("first_name", "string", "names of persons"),
        ("customerName", "string", "names of persons"),
        ("name", "string", None),
        ("product_name", "string", None),
        ("date_of_birth", "date", "dates of birth"),
        ("birthday", "timestamp", "dates of birth"),
        ("client_ip", "string", "addresses of machines"),
        ("zip", "string", "addresses"),
        ("address_line1", "string", "addresses"),
        ("ssn", "string", "numbers of persons"),
        ("email", "boolean", None),
        ("price", "double", None),
        ("api_key", "string", "secrets"),
        ("has_password", "boolean", None),
    ],
)
def test_names_say_what_a_column_holds(name, kind, what):
    found = by_name(name, parse(kind))
    assert (found.what if found else None) == what


@pytest.mark.parametrize(
    ("above", "name", "kind", "what"),
    [
        (["passport"], "number", "bigint", "numbers of persons"),
        (["order"], "number", "bigint", None),
        (["customers"], "name", "string", "names of persons"),
        (["contact", "phones"], "number", "string", "phone numbers"),
        (["product"], "name", "string", None),
        (["card"], "no", "decimal(19, 0)", "payment cards"),
    ],
)
def test_a_field_is_judged_with_the_names_around_it(above, name, kind, what):
    found = by_name(name, parse(kind), above=above)
    assert (found.what if found else None) == what


@pytest.mark.parametrize(
    ("profile", "what"),
    [
        (TextProfile(given=100, mails=1), "e-mail addresses"),
        (TextProfile(given=100, secrets=1, mails=1), "secrets"),
        (TextProfile(given=100, phones=80), "phone numbers"),
        (TextProfile(given=100, phones=79), None),
        (TextProfile(given=100, addresses=95), "addresses of machines"),
        (TextProfile(given=0), None),
    ],
)
def test_what_is_counted_says_what_a_column_holds(profile, what):
    found = by_shape(profile)
    assert (found.what if found else None) == what


def test_secrets_and_accounts_are_restricted_and_the_rest_is_confidential():
    assert by_name("token", parse("string")).classification == "restricted"
    assert by_name("iban", parse("string")).classification == "restricted"
    assert by_name("email", parse("string")).classification == "confidential"


@pytest.mark.parametrize(
    "text", ["GB82WEST12345698765432", "DE89 3704 0044 0532 0130 00", "NL91ABNA0417164300"]
)
def test_the_checksum_of_a_bank_account(text):
    assert is_bank_account(text)
    assert not is_bank_account(text[:-1] + str((int(text[-1]) + 1) % 10))


@pytest.mark.parametrize("text", ["4111111111111111", "5500-0000-0000-0004", "340000000000009"])
def test_the_checksum_of_a_payment_card(text):
    assert is_card_number(text)
    assert not is_card_number(text[:-1] + str((int(text[-1]) + 1) % 10))


@pytest.mark.parametrize("text", ["", "GB82", "123456789012", "4111 1111 1111 111x", "٤١١١١١١١١١١١١١١١"])
def test_other_texts_are_neither(text):
    assert not is_bank_account(text)
    assert not is_card_number(text)


def test_one_account_is_enough_but_nearly_all_numbers_must_be_cards():
    codes = ["AB12CODEWITHOUTSUM"] * 9
    assert by_checksum([*codes, "GB82WEST12345698765432"], looked_for="accounts").what == "bank accounts"
    assert by_checksum(codes, looked_for="accounts") is None
    good, bad = "4111111111111111", "4111111111111112"
    assert by_checksum([good] * 9 + [bad], looked_for="cards").what == "payment cards"
    assert by_checksum([good] * 8 + [bad] * 2, looked_for="cards") is None
    assert by_checksum([good] * 2, looked_for="cards") is None
    assert by_checksum([], looked_for="cards") is None
