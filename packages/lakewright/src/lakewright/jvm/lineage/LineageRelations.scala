package lakewright

import scala.util.Try

import org.apache.hadoop.fs.Path
import org.apache.spark.sql.catalyst.TableIdentifier
import org.apache.spark.sql.catalyst.analysis.{NamedRelation, ResolvedIdentifier, ResolvedPersistentView}
import org.apache.spark.sql.catalyst.catalog.CatalogTable
import org.apache.spark.sql.catalyst.plans.logical.{LeafNode, LogicalPlan}
import org.apache.spark.sql.connector.catalog.{CatalogPlugin, Identifier, Table}
import org.apache.spark.sql.delta.catalog.DeltaTableV2
import org.apache.spark.sql.delta.commands.cdc.CDCReader
import org.apache.spark.sql.execution.datasources.{FileIndex, HadoopFsRelation, LogicalRelation}
import org.apache.spark.sql.execution.datasources.v2.{DataSourceV2Relation, FileTable, StreamingDataSourceV2Relation}
import org.apache.spark.sql.execution.streaming.runtime.StreamingExecutionRelation

/** Names the datasets of a plan's leaves and targets. Delta's own log is none. */
final class LineageRelations(namespace: String, paths: LineagePaths) {
  /** What a leaf reads: nothing for values, several folders for files of several. */
  def of(leaf: LeafNode): Seq[LineageDataset] = leaf match {
    case relation: LogicalRelation => relation.relation match {
      case files: HadoopFsRelation => relation.catalogTable.flatMap(table).fold(folders(files.location))(Seq(_))
      case changes: CDCReader.DeltaCDFRelation => relation.catalogTable.orElse(changes.catalogTableOpt).flatMap(table)
          .orElse(path(changes.snapshotWithSchemaMode.snapshot.path.getParent)).toSeq
      case _ => relation.catalogTable.flatMap(table).toSeq
    }
    case relation: DataSourceV2Relation => v2(relation.table, relation.catalog, relation.identifier)
    case relation: StreamingDataSourceV2Relation => v2(relation.table, relation.catalog, relation.identifier)
    case streaming: StreamingExecutionRelation => streaming.catalogTable.flatMap(table).toSeq
    case _ => Nil
  }

  def view(description: CatalogTable): Option[LineageDataset] = identified(description.identifier, DatasetKind.View)

  def table(description: CatalogTable): Option[LineageDataset] = identified(description.identifier, DatasetKind.Table)
    .orElse(description.storage.locationUri.flatMap(uri => path(new Path(uri))))

  def path(path: Path): Option[LineageDataset] = paths.of(path)

  def delta(table: DeltaTableV2): Option[LineageDataset] =
    table.catalogTable.flatMap(this.table).orElse(path(table.path))

  /** The target of a write to a table. */
  def target(relation: NamedRelation): Option[LineageDataset] = relation match {
    case leaf: LeafNode => of(leaf).headOption
    case _ => None
  }

  /** The name of what a statement makes. */
  def made(name: LogicalPlan, kind: DatasetKind): Option[LineageDataset] = name match {
    case ResolvedIdentifier(_, path: PlacedPath) => this.path(new Path(path.path))
    case ResolvedIdentifier(catalog, ident) => named(catalog.name, ident, kind)
    case view: ResolvedPersistentView => named(view.catalog.name, view.identifier, kind)
    case _ => None
  }

  def named(catalog: String, ident: Identifier, kind: DatasetKind): Option[LineageDataset] = ident.namespace match {
    case Array("delta") if ident.name.startsWith("/") || ident.name.contains(":") => path(new Path(ident.name))
    case Array(schema) if !InformationSchema.Name.equalsIgnoreCase(schema) && !SystemCatalog.Name.equalsIgnoreCase(catalog) =>
      Some(dataset(Seq(catalog, schema, ident.name), kind))
    case _ => None
  }

  private def v2(table: Table, catalog: Option[CatalogPlugin], name: Option[Identifier]): Seq[LineageDataset] =
    table match {
      case table: DeltaTableV2 => delta(table).toSeq
      case files: FileTable => folders(files.fileIndex)
      case _ => catalog.zip(name).flatMap { case (owner, ident) => named(owner.name, ident, DatasetKind.Table) }.toSeq
    }

  private def folders(index: FileIndex): Seq[LineageDataset] =
    Try(index.rootPaths).getOrElse(Nil).flatMap(path(_)).distinct

  private def identified(name: TableIdentifier, kind: DatasetKind): Option[LineageDataset] =
    for (catalog <- name.catalog; schema <- name.database; if schema != "delta") yield
      dataset(Seq(catalog, schema, name.table), kind)

  private def dataset(parts: Seq[String], kind: DatasetKind): LineageDataset =
    LineageDataset(kind, namespace, Names.joined(parts.map(Names.key)))
}
