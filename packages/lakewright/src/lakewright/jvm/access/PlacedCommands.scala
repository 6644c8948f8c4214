package lakewright

import org.apache.hadoop.fs.Path
import org.apache.spark.sql.catalyst.analysis.{ResolvedIdentifier, ResolvedNamespace, ResolvedTable}
import org.apache.spark.sql.catalyst.catalog.CatalogStorageFormat
import org.apache.spark.sql.catalyst.plans.logical.{CreateNamespace, CreateTable, CreateTableAsSelect, LogicalPlan, OptionList,
  ReplaceTable, ReplaceTableAsSelect, SetNamespaceLocation, SetTableLocation, TableSpec, TableSpecBase, UnresolvedTableSpec}
import org.apache.spark.sql.connector.catalog.{CatalogPlugin, SupportsNamespaces}
import org.apache.spark.sql.execution.command.{AlterDatabaseSetLocationCommand, AlterTableAddPartitionCommand, AlterTableSerDePropertiesCommand,
  AlterTableSetLocationCommand, CreateDatabaseCommand, CreateDataSourceTableAsSelectCommand, CreateDataSourceTableCommand,
  CreateTableCommand, CreateTableLikeCommand, LoadDataCommand}
import org.apache.spark.sql.execution.datasources.{CreateTable => SparksCreateTable}

/**
 * The places that a statement gives to a table, a partition or a database of a catalog that is not ours, such as `spark_catalog`:
 * their files get another name. Our catalogs ask by themselves, once they know the place.
 */
private[lakewright] object PlacedCommands {
  def places(plan: LogicalPlan): Seq[Path] = plan match {
    case command: CreateTable => of(command.name, command.tableSpec)
    case command: CreateTableAsSelect => of(command.name, command.tableSpec)
    case command: ReplaceTable => of(command.name, command.tableSpec)
    case command: ReplaceTableAsSelect => of(command.name, command.tableSpec)
    case command: SparksCreateTable => of(command.tableDesc.storage)
    case command: CreateDataSourceTableCommand => of(command.table.storage)
    case command: CreateDataSourceTableAsSelectCommand => of(command.table.storage)
    case command: CreateTableCommand => of(command.table.storage)
    case command: CreateTableLikeCommand => of(command.fileFormat)
    case command: SetTableLocation => if (isForeign(command.table)) Seq(new Path(command.location)) else Nil
    case AlterTableSetLocationCommand(_, _, location) => Seq(new Path(location))
    case AlterTableAddPartitionCommand(_, parts, _) => parts.flatMap(_._2).map(new Path(_))
    case AlterTableSerDePropertiesCommand(_, _, properties, _) => properties.toSeq.flatMap(PathOptions.of)
    case LoadDataCommand(_, path, isLocal, _, _) => if (isLocal) Nil else Seq(new Path(path))
    case command: CreateNamespace =>
      if (isForeign(command.name)) command.properties.get(SupportsNamespaces.PROP_LOCATION).map(new Path(_)).toSeq else Nil
    case command: SetNamespaceLocation => if (isForeign(command.namespace)) Seq(new Path(command.location)) else Nil
    case CreateDatabaseCommand(_, _, path, _, _) => path.map(new Path(_)).toSeq
    case AlterDatabaseSetLocationCommand(_, location) => Seq(new Path(location))
    case _ => Nil
  }

  private def isForeign(name: LogicalPlan): Boolean = name match {
    case ResolvedIdentifier(catalog, _) => isForeign(catalog)
    case ResolvedTable(catalog, _, _, _) => isForeign(catalog)
    case ResolvedNamespace(catalog, _, _) => isForeign(catalog)
    case _ => false
  }

  private def isForeign(catalog: CatalogPlugin): Boolean = !catalog.isInstanceOf[LakehouseCatalog]

  private def of(storage: CatalogStorageFormat): Seq[Path] =
    storage.locationUri.map(new Path(_)).toSeq ++ PathOptions.of(storage.properties)

  private def of(name: LogicalPlan, spec: TableSpecBase): Seq[Path] = if (!isForeign(name)) Nil else spec match {
    case spec: TableSpec => spec.location.map(new Path(_)).toSeq ++ PathOptions.of(spec.options)
    case spec: UnresolvedTableSpec => spec.location.map(new Path(_)).toSeq ++ PathOptions.of(values(spec.optionExpression))
    case _ => Nil
  }

  private def values(options: OptionList): Map[String, String] =
    options.options.collect { case (key, value) if value.foldable => key -> String.valueOf(value.eval()) }.toMap
}
