package lakewright

import org.apache.spark.sql.lakewright.PluginException

/** What can be wrong with an attribute-based policy, and with several of them on one table. */
object AttributePolicyErrors {
  private val resolve = "let each principal be in one of them (TO, EXCEPT), or change their conditions or the tags; " +
    "SHOW EFFECTIVE POLICIES ON TABLE lists them"

  def filters(table: String, policies: Seq[PlacedPolicy], own: Boolean): PluginException = Errors.error(
    "INVALID_PARAMETER_VALUE.UC_ABAC_MULTIPLE_ROW_FILTERS", "42KDJ",
    s"more than one row filter applies: ${names(policies, own, "the table's own row filter")}", s"table $table", resolve)

  def masks(table: String, column: String, policies: Seq[PlacedPolicy], own: Boolean): PluginException = Errors.error(
    "COLUMN_MASKS_FEATURE_NOT_SUPPORTED.MULTIPLE_MASKS", "42KDJ",
    s"more than one mask applies to the column `$column`: ${names(policies, own, "the column's own mask")}", s"table $table", resolve)

  def maskedArgument(table: String, column: String, policies: Seq[PlacedPolicy]): PluginException = Errors.error(
    "COLUMN_MASKS_FEATURE_NOT_SUPPORTED.MULTIPLE_MASKS", "42KDJ",
    s"the column `$column` has a mask, and a policy gives it to its function: ${names(policies, own = false, "")}", s"table $table", resolve)

  def ambiguous(table: String, policy: PlacedPolicy, alias: String, columns: Seq[String]): PluginException = Errors.error(
    "INVALID_PARAMETER_VALUE.UC_ABAC_AMBIGUOUS_COLUMN_MATCH", "42KDJ",
    s"the policy ${policy.shown} gives `$alias` to its function, and several columns match: ${columns.mkString(", ")}",
    s"table $table", "let one column have the tag, or make the condition narrower")

  private def names(policies: Seq[PlacedPolicy], own: Boolean, itself: String): String =
    (policies.map(_.shown).distinct ++ Option.when(own)(itself)).mkString(", ")

  def exists(name: String, on: Securable): PluginException = Errors.error(
    "POLICY_ALREADY_EXISTS", "42710", s"the policy `$name` exists already", on.shown, "use CREATE OR REPLACE POLICY, or another name")

  def missing(name: String, on: Securable, known: Seq[String]): PluginException = Errors.error(
    "POLICY_NOT_FOUND", "42704", s"the policy `$name` does not exist", on.shown,
    if (known.isEmpty) s"it has none; SHOW EFFECTIVE POLICIES ON ${on.sql} lists those of what holds it" else s"it has: ${known.mkString(", ")}")

  def unfit(on: String): PluginException = Errors.error(
    "POLICY_ON_SECURABLE_TYPE_NOT_SUPPORTED", "0A000", s"a policy cannot be on $on", on, "set it on a catalog, a schema or a table")

  def invalid(reason: String, name: String, fix: String): PluginException = Errors.error(
    "INVALID_PARAMETER_VALUE", "22023", reason, s"policy `$name`", fix)

  def leaves(table: String, schema: String): PluginException = Errors.error(
    "UNSUPPORTED_FEATURE.TABLE_OPERATION", "0A000",
    "a table to which policies apply for you cannot move to another schema: it might leave them behind", s"table $table to schema $schema",
    "let a session without a principal do it")
}
