package lakewright

import org.apache.spark.sql.catalyst.analysis.SQLScalarFunction
import org.apache.spark.sql.catalyst.expressions._
import org.apache.spark.sql.catalyst.expressions.aggregate._
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.types.StringType

/**
 * The columns that an expression is made of.
 *
 * @param known    the origin of an attribute of the plan below, or of the query around a subquery.
 * @param subquery the origins of the columns of a subquery, in their order.
 */
final class ExpressionOrigins(known: ExprId => Origin, subquery: LogicalPlan => Seq[Origin]) {
  def of(expression: Expression): Origin = expression match {
    case attribute: Attribute => known(attribute.exprId)
    case OuterReference(inner) => of(inner)
    case Alias(child, _) => of(child)
    case cast: Cast if isSameValue(cast) => of(cast.child)
    case tagged: TaggingExpression => of(tagged.child)
    case guard: PolicyGuard => masked(guard)
    case struct: CreateNamedStruct =>
      val fields = struct.valExprs.map(of).toVector
      Origin.all(fields).transformed.copy(parts = fields)
    case GetStructField(struct, number, _) => of(struct).part(number)
    case GetArrayStructFields(array, _, number, _, _) => of(array).part(number)
    case GetArrayItem(array, at, _) => of(array).chosen.under(decided(Seq(at), How.Conditional))
    case aggregate: AggregateExpression =>
      of(aggregate.aggregateFunction).under(decided(aggregate.filter.toSeq, How.Conditional))
    case rank: RankLike => decided(rank.children, How.Window)
    case PivotFirst(by, shown, _, _, _) => of(shown).aggregated.under(decided(Seq(by), How.Conditional))
    case by: MaxMinBy => of(by.valueExpr).summarized.under(decided(Seq(by.orderingExpr), How.Conditional))
    case one @ (_: First | _: Last | _: Max | _: Min | _: AnyValue | _: CollectList | _: CollectSet) => children(one).summarized
    case function: AggregateFunction => children(function).aggregated
    case WindowExpression(function, spec) => of(function).under(decided(spec.children, How.Window))
    case shifted: FrameLessOffsetWindowFunction => of(shifted.input).and(of(shifted.default)).chosen
    case If(condition, yes, no) => chosen(Seq(condition), Seq(yes, no))
    case CaseWhen(branches, otherwise) => chosen(branches.map(_._1), branches.map(_._2) ++ otherwise)
    case _: Coalesce | _: CreateArray => children(expression).chosen
    case scalar: ScalarSubquery => value(subquery(scalar.plan)).under(decided(scalar.children, How.Conditional))
    case query: SubqueryExpression =>
      Origin.all(subquery(query.plan)).transformed.under(decided(query.children, How.Conditional))
    case other => children(other).transformed
  }

  def decided(expressions: Seq[Expression], how: How): Origin = Origin.all(expressions.map(of)).as(how)

  /** A number that is stored wider is the same number; a text of it is made. */
  private def isSameValue(cast: Cast): Boolean = Cast.canUpCast(cast.child.dataType, cast.dataType) &&
    (!cast.dataType.isInstanceOf[StringType] || cast.child.dataType.isInstanceOf[StringType])

  /** The masked column is one of its origins also where the mask shows nothing of it. */
  private def masked(guard: PolicyGuard): Origin = {
    val given = guard.child.collect { case function: SQLScalarFunction => function.inputs }.flatten
    Origin.all(of(guard.child) +: given.map(of)).transformed.masked
  }

  private def children(expression: Expression): Origin = Origin.all(expression.children.map(of))

  private def chosen(conditions: Seq[Expression], values: Seq[Expression]): Origin =
    Origin.all(values.map(of)).chosen.under(decided(conditions, How.Conditional))

  private def value(columns: Seq[Origin]): Origin = columns.headOption.getOrElse(Origin.Nothing).chosen
}
