package lakewright

import org.apache.spark.sql.{Row, SaveMode, SparkSession}
import org.apache.spark.sql.catalyst.analysis.ResolvedTable
import org.apache.spark.sql.catalyst.expressions.{Attribute, AttributeReference}
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.delta.{DeltaOperations, DeltaOptions, OptimisticTransaction}
import org.apache.spark.sql.delta.actions.{AddFile, SetTransaction}
import org.apache.spark.sql.delta.catalog.DeltaTableV2
import org.apache.spark.sql.delta.commands.WriteIntoDelta
import org.apache.spark.sql.execution.command.LeafRunnableCommand
import org.apache.spark.sql.types.LongType

/** Takes over once Spark knows the table. */
object RunnableCopies extends Rule[LogicalPlan] {
  override def apply(plan: LogicalPlan): LogicalPlan = plan match {
    case CopyIntoTable(ResolvedTable(catalog, ident, table: DeltaTableV2, _), spec) =>
      catalog match {
        case ours: LakehouseCatalog => ours.requireModify(ident)
        case _ => ()
      }
      CopyIntoCommand(table, spec)
    case other => other
  }
}

/**
 * Loads the files that the table has not loaded yet. Their paths are written in the commit that adds their rows, so a
 * file is loaded once, also after a crash, and when two statements run at once.
 */
final case class CopyIntoCommand(table: DeltaTableV2, spec: CopySpec) extends LeafRunnableCommand {
  override val output: Seq[Attribute] = CopyIntoCommand.columns

  override def run(session: SparkSession): Seq[Row] = {
    val files = new CopySource(session, spec)
    val rows = table.deltaLog.withNewTransaction(table.catalogTable) { txn =>
      val fresh = files.paths.filter(path => txn.txnVersion(LoadedFiles.id(path)) < 0 || spec.force)
      if (fresh.isEmpty) 0L else load(session, txn, files, fresh)
    }
    session.catalog.refreshByPath(table.path.toString)
    Seq(Row(rows, rows, 0L))
  }

  private def load(session: SparkSession, txn: OptimisticTransaction, files: CopySource, fresh: Seq[String]): Long = {
    val options = new DeltaOptions(Map("mergeSchema" -> spec.mergeSchema.toString), session.sessionState.conf)
    val data = files.read(fresh, txn.metadata.schema)
    val write = WriteIntoDelta(table.deltaLog, SaveMode.Append, options, Nil, Map.empty, data, table.catalogTable)
    val actions = write.writeAndReturnCommitData(txn, session).actions
    txn.commit(actions ++ fresh.map(LoadedFiles.loaded), new CopyOperation)
    actions.collect { case file: AddFile => file.numLogicalRecords.getOrElse(0L) }.sum
  }
}

object CopyIntoCommand {
  val columns: Seq[Attribute] = Seq("num_affected_rows", "num_inserted_rows", "num_skipped_corrupt_files")
    .map(name => AttributeReference(name, LongType)())
}

/** The files that a table has loaded: each is an application in Delta's log, of one version. */
object LoadedFiles {
  def id(path: String): String = s"copy-into:$path"

  def loaded(path: String): SetTransaction = SetTransaction(id(path), 1L, Some(System.currentTimeMillis()))
}

/** The name of the operation in the table's history. */
final class CopyOperation extends DeltaOperations.OperationWithPredicates("COPY INTO", Nil) {
  override val parameters: Map[String, Any] = Map.empty
  override val operationMetrics: Set[String] = Set("numFiles", "numOutputRows", "numOutputBytes")
  override def changesData: Boolean = true
  override def checkAddFileWithDeletionVectorStatsAreNotTightBounds: Boolean = true // as for every other append
  override def isInPlaceFileMetadataUpdate: Option[Boolean] = Some(false)
  override def canChangePartitionColumns: Boolean = false
}
