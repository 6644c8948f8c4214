package lakewright

import java.nio.file.Path

import org.apache.spark.sql.lakewright.PluginException

/** The plugin's own errors; where Spark has an error class of its own (no such table, …), that one is thrown. */
object Errors {
  private[lakewright] def error(condition: String, state: String, summary: String, where: String, fix: String) =
    new PluginException(condition, s"$summary\n  at: $where\n  fix: $fix", state)

  /** Says what is missing from the catalog down, and every statement that it takes. */
  def permissionDenied(principal: String, missing: Seq[Missing], through: Option[Securable]): PluginException =
    new PluginException(
      "PERMISSION_DENIED",
      s"User $principal${through.fold("")(one => s" (the owner of the ${one.shown})")} does not have ${missing.head.shown}.\n" +
        missing.map(_.fix(principal)).mkString("  fix: ", "\n       ", ""),
      "42501")

  def otherPrincipal(fixed: String, wanted: String): PluginException = error(
    "LAKEWRIGHT_PRINCIPAL_IS_FIXED", "42501", s"this session works for $fixed and cannot become $wanted",
    s"spark.lakewright.principal = $wanted", s"open a new session for $wanted: `lakewright run --as`, `lakewright sql --as`")

  def otherEnvironment(catalog: String, environment: String, own: String): PluginException = error(
    "LAKEWRIGHT_OTHER_ENVIRONMENT", "42501",
    s"a session of the environment '$own' names a catalog of '$environment'; nothing was read", s"catalog '$catalog'",
    "take names from the configuration, as `context.table` and the bundle's variables do; " +
      s"to use '$environment' on purpose, add it to catalog.uses_environments in config/$own.yaml")

  def noSuchPrincipal(name: String, known: Seq[String]): PluginException = error(
    "PRINCIPAL_DOES_NOT_EXIST", "42704", s"Could not find principal with name $name", s"principal '$name'",
    s"declare it under `principals` in the project's configuration; declared are: ${known.mkString(", ")}")

  def misfit(privilege: Privilege, securable: Securable): PluginException = {
    val places = SecurableKind.all.filter(privilege.on.contains).map(_.keyword).distinct ++ privilege.elsewhere
    val fitting = Privilege.known.filter(_.on.contains(securable.kind)).map(_.sql)
    error("INVALID_PARAMETER_VALUE", "22023", s"Privilege ${privilege.sql} is not applicable to this entity", securable.shown,
      s"${privilege.sql} fits: ${places.mkString(", ")}\n       what fits a ${securable.kind.word.toLowerCase(java.util.Locale.ROOT)}: " +
        fitting.mkString(", "))
  }

  def damagedPrincipals(file: Path, reason: String): PluginException = error(
    "LAKEWRIGHT_DAMAGED_METADATA", "XX000", s"the list of principals cannot be read: $reason", file.toString,
    "delete the file: the next command writes it again from the project's configuration")

  def invalidName(name: String, reason: String): PluginException = error(
    "INVALID_PARAMETER_VALUE", "22023", s"'$name' is not a valid name: $reason", s"name '$name'",
    "choose a name of at most 255 characters without period, space, slash or control characters")

  def damagedMetadata(file: Path, reason: String): PluginException = error(
    "LAKEWRIGHT_DAMAGED_METADATA", "XX000", s"a catalog entry cannot be read: $reason", file.toString,
    "put the file back from a copy, or delete it and create the object again; " +
      "the data of a managed table stays in the lakehouse's folder `tables/`")

  def noLakehouse(): PluginException = error(
    "LAKEWRIGHT_NOT_CONFIGURED", "F0000", "no lakehouse folder is configured", "spark.lakewright.lakehouse",
    "set spark.lakewright.lakehouse to the absolute path of a folder before the session starts")

  def lakehouseTaken(lock: Path): PluginException = error(
    "LAKEWRIGHT_LAKEHOUSE_IN_USE", "55006", "another process writes this lakehouse", lock.toString,
    "attach to the running engine (`lakewright engine status`), or end it with `lakewright engine stop`")

  def noSuchCatalog(name: String): PluginException = if (name == SystemCatalog.Name) SystemCatalog.noGrants() else error(
    "NO_SUCH_CATALOG_EXCEPTION", "42704", s"the catalog '$name' does not exist", s"catalog '$name'",
    s"create it with CREATE CATALOG `$name`; SHOW CATALOGS lists those that exist")

  def catalogExists(name: String): PluginException = error(
    "CATALOG_ALREADY_EXISTS", "42P06", s"the catalog '$name' exists already", s"catalog '$name'",
    s"use CREATE CATALOG IF NOT EXISTS `$name`, or another name")

  def catalogNotEmpty(name: String, holds: Seq[String]): PluginException = error(
    "CATALOG_NOT_EMPTY", "2BP01", s"the catalog '$name' holds schemas: ${holds.mkString(", ")}",
    s"catalog '$name'", s"drop them first, or use DROP CATALOG `$name` CASCADE")

