package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.FunctionIdentifier
import org.apache.spark.sql.catalyst.analysis.{ExpressionWithUnresolvedIdentifier, PlanWithUnresolvedIdentifier}
import org.apache.spark.sql.catalyst.analysis.{UnresolvedFunction, UnresolvedRelation, UnresolvedTableValuedFunction}
import org.apache.spark.sql.catalyst.expressions.{Alias, Expression, SubqueryExpression, WindowSpecDefinition}
import org.apache.spark.sql.catalyst.plans.logical.{LogicalPlan, OneRowRelation, Project, SubqueryAlias, UnresolvedWith, WithWindowDefinition}
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}

/** Completes the names of tables and functions in a text that was just parsed; none is that of a session's own object. */
final class BodyNames(owner: Seq[String], namespace: Seq[String], isBuiltIn: String => Boolean) {
  def complete(expression: Expression): Expression = complete(expression, Set.empty)

  def complete(plan: LogicalPlan): LogicalPlan = complete(plan, Set.empty)

  private def complete(expression: Expression, local: Set[String]): Expression = expression.transform {
    case call: UnresolvedFunction if !call.isInternal => call.copy(nameParts = function(call.nameParts))
    // The names that IDENTIFIER makes are known later, and are completed then.
    case named: ExpressionWithUnresolvedIdentifier =>
      named.copy(exprBuilder = (parts, others) => complete(named.exprBuilder(parts, others), local))
    case subquery: SubqueryExpression => subquery.withNewPlan(complete(subquery.plan, local))
  }

  private def complete(plan: LogicalPlan, local: Set[String]): LogicalPlan = {
    val inside = local ++ plan.collect { case named: UnresolvedWith => named.cteRelations.map(one => Names.key(one._1)) }.flatten
    plan.transformDown {
      case relation: UnresolvedRelation if !isLocal(relation.multipartIdentifier, inside) =>
        relation.copy(multipartIdentifier = relationName(relation.multipartIdentifier))
      case call: UnresolvedTableValuedFunction => call.copy(name = function(call.name))
      case named: PlanWithUnresolvedIdentifier =>
        named.copy(planBuilder = (parts, children) => complete(named.planBuilder(parts, children), inside))
      case windows: WithWindowDefinition => windows.copy(windowDefinitions = windows.windowDefinitions.map {
        case (name, window) => name -> complete(window, inside).asInstanceOf[WindowSpecDefinition]
      })
      case named: UnresolvedWith => named.copy(cteRelations = named.cteRelations.map {
        case (name, SubqueryAlias(alias, child), depth) => (name, SubqueryAlias(alias, complete(child, inside)), depth)
      })
    }.transformDown { case node => node.mapExpressions(complete(_, inside)) }
  }

  private def isLocal(parts: Seq[String], names: Set[String]): Boolean = parts.length == 1 && names(Names.key(parts.head))

  private def relationName(parts: Seq[String]): Seq[String] =
    if (BodyNames.isOfSession(parts)) throw FunctionErrors.ofSession(owner, "view", parts) else full(parts)

  private def function(parts: Seq[String]): Seq[String] = parts match {
    // Else a caller's own function of this name, first in the path of its session, would decide in the owner's text.
    case Seq(one) if isBuiltIn(one) => Seq("system", "builtin", one)
    case Seq(builtIn, one) if builtIn.equalsIgnoreCase("builtin") => Seq("system", "builtin", one)
    case _ if BodyNames.isOfSession(parts) => throw FunctionErrors.ofSession(owner, "function", parts)
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
    expressions(node).flatMap(_.collect { case call: UnresolvedFunction => call })

  /** Those of a node, and of the windows that it names. */
  private def expressions(node: LogicalPlan): Seq[Expression] = node match {
    case windows: WithWindowDefinition => windows.expressions ++ windows.windowDefinitions.values
    case _ => node.expressions
  }

  /** Whether a name in one part is that of a function that every session has: Spark's, or of an extension. */
  def isBuiltIn(session: SparkSession): String => Boolean = name => {
    val named = FunctionIdentifier(name, Some("builtin"), Some("system")) // a session's own are in system.session
    val state = session.asInstanceOf[ClassicSession].sessionState
    state.functionRegistry.functionExists(named) || state.tableFunctionRegistry.functionExists(named)
  }

  /** Whether a name can only be that of a session's own object. */
  def isOfSession(parts: Seq[String]): Boolean = Seq(Seq("system", "session"), Seq("session"))
    .exists(schema => parts.length == schema.length + 1 && schema.zip(parts).forall { case (one, part) => one.equalsIgnoreCase(part) })

  private def isPath(parts: Seq[String]): Boolean =
    parts.length == 2 && (Seq("delta", "parquet", "csv", "json", "text", "orc", "avro", "binaryfile").exists(parts.head.equalsIgnoreCase))
}
