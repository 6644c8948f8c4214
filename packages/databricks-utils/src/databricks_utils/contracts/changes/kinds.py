"""All kinds of changes, each with what it does to the consumer and to the producer; the reference page has the same table.

A promise that becomes tighter binds the producer more: data that was right may be refused. The consumer gets what came before. A
promise that becomes looser is the reverse: the consumer may meet values for which nobody wrote code. It is breaking where code fails
(NULL, duplicates, another type, a column that is gone), and risky where code only does not expect the value.
"""

from dataclasses import dataclass

from databricks_utils.contracts.changes.effects import Effect, Level, worst

B, R, S = Effect.BREAKING, Effect.RISKY, Effect.SAFE


@dataclass(frozen=True)
class Kind:
    """One kind of change.

    Attributes:
        name: Its name, for programs.
        words: What changed.
        consumer: What it does to those who read the data.
        producer: What it does to those who write it.
        adds: Whether something is new: then a new minor version is due, although it is safe.
    """

    name: str
    words: str
    consumer: Effect
    producer: Effect
    adds: bool = False

    @property
    def level(self) -> Level:
        """The number of the version that it raises."""
        effect = worst((self.consumer, self.producer))
        if effect is Effect.BREAKING:
            return Level.MAJOR
        return Level.MINOR if effect is Effect.RISKY or self.adds else Level.PATCH


