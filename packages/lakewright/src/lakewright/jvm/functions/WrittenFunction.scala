package lakewright

import org.apache.spark.sql.{AnalysisException, SparkSession}
import org.apache.spark.sql.catalyst.TableIdentifier
import org.apache.spark.sql.catalyst.analysis.AnalysisContext
import org.apache.spark.sql.catalyst.catalog.{CatalogStorageFormat, CatalogTable, CatalogTableType, SQLFunction}
import org.apache.spark.sql.catalyst.expressions.{Alias, Expression, Literal}
import org.apache.spark.sql.catalyst.parser.{CatalystSqlParser, ParserInterface}
import org.apache.spark.sql.catalyst.plans.logical.{LogicalPlan, OneRowRelation, Project}
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.lakewright.SparkAccess
import org.apache.spark.sql.types.StructType

/**
 * A function whose text is read with the names that it was written with: Spark reads a function's text under the
 * current schema of its caller, so `t` would be another table in each session, and finds the caller's own objects.
 */
final class WrittenFunction(session: SparkSession, function: SQLFunction, namespace: Seq[String])
    extends SQLFunction(function.name, function.inputParam, function.returnType, function.exprText, function.queryText,
      function.comment, function.collation, function.deterministic, function.containsSQL, function.isTableFunc,
      function.properties, function.owner, function.createTimeMs) {
  override def getExpressionAndQuery(parser: ParserInterface, isTable: Boolean): (Option[Expression], Option[LogicalPlan]) = {
    new VariableFreeText(session, this, namespace).require()
    val (expression, query) = super.getExpressionAndQuery(parser, isTable)
    val names = new BodyNames(name.nameParts, namespace, BodyNames.isBuiltIn(session))
    (expression.map(names.complete), query.map(names.complete))
  }
}

/**
 * Refuses a function whose text needs a variable of the session that reads it. A name may be a column's, a parameter's
 * or a variable's, which only the analysis tells: the text is resolved once as that of a view, in which Spark finds no
 * variables. As a variable is what a name means last, a text that is resolved so has none.
 */
final class VariableFreeText(session: SparkSession, function: SQLFunction, namespace: Seq[String]) {
  private val analyzer = session.asInstanceOf[ClassicSession].sessionState.analyzer

  def require(): Unit = if (findsVariables && SparkAccess.hasVariables(session)) {
    val body = try AnalysisContext.withAnalysisContext(view)(resolved) catch {
      case missing: AnalysisException if Option(missing.getCondition).exists(_.startsWith("UNRESOLVED_COLUMN")) => throw refusal(missing)
    }
    if (!body.resolved) throw FunctionErrors.notWithoutVariables(function.name.nameParts)
  }

  /** In the text of a view, and of what it calls, Spark finds no variables but those that a temporary view has named. */
  private def findsVariables: Boolean =
    AnalysisContext.get.catalogAndNamespace.isEmpty || AnalysisContext.get.referredTempVariableNames.nonEmpty

  private def refusal(missing: AnalysisException): Throwable = {
    val name = CatalystSqlParser.parseMultipartIdentifier(missing.getMessageParameters.get("objectName"))
    if (SparkAccess.isVariable(session, name)) FunctionErrors.ofSession(function.name.nameParts, "variable", name) else missing
  }

  private def resolved: LogicalPlan = {
    val nulls = function.inputParam.toSeq.flatMap(_.fields).map(field => Literal(null, field.dataType))
    if (function.isTableFunc) analyzer.ResolveSQLTableFunctions(StoredFunctions.rows(function, nulls))
    else analyzer.ResolveSQLFunctions(Project(Seq(Alias(StoredFunctions.call(function, nulls), "f")()), OneRowRelation()))
  }

  private def view: CatalogTable = CatalogTable(
    TableIdentifier(function.name.funcName), CatalogTableType.VIEW, CatalogStorageFormat.empty, StructType(Nil),
    properties = CatalogTable.catalogAndNamespaceToProps(namespace.head, namespace.tail))
}
