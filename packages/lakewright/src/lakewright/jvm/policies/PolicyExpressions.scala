package lakewright

import scala.util.control.NonFatal

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.QueryPlanningTracker
import org.apache.spark.sql.catalyst.analysis.SQLScalarFunction
import org.apache.spark.sql.catalyst.expressions._
import org.apache.spark.sql.catalyst.expressions.Literal.TrueLiteral
import org.apache.spark.sql.catalyst.optimizer.{BooleanSimplification, ConstantFolding, SimplifyCasts, SimplifyConditionals}
import org.apache.spark.sql.catalyst.plans.logical.{LocalRelation, LogicalPlan, Project}
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.types.{BooleanType, DataType}

/**
 * The filter and the masks of a table as expressions of its columns. Spark computes the arguments of a function in a
 * projection of its own; here they are put in their places, so that all of a policy is inside of its guard.
 */
final class PolicyExpressions(
    session: SparkSession, store: MetadataStore, place: EntryPlace, policies: TablePolicies, columns: Seq[Attribute], stamp: PolicyStamp) {
  private val table = place.parts.mkString(".")
  private val state = session.asInstanceOf[ClassicSession].sessionState
  private val masked = columns.filter(column => policies.masks.contains(Names.key(column.name)))

  /** All of them, without those that do nothing for the principal. */
  def resolved: ResolvedPolicies = {
    policies.masks.keys.foreach(column(_))
    val calls = policies.filter.map(call => Cast(called(call, None), BooleanType)).toSeq ++
      masked.map(one => Cast(called(policies.masks(Names.key(one.name)), Some(one)), one.dataType))
    val whole = analyzed(calls)
    val (filters, masks) = whole.fold(Seq.empty[Expression])(expressions).splitAt(policies.filter.size)
    val filter = filters.headOption.filterNot(simple(_) == TrueLiteral)
      .map(one => PolicyGuard(Unread.columnsOf(one), s"the row filter of the table $table", "row filter"))
    val shown = masked.zip(masks).collect { case (one, mask) if !simple(mask).semanticEquals(one) =>
      one -> PolicyGuard(Unread.columnsOf(mask), s"the mask of the column ${one.name} of the table $table", QuotedName(one.name))
    }
    val names = policies.functions ++ whole.toSeq.flatMap(_.flatMap(_.expressions)).flatMap(PolicyExpressions.functions)
    ResolvedPolicies(columns, filter, AttributeMap(shown), whole, leavesOut = filter.size + shown.length < calls.length,
      names.filter(_.length == 3).map(_.map(Names.key)).distinct.map(name => name -> store.edition(name, Family.Functions)).toMap)
  }

  /** Refuses a call that no query could make. */
  def requireCallable(call: PolicyCall, masked: Option[Attribute], result: DataType): Unit =
    analyzed(Seq(Cast(called(call, masked), result))).foreach(expressions)

  /** The call of a policy's function; Spark puts its text in its place. */
  private def called(call: PolicyCall, masked: Option[Attribute]): Expression = {
    val Seq(catalog, schema, name) = call.function
    val at = EntryPlace(catalog, schema, name, Family.Functions)
    val function = store.entry(at).getOrElse(throw PolicyErrors.functionGone(call.function, table))
    val arguments = call.arguments.map {
      case PolicyArgument.Column(name) => column(name)
      case PolicyArgument.Constant(text) => state.sqlParser.parseExpression(text)
    }
    StoredFunctions.call(StoredFunctions.spark(at, function), masked.toSeq ++ arguments)
  }

  private def column(name: String): Attribute =
    columns.find(one => Names.key(one.name) == Names.key(name)).getOrElse(throw PolicyErrors.columnGone(name, table))

  private def analyzed(calls: Seq[Expression]): Option[LogicalPlan] = Option.when(calls.nonEmpty) {
    val plan = PolicyView(Project(calls.map(Alias(_, "policy")()), LocalRelation(columns)), table, stamp)
    InsidePolicy.of(table)(state.analyzer.executeAndCheck(plan, new QueryPlanningTracker))
  }

  private def expressions(analyzed: LogicalPlan): Seq[Expression] = analyzed match {
    case PolicyView(Project(list, below), _, _) => list.map { case one: Alias => inPlace(one.child, values(below)) }
    case _ => throw PolicyErrors.cannotRead(table, "its function is not one expression")
  }

  /** What the columns below stand for, in terms of the table's own. */
  private def values(plan: LogicalPlan): AttributeMap[Expression] = plan match {
    case Project(list, child) =>
      val below = values(child)
      AttributeMap(below.toSeq ++ list.collect { case one: Alias => one.toAttribute -> inPlace(one.child, below) })
    case _: LocalRelation => AttributeMap.empty
    case _ => throw PolicyErrors.cannotRead(table, "its function is not one expression")
  }

  /** What is left for this principal: for one whom a policy exempts, TRUE or the column itself. */
  private def simple(expression: Expression): Expression = {
    val plain = PolicyExpressions.plain(expression)
    val start: LogicalPlan = Project(Seq(Alias(plain, "policy")()), LocalRelation(columns))
    // A constant that cannot be cast fails where the column is read, inside of the guard.
    try (1 to 3).foldLeft(start)((plan, _) => SimplifyCasts(BooleanSimplification(SimplifyConditionals(ConstantFolding(plan)))))
      .expressions.head match { case Alias(child, _) => child; case other => other }
    catch { case NonFatal(_) => plain }
  }

  private def inPlace(expression: Expression, below: AttributeMap[Expression]): Expression = {
    def put(one: Expression): Expression = one.transform {
      // What a function is given is none of its children; lineage names it where the text does not use it.
      case called: SQLScalarFunction => called.copy(inputs = called.inputs.map(put))
      case one: Attribute => below.getOrElse(one, one)
    }
    put(new PolicyLookups(table, stamp).in(expression))
  }
}

object PolicyExpressions {
  /** Without the marks of functions, which only a query's analysis needs. */
  def plain(expression: Expression): Expression = expression.transformUp { case called: SQLScalarFunction => called.child }

  /** The full names of the functions that an expression calls. */
  def functions(expression: Expression): Seq[Seq[String]] = expression.flatMap {
    case called: SQLScalarFunction => called.function.name.nameParts +: called.inputs.flatMap(functions)
    case _ => Nil
  }
}

object QuotedName {
  def apply(name: String): String = s"`${name.replace("`", "``")}`"
}

/** Whether the text of a policy is analyzed just now: it may read tables, but none that has policies itself. */
object InsidePolicy {
  private val outer = new ThreadLocal[Option[String]] { override def initialValue: Option[String] = None }

  def table: Option[String] = outer.get

  def of[T](table: String)(body: => T): T = {
    val before = outer.get
    outer.set(Some(before.getOrElse(table)))
    try body finally outer.set(before)
  }
}
