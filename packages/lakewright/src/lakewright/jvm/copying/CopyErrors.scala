package lakewright

import org.apache.spark.sql.lakewright.PluginException

/** Refusals of COPY INTO. */
object CopyErrors {
  private def error(condition: String, state: String, summary: String, fix: String): PluginException =
    Errors.error(condition, state, summary, "COPY INTO", fix)

  def notHere(what: String, fix: String): PluginException = Errors.runsOnDatabricks(s"COPY INTO with $what", fix)

  def unknownOption(key: String): PluginException = error(
    "INVALID_PARAMETER_VALUE", "22023", s"COPY_OPTIONS has no option `$key`", "use force, mergeSchema")

  def positionNeedsCsv(format: String): PluginException = error(
    "INVALID_PARAMETER_VALUE", "22023", s"columns are matched by position for CSV only, not for $format",
    "leave BY POSITION and the columns out")

  def positionNeedsNoHeader(): PluginException = error(
    "INVALID_PARAMETER_VALUE", "22023", "columns are matched by position in files without a header",
    "leave BY POSITION and the columns out, or the option header")

  def otherCount(files: Int, table: Seq[String]): PluginException = error(
    "INSERT_COLUMN_ARITY_MISMATCH", "21S01",
    s"the files have $files columns, and ${table.length} are to be filled: ${table.mkString(", ")}",
    "name as many columns of the table as the files have")

  def noSuchPath(path: String): PluginException = Errors.error(
    "PATH_NOT_FOUND", "42K03", s"Path does not exist: $path", s"path $path", "correct the path in FROM, FILES or PATTERN")
}
