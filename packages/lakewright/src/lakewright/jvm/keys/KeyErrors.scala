package lakewright

import org.apache.spark.sql.lakewright.PluginException

/** Refusals of PRIMARY KEY, FOREIGN KEY and UNIQUE. */
object KeyErrors {
  private def at(table: String): String = s"table $table"

  def onPath(path: String): PluginException = Errors.error(
    "UNSUPPORTED_FEATURE", "0A000", "keys belong to a table of a catalog, and this table is named by its path", at(path),
    "create the table under a name of three levels")

  def checkInCreate(table: String, name: String): PluginException = Errors.error(
    "UNSUPPORTED_FEATURE", "0A000", s"CREATE TABLE does not take the CHECK constraint `$name`", at(table),
    s"create the table without it, then ALTER TABLE $table ADD CONSTRAINT $name CHECK (…)")

  def noSuchColumn(table: String, key: String, column: String, known: Seq[String]): PluginException = Errors.error(
    "UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703", s"the constraint `$key` names the column `$column`, which the table lacks",
    at(table), s"use columns of the table: ${known.mkString(", ")}")

  def repeatedColumn(table: String, key: String, column: String): PluginException = Errors.error(
    "COLUMN_ALREADY_EXISTS", "42711", s"the constraint `$key` names the column `$column` twice", at(table),
    "name each column once")

  def nullable(table: String, key: String, columns: Seq[String]): PluginException = Errors.error(
    "INVALID_PARAMETER_VALUE", "22023",
    s"the primary key `$key` cannot be created: ${columns.map(c => s"`$c`").mkString(", ")} may be NULL", at(table),
    columns.map(c => s"ALTER TABLE $table ALTER COLUMN `$c` SET NOT NULL").mkString("; "))

  def secondPrimaryKey(table: String, existing: String): PluginException = Errors.error(
    "MULTIPLE_PRIMARY_KEYS", "42P16", s"the table has the primary key `$existing` already", at(table),
    s"ALTER TABLE $table DROP PRIMARY KEY, or leave this one out")

  def nameTaken(table: String, key: String, holder: String): PluginException = Errors.error(
    "CONSTRAINT_ALREADY_EXISTS", "42710", s"the constraint `$key` exists already, on table $holder", at(table),
    "choose a name that no other table of the schema uses")

  def parentWithoutKey(table: String, parent: String): PluginException = Errors.error(
    "NOT_FOUND.UC_REFERENTIAL_CONSTRAINT_DOES_NOT_EXIST", "42704",
    s"Table `$parent` does not have either a primary key constraint or a UNIQUE constraint", at(table),
    s"ALTER TABLE $parent ADD PRIMARY KEY (…) first")

  def otherColumns(table: String, parent: String, asked: Seq[String], keys: Seq[TableKey]): PluginException = Errors.error(
    "INVALID_PARAMETER_VALUE", "22023",
    s"no key of `$parent` has exactly the columns (${asked.mkString(", ")})", at(table),
    s"refer to all columns of one key: ${keys.map(key => s"${key.name} (${key.columns.mkString(", ")})").mkString("; ")}")

  def columnCount(table: String, key: String, own: Int, parents: Int): PluginException = Errors.error(
    "INVALID_PARAMETER_VALUE", "22023",
    s"the foreign key `$key` has $own columns and refers to $parents", at(table), "name as many columns as the parent's key has")

  def otherType(table: String, column: String, own: String, parentColumn: String, parents: String): PluginException = Errors.error(
    "DATATYPE_MISMATCH", "42K09",
    s"the column `$column` is $own, and `$parentColumn`, to which it refers, is $parents", at(table), "give both the same type")

  def sameColumns(table: String, key: String, existing: String): PluginException = Errors.error(
    "CONSTRAINT_ALREADY_EXISTS", "42710", s"the foreign key `$existing` has the columns of `$key`", at(table),
    s"ALTER TABLE $table DROP CONSTRAINT $existing first")

  def referred(table: String, key: String, by: Seq[String]): PluginException = Errors.error(
    "DEPENDENT_OBJECTS_STILL_EXIST", "2BP01", s"the key `$key` is referred to by ${by.mkString(", ")}", at(table),
    "add CASCADE to drop those foreign keys too, or drop them first")

  def noSuchKey(table: String, what: String): PluginException = Errors.error(
    "CONSTRAINT_DOES_NOT_EXIST", "42704", s"there is no $what", at(table),
    "see DESCRIBE TABLE EXTENDED for the constraints; IF EXISTS passes over a missing one")

  def columnOfKey(table: String, column: String, key: TableKey): PluginException = Errors.error(
    "UNSUPPORTED_FEATURE", "0A000", s"the column `$column` belongs to the ${key.kind.sql} `${key.name}`", at(table),
    s"ALTER TABLE $table DROP CONSTRAINT ${key.name} first")
}
