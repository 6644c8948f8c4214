package lakewright

import java.net.URI

import scala.jdk.CollectionConverters._

import io.delta.tables.execution.VacuumTableCommand
import org.apache.hadoop.fs.Path
import org.apache.spark.sql.catalyst.TableIdentifier
import org.apache.spark.sql.catalyst.analysis.{ResolvedIdentifier, ResolvedTable}
import org.apache.spark.sql.catalyst.catalog.{CatalogStorageFormat, CatalogTable}
import org.apache.spark.sql.catalyst.plans.logical.{InsertIntoDir, LogicalPlan}
import org.apache.spark.sql.catalyst.streaming.{StreamingRelationV2, WriteToStream}
import org.apache.spark.sql.connector.catalog.{Identifier, Table}
import org.apache.spark.sql.delta.{DeltaLogFileIndex, ResolvedPathBasedNonDeltaTable}
import org.apache.spark.sql.delta.catalog.DeltaTableV2
import org.apache.spark.sql.delta.commands.{ConvertToDeltaCommand => DeltaConversion, _}
import org.apache.spark.sql.delta.commands.cdc.CDCReader.DeltaCDFRelation
import org.apache.spark.sql.delta.files.TahoeLogFileIndex
import org.apache.spark.sql.delta.sources.DeltaSink
import org.apache.spark.sql.execution.command.{AddArchivesCommand, AddFilesCommand, AddJarsCommand,
  CreateFunctionCommand, InsertIntoDataSourceDirCommand}
import org.apache.spark.sql.execution.datasources.{CreateTempViewUsing, HadoopFsRelation, InsertIntoHadoopFsRelationCommand,
  LogicalRelation, SaveIntoDataSourceCommand}
import org.apache.spark.sql.execution.datasources.v2.{DataSourceV2Relation, FileTable}
import org.apache.spark.sql.execution.streaming.runtime.StreamingRelation
import org.apache.spark.sql.execution.streaming.sinks.FileStreamSink
import org.apache.spark.sql.util.CaseInsensitiveStringMap

/**
 * The paths that one node of a plan reads and writes by itself. Files of a table of ours that is known by its name are not
 * among them: the right on the table stands for them.
 *
 * @param tableOf the name of the table of ours that a node is.
 * @param ours    the name of a table, if it is one of our catalogs; tables of other catalogs have no rights.
 * @param placeOf where the files of a table of Spark's own catalog lie.
 */
