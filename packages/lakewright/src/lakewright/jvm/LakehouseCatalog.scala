package lakewright

import java.util

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.TableIdentifier
import org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException
import org.apache.spark.sql.catalyst.catalog.CatalogTable
import org.apache.spark.sql.connector.catalog._
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction
import org.apache.spark.sql.connector.expressions.Transform
import org.apache.spark.sql.delta.catalog.DeltaCatalog
import org.apache.spark.sql.delta.commands.TableCreationModes
import org.apache.spark.sql.lakewright.SparkAccess
import org.apache.spark.sql.types.StructType
import org.apache.spark.sql.util.CaseInsensitiveStringMap

/**
 * One catalog of the lakehouse: Delta's catalog on top of our own entries. Delta does everything that concerns a
 * table's data and log; this class says where tables lie, holds views, and asks the access policy first.
 * Spark makes one instance a session and a name; none of them keeps state that another would miss.
 */
class LakehouseCatalog extends DeltaCatalog with RelationCatalog {
  private var settings: Settings = _
  private var stored: StoredCatalog = _
  private var views: StoredViews = _
  private var placements: Placements = _
  private var access: Access = _

  override def initialize(name: String, options: CaseInsensitiveStringMap): Unit = {
    settings = Settings.of(SparkSession.active)
    LakehouseLock.acquire(settings.lakehouse, LakehouseLock.Session)
    stored = new StoredCatalog(Names.key(name), new MetadataStore(settings.lakehouse), settings)
    views = new StoredViews(stored, settings)
    placements = new Placements(stored, settings)
    access = new Access(stored.name, settings)
    setDelegateCatalog(stored)
    super.initialize(name, options)
  }

  override def defaultNamespace(): Array[String] = stored.defaultNamespace()

  // Reading

  override def loadTable(ident: Identifier): Table =
    if (InformationSchema.holds(ident)) InformationSchema.table(ident, this, stored)
    else if (isPathIdentifier(ident)) super[DeltaCatalog].loadTable(ident)
    else {
      if (stored.tableExists(ident)) access.table(Privilege.Select, ident)
      super[DeltaCatalog].loadTable(ident)
    }

  override def loadTable(ident: Identifier, writes: util.Set[TableWritePrivilege]): Table =
    if (InformationSchema.holds(ident)) throw Errors.readOnlySchema(stored.fullName(ident))
    else {
      if (stored.tableExists(ident)) access.table(Privilege.Modify, ident)
      super[DeltaCatalog].loadTable(ident)
    }

  override def loadRelation(ident: Identifier): Relation =
    if (!isPathIdentifier(ident) && views.exists(ident)) loadView(ident) else loadTable(ident)

  override def tableExists(ident: Identifier): Boolean =
    InformationSchema.exists(ident) || super[DeltaCatalog].tableExists(ident)

  override def listTables(namespace: Array[String]): Array[Identifier] =
    if (InformationSchema.is(namespace)) InformationSchema.identifiers else stored.listTables(namespace)

  override def listTableSummaries(namespace: Array[String]): Array[TableSummary] =
    if (InformationSchema.is(namespace))
      InformationSchema.identifiers.map(TableSummary.of(_, TableSummary.VIEW_TABLE_TYPE))
    else stored.listed(namespace).collect {
      case (ident, Some(EntryKind.Managed)) => TableSummary.of(ident, TableSummary.MANAGED_TABLE_TYPE)
      case (ident, Some(EntryKind.External)) => TableSummary.of(ident, TableSummary.EXTERNAL_TABLE_TYPE)
      case (ident, None) => TableSummary.of(ident, TableSummary.FOREIGN_TABLE_TYPE)
    }.toArray

  // Making and replacing

  override def createTable(
      ident: Identifier, schema: StructType, partitions: Array[Transform], properties: util.Map[String, String]): Table =
    if (isPathIdentifier(ident)) super.createTable(ident, schema, partitions, properties)
    else make(ident, properties)(placed => super.createTable(placed.path, schema, partitions, placed.properties))

  override def createTableLike(ident: Identifier, info: TableInfo, source: Table): Table =
    if (isPathIdentifier(ident)) super.createTableLike(ident, info, source)
    else make(ident, info.properties()) { placed =>
      val told = new TableInfo.Builder().withColumns(info.columns()).withProperties(placed.properties)
        .asInstanceOf[TableInfo.Builder].withPartitions(info.partitions()).build()
      super.createTableLike(placed.path, told, source)
    }

  private def make(ident: Identifier, properties: util.Map[String, String])(create: Placement => Table): Table = {
    access.schema(Privilege.CreateTable, ident.namespace())
    val placed = placements.create(ident, properties)
    try {
      create(placed)
      placements.publish(placed)
    } catch { case problem: Throwable => placements.undo(placed); throw problem }
    super[DeltaCatalog].loadTable(ident)
  }

  override def stageCreate(
      ident: Identifier, schema: StructType, partitions: Array[Transform], properties: util.Map[String, String])
      : StagedTable =
    if (isPathIdentifier(ident)) super.stageCreate(ident, schema, partitions, properties)
    else {
      access.schema(Privilege.CreateTable, ident.namespace())
      val placed = placements.create(ident, properties)
      staged(placed, super.stageCreate(placed.path, schema, partitions, placed.properties))
    }

  override def stageReplace(
      ident: Identifier, schema: StructType, partitions: Array[Transform], properties: util.Map[String, String])
      : StagedTable =
    if (isPathIdentifier(ident)) super.stageReplace(ident, schema, partitions, properties)
    else {
      access.table(Privilege.Modify, ident)
      val placed = placements.replace(ident, properties)
      staged(placed, super.stageReplace(placed.path, schema, partitions, placed.properties))
    }

