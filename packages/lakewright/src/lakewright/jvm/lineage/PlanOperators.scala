package lakewright

import org.apache.spark.sql.catalyst.expressions.{Attribute, ExplodeBase, Expression, ExprId, Inline,
  NamedExpression}
import org.apache.spark.sql.catalyst.plans.logical._

/** What one operator makes of the columns below it. */
object PlanOperators {
  def of(plan: LogicalPlan, below: Seq[Flow], walk: PlanColumns): Flow = {
    val columns = below.map(_.columns).reduceOption(_ ++ _).getOrElse(Map.empty[ExprId, Origin])
    val input = Flow(columns, Origin.all(below.map(_.deciding)))
    // First, because a subquery that reads the columns around it is computed with them.
    val nested = walk.subqueries(plan.expressions, below: _*)
    val origins = walk.expressions(below: _*)
    val flow = operator(plan, input, origins, walk)
    flow.copy(deciding = flow.deciding.and(nested))
  }

  private def operator(plan: LogicalPlan, input: Flow, origins: ExpressionOrigins, walk: PlanColumns): Flow = plan match {
    case Project(list, _) => input.copy(columns = named(list, origins, walk))
    case aggregate: Aggregate =>
      val made = input.copy(columns = named(aggregate.aggregateExpressions, origins, walk))
      decided(made, aggregate.groupingExpressions, How.GroupBy, origins)
    case window: Window => input.copy(columns = input.columns ++ named(window.windowExpressions, origins, walk))
    case Filter(PolicyGuard(condition, _, _), _) => decided(input, Seq(condition), How.Filter, origins)
    case filter: Filter => decided(input, Seq(filter.condition), How.Filter, origins)
    case join: Join => decided(input, join.condition.toSeq, How.Join, origins)
    case sort: Sort => decided(input, sort.order.map(_.child), How.Sort, origins)
    case Distinct(child) => decided(input, child.output, How.GroupBy, origins)
    case Deduplicate(keys, _) => decided(input, keys, How.GroupBy, origins)
    case generate: Generate =>
      input.copy(columns = input.columns ++ generated(generate, origins))
    case expand: Expand =>
      val made = expand.projections.transpose.map(column => Origin.all(column.map(origins.of)))
      input.copy(columns = input.columns ++ expand.output.map(_.exprId).zip(made))
    case other => passed(other, input)
  }

  private def named(list: Seq[NamedExpression], origins: ExpressionOrigins, walk: PlanColumns) =
    list.iterator.takeWhile(_ => !walk.isTooWide).map(one => one.exprId -> walk.made(one, origins.of(one))).toMap

  /** The fields of structs that INLINE makes columns of, and the elements that EXPLODE gives, keep their origins. */
  private def generated(generate: Generate, origins: ExpressionOrigins): Seq[(ExprId, Origin)] = {
    val all = origins.of(generate.generator)
    val made = generate.generator match {
      case Inline(array) =>
        val whole = origins.of(array)
        generate.generatorOutput.indices.map(whole.part(_))
      case each: ExplodeBase => generate.generatorOutput.init.map(_ => all) :+ origins.of(each.child).chosen
      case _ => generate.generatorOutput.map(_ => all)
    }
    generate.generatorOutput.map(_.exprId).zip(made)
  }

  private def decided(flow: Flow, by: Seq[Expression], how: How, origins: ExpressionOrigins): Flow =
    flow.copy(deciding = flow.deciding.and(origins.decided(by, how)))

  /** A new column of an unknown operator, such as a Python function over batches, may be made of all below. */
  private def passed(plan: LogicalPlan, input: Flow): Flow = {
    def below = plan.children.flatMap(_.output).flatMap(attribute => input.columns.get(attribute.exprId))
    lazy val anything = Origin.all(below).transformed
    def origin(attribute: Attribute) = input.columns.getOrElse(attribute.exprId, anything)
    input.copy(columns = plan.output.map(attribute => attribute.exprId -> origin(attribute)).toMap)
  }
}
