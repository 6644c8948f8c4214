package lakewright

import org.apache.spark.sql.lakewright.{PluginException, SparkAccess}

/** What can be wrong with a mask or a row filter, and what is refused on a table that has one. */
object PolicyErrors {
  /** Without the cause: it may hold a value. */
  def failed(policy: String): RuntimeException = SparkAccess.runtimeError(
    "LAKEWRIGHT_POLICY_FAILED", s"$policy failed\n  fix: the table's owner can call the function with single values to find out why")

  def refused(what: String, table: String, fix: String): PluginException = Errors.error(
    "UNSUPPORTED_FEATURE.TABLE_OPERATION", "0A000", s"$what is not possible on a table with a row filter or a column mask",
    s"table $table", fix)

  def byPath(table: String): PluginException = Errors.error(
    "UNSUPPORTED_FEATURE.TABLE_OPERATION", "0A000", "a table with tags, a row filter or a column mask is not altered by its path",
    s"table $table", "use the table's name")

  def changed(table: String): PluginException = Errors.error(
    "LAKEWRIGHT_POLICY_CHANGED", "55000", "a row filter or a column mask has changed since this DataFrame was made",
    s"table $table", "build the DataFrame again")

  def functionGone(function: Seq[String], table: String): PluginException = Errors.error(
    "UC_DEPENDENCY_DOES_NOT_EXIST", "42P01", s"the function ${SparkAccess.quoted(function)} of a policy does not exist",
    s"table $table", "create the function again, or DROP ROW FILTER, DROP MASK or DROP POLICY")

  def columnGone(column: String, table: String): PluginException = Errors.error(
    "ROW_COLUMN_ACCESS.COLUMN_NOT_FOUND", "42703", s"the column `$column` of a policy is not in the table",
    s"table $table", "add the column again, or DROP ROW FILTER or DROP MASK")

  def notAllowed(kind: String, reason: String, table: String, fix: String): PluginException = Errors.error(
    kind, "0A000", reason, s"table $table", fix)

  def assigned(condition: String, reason: String, table: String, fix: String): PluginException = Errors.error(
    s"ROW_COLUMN_ACCESS.$condition", "42501", reason, s"table $table", fix)

  def readsProtected(table: String, read: String): PluginException = Errors.error(
    "UNSUPPORTED_FEATURE", "0A000", s"the function of a row filter or of a column mask reads the table $read, which has policies itself",
    s"table $table", "let the function read a table without a row filter and a mask")

  def cannotRead(table: String, why: String): PluginException = Errors.error(
    "UNSUPPORTED_FEATURE", "0A000", s"this form of a policy is not possible: $why", s"table $table",
    "compare in the WHERE of the subquery: EXISTS (SELECT 1 FROM t WHERE t.column = parameter), or parameter IN (SELECT …)")

  def tooManyRows(table: String, most: Int): PluginException = Errors.error(
    "UNSUPPORTED_FEATURE", "0A000", s"a query in the function of a policy has more than $most rows", s"table $table",
    "let its WHERE name the user: WHERE user = current_user()")
}
