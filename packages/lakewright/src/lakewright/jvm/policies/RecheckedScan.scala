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
import org.apache.spark.sql.execution.{ColumnarRule, FileSourceScanExec, ReusedSubqueryExec, SparkPlan, UnaryExecNode}
import org.apache.spark.sql.execution.adaptive.{AdaptiveSparkPlanExec, QueryStageExec, TableCacheQueryStageExec}
import org.apache.spark.sql.execution.columnar.{InMemoryRelation, InMemoryTableScanExec}
import org.apache.spark.sql.execution.datasources.{HadoopFsRelation, LogicalRelation}
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation
import org.apache.spark.sql.execution.exchange.Exchange
import org.apache.spark.sql.vectorized.ColumnarBatch

/**
 * Marks what reads Delta tables in the plans of a session with a principal, so that a DataFrame that runs again is checked again.
 * An adaptive plan is marked when it is planned, which may be long before its stages are; all others before their columnar steps.
 */
final class RecheckedScans(session: SparkSession) extends ColumnarRule {
  override def preColumnarTransitions: Rule[SparkPlan] = new MarkScans(session)
}

final class MarkScans(session: SparkSession) extends Rule[SparkPlan] {
  override def apply(plan: SparkPlan): SparkPlan = SessionIdentity.held(session).fold(plan)(marked(plan, _))

  // What a DataFrame has cached, or a subquery of it has found, is not read again: the node that shows it is marked.
  private def marked(plan: SparkPlan, principal: String): SparkPlan = plan match {
    case done: RecheckedScan => done
    case node =>
      val below = node.mapChildren(marked(_, principal))
      val paths = (RecheckedScan.own(node) ++ node.subqueries.flatMap(RecheckedScan.all)).distinct
      if (paths.isEmpty || node.isInstanceOf[Exchange]) below
      else {
        val checked = RecheckedScan(below, paths, PolicyStamp.now(session, paths.mkString(" "), principal))
        checked.copyTagsFrom(node)
        checked
      }
  }
}

object RecheckedScan {
  /** The Delta tables that a node itself reads, or holds rows of. */
  def own(node: SparkPlan): Seq[String] = node match {
    case FileSourceScan(files) => files
    case scan: InMemoryTableScanExec => cached(scan.relation)
    case stage: TableCacheQueryStageExec => own(stage.plan)
    case _ => Nil
  }

  /** Those of a whole plan, with its subqueries. */
  def all(plan: SparkPlan): Seq[String] = plan.collect {
    case adaptive: AdaptiveSparkPlanExec => all(adaptive.inputPlan)
    case stage: QueryStageExec => all(stage.plan)
    case reused: ReusedSubqueryExec => all(reused.child)
    case node => own(node) ++ node.subqueries.flatMap(all)
  }.flatten

  private object FileSourceScan {
    def unapply(scan: FileSourceScanExec): Option[Seq[String]] =
      Some(scan.relation.location).collect { case files: TahoeFileIndex => files.rootPaths.map(_.toString) }
  }

  /** The Delta tables of which a cached plan holds rows. */
  private def cached(plan: LogicalPlan): Seq[String] = {
    val own = plan.collectLeaves().flatMap {
      case LogicalRelation(HadoopFsRelation(files: TahoeFileIndex, _, _, _, _, _), _, _, _, _) => files.rootPaths.map(_.toString)
      case DataSourceV2Relation(table: DeltaTableV2, _, _, _, _, _) => Seq(table.deltaLog.dataPath.toString)
      case relation: InMemoryRelation => cached(relation.cacheBuilder.logicalPlan)
      case _ => Nil
    }
    val inner = plan.collect { case node => node.expressions.flatMap(_.collect { case query: SubqueryExpression => query.plan }) }.flatten
    (own ++ inner.flatMap(cached)).distinct
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
    paths.flatMap(PolicyIndex.address(session, _)).flatMap(index.find).headOption
      .foreach(place => throw PolicyErrors.changed(place.parts.mkString(".")))
  }
}
