package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis.{AnalysisContext, UnresolvedLeafNode, UnresolvedTableValuedFunction}
import org.apache.spark.sql.catalyst.catalog.{SQLFunction, UserDefinedFunctionErrors}
import org.apache.spark.sql.catalyst.expressions.Expression
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.lakewright.SparkAccess

/** A call of one of our table functions, whose arguments are not resolved yet. */
final case class TableFunctionCall(function: SQLFunction, arguments: Seq[Expression]) extends UnresolvedLeafNode

/**
 * Finds our table functions before Spark does: it looks for them in its own catalog only, and refuses the others.
 * A function that is built in, or made for the session, comes first, as with functions of one value.
 */
final class NamedTableFunctions(session: SparkSession) extends Rule[LogicalPlan] {
  override def apply(plan: LogicalPlan): LogicalPlan = plan.resolveOperators {
    case call: UnresolvedTableValuedFunction => found(call).getOrElse(call)
  }

  private def found(call: UnresolvedTableValuedFunction): Option[LogicalPlan] =
    if (call.name.length == 1 && isSparks(call.name.head)) None
    else CommandContext.of(session).ours(completed(call.name)).flatMap { case (catalog, ident) =>
      val place = catalog.functions.placeOf(ident)
      if (catalog.functions.entry(ident).isEmpty) throw SparkAccess.noTableFunction(call.name)
      catalog.functions.entry(ident).map { entry =>
        if (!entry.function.exists(_.isTable)) throw UserDefinedFunctionErrors.notATableFunction(place.parts)
        catalog.requireExecute(ident)
        TableFunctionCall(StoredFunctions.spark(place, entry), call.functionArgs)
      }
    }

  // Inside a view or a function, names are completed as they were when it was written.
  private def completed(parts: Seq[String]): Seq[String] = {
    val under = AnalysisContext.get.catalogAndNamespace
    if (parts.length < 3 && under.length == 2) under.take(3 - parts.length) ++ parts else parts
  }

  private def isSparks(name: String): Boolean = SparkAccess.hasTableFunction(session, name)
}

/** Hands a call to Spark once its arguments are resolved. */
object ReadyTableFunctions extends Rule[LogicalPlan] {
  override def apply(plan: LogicalPlan): LogicalPlan = plan.resolveOperators {
    case TableFunctionCall(function, arguments) if arguments.forall(_.resolved) => StoredFunctions.rows(function, arguments)
  }
}
