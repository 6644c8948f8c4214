package lakewright

import org.apache.spark.sql.lakewright.{PluginException, SparkAccess}

/** What can be wrong with a function. */
object FunctionErrors {
  def exists(parts: Seq[String]): PluginException = Errors.error(
    "ROUTINE_ALREADY_EXISTS", "42723", s"the function ${SparkAccess.quoted(parts)} exists already",
    s"function ${parts.mkString(".")}", "use CREATE OR REPLACE FUNCTION, CREATE FUNCTION IF NOT EXISTS, or another name")

  def missing(parts: Seq[String]): PluginException = Errors.error(
    "ROUTINE_NOT_FOUND", "42883", s"the function ${SparkAccess.quoted(parts)} cannot be found",
    s"function ${parts.mkString(".")}", s"SHOW USER FUNCTIONS IN ${SparkAccess.quoted(parts.init)} lists those that exist")

  def notOneValue(parts: Seq[String]): PluginException = Errors.error(
    "USER_DEFINED_FUNCTIONS.CANNOT_CONTAIN_COMPLEX_FUNCTIONS", "42601",
    "the body of a function cannot have an aggregate, a window or a generator outside of a query",
    s"function ${parts.mkString(".")}", "put it into a query: RETURN (SELECT max(x) FROM …)")

  def otherColumns(parts: Seq[String], stated: Int, found: Int): PluginException = Errors.error(
    "USER_DEFINED_FUNCTIONS.RETURN_COLUMN_COUNT_MISMATCH", "42601",
    s"RETURNS TABLE has $stated columns, the query has $found", s"function ${parts.mkString(".")}",
    "name each column of the query in RETURNS TABLE (…), in its order")

  def readsData(parts: Seq[String]): PluginException = Errors.error(
    "INVALID_SQL_FUNCTION_DATA_ACCESS", "42K0E", "a function with CONTAINS SQL reads a table",
    s"function ${parts.mkString(".")}", "write READS SQL DATA, or leave the words out")

  def cycle(chain: Seq[Seq[String]]): PluginException = Errors.error(
    "CYCLIC_FUNCTION_REFERENCE", "42887", s"a function would call itself: ${chain.map(_.mkString(".")).mkString(" -> ")}",
    s"function ${chain.head.mkString(".")}", "leave the call out of the function's body")

  /** Spark's class for what a view refuses; here also for a function that was stored before it was refused. */
  def ofSession(function: Seq[String], kind: String, name: Seq[String]): PluginException = Errors.error(
    "INVALID_TEMP_OBJ_REFERENCE", "42K0F",
    s"the text of a stored function names the $kind ${SparkAccess.quoted(name)}, which a session has for itself",
    s"function ${function.mkString(".")}", kind match {
      case "variable" => "give it to the function as a parameter, or keep it in a table"
      case "view" => "name a table or a view of a schema"
      case _ => "name a function of a schema, or CREATE TEMPORARY FUNCTION for this one too"
    })

  def notWithoutVariables(function: Seq[String]): PluginException = Errors.error(
    "INVALID_TEMP_OBJ_REFERENCE", "42K0F", "the text of a stored function cannot be resolved without the session's variables",
    s"function ${function.mkString(".")}", "DROP VARIABLE what the session has declared shows what is missing; then create the function again")

  def notSql(language: String): PluginException = Errors.runsOnDatabricks(
    s"CREATE FUNCTION in $language", "spark.udf.register('…', …) in Python makes one for a session")
}
