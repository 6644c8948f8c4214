package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression
import org.apache.spark.sql.catalyst.plans.logical.{LogicalPlan, ReturnAnswer}
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.execution.{SparkPlan, SparkStrategy}
import org.apache.spark.sql.execution.columnar.InMemoryRelation
import org.apache.spark.sql.execution.datasources.{HadoopFsRelation, LogicalRelation}

/**
 * Removes the views when a plan is made physical. Before, it looks at the whole plan, which may have been analyzed long
 * ago or by another analyzer: every read of a protected table is below a view, and each view is what the policies say now.
 */
final class PolicyStrategy(session: SparkSession) extends SparkStrategy {
  override def apply(plan: LogicalPlan): Seq[SparkPlan] = plan match {
    case ReturnAnswer(whole) =>
      SessionIdentity.held(session).foreach(new PolicyRecheck(session, _).check(whole))
      Nil
    case view: PolicyView => planLater(view.child) :: Nil
    case _ => Nil
  }
}

final class PolicyRecheck(session: SparkSession, principal: String) {
  private val index = PolicyIndex.of(session)
  private val leaves = new ProtectedLeaves(session, index)

  def check(plan: LogicalPlan): Unit = plan match {
    case view: PolicyView => requireFresh(view)
    case cached: InMemoryRelation => check(cached.cacheBuilder.logicalPlan)
    case node =>
      if (node.children.isEmpty && !index.isEmpty)
        leaves.of(node).foreach(read => throw PolicyErrors.changed(read.place.parts.mkString(".")))
      node.children.foreach(check)
      node.expressions.foreach(_.foreach { case query: SubqueryExpression => check(query.plan); case _ => () })
  }

  private def requireFresh(view: PolicyView): Unit = {
    if (PolicyStamp.now(session, view.stamp.table, principal) != view.stamp) throw PolicyErrors.changed(view.table)
  }
}

/** Hides the names of files below a view: they hold the values of partitions, also of rows that are hidden. */
object HiddenFiles extends Rule[LogicalPlan] {
  override def apply(plan: LogicalPlan): LogicalPlan = plan.transformDown {
    case view: PolicyView => view.copy(child = view.child.transformDown {
      case relation @ LogicalRelation(files: HadoopFsRelation, _, _, _, _) if !files.isInstanceOf[QuietFiles] =>
        relation.copy(relation = new QuietFiles(files))
    })
  }
}

final class QuietFiles(files: HadoopFsRelation) extends HadoopFsRelation(
  files.location, files.partitionSchema, files.dataSchema, files.bucketSpec, files.fileFormat, files.options)(files.sparkSession) {
  override def inputFiles: Array[String] = Array.empty

  // Else a rule that puts it in place of the other would be one that changes nothing.
  override def canEqual(other: Any): Boolean = other.isInstanceOf[QuietFiles]
  override def equals(other: Any): Boolean = other.isInstanceOf[QuietFiles] && super.equals(other)
  override def hashCode: Int = super.hashCode
}