  def reservedCatalog(name: String): PluginException = error(
    "INVALID_PARAMETER_VALUE", "22023", s"the catalog name '$name' belongs to Spark", s"catalog '$name'",
    "choose another name")

  def notDelta(provider: String, table: String): PluginException = error(
    "LAKEWRIGHT_ONLY_DELTA", "0A000", s"tables are kept as Delta; '$provider' is not supported",
    s"table $table",
    "leave USING out; to read files use spark.read or read them into a Delta table " +
      "(Unity Catalog refuses managed tables of other formats as well)")

  def externalNeedsLocation(table: String): PluginException = error(
    "INVALID_PARAMETER_VALUE", "22023", "an external table needs a location", s"table $table",
    "add LOCATION '<path>', or leave EXTERNAL out")

  def otherLocation(table: String, location: String): PluginException = error(
    "INVALID_PARAMETER_VALUE", "22023", "a table cannot be replaced at another location", s"table $table at $location",
    "leave LOCATION out, or DROP the table first")

  def locationOverlap(location: String, taken: String): PluginException = error(
    "INVALID_PARAMETER_VALUE.LOCATION_OVERLAP", "22023", s"the location overlaps $taken", location,
    "choose a folder that is not at, above or below it; to use the table that is there, use its name")

  def noSuchVolume(parts: Seq[String]): PluginException = error(
    "VOLUME_NOT_FOUND", "42704", s"the volume '${parts.mkString(".")}' does not exist", s"volume ${parts.mkString(".")}",
    s"SHOW VOLUMES IN ${parts.init.mkString(".")} lists those that exist; CREATE VOLUME makes one")

  def noSuchModel(parts: Seq[String]): PluginException = error(
    "REGISTERED_MODEL_NOT_FOUND", "42704", s"the registered model '${parts.mkString(".")}' does not exist",
    s"model ${parts.mkString(".")}", "register it first: mlflow.register_model(…, '" + parts.mkString(".") + "')")

  def volumeExists(parts: Seq[String]): PluginException = error(
    "VOLUME_ALREADY_EXISTS", "42710", s"the volume '${parts.mkString(".")}' exists already",
    s"volume ${parts.mkString(".")}", "use CREATE VOLUME IF NOT EXISTS, or another name")

  def noSuchPrivilege(words: String): PluginException = error(
    "INVALID_PRIVILEGE", "42601", s"'$words' is not a privilege", s"privilege '$words'",
    s"use one of: ${Privilege.known.map(_.sql).sorted.mkString(", ")}")

  def managedLocation(table: String): PluginException = error(
    "INVALID_PARAMETER_VALUE", "22023", "the catalog chooses where a managed table lies", s"table $table",
    "create an external table with CREATE TABLE … LOCATION, or a copy with CREATE TABLE … AS SELECT")

  def readOnlySchema(what: String): PluginException = error(
    "UNSUPPORTED_FEATURE", "0A000", "information_schema is made from the catalog and cannot be changed", what,
    "change the object it describes")

  def noSuchColumn(table: String, column: String, known: Seq[String]): PluginException = error(
    "COLUMN_NOT_FOUND", "42703", s"the column `$column` cannot be found", s"table $table",
    s"use columns of the table: ${known.mkString(", ")}")

  def halfWrittenLog(log: String): PluginException = error(
    "LAKEWRIGHT_HALF_WRITTEN_TABLE", "XX000", "this place holds the log of a table whose creation was cut off", log,
    s"delete the folder $log, then run the statement again")

  def runsOnDatabricks(statement: String, fix: String): PluginException = error(
    "UNSUPPORTED_FEATURE", "0A000", s"$statement runs on Databricks, not in the local engine", statement, fix)

  /** In Spark's class and words; they name the statement, which is known here by the rights that it needs. */
  def viewIsNotWritten(view: String, rights: Seq[String]): PluginException = error(
    "EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE", "42809", s"'${rights.mkString(", ")}' expects a table but $view is a view",
    s"view $view", "write to the tables that the view reads")

  def acrossCatalogs(from: String, to: String): PluginException = error(
    "UNSUPPORTED_FEATURE", "0A000", s"a table cannot move from catalog '$from' to catalog '$to'", s"catalog '$to'",
    s"CREATE TABLE … AS SELECT, or CREATE TABLE … SHALLOW CLONE, then DROP")

  def nestedNamespace(parts: Seq[String]): PluginException = error(
    "REQUIRES_SINGLE_PART_NAMESPACE", "42K05", "names have three levels: catalog.schema.table",
    parts.mkString("."), "use one schema level")

  def syntax(statement: String, expected: String): PluginException = error(
    "PARSE_SYNTAX_ERROR", "42601", s"$statement: expected $expected", statement,
    "see the statement's syntax in the SQL reference")
}