private[lakewright] final class PlanPaths(
    tableOf: LogicalPlan => Option[Seq[String]],
    ours: CatalogTable => Option[Seq[String]],
    placeOf: TableIdentifier => Option[URI]) {
  import PlanPaths.tableFor

  /** The paths of which nothing is changed. */
  def read(plan: LogicalPlan): Seq[Path] = plan match {
    case copy: CopyIntoCommand => Seq(new Path(copy.spec.source))
    case view: CreateTempViewUsing => PathOptions.of(view.options)
    case files: AddFilesCommand => files.paths.map(new Path(_))
    case jars: AddJarsCommand => jars.paths.map(new Path(_))
    case archives: AddArchivesCommand => archives.paths.map(new Path(_))
    case history: DescribeDeltaHistoryCommand => delta(history.table)
    case clone: CloneTableCommand => if (isNamed(clone.sourceTable.catalogTable)) Nil else Seq(clone.sourceTable.dataPath)
    case function: CreateFunctionCommand => function.resources.map(resource => new Path(resource.uri))
    case leaf => lying(leaf)
  }

  /** The paths at which files are made, changed or removed. */
  def written(plan: LogicalPlan): Seq[Path] = plan match {
    case ResolvedIdentifier(_, ident) => Option.when(PlanPaths.isPath(ident))(new Path(ident.name)).toSeq
    case files: InsertIntoHadoopFsRelationCommand => if (isNamed(files.catalogTable)) Nil else Seq(files.outputPath)
    case save: SaveIntoDataSourceCommand => PathOptions.of(save.options)
    case folder: InsertIntoDir => at(folder.storage)
    case folder: InsertIntoDataSourceDirCommand => at(folder.storage)
    case stream: WriteToStream => new Path(stream.resolvedCheckpointLocation) +: sink(stream)
    case clone: CloneTableCommand => Seq(clone.targetPath)
    case convert: DeltaConversion => converted(convert)
    case command: TruncateDeltaTableCommand => lying(command.child)
    case command: OptimizeTableCommand => lying(command.child)
    case command: DeltaReorgTableCommand => lying(command.target)
    case command: VacuumTableCommand => command.children.flatMap(lying)
    case command: DeltaGenerateCommand => command.children.flatMap(lying)
    case command: AlterDeltaTableCommand => delta(command.table)
    case command: RestoreTableCommand => delta(command.sourceTable)
    case relation: StreamingRelation => PathOptions.cleaned(relation.dataSource.options, streamed(relation))
    case other => PlacedCommands.places(other)
  }

  /** Where the files of a leaf lie, unless it is a table with a name. */
  def lying(leaf: LogicalPlan): Seq[Path] = leaf match {
    case _ if tableOf(leaf).isDefined => Nil
    case relation: LogicalRelation =>
      if (PlanReads.isDeltas(relation) || isNamed(tableFor(relation))) Nil else of(relation)
    case relation: DataSourceV2Relation => asked(relation.options) ++ of(relation.table)
    case relation: StreamingRelation => streamed(relation)
    case relation: StreamingRelationV2 => asked(relation.extraOptions) ++ of(relation.table)
    case ResolvedTable(_, _, table, _) => of(table)
    case other: ResolvedPathBasedNonDeltaTable => Seq(new Path(other.path))
    case _ => Nil
  }

  /** Of any source: what reads a path has it there, also where nothing else is known of it, as of the state of a stream. */
  private def asked(options: CaseInsensitiveStringMap): Seq[Path] = PathOptions.of(options.asCaseSensitiveMap.asScala.toMap)

  private def streamed(relation: StreamingRelation): Seq[Path] =
    relation.dataSource.paths.map(new Path(_)) ++ PathOptions.of(relation.dataSource.options)

  private def of(relation: LogicalRelation): Seq[Path] = relation.relation match {
    case HadoopFsRelation(_: DeltaLogFileIndex, _, _, _, _, _) => Nil
    case HadoopFsRelation(index: TahoeLogFileIndex, _, _, _, _, _) => Seq(index.path)
    case HadoopFsRelation(index, _, _, _, _, _) => index.rootPaths
    case changes: DeltaCDFRelation => Seq(changes.snapshotWithSchemaMode.snapshot.deltaLog.dataPath)
    case _ => Nil
  }

  private def of(table: Table): Seq[Path] = table match {
    case table: DeltaTableV2 => delta(table)
    case files: FileTable => files.fileIndex.rootPaths
    case _ => Nil
  }

  private def delta(table: DeltaTableV2): Seq[Path] = if (isNamed(table.catalogTable)) Nil else Seq(table.path)

  private def sink(stream: WriteToStream): Seq[Path] =
    if (isNamed(stream.catalogTable)) Nil
    else stream.sink match {
      case delta: DeltaSink => Seq(delta.path)
      case files: FileStreamSink => Seq(new Path(files.toString.stripPrefix("FileSink[").stripSuffix("]")))
      case _ => Nil
    }

  private def converted(command: DeltaConversion): Seq[Path] =
    command.deltaPath.orElse(Some(command.tableIdentifier.table).filter(_.contains("/"))).map(new Path(_))
      .orElse(placeOf(command.tableIdentifier).map(new Path(_))).toSeq

  private def at(storage: CatalogStorageFormat): Seq[Path] = storage.locationUri.map(new Path(_)).toSeq

  /** Whether it is a table of ours, not one by its path: a right on the table stands for its files. */
  private def isNamed(table: Option[CatalogTable]): Boolean =
    table.exists(one => ours(one).isDefined && !one.identifier.database.exists(_.equalsIgnoreCase("delta")))
}

private[lakewright] object PlanPaths {
  /** Whether a name is a path: ``delta.`/folder` ``. */
  def isPath(name: Identifier): Boolean =
    name.namespace.lastOption.exists(_.equalsIgnoreCase("delta")) && (name.name.startsWith("/") || name.name.contains(":"))

  /** The table that a relation is; a change feed and a version of the past keep it elsewhere. */
  def tableFor(relation: LogicalRelation): Option[CatalogTable] = relation.catalogTable.orElse(relation.relation match {
    case HadoopFsRelation(index: TahoeLogFileIndex, _, _, _, _, _) => index.catalogTableOpt
    case changes: DeltaCDFRelation => changes.catalogTableOpt
    case _ => None
  })
}
