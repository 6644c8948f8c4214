package lakewright

import org.apache.spark.sql.catalyst.expressions._
import org.apache.spark.sql.catalyst.expressions.aggregate.{AggregateExpression, AggregateFunction, PivotFirst}
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
    case aggregate: AggregateExpression =>
      of(aggregate.aggregateFunction).and(decided(aggregate.filter.toSeq, How.Conditional))
    case rank: RankLike => decided(rank.children, How.Window)
    case PivotFirst(by, shown, _, _, _) => of(shown).aggregated.and(decided(Seq(by), How.Conditional))
    case function: AggregateFunction => children(function).aggregated
    case WindowExpression(function, spec) => of(function).transformed.and(decided(spec.children, How.Window))
    case If(condition, yes, no) => chosen(Seq(condition), Seq(yes, no))
    case CaseWhen(branches, otherwise) => chosen(branches.map(_._1), branches.map(_._2) ++ otherwise)
    case scalar: ScalarSubquery => value(subquery(scalar.plan)).and(decided(scalar.children, How.Conditional))
    case query: SubqueryExpression =>
      Origin.all(subquery(query.plan)).transformed.and(decided(query.children, How.Conditional))
    case other => children(other).transformed
  }

  def decided(expressions: Seq[Expression], how: How): Origin = Origin.all(expressions.map(of)).as(how)

  /** A number that is stored wider is the same number; a text of it is made. */
  private def isSameValue(cast: Cast): Boolean = Cast.canUpCast(cast.child.dataType, cast.dataType) &&
    (!cast.dataType.isInstanceOf[StringType] || cast.child.dataType.isInstanceOf[StringType])

  private def children(expression: Expression): Origin = Origin.all(expression.children.map(of))

  private def chosen(conditions: Seq[Expression], values: Seq[Expression]): Origin =
    Origin.all(values.map(of)).transformed.and(decided(conditions, How.Conditional))

  private def value(columns: Seq[Origin]): Origin = columns.headOption.getOrElse(Origin.Nothing).transformed
}
