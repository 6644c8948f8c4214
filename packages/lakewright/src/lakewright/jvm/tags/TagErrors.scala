package lakewright

import org.apache.spark.sql.lakewright.PluginException

/** What can be wrong with a tag. */
object TagErrors {
  def invalid(key: String, reason: String, where: String): PluginException = Errors.error(
    "INVALID_PARAMETER_VALUE", "22023", s"'$key' cannot be a tag: $reason", where,
    s"use a key of at most ${Tags.LongestKey} characters without . , - = / : and a value of at most ${Tags.LongestValue}")

  def tooMany(count: Int, where: String): PluginException = Errors.error(
    "INVALID_PARAMETER_VALUE", "22023", s"$count tags are more than the ${Tags.MostOfOne} that one object may have", where,
    "take some away with UNSET TAGS first")

  def isThere(key: String, where: String): PluginException = Errors.error(
    "INVALID_PARAMETER_VALUE", "22023", s"the tag '$key' is there already", where,
    s"UNSET TAG first, or use ALTER … SET TAGS ('$key' = '…'), which replaces the value")

  def twice(key: String, where: String): PluginException = Errors.error(
    "INVALID_PARAMETER_VALUE", "22023", s"the tag '$key' stands there twice", where, "name each key once")

  def ofField(column: Seq[String], where: String): PluginException = Errors.error(
    "INVALID_PARAMETER_VALUE", "22023", s"`${column.mkString(".")}` is a field of a column", where, "tags are on whole columns")

  def notThere(key: String, known: Iterable[String], where: String): PluginException = Errors.error(
    "INVALID_PARAMETER_VALUE", "22023", s"there is no tag '$key'", where,
    if (known.isEmpty) "it has no tags" else s"it has: ${known.toSeq.sorted.mkString(", ")}; keys differ by their case")

  /** A policy asks for the tag, so it is not everybody's to change who has the object. */
  def governed(principal: String, key: String, policy: PlacedPolicy): PluginException = Errors.error(
    "PERMISSION_DENIED", "42501", s"User $principal may not assign the tag '$key': the policy `${policy.policy.name}` asks for it",
    policy.on.shown, mayAssign(principal, policy))

  private def mayAssign(principal: String, policy: PlacedPolicy): String =
    s"GRANT MANAGE ON ${policy.on.sql} TO `${principal.replace("`", "``")}`\n" +
      "       in a workspace the tag is governed, and ASSIGN on it is needed"

  def dropsTagged(principal: String, column: String, key: String, policy: PlacedPolicy, table: String): PluginException = Errors.error(
    "PERMISSION_DENIED", "42501",
    s"User $principal may not drop the column `$column`: it has the tag '$key', which the policy ${policy.shown} asks for",
    s"table $table", mayAssign(principal, policy))
}
