package lakewright

import org.apache.spark.sql.catalyst.analysis.{SQLFunctionNode, SQLScalarFunction}
import org.apache.spark.sql.catalyst.catalog.SQLFunction
import org.apache.spark.sql.catalyst.expressions._
import org.apache.spark.sql.catalyst.plans.logical._
import org.apache.spark.sql.types.{ArrayType, DataType, MapType, StructField, StructType, VariantType}

/**
 * Puts the rows of a subquery in place of it. Spark makes a join of a subquery, and what fails in a join, or in the tables that it reads, fails
 * outside of a policy's guard. So the rows are read first, and everything that compares them with a protected row is inside.
 */
final class PolicyLookups(table: String, stamp: PolicyStamp) extends PredicateHelper {
  def in(expression: Expression): Expression = in(expression, None)

  private def in(expression: Expression, function: Option[SQLFunction]): Expression = expression match {
    case called: SQLScalarFunction =>
      called.copy(inputs = called.inputs.map(in(_, function)), child = in(called.child, Some(called.function)))
    case InSubquery(values, list: ListQuery) => isIn(values.map(in(_, function)), list.plan, function)
    case exists: Exists => isThere(exists.plan, function)
    case scalar: ScalarSubquery => one(scalar.plan, function)
    case _: SubqueryExpression => throw refused("a subquery of an unknown kind")
    case other => other.mapChildren(in(_, function))
  }

  private def isThere(plan: LogicalPlan, function: Option[SQLFunction]): Expression = {
    val (inner, outer) = split(limitless(plan))
    if (outer.isEmpty) GreaterThan(Size(lookup(Limit(Literal(1), Project(Seq(Alias(Literal(true), "found")()), plan)), function)), Literal(0))
    else {
      val used = outer.flatMap(innerColumns(_, inner)).distinct
      val rows = new LookupRows(lookup(distinct(Project(used, inner)), function), used, used)
      ArrayExists(rows.array, rows.lambda(outer.reduce(And)), followThreeValuedLogic = false)
    }
  }

  private def isIn(values: Seq[Expression], plan: LogicalPlan, function: Option[SQLFunction]): Expression = {
    val rows = selected(plan, function, once = true)
    val found = rows.lambda(values.zip(rows.selected).map { case (value, own) => EqualTo(value, own) }.reduce[Expression](And))
    ArrayExists(rows.filtered, found, followThreeValuedLogic = true)
  }

  private def one(plan: LogicalPlan, function: Option[SQLFunction]): Expression = plan match {
    case Project(Seq(value), _: OneRowRelation) => in(free(value match { case Alias(child, _) => child; case other => other }), function)
    case _ => OnlyRow(selected(plan, function, once = false).filtered)
  }

  /** The rows of a query with the columns that it selects, and its conditions about the outer row. */
  private def selected(plan: LogicalPlan, function: Option[SQLFunction], once: Boolean): LookupRows = {
    val (list, below) = plan match {
      case _ if !isOuter(plan) => (plan.output, plan)
      case Project(list, child) => (list, child)
      case other => (other.output, other)
    }
    if (list.exists(isOuter)) throw refused("a subquery that selects a parameter")
    val (inner, outer) = split(below)
    val used = outer.flatMap(innerColumns(_, inner)).distinct
    val named = list.map { case one: Attribute => Alias(one, one.name)(); case Alias(child, name) => Alias(child, name)(); case other => Alias(other, "value")() }
    val query = Project(named ++ used, inner)
    new LookupRows(lookup(if (once) distinct(query) else query, function), named.map(_.toAttribute) ++ used, used, named.map(_.toAttribute), outer)
  }

  /** A plan that knows no parameter, and the conditions that do. */
  private def split(plan: LogicalPlan): (LogicalPlan, Seq[Expression]) = plan match {
    case _ if !isOuter(plan) => (plan, Nil)
    case SubqueryAlias(_, child) => split(child)
    case Filter(condition, child) if !isOuter(child) =>
      val (outer, inner) = splitConjunctivePredicates(condition).partition(isOuter)
      if (outer.exists(SubqueryExpression.hasSubquery)) throw refused("a subquery in a subquery's condition about a parameter")
      (inner.reduceOption(And).fold(child)(Filter(_, child)), outer)
    case _ => throw refused("a subquery that uses a parameter elsewhere than in its WHERE, as in an aggregate or a join")
  }

  /** EXISTS asks for a row, whatever it selects. */
  private def limitless(plan: LogicalPlan): LogicalPlan = plan match {
    case _ if !isOuter(plan) => plan
    case Project(_, child) => limitless(child)
    case Distinct(child) => limitless(child)
    case GlobalLimit(Literal(rows: Int, _), LocalLimit(_, child)) if rows > 0 => limitless(child)
    case other => other
  }

  private def distinct(plan: LogicalPlan): LogicalPlan =
    if (plan.output.nonEmpty && plan.output.forall(one => isPlain(one.dataType))) Distinct(plan) else plan

  private def isPlain(kind: DataType): Boolean = kind match {
    case _: ArrayType | _: MapType | _: StructType | _: VariantType => false
    case _ => true
  }

  private def innerColumns(condition: Expression, inner: LogicalPlan): Seq[Attribute] =
    condition.collect { case one: Attribute if inner.outputSet.contains(one) => one }

  private def lookup(query: LogicalPlan, function: Option[SQLFunction]): PolicyLookup = {
    val owned = SQLFunctionNode(function.getOrElse(throw refused("a subquery as the argument of a function")), query)
    PolicyLookup(PolicyView(owned, table, stamp), table)
  }

  private def free(expression: Expression): Expression = expression.transform { case OuterReference(one) => one }

  private def isOuter(expression: Expression): Boolean = expression.exists {
    case _: OuterReference => true
    case query: SubqueryExpression => isOuter(query.plan)
    case _ => false
  }

  private def isOuter(plan: LogicalPlan): Boolean = plan.exists(_.expressions.exists(isOuter))

  private def refused(what: String): Throwable = PolicyErrors.cannotRead(table, s"its function has $what")
}

/** The rows of a lookup as an array, and functions of one of its rows. */
final class LookupRows(
    val array: Expression, columns: Seq[Attribute], used: Seq[Attribute], list: Seq[Attribute] = Nil, conditions: Seq[Expression] = Nil) {
  private val row = NamedLambdaVariable("row", array.dataType.asInstanceOf[ArrayType].elementType, nullable = false)
  private val fields = AttributeMap(columns.zipWithIndex.map { case (column, at) => column -> GetStructField(row, at) })

  def selected: Seq[Expression] = list.map(fields)

  def lambda(body: Expression): LambdaFunction = LambdaFunction(body.transform {
    case OuterReference(one) => one
    case one: Attribute => fields.getOrElse(one, one)
  }, Seq(row))

  def filtered: Expression = conditions.reduceOption(And).fold(array)(condition => ArrayFilter(array, lambda(condition)))
}

object LookupRows {
  def typeOf(query: LogicalPlan): ArrayType =
    ArrayType(StructType(query.output.map(one => StructField(one.name, one.dataType, nullable = true))), containsNull = false)
}
