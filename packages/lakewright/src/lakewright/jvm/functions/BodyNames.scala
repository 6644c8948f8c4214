package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.FunctionIdentifier
import org.apache.spark.sql.catalyst.analysis.{FunctionRegistry, TableFunctionRegistry, UnresolvedFunction, UnresolvedRelation, UnresolvedTableValuedFunction}
import org.apache.spark.sql.catalyst.catalog.SQLFunction
import org.apache.spark.sql.catalyst.expressions.{Alias, Expression, SubqueryExpression}
import org.apache.spark.sql.catalyst.parser.ParserInterface
import org.apache.spark.sql.catalyst.plans.logical.{LogicalPlan, OneRowRelation, Project, SubqueryAlias, UnresolvedWith}
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.lakewright.SparkAccess

/**
 * A function whose text is read with the names that it was written with: Spark reads a function's text under the
 * current schema of its caller, so `t` would be another table in each session.
 */
final class WrittenFunction(
    function: SQLFunction, namespace: Seq[String], isBuiltIn: String => Boolean)
    extends SQLFunction(function.name, function.inputParam, function.returnType, function.exprText, function.queryText,
      function.comment, function.collation, function.deterministic, function.containsSQL, function.isTableFunc,
      function.properties, function.owner, function.createTimeMs) {
  override def getExpressionAndQuery(parser: ParserInterface, isTable: Boolean): (Option[Expression], Option[LogicalPlan]) = {
    val (expression, query) = super.getExpressionAndQuery(parser, isTable)
    val names = new BodyNames(namespace, isBuiltIn)
    (expression.map(names.complete), query.map(names.complete))
  }
}

/** Completes the names of tables and functions in a text that was just parsed. */
final class BodyNames(namespace: Seq[String], isBuiltIn: String => Boolean) {
  def complete(expression: Expression): Expression = expression.transform {
    case call: UnresolvedFunction if !call.isInternal => call.copy(nameParts = function(call.nameParts))
    case subquery: SubqueryExpression => subquery.withNewPlan(complete(subquery.plan))
  }

  def complete(plan: LogicalPlan): LogicalPlan = complete(plan, Set.empty)

  private def complete(plan: LogicalPlan, local: Set[String]): LogicalPlan = {
    val inside = local ++ plan.collect { case named: UnresolvedWith => named.cteRelations.map(one => Names.key(one._1)) }.flatten
    plan.transformDown {
      case relation: UnresolvedRelation if !isLocal(relation.multipartIdentifier, inside) =>
        relation.copy(multipartIdentifier = full(relation.multipartIdentifier))
      case call: UnresolvedTableValuedFunction => call.copy(name = function(call.name))
      case named: UnresolvedWith => named.copy(cteRelations = named.cteRelations.map {
        case (name, SubqueryAlias(alias, child), depth) => (name, SubqueryAlias(alias, complete(child, inside)), depth)
      })
    }.transformAllExpressions {
      case call: UnresolvedFunction if !call.isInternal => call.copy(nameParts = function(call.nameParts))
      case subquery: SubqueryExpression => subquery.withNewPlan(complete(subquery.plan, inside))
    }
  }

  private def isLocal(parts: Seq[String], names: Set[String]): Boolean = parts.length == 1 && names(Names.key(parts.head))

  private def function(parts: Seq[String]): Seq[String] = parts match {
    // Else a caller's own function of this name, first in the path of its session, would decide in the owner's text.
    case Seq(one) if BodyNames.isSparks(one) => Seq("system", "builtin", one)
    case Seq(one) if isBuiltIn(one) => parts
    case Seq(kind, _) if Seq("builtin", "session").exists(kind.equalsIgnoreCase) => parts
    case _ => full(parts)
  }

  private def full(parts: Seq[String]): Seq[String] =
    if (parts.length >= 3 || BodyNames.isPath(parts)) parts else namespace.take(3 - parts.length) ++ parts
}

object BodyNames {
  /** A function's text as a plan. */
  def written(session: SparkSession, text: FunctionText): LogicalPlan = {
    val parser = session.asInstanceOf[ClassicSession].sessionState.sqlParser
    text.query.map(parser.parsePlan)
      .getOrElse(Project(Seq(Alias(parser.parseExpression(text.expression.getOrElse("NULL")), "f")()), OneRowRelation()))
  }

  /** Every node of a plan that was just parsed, also of its subqueries and of its WITH. */
  def nodes(plan: LogicalPlan): Seq[LogicalPlan] = plan.collectWithSubqueries { case node => node }.flatMap {
    case named: UnresolvedWith => named +: named.cteRelations.flatMap(one => nodes(one._2))
    case node => Seq(node)
  }

  def calls(node: LogicalPlan): Seq[UnresolvedFunction] =
    node.expressions.flatMap(_.collect { case call: UnresolvedFunction => call })

  /** Whether Spark, or this plugin, has a function of this name, whatever a session has made. */
  private def isSparks(name: String): Boolean = {
    val builtIn = FunctionIdentifier(name)
    FunctionRegistry.builtin.functionExists(builtIn) || TableFunctionRegistry.builtin.functionExists(builtIn) ||
      IdentityFunctions.names.contains(Names.key(name))
  }

  /** Whether a name in one part is that of a function that every session has. */
  def isBuiltIn(session: SparkSession): String => Boolean = name => {
    val catalog = session.asInstanceOf[ClassicSession].sessionState.catalog
    // The last asks for the current catalog, which a session need not have.
    catalog.isBuiltinFunction(name) || IdentityFunctions.names.contains(Names.key(name)) ||
      SparkAccess.hasTableFunction(session, name)
  }

  private def isPath(parts: Seq[String]): Boolean =
    parts.length == 2 && (Seq("delta", "parquet", "csv", "json", "text", "orc", "avro", "binaryfile").exists(parts.head.equalsIgnoreCase))
}