_CONTRACT = (
    Kind("contract_added", "a contract is new", S, S, adds=True),
    Kind("contract_removed", "a contract is deleted that was not retired", B, R),
    Kind("retired_contract_removed", "a retired contract is deleted", S, S),
    Kind("contract_unreadable", "the old state is no valid contract, and cannot be compared", B, B),
    Kind("status_retired", "`status` becomes `retired`", B, S),
    Kind("status_deprecated", "`status` becomes `deprecated`", R, S),
    Kind("status_withdrawn", "`status` goes back to `draft` or `proposed`", B, S),
    Kind("status_active", "`status` becomes `active`", S, R),
    Kind("status_changed", "`status` changes between other values", R, R),
    Kind("server_added", "a server is new", S, S, adds=True),
    Kind("server_removed", "a server is removed", B, R),
    Kind("server_changed", "a server's type or address changes", B, B),
    Kind("role_added", "a role is new", S, S, adds=True),
    Kind("role_removed", "a role is removed", B, S),
    Kind("role_changed", "a role changes: access, approvers", R, S),
    Kind("price_changed", "the price changes", R, R),
    Kind("limitations_changed", "`description.limitations` changes", R, S),
    Kind("agent_constraint_added", "`context`: something new that an AI agent must not do", R, S),
    Kind(
        "agent_constraint_removed", "`context`: an AI agent may do something that it must not do before", S, R
    ),
    Kind("agent_instructions_changed", "`context`: instructions for AI agents change", R, S),
)
_SERVICE_LEVELS = (
    Kind("sla_added", "a service level is new", S, B),
    Kind("sla_removed", "a service level is removed", B, S),
    Kind(
        "sla_tightened", "a service level becomes tighter: fresher, more often available, kept longer", S, B
    ),
    Kind("warning_sla_added", "a service level whose severity is a warning is new", S, R),
    Kind("warning_sla_tightened", "a service level whose severity is a warning becomes tighter", S, R),
    Kind("sla_loosened", "a service level becomes looser", B, S),
    Kind("sla_changed", "a service level changes, and which way is not known", B, B),
    Kind("sla_schedule_changed", "the schedule of a service level changes", R, R),
)
_TABLES = (
    Kind("table_added", "a table is new", S, S, adds=True),
    Kind("table_removed", "a table is removed", B, R),
    Kind("table_renamed", "a table is renamed (same `id` or `name`, other `physicalName`)", B, B),
    Kind("table_perhaps_renamed", "a table is removed and one with the same columns is new", B, B),
    Kind("table_name_case_changed", "a name changes in capital letters only", R, R),
    Kind("table_kind_changed", "`physicalType` of a table changes: table, view, topic", R, B),
    Kind("grain_changed", "`dataGranularityDescription` changes", R, R),
)
_COLUMNS = (
    Kind("column_added", "an optional column or field is new", S, S, adds=True),
    Kind("required_column_added", "a required column or field is new", S, B),
    Kind("column_removed", "a column or field is removed", B, R),
    Kind("column_renamed", "a column or field is renamed (same `id` or `name`, other `physicalName`)", B, B),
    Kind("column_perhaps_renamed", "a column or field is removed and a similar one is new", B, B),
    Kind("column_name_case_changed", "a name changes in capital letters only", R, R),
    Kind("columns_reordered", "columns or fields change their order", R, R),
    Kind("measure_added", "a measure or computed dimension is new", S, S, adds=True),
    Kind("measure_removed", "a measure or computed dimension is removed", B, S),
    Kind("measure_changed", "a measure or computed dimension is computed otherwise", R, R),
)
_TYPES = (
    Kind(
        "type_widened",
        "a type becomes wider, as Delta does it by itself: INT to BIGINT, FLOAT to DOUBLE, more digits",
        R,
        S,
    ),
    Kind(
        "type_widened_to_other_kind",
        "a type becomes one that Delta allows but whose values look otherwise: INT to DOUBLE or DECIMAL, DATE to TIMESTAMP_NTZ",
        B,
        S,
    ),
    Kind("type_narrowed", "a number's type becomes narrower; the table has to be rewritten", R, B),
    Kind("type_changed", "a type becomes another", B, B),
    Kind("text_type_widened", "a text's type gets longer or loses its length", R, S),
    Kind("text_type_narrowed", "a text's type gets shorter or gets a length", S, B),
    Kind("physical_type_changed", "a physical type changes that is none of Spark's", B, B),
    Kind("logical_type_changed", "the logical type changes, the physical type does not", R, R),
    Kind("type_spelling_changed", "a type is written otherwise", S, S),
    Kind("time_zone_changed", "`timezone` or `defaultTimezone` changes", B, B),
    Kind("unit_added", "a unit is named (custom property `unit` or `currency`)", S, S),
    Kind("unit_removed", "a unit is no longer named", R, S),
    Kind("unit_changed", "a unit changes", B, B),
    Kind("vector_changed", "a vector's dimensions, metric or model change", B, B),
)
_VALUES = (
    Kind("required_added", "a column or field becomes required", S, B),
    Kind("required_removed", "a column or field may be missing", B, S),
    Kind("key_added", "a table gets a primary key", S, B),
    Kind("key_removed", "a table loses its primary key", B, S),
    Kind("key_narrowed", "fewer columns are the primary key", S, B),
    Kind("key_extended", "more columns are the primary key", B, S),
    Kind("key_changed", "other columns are the primary key", B, B),
    Kind("key_reordered", "the columns of the primary key change their order", R, S),
    Kind("unique_added", "values become unique", S, B),
    Kind("unique_removed", "values are no longer unique", B, S),
    Kind("bound_tightened", "a bound, length, size or step becomes tighter, or is new", S, B),
    Kind("bound_loosened", "a bound, length, size or step becomes looser, or is removed", R, S),
    Kind("bound_changed", "a bound or step changes to one that cannot be compared", R, B),
    Kind("enum_added", "a list of allowed values is new", S, B),
    Kind("enum_removed", "the list of allowed values is removed", R, S),
    Kind("enum_value_added", "a value is allowed in addition", R, S),
    Kind("enum_value_removed", "a value is no longer allowed", S, B),
    Kind("pattern_added", "a pattern is new", S, B),
    Kind("pattern_removed", "a pattern is removed", R, S),
    Kind("pattern_changed", "a pattern changes", R, B),
    Kind("format_added", "a format is new", S, B),
    Kind("format_removed", "a format is removed", R, S),
    Kind("format_changed", "a format changes", B, B),
    Kind("relationship_added", "a relationship is new", S, B),
    Kind("warning_relationship_added", "a relationship whose severity is a warning is new", S, R),
    Kind("relationship_removed", "a relationship is removed", R, S),
)
_CHECKS = (
    Kind("check_added", "a quality check is new", S, B),
    Kind("warning_check_added", "a quality check that only warns is new", S, R),
    Kind("text_check_added", "a quality check of `type: text` is new", S, S, adds=True),
    Kind("check_removed", "a quality check is removed", R, S),
    Kind("check_tightened", "the threshold of a quality check becomes tighter", S, B),
    Kind("warning_check_tightened", "the threshold of a check that only warns becomes tighter", S, R),
    Kind("check_loosened", "the threshold of a quality check becomes looser", R, S),
    Kind("check_changed", "a quality check checks something else", R, B),
    Kind("warning_check_changed", "a check that only warns checks something else", R, R),
    Kind("severity_raised", "the severity of a check, relationship or service level is raised", S, B),
    Kind("severity_raised_to_warning", "a severity is raised, and still only warns", S, R),
    Kind("severity_lowered", "the severity of a check, relationship or service level is lowered", R, S),
    Kind("severity_changed", "a severity changes between unknown words", R, R),
    Kind("check_schedule_changed", "a quality check runs at other times", R, S),
)
_OTHER = (
    Kind("classification_raised", "a column becomes more confidential: access may end", B, R),
    Kind("classification_lowered", "a column becomes less confidential", S, R),
    Kind("classification_changed", "the classification changes between unknown words, or is removed", R, R),
    Kind("encrypted_name_changed", "`encryptedName` changes", B, B),
    Kind("deprecated", "a table or column is marked as deprecated", R, S),
    Kind("no_longer_deprecated", "a table or column is no longer marked as deprecated", S, S),
    Kind("partitioning_changed", "`partitioned` or `partitionKeyPosition` changes", S, R),
    Kind("transformation_changed", "`transformLogic` changes", R, R),
    Kind("custom_property_changed", "a custom property changes; nothing here knows what it means", R, R),
    Kind("tags_changed", "tags change", S, S),
    Kind(
        "text_changed",
        "descriptions, examples, synonyms, names for people, links, team and support change",
        S,
        S,
    ),
)
GROUPS = {
    "the contract": _CONTRACT,
    "service levels": _SERVICE_LEVELS,
    "tables": _TABLES,
    "columns": _COLUMNS,
    "types and meaning": _TYPES,
    "promises about values": _VALUES,
    "quality checks": _CHECKS,
    "privacy and the rest": _OTHER,
}
KINDS = {kind.name: kind for group in GROUPS.values() for kind in group}
