package lakewright

import org.apache.spark.rdd.RDD
import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions.{Attribute, SortOrder}
import org.apache.spark.sql.catalyst.plans.physical.Partitioning
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.delta.files.TahoeFileIndex
import org.apache.spark.sql.execution.{ColumnarRule, FileSourceScanExec, SparkPlan, UnaryExecNode}
import org.apache.spark.sql.vectorized.ColumnarBatch

/** Marks the scans of Delta tables of a session with a principal, so that a DataFrame that runs again is checked again. */
final class RecheckedScans(session: SparkSession) extends ColumnarRule {
  override def preColumnarTransitions: Rule[SparkPlan] = plan =>
    SessionIdentity.held(session).fold(plan)(principal => plan.transformUp { case scan: FileSourceScanExec if scan.relation.location.isInstanceOf[TahoeFileIndex] =>
      val path = scan.relation.location.rootPaths.headOption.map(_.toString).getOrElse("")
      RecheckedScan(scan, path, PolicyStamp.now(session, path, principal))
    })
}

/** A scan that runs only while no policy and no group of its principal has changed, if its table has a policy now. */
final case class RecheckedScan(child: SparkPlan, path: String, stamp: PolicyStamp) extends UnaryExecNode {
  override def output: Seq[Attribute] = child.output
  override def outputPartitioning: Partitioning = child.outputPartitioning
  override def outputOrdering: Seq[SortOrder] = child.outputOrdering
  override def supportsColumnar: Boolean = child.supportsColumnar
  override def vectorTypes: Option[Seq[String]] = child.vectorTypes

  override protected def doExecute(): RDD[InternalRow] = { check(); child.execute() }
  override protected def doExecuteColumnar(): RDD[ColumnarBatch] = { check(); child.executeColumnar() }
  override protected def withNewChildInternal(newChild: SparkPlan): SparkPlan = copy(child = newChild)

  // Called for each action. What an operator computes is kept after its first run.
  override def resetMetrics(): Unit = { check(); super.resetMetrics() }

  private def check(): Unit = if (PolicyStamp.now(session, path, stamp.principal) != stamp) {
    val index = PolicyIndex.of(session)
    PolicyIndex.address(session, path).flatMap(index.find).foreach(place => throw PolicyErrors.changed(place.parts.mkString(".")))
  }
}
