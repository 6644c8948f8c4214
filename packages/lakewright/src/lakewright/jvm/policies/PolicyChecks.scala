package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression
import org.apache.spark.sql.catalyst.plans.logical.{LogicalPlan, OneRowRelation, ShowPartitions}
import org.apache.spark.sql.catalyst.analysis.ResolvedTable
import org.apache.spark.sql.delta.catalog.DeltaTableV2
import org.apache.spark.sql.delta.commands._

/** After the analysis: a policy's function may compute, and read nothing; what shows values in another way is refused. */
final class PolicyChecks(session: SparkSession) extends (LogicalPlan => Unit) {
  private val changes = "let a session without a principal do it"

  override def apply(plan: LogicalPlan): Unit = {
    plan.foreachUp { case view: PolicyView => requireNoData(view); case _ => () }
    everybody(plan)
    if (SessionIdentity.held(session).isDefined) declared(plan)
  }

  /** A copy would have no policy, and Databricks refuses it to everybody. */
  private def everybody(plan: LogicalPlan): Unit = plan match {
    case command: CreateDeltaTableCommand => command.query.foreach {
      case clone: CloneTableCommand => require(clone.sourceTable.dataPath.toString, "a clone", "CREATE TABLE … AS SELECT copies what you see")
      case _ => ()
    }
    case PlacedClone(child, _, _) => everybody(child)
    case CloneCommand(command, _) => everybody(command)
    case _ => ()
  }

  private def declared(plan: LogicalPlan): Unit = plan match {
    case history: DescribeDeltaHistoryCommand => require(history.table.deltaLog.dataPath.toString, "DESCRIBE HISTORY", changes)
    case ShowPartitions(ResolvedTable(_, _, table: DeltaTableV2, _), _, _) =>
      require(table.deltaLog.dataPath.toString, "SHOW PARTITIONS", changes)
    case partitions: ShowDeltaPartitionsCommand => partitions.child match {
      case ResolvedTable(_, _, table: DeltaTableV2, _) => require(table.deltaLog.dataPath.toString, "SHOW PARTITIONS", changes)
      case _ => ()
    }
    case _ => ()
  }

  private def require(path: String, what: String, fix: String): Unit =
    PolicyIndex.address(session, path).flatMap(PolicyIndex.of(session).find)
      .foreach(place => throw PolicyErrors.refused(what, place.parts.mkString("."), fix))

  private def requireNoData(view: PolicyView): Unit = view.child.foreach { node =>
    if (node.expressions.exists(_.exists { case query: SubqueryExpression => PolicyChecks.reads(query.plan); case _ => false }))
      throw PolicyErrors.readsData(view.table)
  }
}

object PolicyChecks {
  def reads(plan: LogicalPlan): Boolean = plan.collectWithSubqueries { case node => node }
    .exists(node => node.children.isEmpty && !node.isInstanceOf[OneRowRelation])
}
