package lakewright

import java.util

import org.apache.spark.sql.connector.catalog.{Column, StagedTable, SupportsWrite, TableCapability}
import org.apache.spark.sql.connector.expressions.Transform
import org.apache.spark.sql.connector.write.{LogicalWriteInfo, WriteBuilder}
import org.apache.spark.sql.util.CaseInsensitiveStringMap

/**
 * A Delta table in the making: Delta commits the data first, then the entry is written, or all is undone.
 *
 * @param publish writes the entry; its argument is whether only the rows of a table are replaced.
 */
final class StagedEntry(
    displayName: String, inner: StagedTable with SupportsWrite, publish: Boolean => Unit, undo: () => Unit)
    extends StagedTable with SupportsWrite {

  private var published = false
  private var onlyRows = false

  override def commitStagedChanges(): Unit =
    try {
      inner.commitStagedChanges()
      publish(onlyRows)
      published = true
    } catch { case problem: Throwable => undo(); throw problem }

  /** Spark may ask for this after the commit too, if something else of the statement fails: then the table stays. */
  override def abortStagedChanges(): Unit = if (!published) {
    inner.abortStagedChanges()
    undo()
  }

  override def name(): String = displayName
  override def columns(): Array[Column] = inner.columns()
  override def partitioning(): Array[Transform] = inner.partitioning()
  override def properties(): util.Map[String, String] = inner.properties()
  override def capabilities(): util.Set[TableCapability] = inner.capabilities()

  override def newWriteBuilder(info: LogicalWriteInfo): WriteBuilder = {
    onlyRows = StagedEntry.replacesOnlyRows(info.options)
    inner.newWriteBuilder(info)
  }
}

object StagedEntry {
  /** Whether a write is `df.write.mode("overwrite").saveAsTable(…)`, which keeps what the table declares. */
  private def replacesOnlyRows(options: CaseInsensitiveStringMap): Boolean =
    options.getBoolean(DataFrameWriterMark, false) && !options.getBoolean("overwriteSchema", false)

  private val DataFrameWriterMark = "__v1_save_as_table_overwrite"
}
