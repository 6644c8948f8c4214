package lakewright

import java.util.UUID
import java.nio.charset.StandardCharsets.UTF_8

import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.types._
import org.apache.spark.unsafe.types.UTF8String

/**
 * The two tables of lineage: columns, order and types as a workspace has them. What a laptop has not, such as an
 * account, is NULL.
 * Source: https://docs.databricks.com/aws/en/admin/system-tables/lineage
 */
object LineageTables {
  val all: Seq[LineageTableKind] = Seq(TableLineage, ColumnLineage)

  val EntityMetadata: StructType = StructType(Seq(
    StructField("job_info", texts("job_id", "job_run_id")),
    text("dashboard_id"), text("legacy_dashboard_id"), text("notebook_id"), text("sql_query_id"),
    StructField("dlt_pipeline_info", texts("dlt_pipeline_id", "dlt_update_id")),
    text("genie_space_id"), text("alert_id")))

  private[lakewright] def text(name: String): StructField = StructField(name, StringType)

  private[lakewright] def texts(names: String*): StructType = StructType(names.map(text))
}

/** What one table makes of an event: its rows, each with what it names. */
sealed abstract class LineageTableKind(val name: String) {
  protected def columnOf(side: String): Seq[StructField]

  def rows(event: RecordedLineage): Iterator[LineageRow]

  private def side(name: String): Seq[StructField] =
    Seq("table_full_name", "table_catalog", "table_schema", "table_name", "path", "type")
      .map(part => LineageTables.text(s"${name}_$part")) ++ columnOf(name)

  lazy val schema: StructType = StructType(
    Seq("account_id", "metastore_id", "workspace_id", "entity_type", "entity_id", "entity_run_id")
      .map(LineageTables.text) ++ side("source") ++ side("target") ++ Seq(
      LineageTables.text("created_by"), StructField("event_time", TimestampType), StructField("event_date", DateType),
      LineageTables.text("record_id"), LineageTables.text("event_id"), LineageTables.text("statement_id"),
      StructField("entity_metadata", LineageTables.EntityMetadata), StructField("direct_access", BooleanType)))
}

/** A row for each pair of what a statement reads and writes; one side is missing where it only reads or writes. */
case object TableLineage extends LineageTableKind("table_lineage") {
  override protected def columnOf(side: String): Seq[StructField] = Nil

  override def rows(event: RecordedLineage): Iterator[LineageRow] = {
    val targets = if (event.outputs.isEmpty) Seq(None) else event.outputs.map(Some(_))
    val sources = if (event.inputs.isEmpty) Seq(None) else event.inputs.map(Some(_))
    for (target <- targets.iterator; source <- sources.iterator if target.isDefined || source.isDefined)
      yield LineageRow(source.map(LineageEnd(_)), target.map(LineageEnd(_)), source.forall(_.direct))
  }
}

/** A row for each column that is made of another one; what only decides, such as a filter, is none. */
case object ColumnLineage extends LineageTableKind("column_lineage") {
  override protected def columnOf(side: String): Seq[StructField] = Seq(LineageTables.text(s"${side}_column_name"))

  override def rows(event: RecordedLineage): Iterator[LineageRow] = event.edges.map { edge =>
    val source = LineageEnd(edge.source, Some(edge.sourceColumn))
    LineageRow(Some(source), Some(LineageEnd(edge.target, Some(edge.targetColumn))), edge.source.direct)
  }
}

/** One side of a row. */
final case class LineageEnd(dataset: RecordedDataset, column: Option[String] = None)

final case class LineageRow(source: Option[LineageEnd], target: Option[LineageEnd], direct: Boolean) {
  def datasets: Seq[RecordedDataset] = (source ++ target).map(_.dataset).toSeq

  /** @param at the number of the row among those of its event. */
  def values(event: RecordedLineage, kind: LineageTableKind, at: Long): InternalRow = {
    val record = UUID.nameUUIDFromBytes(s"${kind.name}/${event.run}/$at".getBytes(UTF_8)).toString
    val entity = Seq(event.entityType, event.entityId, event.facts.get("run_id")).map(text)
    val moment = Seq[Any](text(event.principal), event.micros, event.days)
    val ids = Seq[Any](text(record), text(event.run), null, metadata(event), direct)
    InternalRow.fromSeq(Seq(null, null, null) ++ entity ++ side(source, kind) ++ side(target, kind) ++ moment ++ ids)
  }

  private def side(end: Option[LineageEnd], kind: LineageTableKind): Seq[Any] = {
    val dataset = end.map(_.dataset)
    val parts = dataset.flatMap(_.parts)
    val path = dataset.filter(_.isPath).map(_.name)
    val named = Seq(dataset.filterNot(_.isPath).map(_.name), parts.map(_.head), parts.map(_(1)), parts.map(_(2)), path,
      dataset.map(_.kind)).map(text)
    if (kind == ColumnLineage) named :+ text(end.flatMap(_.column)) else named
  }

  private def metadata(event: RecordedLineage): InternalRow = {
    val job = event.facts.get("job").map(id => InternalRow(text(id), text(event.facts.get("run_id"))))
    InternalRow(job.orNull, null, null, text(event.facts.get("notebook")), null, null, null, null)
  }

  private def text(value: String): UTF8String = UTF8String.fromString(value)

  private def text(value: Option[String]): UTF8String = value.map(UTF8String.fromString).orNull
}
