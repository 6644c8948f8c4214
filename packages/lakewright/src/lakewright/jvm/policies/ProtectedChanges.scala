package lakewright

import org.apache.spark.sql.catalyst.expressions._
import org.apache.spark.sql.catalyst.expressions.Literal.{FalseLiteral, TrueLiteral}
import org.apache.spark.sql.catalyst.plans.logical._

/**
 * UPDATE, DELETE and MERGE of a table by somebody to whom its policies apply. Delta needs the table as it is, so the expressions change: they read
 * what the principal sees, and hold for no hidden row. A column that is not assigned keeps its value.
 * @param target the table's relation, below names only
 * @param policies its filter and masks as expressions of the target's columns, with their lookups read
 */
final class ProtectedChanges(target: LogicalPlan, filter: Option[Expression], masks: AttributeMap[Expression], table: String)
  extends PredicateHelper {
  private val visible = filter.getOrElse(TrueLiteral)

  def update(change: DeltaUpdateTable): LogicalPlan =
    change.copy(
      updateExpressions = change.updateExpressions.map(value(_, "UPDATE")), condition = Some(condition(change.condition, "UPDATE")))

  def delete(change: DeltaDelete): LogicalPlan =
    change.copy(condition = Some(condition(change.condition, "DELETE")))

  def merge(change: DeltaMergeInto): LogicalPlan = {
    if (filter.isDefined && change.notMatchedClauses.nonEmpty) throw PolicyErrors.refused("MERGE with INSERT and a row filter", table,
      "leave WHEN NOT MATCHED out: a row that is hidden would be added a second time; INSERT what is new")
    change.copy(
      condition = condition(Some(change.condition), "MERGE", change.source.outputSet),
      matchedClauses = change.matchedClauses.map(clause(_, change.source.outputSet)),
      notMatchedBySourceClauses = change.notMatchedBySourceClauses.map(ofHidden(_)))
  }

  private def clause(one: DeltaMergeIntoMatchedClause, source: AttributeSet): DeltaMergeIntoMatchedClause = one match {
    case update: DeltaMergeIntoMatchedUpdateClause =>
      update.copy(condition = update.condition.map(guarded(_, "MERGE", source)), actions = update.actions.map(action(_, source)))
    case delete: DeltaMergeIntoMatchedDeleteClause => delete.copy(condition = delete.condition.map(guarded(_, "MERGE", source)))
  }

  /** A hidden row matches nothing, so these clauses would change it. */
  private def ofHidden(one: DeltaMergeIntoNotMatchedBySourceClause): DeltaMergeIntoNotMatchedBySourceClause = {
    val none = AttributeSet.empty
    val condition = Some(guarded(one.condition.getOrElse(TrueLiteral), "MERGE", none))
    one match {
      case update: DeltaMergeIntoNotMatchedBySourceUpdateClause =>
        update.copy(condition = condition, actions = update.actions.map(action(_, none)))
      case delete: DeltaMergeIntoNotMatchedBySourceDeleteClause => delete.copy(condition = condition)
    }
  }

  private def action(one: Expression, source: AttributeSet): Expression = one match {
    case action: DeltaMergeAction => action.copy(expr = value(action.expr, "MERGE", source))
    case other => throw new IllegalStateException(s"an action that is not resolved: ${other.getClass.getName}")
  }

  /** What cannot fail on a hidden row stays outside, where it chooses files and makes a join quick. */
  private def condition(written: Option[Expression], what: String, source: AttributeSet = AttributeSet.empty): Expression = {
    val (harmless, other) = written.toSeq.flatMap(splitConjunctivePredicates).partition(isHarmless(_, source))
    (harmless :+ guarded(other.reduceOption(And).getOrElse(TrueLiteral), what, source)).reduce(And)
  }

  private def isHarmless(predicate: Expression, source: AttributeSet): Boolean = predicate match {
    case EqualTo(one: Attribute, two: Attribute) if one.dataType == two.dataType =>
      (isOpen(one) && source.contains(two)) || (isOpen(two) && source.contains(one))
    case other => HarmlessPredicates.isHarmless(other, isOpen)
  }

  private def isOpen(column: Attribute): Boolean = target.outputSet.contains(column) && !masks.contains(column)

  private def guarded(condition: Expression, what: String, source: AttributeSet): Expression =
    WhenVisible(visible, seen(condition, what, source), FalseLiteral)

  private def value(written: Expression, what: String, source: AttributeSet = AttributeSet.empty): Expression =
    if (written.references.subsetOf(source) && !hasDoubts(written)) written
    else WhenVisible(visible, seen(written, what, source), Literal(null, written.dataType))

  private def seen(written: Expression, what: String, source: AttributeSet): Expression = {
    if (hasDoubts(written)) throw PolicyErrors.refused(
      s"$what with a subquery, a function in Python or the names of files", table,
      "compute it in a query, and MERGE what it gives")
    if (!written.references.subsetOf(target.outputSet ++ source)) throw PolicyErrors.refused(s"$what with columns of _metadata", table,
      "name the table's columns only")
    Unread.columnsOf(written).transformUp { case column: Attribute => masks.getOrElse(column, column) }
  }

  /** Spark takes these out of the expression, to where they would read hidden rows, or they show names of files. */
  private def hasDoubts(written: Expression): Boolean = written.exists {
    case _: PythonFuncExpression | _: SubqueryExpression | _: InputFileName | _: InputFileBlockStart | _: InputFileBlockLength => true
    case _ => false
  }
}

object ProtectedChanges {
  def isDone(change: LogicalPlan): Boolean = change.expressions.exists(_.exists(_.isInstanceOf[WhenVisible]))
}
