package lakewright

import java.nio.file.{Files, Path, Paths}
import java.time.LocalDate
import java.util

import scala.collection.mutable
import scala.jdk.CollectionConverters._
import scala.util.Try

import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.connector.catalog.{Column, SupportsRead, Table, TableCapability}
import org.apache.spark.sql.connector.read._
import org.apache.spark.sql.lakewright.SparkAccess
import org.apache.spark.sql.sources._
import org.apache.spark.sql.types.StructType
import org.apache.spark.sql.util.CaseInsensitiveStringMap

/** A table of the recorded lineage: its files are read line by line, each in a task of its own. */
final class LineageTable(kind: LineageTableKind, settings: Settings) extends Table with SupportsRead {
  override def name(): String = s"${SystemCatalog.Name}.${SystemCatalog.Access}.${kind.name}"
  override def columns(): Array[Column] = SparkAccess.columnsOf(kind.schema)
  override def capabilities(): util.Set[TableCapability] = Set(TableCapability.BATCH_READ).asJava

  override def newScanBuilder(options: CaseInsensitiveStringMap): ScanBuilder =
    new LineageScanBuilder(kind, settings.lakehouse.resolveSibling("lineage"), settings)
}

/** Leaves out the files of days before the wanted events: an event is never in a file of a day before its own. */
private final class LineageScanBuilder(kind: LineageTableKind, folder: Path, settings: Settings)
    extends ScanBuilder with SupportsPushDownFilters {
  private var since: Option[LocalDate] = None

  override def pushFilters(filters: Array[Filter]): Array[Filter] = {
    since = filters.flatMap(LineageDays.since).maxByOption(_.toEpochDay)
    filters
  }

  override def pushedFilters(): Array[Filter] = Array.empty

  override def build(): Scan = new LineageScan(kind, folder, since, settings)
}

private final class LineageScan(kind: LineageTableKind, folder: Path, since: Option[LocalDate], settings: Settings)
    extends Scan with Batch {
  override def readSchema(): StructType = kind.schema
  override def description(): String = s"${kind.name} since ${since.getOrElse("ever")}"
  override def toBatch: Batch = this

  override def planInputPartitions(): Array[InputPartition] =
    LineageDays.files(folder, since).map(path => LineageFilePart(path.toString): InputPartition).toArray

  override def createReaderFactory(): PartitionReaderFactory = new LineageReaderFactory(kind.name, Witness.of(settings))
}

private object LineageDays {
  /** Empty where nothing was recorded yet. */
  def files(folder: Path, since: Option[LocalDate]): Seq[Path] =
    if (!Files.isDirectory(folder)) Nil
    else {
      val listed = Files.newDirectoryStream(folder, "*.jsonl")
      def isWanted(path: Path) = !day(path).exists(one => since.exists(one.isBefore))
      try listed.asScala.toSeq.filter(isWanted).sorted finally listed.close()
    }

  private def day(path: Path): Option[LocalDate] = Try(LocalDate.parse(path.getFileName.toString.take(10))).toOption

  def since(filter: Filter): Option[LocalDate] = filter match {
    case GreaterThanOrEqual("event_date", value) => date(value)
    case GreaterThan("event_date", value) => date(value)
    case EqualTo("event_date", value) => date(value)
    case GreaterThanOrEqual("event_time", value) => moment(value)
    case GreaterThan("event_time", value) => moment(value)
    case _ => None
  }

  private def date(value: Any): Option[LocalDate] = value match {
    case day: LocalDate => Some(day)
    case day: java.sql.Date => Some(day.toLocalDate)
    case _ => None
  }

  private def moment(value: Any): Option[LocalDate] = value match {
    case time: java.time.Instant => Some(time.atOffset(java.time.ZoneOffset.UTC).toLocalDate)
    case time: java.sql.Timestamp => Some(time.toInstant.atOffset(java.time.ZoneOffset.UTC).toLocalDate)
    case _ => None
  }
}

private final case class LineageFilePart(path: String) extends InputPartition

private final class LineageReaderFactory(kind: String, witness: Witness) extends PartitionReaderFactory {
  override def createReader(part: InputPartition): PartitionReader[InternalRow] = {
    val LineageFilePart(path) = part
    new LineageReader(LineageTables.all.find(_.name == kind).get, new LineageLines(Paths.get(path)), witness.opened())
  }
}

/** The rows of one file that the session's principal may see. */
private final class LineageReader(kind: LineageTableKind, lines: LineageLines, sees: Securable => Boolean)
    extends PartitionReader[InternalRow] {
  private val known = mutable.HashMap.empty[RecordedDataset, Boolean]
  private val rows = lines.flatMap(RecordedLineage.of).flatMap { event =>
    kind.rows(event).zipWithIndex.collect {
      case (row, at) if row.datasets.forall(isSeen) => row.values(event, kind, at)
    }
  }
  private var current: InternalRow = _

  override def next(): Boolean = {
    val more = rows.hasNext
    if (more) current = rows.next()
    more
  }

  override def get(): InternalRow = current

  override def close(): Unit = lines.close()

  private def isSeen(dataset: RecordedDataset): Boolean =
    known.getOrElseUpdate(dataset, sees == Witness.All || dataset.securable.exists(sees))
}
