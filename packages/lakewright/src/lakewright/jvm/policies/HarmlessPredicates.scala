package lakewright

import org.apache.spark.sql.catalyst.expressions._
import org.apache.spark.sql.catalyst.plans.logical.{Filter, LogicalPlan, Project}
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.execution.datasources.LogicalRelation

/**
 * Moves comparisons of a column that has no mask with a constant from above a `PolicyView` to the table's read, where
 * they choose partitions and files. They cannot fail and show nothing, also on a row that is hidden.
 */
object HarmlessPredicates extends Rule[LogicalPlan] with PredicateHelper {
  override def apply(plan: LogicalPlan): LogicalPlan = plan.transformDown {
    case filter @ Filter(condition, view @ PolicyView(Project(columns, _), _, _)) =>
      view.child.collectLeaves() match {
        case Seq(relation: LogicalRelation) =>
          val raw = unmasked(columns, relation)
          val (moved, kept) = splitConjunctivePredicates(condition).partition(isHarmless(_, raw.contains))
          if (moved.isEmpty) filter
          else {
            val below = moved.map(_.transform { case column: Attribute => raw(column) }).reduce(And)
            val read = view.withNewChildren(Seq(view.child.transformUp { case leaf if leaf eq relation => Filter(below, relation) }))
            kept.reduceOption(And).fold(read)(Filter(_, read))
          }
        case _ => filter
      }
  }

  /** The columns that pass as they are, each with the table's own. */
  private def unmasked(columns: Seq[NamedExpression], relation: LogicalRelation): AttributeMap[Attribute] =
    AttributeMap(columns.collect {
      case seen @ Alias(own: Attribute, _) if relation.outputSet.contains(own) => seen.toAttribute -> own
      case own: Attribute if relation.outputSet.contains(own) => own -> own
    })

  /** Whether a comparison can be made on hidden rows; `isOpen` are the columns without a mask. */
  def isHarmless(predicate: Expression, isOpen: Attribute => Boolean): Boolean = predicate match {
    case IsNull(column: Attribute) => isOpen(column)
    case IsNotNull(column: Attribute) => isOpen(column)
    case In(column: Attribute, values) => isOpen(column) && values.forall(isConstant(_, column))
    case InSet(column: Attribute, _) => isOpen(column)
    case comparison: BinaryComparison => (comparison.left, comparison.right) match {
      case (column: Attribute, value) => isOpen(column) && isConstant(value, column)
      case (value, column: Attribute) => isOpen(column) && isConstant(value, column)
      case _ => false
    }
    case _ => false
  }

  private def isConstant(value: Expression, column: Attribute): Boolean =
    value.isInstanceOf[Literal] && value.dataType == column.dataType
}