  override def stageCreateOrReplace(
      ident: Identifier, schema: StructType, partitions: Array[Transform], properties: util.Map[String, String])
      : StagedTable =
    if (isPathIdentifier(ident)) super.stageCreateOrReplace(ident, schema, partitions, properties)
    else {
      val placed = placements.createOrReplace(ident, properties)
      if (placed.replaces) access.table(Privilege.Modify, ident)
      else access.schema(Privilege.CreateTable, ident.namespace())
      staged(placed, super.stageCreateOrReplace(placed.path, schema, partitions, placed.properties))
    }

  /** Delta asks before it commits a table. It looks names up in Spark's session catalog, which does not know ours. */
  override def getExistingTableIfExists(
      table: TableIdentifier, ident: Option[Identifier], operation: TableCreationModes.CreationMode)
      : Option[CatalogTable] = ident match {
    case Some(placed: PlacedPath) => placed.replaced
    case _ => super.getExistingTableIfExists(table, ident, operation)
  }

  private def staged(placed: Placement, inner: StagedTable): StagedTable = new StagedEntry(
    stored.fullName(placed.ident), inner.asInstanceOf[StagedTable with SupportsWrite],
    () => placements.publish(placed), () => placements.undo(placed))

  // Changing and dropping

  override def alterTable(ident: Identifier, changes: TableChange*): Table = {
    if (!isPathIdentifier(ident)) access.table(Privilege.Modify, ident)
    val (moves, others) = changes.partition {
      case change: TableChange.SetProperty => change.property() == TableCatalog.PROP_LOCATION
      case _ => false
    }
    moves.collect { case change: TableChange.SetProperty => placements.relocate(ident, change.value()) }
      .foreach { case (path, publish) => super[DeltaCatalog].loadTable(path); publish() }
    if (others.isEmpty) super[DeltaCatalog].loadTable(ident) else super.alterTable(ident, others: _*)
  }

  /** For commands that Spark lets change a table it has loaded for reading. */
  def requireModify(ident: Identifier): Unit =
    if (!isPathIdentifier(ident) && stored.tableExists(ident)) access.table(Privilege.Modify, ident)

  override def dropTable(ident: Identifier): Boolean = {
    if (stored.tableExists(ident)) access.table(Privilege.Manage, ident)
    stored.dropTable(ident)
  }

  override def purgeTable(ident: Identifier): Boolean = dropTable(ident)

  override def renameTable(from: Identifier, to: Identifier): Unit = {
    if (stored.tableExists(from)) access.table(Privilege.Manage, from)
    stored.renameTable(from, to)
  }

  // Views

  override def listViews(namespace: Array[String]): Array[Identifier] =
    if (InformationSchema.is(namespace)) Array.empty else views.list(namespace)

  override def viewExists(ident: Identifier): Boolean = views.exists(ident)

  override def loadView(ident: Identifier): View = {
    val view = views.load(ident)
    access.view(Privilege.Select, ident)
    view
  }

  override def createView(ident: Identifier, view: View): View = {
    access.schema(Privilege.CreateTable, ident.namespace())
    views.create(ident, view)
  }

  override def replaceView(ident: Identifier, view: View): View = {
    access.view(Privilege.Manage, ident)
    views.replace(ident, view)
  }

  override def dropView(ident: Identifier): Boolean = {
    if (views.exists(ident)) access.view(Privilege.Manage, ident)
    views.drop(ident)
  }

  override def renameView(from: Identifier, to: Identifier): Unit = {
    if (views.exists(from)) access.view(Privilege.Manage, from)
    views.rename(from, to)
  }

  // Schemas

  override def createNamespace(namespace: Array[String], metadata: util.Map[String, String]): Unit = {
    if (!stored.store.catalogExists(stored.name)) throw Errors.noSuchCatalog(stored.name)
    access.catalog(Privilege.CreateSchema)
    stored.createNamespace(namespace, metadata)
  }

  override def alterNamespace(namespace: Array[String], changes: NamespaceChange*): Unit = {
    access.schema(Privilege.Manage, namespace)
    stored.alterNamespace(namespace, changes: _*)
  }

  override def dropNamespace(namespace: Array[String], cascade: Boolean): Boolean = {
    access.schema(Privilege.Manage, namespace)
    stored.dropNamespace(namespace, cascade)
  }

  // Functions: none of our own yet; Spark's built-in ones are found elsewhere.

  override def listFunctions(namespace: Array[String]): Array[Identifier] = Array.empty

  override def functionExists(ident: Identifier): Boolean = false

  override def loadFunction(ident: Identifier): UnboundFunction = throw new NoSuchFunctionException(ident)
}

/** The access policy, asked in the words of one catalog. Inside a view its reader needs no right of their own. */
final class Access(catalog: String, settings: Settings) {
  def table(privilege: Privilege, ident: Identifier): Unit = check(privilege, SecurableKind.Table, names(ident))
  def view(privilege: Privilege, ident: Identifier): Unit = check(privilege, SecurableKind.View, names(ident))
  def schema(privilege: Privilege, namespace: Array[String]): Unit =
    check(privilege, SecurableKind.Schema, namespace.toSeq)
  def catalog(privilege: Privilege): Unit = check(privilege, SecurableKind.Catalog, Nil)

  private def names(ident: Identifier): Seq[String] = ident.namespace().toSeq :+ ident.name()

  private def check(privilege: Privilege, kind: SecurableKind, names: Seq[String]): Unit =
    if (!SparkAccess.insideView)
      settings.policy.check(settings.principal, privilege, Securable(kind, (catalog +: names).map(Names.key)))
}
