package lakewright

import org.apache.hadoop.fs.Path
import org.apache.spark.sql.{Column, DataFrame, SparkSession}
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.delta.{ColumnWithDefaultExprUtils, DataFrameUtils}
import org.apache.spark.sql.delta.sources.DeltaSourceUtils
import org.apache.spark.sql.execution.datasources.InMemoryFileIndex
import org.apache.spark.sql.functions.col
import org.apache.spark.sql.types.{StructField, StructType}

/** The files of a COPY INTO, found and read as Spark's readers do. */
final class CopySource(session: SparkSession, spec: CopySpec) {
  private val hadoop = session.asInstanceOf[ClassicSession].sessionState.newHadoopConf()
  private val source = new Path(spec.source)

  /** The paths of all files, in order. */
  lazy val paths: Seq[String] =
    new InMemoryFileIndex(session, roots, spec.reader, None).allFiles().map(_.getPath.toString).sorted

  private def roots: Seq[Path] = spec.only match {
    case Some(CopyFilter.Files(names)) => names.flatMap(name => found(new Path(source, name)))
    case Some(CopyFilter.Pattern(glob)) => matching(new Path(source, glob))
    case None => found(source)
  }

  private def found(path: Path): Seq[Path] = {
    val there = matching(path)
    if (there.isEmpty) throw CopyErrors.noSuchPath(path.toString)
    there
  }

  private def matching(path: Path): Seq[Path] =
    Option(path.getFileSystem(hadoop).globStatus(path)).toSeq.flatten.map(_.getPath)

  /** The rows of some of the files, with the columns that the statement selects. */
  def read(files: Seq[String], table: StructType): DataFrame = {
    val reader = session.read.format(spec.format).options(base ++ spec.reader)
    val rows = reader.load(files: _*)
    val placed = spec.position.fold(rows)(columns => byPosition(rows, fillable(table, columns)))
    spec.select.fold(placed)(selected(placed, _))
  }

  // Folders as `day=1` are columns below the source, not above it.
  private def base: Map[String, String] = {
    val system = source.getFileSystem(hadoop)
    if (system.exists(source) && system.getFileStatus(source).isDirectory) Map("basePath" -> spec.source) else Map.empty
  }

  private def fillable(table: StructType, columns: Seq[String]): Seq[StructField] = {
    if (spec.reader.exists { case (key, value) => key.equalsIgnoreCase("header") && value.equalsIgnoreCase("true") })
      throw CopyErrors.positionNeedsNoHeader()
    if (columns.isEmpty)
      table.filterNot(field => ColumnWithDefaultExprUtils.isIdentityColumn(field) || field.metadata.contains(DeltaSourceUtils.GENERATION_EXPRESSION_METADATA_KEY))
    else columns.map { name =>
      table.find(_.name.equalsIgnoreCase(name)).getOrElse(throw Errors.noSuchColumn(spec.source, name, table.fieldNames.toSeq))
    }
  }

  private def byPosition(rows: DataFrame, fields: Seq[StructField]): DataFrame = {
    if (rows.columns.length != fields.length) throw CopyErrors.otherCount(rows.columns.length, fields.map(_.name))
    val columns: Seq[Column] = rows.columns.toSeq.zip(fields).map { case (name, field) => col(s"`$name`").cast(field.dataType).as(field.name) }
    rows.select(columns: _*)
  }

  private def selected(rows: DataFrame, list: String): DataFrame = {
    val classic = session.asInstanceOf[ClassicSession]
    val files = rows.asInstanceOf[org.apache.spark.sql.classic.DataFrame].queryExecution.logical
    val plan = classic.sessionState.sqlParser.parsePlan(s"SELECT $list").transform { case OneRowRelation() => files }
    DataFrameUtils.ofRows(classic, plan)
  }
}
