package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions.{Attribute, Expression, ExpressionSet, UnaryExpression}
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback
import org.apache.spark.sql.catalyst.plans.logical.{LogicalPlan, UnaryNode}
import org.apache.spark.sql.types.DataType

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

/**
 * Evaluates a mask or a filter, and hides why it failed: Spark's messages show the value. It is interpreted, which
 * also keeps Spark from computing a part of it before, outside of the guard. Its text is what it stands for: texts of plans and
 * of a table's history name no function's inside.
 */
final case class PolicyGuard(child: Expression, policy: String, shown: String) extends UnaryExpression with CodegenFallback {
  override def dataType: DataType = child.dataType
  override def nullable: Boolean = child.nullable
  override def prettyName: String = "policy"
  override def sql: String = shown
  override def toString: String = shown

  override def eval(input: InternalRow): Any =
    try child.eval(input) catch { case scala.util.control.NonFatal(_) => throw PolicyErrors.failed(policy) }

  override protected def withNewChildInternal(newChild: Expression): Expression = copy(child = newChild)
}
