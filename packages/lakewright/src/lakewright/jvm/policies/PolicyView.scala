package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.expressions.{Attribute, ExpressionSet}
import org.apache.spark.sql.catalyst.plans.logical.{LogicalPlan, UnaryNode}

/**
 * What a principal sees of a protected table. It stays in the plan until the plan is made physical: the optimizer
 * moves a filter only through nodes that it knows, so nothing above is evaluated on hidden rows or raw values.
 */
final case class PolicyView(child: LogicalPlan, table: String, stamp: PolicyStamp) extends UnaryNode {
  override def output: Seq[Attribute] = child.output
  override def metadataOutput: Seq[Attribute] = Nil
  override lazy val validConstraints: ExpressionSet = ExpressionSet()
  override protected def withNewChildInternal(newChild: LogicalPlan): LogicalPlan = copy(child = newChild)
}

/** What a view was made from: a plan that is kept must not outlive a change of it. */
final case class PolicyStamp(table: String, version: Long, principal: String, groups: Set[String])

object PolicyStamp {
  def now(session: SparkSession, table: String, principal: String): PolicyStamp =
    PolicyStamp(table, PolicyIndex.version, principal, Principals.of(Settings.lakehouse(session)).groupsOf(principal))
}
