package lakewright

import java.util

import scala.jdk.CollectionConverters._

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.TableIdentifier
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException
import org.apache.spark.sql.catalyst.catalog.CatalogTable
import org.apache.spark.sql.catalyst.plans.logical.CloneTableStatement
import org.apache.spark.sql.connector.catalog._
import org.apache.spark.sql.connector.catalog.constraints.Constraint
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction
import org.apache.spark.sql.connector.expressions.Transform
import org.apache.spark.sql.delta.catalog.DeltaCatalog
import org.apache.spark.sql.delta.commands.TableCreationModes
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
  private var keys: AlteredKeys = _
  private var tags: AlteredTags = _
  private[lakewright] var functions: StoredFunctions = _

  override def initialize(name: String, options: CaseInsensitiveStringMap): Unit = {
    val session = SparkSession.active
    Environments.of(session).requireOwn(name)
    settings = Settings.of(session)
    LakehouseLock.acquire(settings.lakehouse, LakehouseLock.Session)
    stored = new StoredCatalog(Names.key(name), new MetadataStore(settings.lakehouse), settings)
    views = new StoredViews(stored, settings)
    placements = new Placements(stored, settings)
    access = new Access(stored.name, settings)
    keys = new AlteredKeys(stored)
    tags = new AlteredTags(stored)
    functions = new StoredFunctions(stored)
    setDelegateCatalog(stored)
    super.initialize(name, options)
  }

  override def defaultNamespace(): Array[String] = stored.defaultNamespace()

  // Reading

  override def loadTable(ident: Identifier): Table =
    if (InformationSchema.holds(ident)) InformationSchema.table(ident, this, stored)
    else if (isPathIdentifier(ident)) super[DeltaCatalog].loadTable(ident)
    else {
      if (stored.tableExists(ident)) access.describe(SecurableKind.Table, ident)
      super[DeltaCatalog].loadTable(ident)
    }

  override def loadTable(ident: Identifier, writes: util.Set[TableWritePrivilege]): Table =
    if (InformationSchema.holds(ident)) throw Errors.readOnlySchema(stored.fullName(ident))
    else if (!isPathIdentifier(ident) && views.exists(ident))
      throw Errors.viewIsNotWritten(stored.fullName(ident), writes.asScala.map(_.name).toSeq.sorted)
    else {
      if (stored.tableExists(ident)) access.table(Privilege.Modify, ident)
      super[DeltaCatalog].loadTable(ident)
    }

  override def loadRelation(ident: Identifier): Relation =
    if (!isPathIdentifier(ident) && views.exists(ident)) loadView(ident) else loadTable(ident)

  override def tableExists(ident: Identifier): Boolean =
    InformationSchema.exists(ident) || super[DeltaCatalog].tableExists(ident)

  override def listTables(namespace: Array[String]): Array[Identifier] =
    if (InformationSchema.is(namespace)) InformationSchema.identifiers
    else visible(namespace).collect { case (ident, kind) if !kind.contains(EntryKind.View) => ident }.toArray

  override def listTableSummaries(namespace: Array[String]): Array[TableSummary] =
    if (InformationSchema.is(namespace))
      InformationSchema.identifiers.map(TableSummary.of(_, TableSummary.VIEW_TABLE_TYPE))
    else visible(namespace).collect {
      case (ident, Some(EntryKind.Managed)) => TableSummary.of(ident, TableSummary.MANAGED_TABLE_TYPE)
      case (ident, Some(EntryKind.External)) => TableSummary.of(ident, TableSummary.EXTERNAL_TABLE_TYPE)
      case (ident, None) => TableSummary.of(ident, TableSummary.FOREIGN_TABLE_TYPE)
    }.toArray

  // Making and replacing. Spark calls the forms with `TableInfo`; Delta leads them to those with `StructType`.

  override def capabilities(): util.Set[TableCatalogCapability] = {
    val all = new util.HashSet(super.capabilities())
    all.add(TableCatalogCapability.SUPPORT_TABLE_CONSTRAINT)
    all
  }

  override def createTable(ident: Identifier, info: TableInfo): Table =
    super.createTable(keyed(ident, info), info.columns, info.partitions, info.properties)

  override def stageCreate(ident: Identifier, info: TableInfo): StagedTable =
    super.stageCreate(keyed(ident, info), info.columns, info.partitions, info.properties)

  override def stageReplace(ident: Identifier, info: TableInfo): StagedTable =
    super.stageReplace(keyed(ident, info), info.columns, info.partitions, info.properties)

  override def stageCreateOrReplace(ident: Identifier, info: TableInfo): StagedTable =
    super.stageCreateOrReplace(keyed(ident, info), info.columns, info.partitions, info.properties)

  private def keyed(ident: Identifier, info: TableInfo): Identifier =
    if (info.constraints.nonEmpty && isPathIdentifier(ident)) throw KeyErrors.onPath(ident.name())
    else KeyedName.of(ident, info.constraints)

  override def createTable(
      ident: Identifier, schema: StructType, partitions: Array[Transform], properties: util.Map[String, String]): Table =
    if (isPathIdentifier(ident)) super.createTable(ident, schema, partitions, properties)
    else make(ident, schema, properties, names(partitions)) { placed =>
      super.createTable(placed.path, placed.schema, partitions, placed.properties)
    }

  override def createTableLike(ident: Identifier, info: TableInfo, source: Table): Table =
    if (isPathIdentifier(ident)) super.createTableLike(ident, info, source)
    else make(ident, info.schema(), info.properties(), names(info.partitions())) { placed =>
      val placedInfo = new TableInfo.Builder().withColumns(info.columns()).withProperties(placed.properties)
        .asInstanceOf[TableInfo.Builder].withPartitions(info.partitions()).build()
      super.createTableLike(placed.path, placedInfo, source)
    }

  private def names(partitions: Array[Transform]): Seq[String] =
    partitions.toSeq.filter(_.name() == "identity").flatMap(_.references()).flatMap(_.fieldNames().headOption)

  private def make(
      ident: Identifier, schema: StructType, properties: util.Map[String, String], partitions: Seq[String])(
      create: Placement => Table): Table = {
    access.schema(Privilege.CreateTable, ident.namespace())
    val placed = placements.create(ident, schema, properties, partitions)
    publishing(placed)(create(placed))
    super[DeltaCatalog].loadTable(ident)
  }

  /** Where a clone under this name will lie. None where Delta refuses the statement, or has nothing to do. */
  def cloneTarget(ident: Identifier, clone: CloneTableStatement): Option[Placement] = {
    val properties = clone.targetLocation.map(TableCatalog.PROP_LOCATION -> _).toMap.asJava
    stored.entry(ident) match {
      case None if clone.isCreateCommand =>
        access.schema(Privilege.CreateTable, ident.namespace())
        Some(placements.create(ident, new StructType(), properties))
      case Some(entry) if clone.isReplaceCommand && entry.isTable =>
        access.table(Privilege.Modify, ident)
        Some(placements.replace(ident, new StructType(), properties))
      case _ => None
    }
  }

  /** Makes a table's data, then writes its entry; a failure leaves neither. */
  def publishing[T](placed: Placement)(create: => T): T =
    try {
      val created = create
      placements.publish(placed)
      created
    } catch { case problem: Throwable => placements.undo(placed); throw problem }

  override def stageCreate(
      ident: Identifier, schema: StructType, partitions: Array[Transform], properties: util.Map[String, String])
      : StagedTable =
    if (isPathIdentifier(ident)) super.stageCreate(ident, schema, partitions, properties)
    else {
      access.schema(Privilege.CreateTable, ident.namespace())
      val placed = placements.create(ident, schema, properties, names(partitions))
      staged(placed, super.stageCreate(placed.path, placed.schema, partitions, placed.properties))
    }

  override def stageReplace(
      ident: Identifier, schema: StructType, partitions: Array[Transform], properties: util.Map[String, String])
      : StagedTable =
    if (isPathIdentifier(ident)) super.stageReplace(ident, schema, partitions, properties)
    else {
      access.table(Privilege.Modify, ident)
      requirePolicyRights(ident, properties)
      val placed = placements.replace(ident, schema, properties, names(partitions))
      staged(placed, super.stageReplace(placed.path, placed.schema, partitions, placed.properties))
    }

  override def stageCreateOrReplace(
      ident: Identifier, schema: StructType, partitions: Array[Transform], properties: util.Map[String, String])
      : StagedTable =
    if (isPathIdentifier(ident)) super.stageCreateOrReplace(PlacedPath.named(ident.name()), schema, partitions, properties)
    else {
      if (stored.entry(ident).isEmpty) access.schema(Privilege.CreateTable, ident.namespace())
      else if (stored.tableExists(ident)) {
        access.table(Privilege.Modify, ident)
        requirePolicyRights(ident, properties)
      }
      val placed = placements.createOrReplace(ident, schema, properties, names(partitions))
      staged(placed, super.stageCreateOrReplace(placed.path, placed.schema, partitions, placed.properties))
    }

  private def requirePolicyRights(ident: Identifier, properties: util.Map[String, String]): Unit =
    if (properties.containsKey(PolicyClauses.Property)) access.table(Privilege.Manage, ident)

  /** Delta asks before it commits a table. It looks names up in Spark's session catalog, which does not know ours. */
  override def getExistingTableIfExists(
      table: TableIdentifier, ident: Option[Identifier], operation: TableCreationModes.CreationMode)
      : Option[CatalogTable] = ident match {
    case Some(placed: PlacedPath) => placed.replaced
    case _ => super.getExistingTableIfExists(table, ident, operation)
  }

  private def staged(placed: Placement, inner: StagedTable): StagedTable = new StagedEntry(
    stored.fullName(placed.ident), inner.asInstanceOf[StagedTable with SupportsWrite],
    onlyRows => if (!(onlyRows && placed.replaces)) placements.publish(placed), () => placements.undo(placed))

  // Changing and dropping

  override def alterTable(ident: Identifier, changes: TableChange*): Table = {
    if (!isPathIdentifier(ident)) {
      access.table(if (AlteredBy.modify(changes)) Privilege.Modify else Privilege.Ownership, ident)
      new PolicyColumns(stored).requireFree(ident, changes)
    } else VolumePaths.checkChange(settings, ident.name())
    val (moves, others) = changes.partition {
      case change: TableChange.SetProperty => change.property() == TableCatalog.PROP_LOCATION
      case _ => false
    }
    moves.collect { case change: TableChange.SetProperty => placements.relocate(ident, change.value()) }
      .foreach { case (path, publish) => super[DeltaCatalog].loadTable(path); publish() }
    val table = super[DeltaCatalog].loadTable(ident)
    val ours = !isPathIdentifier(ident)
    val deltas = if (ours) keys(ident, table, others) else others.map(AlteredKeys.byPath(ident, _))
    val altered = if (deltas.isEmpty) table
    else if (ours) tags.around(ident, deltas, columnsOf(ident))(super[DeltaCatalog].alterTable(ident, deltas: _*))
    else super.alterTable(ident, deltas: _*)
    if (ours) keys.follow(ident, deltas)
    altered
  }

  private def columnsOf(ident: Identifier): Seq[String] = super[DeltaCatalog].loadTable(ident).columns().map(_.name()).toSeq

  /** Drops the key for which this holds; false where the table has none. */
  def dropKey(ident: Identifier, which: TableKey => Boolean, cascade: Boolean): Boolean = {
    if (!stored.tableExists(ident)) throw new NoSuchTableException(ident)
    access.table(Privilege.Ownership, ident)
    keys.drop(ident, which, cascade)
  }

  /** The keys of a table in Spark's form, for DESCRIBE. */
  def constraintsOf(ident: Identifier): Seq[Constraint] = {
    val directory = new KeyDirectory(stored.store)
    stored.entry(ident).toSeq.flatMap(directory.live).map(key => new DescribedKey(key, directory.parent(key)))
  }

  /** The tags of columns that the table has no longer, as a text. */
  def waitingTags(ident: Identifier, columns: Seq[String]): Option[String] =
    stored.entry(ident).map(_.attributes.columns.without(columns)).filter(_.byColumn.nonEmpty).map(_.shown)

  def policiesOf(ident: Identifier): TablePolicies = stored.entry(ident).fold(TablePolicies())(_.policies)

  /** For commands that Spark lets change a table it has loaded for reading. */
  def requireModify(ident: Identifier): Unit =
    if (!isPathIdentifier(ident) && stored.tableExists(ident)) access.table(Privilege.Modify, ident)

  override def dropTable(ident: Identifier): Boolean = {
    if (stored.tableExists(ident)) access.table(Privilege.Manage, ident)
    stored.dropTable(ident)
  }

  override def purgeTable(ident: Identifier): Boolean = dropTable(ident)

  override def renameTable(from: Identifier, to: Identifier): Unit = {
    if (stored.tableExists(from)) {
      access.table(Privilege.Manage, from)
      moving(from, to)
    }
    stored.renameTable(from, to)
  }

  // Views

  override def listViews(namespace: Array[String]): Array[Identifier] =
    if (InformationSchema.is(namespace)) Array.empty
    else visible(namespace).collect { case (ident, Some(EntryKind.View)) => ident }.toArray

  override def viewExists(ident: Identifier): Boolean = views.exists(ident)

  override def loadView(ident: Identifier): View = {
    val view = views.load(ident)
    access.describe(SecurableKind.View, ident)
    view
  }

  override def createView(ident: Identifier, view: View): View = {
    access.schema(Privilege.CreateTable, ident.namespace())
    views.create(ident, view)
  }

  override def replaceView(ident: Identifier, view: View): View = {
    // CREATE OR REPLACE comes here first; a view that is not there yet is then created, with the rights for that.
    if (views.exists(ident)) access.view(Privilege.Ownership, ident)
    views.replace(ident, view)
  }

  override def dropView(ident: Identifier): Boolean = {
    if (views.exists(ident)) access.view(Privilege.Manage, ident)
    views.drop(ident)
  }

  override def renameView(from: Identifier, to: Identifier): Unit = {
    if (views.exists(from)) {
      access.view(Privilege.Manage, from)
      moving(from, to)
    }
    views.rename(from, to)
  }

  /** In another schema of the catalog it is a new object. */
  private def moving(from: Identifier, to: Identifier): Unit = {
    val target = to.namespace().lastOption.map(Names.key)
    if (target.exists(_ != Names.key(from.namespace().head))) {
      access.schema(Privilege.CreateTable, target.toArray)
      if (PolicyIndex.of(SparkSession.active).holds(stored.placeOf(from)))
        throw AttributePolicyErrors.leaves(stored.fullName(from), target.get)
    }
  }

  // What the session's principal may know of

  def securable: Securable = Securable(SecurableKind.Catalog, Seq(stored.name))

  def knownSchemas: Seq[Securable] = access.visible(stored.listNamespaces().toSeq.filterNot(InformationSchema.is)
    .map(name => Securable(SecurableKind.Schema, Seq(stored.name, name.head))))

  /** Every object of a family with its entry. A damaged file hides its own object only. */
  def known(family: Family): Seq[(Securable, Entry)] = {
    val all = for {
      schema <- stored.store.schemas(stored.name)
      name <- stored.store.names(stored.name, schema, family)
      entry <- stored.store.readable(EntryPlace(stored.name, schema, name, family))
    } yield Securable(entry.kind.securable, Seq(stored.name, schema, name)) -> entry
    val seen = access.visible(all.map(_._1)).toSet
    all.filter { case (securable, _) => seen.contains(securable) }
  }

  /** Whether the session's principal sees a grant: it is theirs, or they own the object or what holds it. */
  def showsGrant(securable: Securable, grantee: String): Boolean = access.showsGrant(securable, grantee)

  /** A table or a view for its description alone, whoever asks. */
  def unasked(ident: Identifier): Relation = if (views.exists(ident)) views.load(ident) else super[DeltaCatalog].loadTable(ident)

  private def visible(namespace: Array[String]): Seq[(Identifier, Option[EntryKind])] = {
    val all = stored.listed(namespace).map { case (ident, kind) =>
      val parts = Seq(stored.name, ident.namespace().head, ident.name()).map(Names.key)
      (Securable(kind.fold[SecurableKind](SecurableKind.Table)(_.securable), parts), ident, kind)
    }
    // SHOW TABLE EXTENDED describes each table that is listed, which takes more than BROWSE.
    val browse = !CallStack.hasClass("org.apache.spark.sql.execution.datasources.v2.ShowTablesExtendedExec")
    val seen = access.visible(all.map(_._1), browse).toSet
    all.collect { case (securable, ident, kind) if seen.contains(securable) => ident -> kind }
  }

  // Schemas

  override def listNamespaces(): Array[Array[String]] =
    (knownSchemas.map(_.parts.last) :+ InformationSchema.Name).sorted.map(Array(_)).toArray

  override def loadNamespaceMetadata(namespace: Array[String]): util.Map[String, String] = {
    val found = stored.loadNamespaceMetadata(namespace)
    if (namespace.length == 1 && !InformationSchema.is(namespace)) access.seesSchema(namespace)
    found
  }

  override def listNamespaces(namespace: Array[String]): Array[Array[String]] =
    if (namespace.isEmpty) listNamespaces() else stored.listNamespaces(namespace)

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

  // Functions; Spark's built-in ones are found elsewhere.

  override def listFunctions(namespace: Array[String]): Array[Identifier] = {
    val all = functions.list(namespace).map(name => name -> Securable(SecurableKind.Function, functions.placeOf(name).parts))
    val seen = access.visible(all.map(_._2).toSeq).toSet
    all.collect { case (name, function) if seen.contains(function) => name }
  }

  override def functionExists(ident: Identifier): Boolean = functions.entry(ident).isDefined

  override def loadFunction(ident: Identifier): UnboundFunction = {
    val function = functions.load(ident)
    requireExecute(ident)
    function
  }

  /** For every call of a function by its name. */
  def requireExecute(ident: Identifier): Unit = access.function(Privilege.Execute, ident)
}
