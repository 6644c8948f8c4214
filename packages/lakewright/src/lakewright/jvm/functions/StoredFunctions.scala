package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.FunctionIdentifier
import org.apache.spark.sql.catalyst.analysis.{NoSuchFunctionException, SQLFunctionExpression, SQLTableFunction}
import org.apache.spark.sql.catalyst.catalog.{SQLFunction, UserDefinedFunctionErrors}
import org.apache.spark.sql.catalyst.expressions.{AttributeReference, Expression, ExpressionInfo, NamedArgumentExpression}
import org.apache.spark.sql.catalyst.plans.logical.{FunctionSignature, InputParameter, LogicalPlan, NamedParametersSupport}
import org.apache.spark.sql.catalyst.util.ResolveDefaultColumns
import org.apache.spark.sql.connector.catalog.Identifier
import org.apache.spark.sql.internal.SQLConf
import org.apache.spark.sql.internal.connector.V1Function
import org.apache.spark.sql.lakewright.SparkAccess
import org.apache.spark.sql.types.{StructField, StructType}

/** One catalog's functions. Spark's own analyzer puts their text in place of a call. */
final class StoredFunctions(catalog: StoredCatalog) {
  private val store = catalog.store

  def placeOf(ident: Identifier): EntryPlace = catalog.placeOf(ident).copy(family = Family.Functions)

  def entry(ident: Identifier): Option[Entry] =
    if (ident.namespace().length != 1) None else store.entry(placeOf(ident))

  def list(namespace: Array[String]): Array[Identifier] = {
    val schema = catalog.schemaOf(namespace)
    if (schema != InformationSchema.Name) catalog.requireSchema(schema)
    store.names(catalog.name, schema, Family.Functions).map(Identifier.of(Array(schema), _)).toArray
  }

  /** What Spark calls for `c.s.f(…)`. A table function is known by its name, and refused as one value. */
  def load(ident: Identifier): V1Function = {
    val found = entry(ident).getOrElse(throw new NoSuchFunctionException(ident))
    val function = StoredFunctions.spark(placeOf(ident), found)
    V1Function(StoredFunctions.info(function), (arguments: Seq[Expression]) => StoredFunctions.call(function, arguments))
  }
}

object StoredFunctions {
  /** A function in Spark's form. */
  def spark(place: EntryPlace, entry: Entry): SQLFunction = {
    val text = entry.function.getOrElse(throw new RecordFormat.Unreadable("it is a function without text"))
    val function = SQLFunction(
      FunctionIdentifier(place.name, Some(place.schema), Some(place.catalog)), text.parameters,
      if (text.isTable) Right(text.returns.asInstanceOf[StructType]) else Left(text.returns),
      text.expression, text.query, entry.comment, None, text.deterministic, text.containsSql, text.isTable, text.context,
      Some(entry.owner), entry.createdAt.toEpochMilli)
    new WrittenFunction(SparkSession.active, function, text.namespace)
  }

  def call(function: SQLFunction, arguments: Seq[Expression]): Expression =
    if (function.isTableFunc) throw UserDefinedFunctionErrors.notAScalarFunction(function.name.nameParts)
    else SQLFunctionExpression(
      function.name.unquotedString, function, ordered(function, arguments), Some(function.getScalarFuncReturnType))

  def rows(function: SQLFunction, arguments: Seq[Expression]): LogicalPlan = {
    val output = function.getTableFuncReturnCols.map(field => AttributeReference(field.name, field.dataType, field.nullable)())
    SQLTableFunction(function.name.unquotedString, function, ordered(function, arguments), output)
  }

  // Spark does the same for a function of its own catalog, and only there. It reads a default that is not named under
  // the caller's session, so it is put in its place here.
  private def ordered(function: SQLFunction, arguments: Seq[Expression]): Seq[Expression] = {
    val fields = function.inputParam.toSeq.flatMap(_.fields)
    if (!arguments.exists(_.isInstanceOf[NamedArgumentExpression]))
      arguments ++ fields.drop(arguments.length).map(default).takeWhile(_.isDefined).flatten
    else NamedParametersSupport.defaultRearrange(
      FunctionSignature(fields.map(field => InputParameter(field.name, default(field)))),
      arguments, function.name.unquotedString, SQLConf.get.resolver)
  }

  private def default(field: StructField): Option[Expression] = SparkAccess.defaultOf(field).map(text =>
    ResolveDefaultColumns.analyze(field.name, field.dataType, text, "CREATE FUNCTION"))

  private def info(function: SQLFunction): ExpressionInfo =
    new ExpressionInfo(classOf[SQLFunction].getName, function.name.catalog.get + "." + function.name.database.get, function.name.funcName)
}
