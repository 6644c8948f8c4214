package lakewright

import org.apache.spark.rdd.RDD
import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions.{Attribute, SortOrder, SubqueryExpression}
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.catalyst.plans.physical.Partitioning
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.delta.catalog.DeltaTableV2
import org.apache.spark.sql.delta.files.TahoeFileIndex
import org.apache.spark.sql.execution.{ColumnarRule, FileSourceScanExec, SparkPlan, UnaryExecNode}
import org.apache.spark.sql.execution.adaptive.TableCacheQueryStageExec
import org.apache.spark.sql.execution.columnar.{InMemoryRelation, InMemoryTableScanExec}
import org.apache.spark.sql.execution.datasources.{HadoopFsRelation, LogicalRelation}
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation
import org.apache.spark.sql.vectorized.ColumnarBatch

/** Marks the scans of Delta tables of a session with a principal, so that a DataFrame that runs again is checked again. */
final class RecheckedScans(session: SparkSession) extends ColumnarRule {
  override def preColumnarTransitions: Rule[SparkPlan] = plan =>
    SessionIdentity.held(session).fold(plan)(principal => plan.transformUp {
      case scan: FileSourceScanExec if scan.relation.location.isInstanceOf[TahoeFileIndex] =>
        marked(scan, scan.relation.location.rootPaths.map(_.toString), principal)
      case scan: InMemoryTableScanExec => cached(scan, scan.relation, principal)
      case stage: TableCacheQueryStageExec => stage.inMemoryTableScan match {
        case scan: InMemoryTableScanExec => cached(stage, scan.relation, principal)
        case _ => stage
      }
    })

  /** What a DataFrame has cached is not read again. */
  private def cached(scan: SparkPlan, relation: InMemoryRelation, principal: String): SparkPlan = {
    val paths = RecheckedScan.pathsOf(relation)
    if (paths.isEmpty) scan else marked(scan, paths, principal)
  }

  private def marked(scan: SparkPlan, paths: Seq[String], principal: String): SparkPlan =
    RecheckedScan(scan, paths, PolicyStamp.now(session, paths.mkString(" "), principal))
}

object RecheckedScan {
  /** The Delta tables of which a cached plan holds rows. */
  def pathsOf(plan: LogicalPlan): Seq[String] = {
    val own = plan.collectLeaves().flatMap {
      case LogicalRelation(HadoopFsRelation(files: TahoeFileIndex, _, _, _, _, _), _, _, _, _) => files.rootPaths.map(_.toString)
      case DataSourceV2Relation(table: DeltaTableV2, _, _, _, _, _) => Seq(table.deltaLog.dataPath.toString)
      case cached: InMemoryRelation => pathsOf(cached.cacheBuilder.logicalPlan)
      case _ => Nil
    }
    val inner = plan.collect { case node => node.expressions.flatMap(_.collect { case query: SubqueryExpression => query.plan }) }.flatten
    (own ++ inner.flatMap(pathsOf)).distinct
  }
}

/** A scan that runs only while no policy and no group of its principal has changed, if its table has a policy now. */
final case class RecheckedScan(child: SparkPlan, paths: Seq[String], stamp: PolicyStamp) extends UnaryExecNode {
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

  private def check(): Unit = if (PolicyStamp.now(session, stamp.table, stamp.principal) != stamp) {
    val index = PolicyIndex.of(session)
    paths.flatMap(PolicyIndex.address(session, _)).flatMap(index.find).headOption.foreach(place => throw PolicyErrors.changed(place.parts.mkString(".")))
  }
}
