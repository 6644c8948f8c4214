package lakewright

import java.util

import org.apache.spark.sql.connector.catalog.{Column, StagedTable, SupportsWrite, TableCapability}
import org.apache.spark.sql.connector.expressions.Transform
import org.apache.spark.sql.connector.write.{LogicalWriteInfo, WriteBuilder}

/** A Delta table in the making: Delta commits the data first, then the entry is written, or all is undone. */
final class StagedEntry(
    displayName: String, inner: StagedTable with SupportsWrite, publish: () => Unit, undo: () => Unit)
    extends StagedTable with SupportsWrite {

  private var published = false

  override def commitStagedChanges(): Unit =
    try {
      inner.commitStagedChanges()
      publish()
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
  override def newWriteBuilder(info: LogicalWriteInfo): WriteBuilder = inner.newWriteBuilder(info)
}
