"""Whether a condition can be a CHECK constraint, as far as its text says; Spark alone knows all of it.

Source: `ADD CONSTRAINT` of Databricks' SQL reference: literals, columns, and deterministic built-in functions and operators; no
aggregate, window or generator function, no subquery. Delta's code refuses functions that users define too.
"""

from collections.abc import Collection, Sequence
from itertools import pairwise

from databricks_utils.quality.sql_tokens import Token, tokens

# The functions of Spark 4.2 that have one result for one row, always the same; names of types stand behind AS and `::`.
_NAMES = """
abs acos acosh add_months aes_decrypt aggregate array array_append array_compact array_contains array_distinct
array_except array_insert array_intersect array_join array_max array_min array_position array_prepend array_remove
array_repeat array_size array_sort array_union arrays_overlap arrays_zip ascii asin asinh atan atan2 atanh base64 bigint
bin binary bit_count bit_get bit_length bitmap_bit_position bitmap_bucket_number bitmap_count boolean bround btrim
cardinality cast cbrt ceil ceiling char char_length character character_length charindex chr coalesce collate collation
concat concat_ws contains conv convert_timezone cos cosh cot crc32 csc date date_add date_diff date_format
date_from_unix_date date_part date_sub date_trunc dateadd datediff datepart day dayname dayofmonth dayofweek dayofyear
dec decimal decode degrees div double e element_at elt encode endswith equal_null exists exp expm1 extract factorial
filter find_in_set flatten float floor forall format_number format_string from_csv from_json from_unixtime
from_utc_timestamp from_xml get get_json_object getbit greatest hash hex hour hypot if ifnull ilike initcap instr int
integer is_valid_utf8 is_valid_variant is_variant_null isnan isnotnull isnull json_array_length json_object_keys
last_day lcase least left len length levenshtein like ln locate log log10 log1p log2 lower lpad ltrim luhn_check
make_date make_dt_interval make_interval make_time make_timestamp make_timestamp_ltz make_timestamp_ntz make_valid_utf8
make_ym_interval map map_concat map_contains_key map_entries map_filter map_from_arrays map_from_entries map_keys
map_values map_zip_with mask md5 minute mod month monthname months_between named_struct nanvl negate negative next_day
nullif nullifzero numeric nvl nvl2 octet_length overlay parse_json parse_url pi pmod position positive pow power printf
quarter quote radians reduce regexp regexp_count regexp_extract regexp_extract_all regexp_instr regexp_like
regexp_replace regexp_substr repeat replace reverse right rint rlike round rpad rtrim schema_of_csv schema_of_json
schema_of_variant schema_of_xml sec second sentences sequence sha sha1 sha2 shiftleft shiftright shiftrightunsigned sign
signum sin sinh size slice smallint sort_array soundex space split split_part sqrt st_asbinary st_geogfromwkb
st_geomfromwkb st_setsrid st_srid startswith str_to_map string struct substr substring substring_index tan tanh time
time_bucket time_diff time_from_micros time_from_millis time_from_seconds time_to_micros time_to_millis time_to_seconds
time_trunc timestamp timestamp_add timestamp_diff timestamp_ltz timestamp_micros timestamp_millis timestamp_ntz
timestamp_seconds timestampadd timestampdiff tinyint to_binary to_char to_csv to_date to_json to_number to_time
to_timestamp to_timestamp_ltz to_timestamp_ntz to_unix_timestamp to_utc_timestamp to_varchar to_variant_object to_xml
transform transform_keys transform_values translate trim trunc try_add try_aes_decrypt try_cast try_divide
try_element_at try_make_interval try_make_timestamp try_make_timestamp_ltz try_make_timestamp_ntz try_mod try_multiply
try_parse_json try_parse_url try_subtract try_to_binary try_to_date try_to_number try_to_time try_to_timestamp
try_url_decode try_validate_utf8 try_variant_get typeof ucase unbase64 unhex unix_date unix_micros unix_millis
unix_seconds upper url_decode url_encode validate_utf8 varchar variant_get weekday weekofyear width_bucket xpath
xpath_boolean xpath_double xpath_float xpath_int xpath_long xpath_number xpath_short xpath_string xxhash64 year
zeroifnull zip_with
"""
_FUNCTIONS = frozenset(_NAMES.split())
# Keywords that a bracket may follow.
_KEYWORDS = frozenset(
    {
        *(
            "and",
            "or",
            "not",
            "in",
            "is",
            "between",
            "like",
            "ilike",
            "rlike",
            "regexp",
            "similar",
            "to",
            "escape",
        ),
        *(
            "case",
            "when",
            "then",
            "else",
            "from",
            "for",
            "as",
            "interval",
            "both",
            "leading",
            "trailing",
            "placing",
        ),
    }
)
_QUANTIFIERS, _LIKE = frozenset({"any", "all", "some"}), frozenset({"like", "ilike"})
_QUERIES = frozenset({"select", "with", "from", "values", "table"})
# They have a value without brackets, if no column has their name.
_OF_THE_SESSION = frozenset(
    {
        *("current_date", "current_timestamp", "current_time", "localtimestamp"),
        *("current_user", "session_user", "user", "current_catalog", "current_database", "current_schema"),
    }
)
_SYSTEM = ["system", ".", "builtin", "."]


def why_no_check(condition: str, columns: Collection[str]) -> str | None:
    """Return why a condition can be no CHECK; None if nothing speaks against it.

    Args:
        condition: The condition.
        columns: The names of the columns of its table.

    >>> why_no_check("upper(a) IN ('x') AND b > 0", ["a", "b"]), why_no_check("a > rand()", ["a"])
    (None, 'a CHECK has only deterministic built-in functions of one row, and `rand` is not known as one')
    """
    if has_subquery(condition):
        return "a CHECK has no subquery"
    found = _words(condition)
    own = {name.lower() for name in columns}
    for at, token in enumerate(found):
        name, following = _name(token), found[at + 1].text if at + 1 < len(found) else ""
        before = [other.text.lower() for other in found[max(at - 4, 0) : at]]
        is_value = (
            token.kind == "word" and name in _OF_THE_SESSION and before[-1:] != ["."] and name not in own
        )
        if is_value or (following == "(" and name and not _is_known(token, name, before)):
            return f"a CHECK has only deterministic built-in functions of one row, and `{name}` is not known as one"
    return None


def has_subquery(condition: str) -> bool:
    """Return whether a condition has a query in brackets.

    >>> has_subquery("a > (SELECT 1)"), has_subquery("a > '(SELECT 1)'")
    (True, False)
    """
    found = _words(condition)
    pairs = pairwise(found)
    return any(one.text == "(" and other.kind == "word" and _name(other) in _QUERIES for one, other in pairs)


def _words(condition: str) -> list[Token]:
    return [token for token in tokens(condition) or () if token.kind not in ("space", "comment")]


def _name(token: Token) -> str:
    if token.kind == "word":
        return token.text.lower()
    return token.text[1:-1].replace("``", "`").lower() if token.kind == "quoted" else ""


def _is_known(token: Token, name: str, before: Sequence[str]) -> bool:
    """Whether a name before a bracket is that of a known function, or a keyword."""
    if token.kind == "word" and (name in _KEYWORDS or (name in _QUANTIFIERS and set(before[-1:]) & _LIKE)):
        return True
    is_built_in = before[-4:] == _SYSTEM or (before[-2:] == _SYSTEM[2:] and before[-3:-2] != ["."])
    return name in _FUNCTIONS and (before[-1:] != ["."] or is_built_in)
