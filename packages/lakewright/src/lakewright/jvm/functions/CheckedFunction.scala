package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.{CapturesConfig, FunctionIdentifier, QueryPlanningTracker}
import org.apache.spark.sql.catalyst.catalog.{SessionCatalog, SQLFunction, UserDefinedFunction, UserDefinedFunctionErrors}
import org.apache.spark.sql.catalyst.expressions.{Alias, Cast, Expression, LateralSubquery, Literal, ScalarSubquery}
import org.apache.spark.sql.catalyst.plans.Inner
import org.apache.spark.sql.catalyst.plans.logical._
import org.apache.spark.sql.catalyst.util.ResolveDefaultColumns
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.execution.command.CreateUserDefinedFunctionCommand
import org.apache.spark.sql.lakewright.SparkAccess
import org.apache.spark.sql.types.{MetadataBuilder, StructField, StructType}

/**
 * A function's text, checked before it is stored: the rules of Spark for a function of its own catalog, and in its
 * words. The body is analyzed with the rights of who makes it, as a view's text is.
 */
final class CheckedFunction(session: SparkSession, place: EntryPlace, statement: CreateUserDefinedFunction) extends CapturesConfig {
  private val state = session.asInstanceOf[ClassicSession].sessionState
  private val parser = state.sqlParser
  private val name = FunctionIdentifier(place.name, Some(place.schema), Some(place.catalog))
  private val namespace = CommandContext.of(session).complete(Seq("f"), 3).init
  private val parameters: Option[StructType] =
    statement.inputParamText.map(UserDefinedFunction.parseRoutineParam(_, parser, statement.collation))
  private val stated =
    SQLFunction.parseReturnTypeText(statement.returnTypeText, statement.isTableFunc, parser, statement.collation)
  private val (expression, query) = SQLFunction(
    name, parameters, stated.getOrElse(Left(null)), statement.exprText, statement.queryText, None, None, None, None,
    statement.isTableFunc, Map.empty).getExpressionAndQuery(parser, statement.isTableFunc)

  def text: FunctionText = {
    requireParameters()
    val written = query.getOrElse(Project(Seq(Alias(expression.get, place.name)()), OneRowRelation()))
    new CalledObjects(session).requirePersistent(name, written)
    new CalledObjects(session).requireNoCycle(place.parts, written, namespace)
    val body = analyzed(if (statement.isTableFunc) rows else value)
    new CalledObjects(session).requireNoVariable(name, body)
    if (expression.isDefined) requireOneValue(body)
    val returns = if (statement.isTableFunc) columns(body) else body.output.head.dataType
    val made = FunctionText(parameters, returns, statement.isTableFunc, statement.exprText, statement.queryText,
      Some(statement.isDeterministic.getOrElse(isDeterministic(body))), Some(containsSql(body)), namespace,
      sqlConfigsToProps(state.conf, UserDefinedFunction.SQL_CONFIG_PREFIX))
    call(made)
    made
  }

  private def requireParameters(): Unit = parameters.foreach { fields =>
    CreateUserDefinedFunctionCommand.checkParameterNotNull(fields, statement.inputParamText.get)
    CreateUserDefinedFunctionCommand.checkParameterNameDuplication(fields, state.conf, name)
    CreateUserDefinedFunctionCommand.checkDefaultsTrailing(fields, name)
    for (field <- fields; default <- SparkAccess.defaultOf(field))
      ResolveDefaultColumns.analyze(field.name, field.dataType, default, "CREATE FUNCTION")
  }

  private def input: LogicalPlan = parameters.filter(_.nonEmpty).fold[LogicalPlan](OneRowRelation()) { fields =>
    val mark = new MetadataBuilder().putBoolean(SessionCatalog.SQL_FUNCTION_PARAMETER_ALIAS_METADATA_KEY, true).build()
    Project(fields.map(field => Alias(Literal(null, field.dataType), field.name)(explicitMetadata = Some(mark))), OneRowRelation())
  }

  private def value: LogicalPlan = {
    val result: Expression = query.map(ScalarSubquery(_)).orElse(expression).get
    val typed = stated.collect { case Left(kind) if kind != null => Cast(result, kind) }.getOrElse(result)
    Project(Seq(Alias(typed, place.name)()), input)
  }

  private def rows: LogicalPlan = {
    val plan = query.getOrElse(throw UserDefinedFunctionErrors.bodyIsNotAQueryForSqlTableUdf(place.name))
    if (parameters.forall(_.isEmpty)) plan else LateralJoin(input, LateralSubquery(plan), Inner, None)
  }

  private def analyzed(plan: LogicalPlan): LogicalPlan = state.analyzer.executeAndCheck(plan, new QueryPlanningTracker)

  /** The columns of a table function: as stated, if their number is that of the query. */
  private def columns(body: LogicalPlan): StructType = {
    val found = StructType(body.output.drop(parameters.fold(0)(_.length)).map(one => StructField(one.name, one.dataType)))
    stated.collect { case Right(row) if row != null => row }.fold(found) { row =>
      CreateUserDefinedFunctionCommand.checkReturnsColumnDuplication(row, state.conf, name)
      if (row.length != found.length) throw FunctionErrors.otherColumns(place.parts, row.length, found.length)
      row
    }
  }

  private def requireOneValue(body: LogicalPlan): Unit = if (body.exists {
    case _: Aggregate | _: Window | _: Generate => true
    case _ => false
  }) throw FunctionErrors.notOneValue(place.parts)

  private def isDeterministic(body: LogicalPlan): Boolean =
    !body.collectWithSubqueries { case node => node.expressions.forall(_.deterministic) }.contains(false)

  private def containsSql(body: LogicalPlan): Boolean = {
    val reads = body.collectWithSubqueries { case leaf: LeafNode if !leaf.isInstanceOf[OneRowRelation] => leaf }.nonEmpty
    if (reads && statement.containsSQL.contains(true)) throw FunctionErrors.readsData(place.parts)
    !reads
  }

  /** What is stored must also be callable: this finds a result that cannot be cast. */
  private def call(made: FunctionText): Unit = {
    val function = StoredFunctions.spark(place, Entry(EntryKind.Function, "", function = Some(made)))
    val nulls = made.fields.map(field => Literal(null, field.dataType))
    analyzed(if (made.isTable) StoredFunctions.rows(function, nulls)
    else Project(Seq(Alias(StoredFunctions.call(function, nulls), place.name)()), OneRowRelation()))
  }
}
