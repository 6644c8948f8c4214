package lakewright

import org.apache.spark.sql.catalyst.catalog.CatalogTable
import org.apache.spark.sql.catalyst.plans.logical.{DeltaMergeIntoClause, LeafNode, LogicalPlan}
import org.apache.spark.sql.delta.commands.{DeleteCommand, MergeIntoCommand, UpdateCommand}

/** MERGE, UPDATE and DELETE: the expressions of each clause, over the columns of the target and of the source. */
final class PlanChanges(relations: LineageRelations, walk: PlanColumns) {
  def merge(merge: MergeIntoCommand): Option[StatementLineage] = {
    val clauses = merge.matchedClauses ++ merge.notMatchedClauses ++ merge.notMatchedBySourceClauses
    val sides = Seq(merge.source, merge.target).map(walk.of)
    val origins = walk.expressions(sides: _*)
    val deciding = origins.decided(Seq(merge.condition), How.Join)
      .and(origins.decided(clauses.flatMap(_.condition), How.Conditional))
      .and(Origin.all(sides.map(_.deciding)))
      .and(walk.subqueries(merge.condition +: clauses.flatMap(_.children), sides: _*))
    val columns = clauses.flatMap(assigned(_, origins)).groupMapReduce(_._1)(_._2)(_ and _)
    target(merge.catalogTable, merge.target).map(changed("MERGE", _, merge.target, columns, deciding))
  }

  def update(update: UpdateCommand): Option[StatementLineage] = {
    val flow = walk.of(update.target)
    val origins = walk.expressions(flow)
    val deciding = origins.decided(update.condition.toSeq, How.Filter)
      .and(walk.subqueries(update.updateExpressions ++ update.condition, flow))
    val columns = update.target.output.map(_.name).zip(update.updateExpressions.map(origins.of)).toMap
    target(update.catalogTable, update.target).map(changed("UPDATE", _, update.target, columns, deciding))
  }

  def delete(delete: DeleteCommand): Option[StatementLineage] = {
    val flow = walk.of(delete.target)
    val deciding = walk.expressions(flow).decided(delete.condition.toSeq, How.Filter)
      .and(walk.subqueries(delete.condition.toSeq, flow))
    target(delete.catalogTable, delete.target).map(changed("DELETE", _, delete.target, Map.empty, deciding))
  }

  private def assigned(clause: DeltaMergeIntoClause, origins: ExpressionOrigins): Seq[(String, Origin)] =
    clause.resolvedActions.map(action => action.targetColNameParts.head -> origins.of(action.expr))

  private def target(table: Option[CatalogTable], plan: LogicalPlan): Option[LineageDataset] =
    table.flatMap(relations.table).orElse(plan.collectLeaves().flatMap {
      case leaf: LeafNode => relations.of(leaf)
      case _ => Nil
    }.headOption)

  /** The target is an input only where a column of it goes into another one. */
  private def changed(
      operation: String, dataset: LineageDataset, plan: LogicalPlan, columns: Map[String, Origin], deciding: Origin)
      : StatementLineage = {
    val fields = plan.output.map(column => LineageField(column.name, column.dataType))
    val output =
      if (walk.isTooWide) LineageOutput(dataset, fields, Map.empty, Origin.Nothing, walk.pairs)
      else LineageOutput.of(dataset, fields, columns, deciding)
    val isRead = output.columns.values.exists(_.columns.keys.exists(_.dataset == dataset))
    val inputs = walk.inputs.filter(input => input.dataset != dataset || isRead)
    StatementLineage(operation, inputs, Some(output))
  }
}
