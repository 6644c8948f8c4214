package lakewright

import java.util

import scala.jdk.CollectionConverters._

import org.apache.spark.sql.catalyst.TableIdentifier
import org.apache.spark.sql.catalyst.analysis._
import org.apache.spark.sql.catalyst.catalog.{CatalogStorageFormat, CatalogTable, CatalogTableType, CatalogUtils}
import org.apache.spark.sql.connector.catalog._
import org.apache.spark.sql.connector.expressions.Transform
import org.apache.spark.sql.lakewright.SparkAccess
import org.apache.spark.sql.types.StructType
import org.apache.spark.sql.util.CaseInsensitiveStringMap

/**
 * One catalog's entries as Spark sees them: names, places and schemas' descriptions, nothing of Delta. It stands
 * below Delta's own catalog, which asks it where a table lies and reads all else from the table's log.
 */
final class StoredCatalog(val name: String, val store: MetadataStore, settings: Settings)
    extends TableCatalog with SupportsNamespaces {

  override def initialize(name: String, options: CaseInsensitiveStringMap): Unit = ()

  override def defaultNamespace(): Array[String] = Array(MetadataStore.DefaultSchema)

  /** The one level of a name's namespace; the error is Spark's own where a schema is meant that cannot be. */
  def schemaOf(namespace: Array[String]): String = namespace match {
    case Array(schema) => Names.key(schema)
    case parts => throw Errors.nestedNamespace(name +: parts.toSeq)
  }

  def entry(ident: Identifier): Option[Entry] =
    if (ident.namespace().length != 1) None
    else store.entry(name, schemaOf(ident.namespace()), ident.name())

  // Tables

  override def listTables(namespace: Array[String]): Array[Identifier] =
    listed(namespace).collect { case (ident, kind) if !kind.exists(isNoTable) => ident }.toArray

  /** Every name of a schema with its kind; None where its file cannot be read. */
  def listed(namespace: Array[String]): Seq[(Identifier, Option[EntryKind])] = {
    val schema = schemaOf(namespace)
    requireSchema(schema)
    store.names(name, schema).map { table =>
      val kind = try store.entry(name, schema, table).map(_.kind) catch { case _: AnalysisFailure => None }
      Identifier.of(Array(schema), table) -> kind
    }
  }

  override def tableExists(ident: Identifier): Boolean = entry(ident).exists(_.isTable)

  override def loadTable(ident: Identifier): Table = entry(ident).filter(_.isTable) match {
    case Some(entry) => SparkAccess.v1Table(description(ident, entry))
    case None => throw new NoSuchTableException(ident)
  }

  private def description(ident: Identifier, entry: Entry): CatalogTable = {
    val uri = entry.location.map(location => CatalogUtils.stringToURI(store.locate(location)))
    CatalogTable(
      identifier = TableIdentifier(Names.key(ident.name()), Some(schemaOf(ident.namespace())), Some(name)),
      tableType = if (entry.kind == EntryKind.Managed) CatalogTableType.MANAGED else CatalogTableType.EXTERNAL,
      storage = CatalogStorageFormat.empty.copy(locationUri = uri),
      schema = new StructType(),
      provider = Some("delta"),
      owner = entry.owner,
      createTime = entry.createdAt.toEpochMilli,
      tracksPartitionsInCatalog = false)
  }

  override def createTable(
      ident: Identifier, schema: StructType, partitions: Array[Transform], properties: util.Map[String, String]): Table =
    throw Errors.notDelta(properties.getOrDefault(TableCatalog.PROP_PROVIDER, "?"), fullName(ident))

  override def alterTable(ident: Identifier, changes: TableChange*): Table =
    throw new NoSuchTableException(ident)

  override def dropTable(ident: Identifier): Boolean = entry(ident).filter(_.isTable).exists { entry =>
    val dropped = store.dropEntry(name, schemaOf(ident.namespace()), ident.name())
    if (dropped) ManagedData.remove(store, entry)
    dropped
  }

  override def renameTable(from: Identifier, to: Identifier): Unit = {
    if (!tableExists(from)) throw new NoSuchTableException(from)
    if (!rename(from, to)) throw new TableAlreadyExistsException(to)
  }

  /** Renames an object of any kind, also into another schema of this catalog; false where the name is taken. */
  def rename(from: Identifier, to: Identifier): Boolean = {
    val target = targetOf(from, to)
    requireSchema(target._1)
    val source = (schemaOf(from.namespace()), Names.key(from.name()))
    source == target || store.renameEntry(name, source, target)
  }

  // Spark hands over a new name as it was written: `t`, `schema.t` or `catalog.schema.t`.
  private def targetOf(from: Identifier, to: Identifier): (String, String) = {
    val schema = to.namespace() match {
      case Array() => schemaOf(from.namespace())
      case Array(schema) => Names.key(schema)
      case Array(catalog, schema) if Names.key(catalog) == name => Names.key(schema)
      case Array(catalog, _) => throw Errors.acrossCatalogs(name, catalog)
      case parts => throw Errors.nestedNamespace(parts.toSeq :+ to.name())
    }
    (schema, Names.requireValid(to.name(), settings))
  }

  private def isNoTable(kind: EntryKind): Boolean = kind == EntryKind.View || kind == EntryKind.Volume

  def fullName(ident: Identifier): String = SparkAccess.quoted((name +: ident.namespace().toSeq) :+ ident.name())

  // Schemas

  override def listNamespaces(): Array[Array[String]] =
    (store.schemas(name) :+ InformationSchema.Name).sorted.map(Array(_)).toArray

  override def listNamespaces(namespace: Array[String]): Array[Array[String]] =
    if (namespace.isEmpty) listNamespaces()
    else if (namespaceExists(namespace)) Array.empty
    else throw new NoSuchNamespaceException(name +: namespace)

  override def namespaceExists(namespace: Array[String]): Boolean = namespace match {
    case Array() => store.catalogExists(name)
    case Array(schema) => Names.key(schema) == InformationSchema.Name || store.schemaExists(name, schema)
    case _ => false
  }

  override def loadNamespaceMetadata(namespace: Array[String]): util.Map[String, String] = namespace match {
    case Array(schema) if Names.key(schema) == InformationSchema.Name =>
      Map(SupportsNamespaces.PROP_COMMENT -> "Made from the catalog's entries").asJava
    case Array(schema) => SchemaProperties.of(requireSchema(schema)).asJava
    case _ if store.catalogExists(name) => SchemaProperties.of(store.catalog(name).get).asJava
    case _ => throw new NoSuchNamespaceException(name +: namespace)
  }

  override def createNamespace(namespace: Array[String], metadata: util.Map[String, String]): Unit = {
    if (!store.catalogExists(name)) throw Errors.noSuchCatalog(name)
    val schema = Names.requireValid(schemaOf(namespace), settings)
    if (schema == InformationSchema.Name) throw new NamespaceAlreadyExistsException(name +: namespace)
    val made = store.createSchema(name, schema, SchemaProperties.container(metadata.asScala.toMap, settings.principal))
    if (!made) throw new NamespaceAlreadyExistsException(name +: namespace)
  }

  override def alterNamespace(namespace: Array[String], changes: NamespaceChange*): Unit = store.exclusively {
    val schema = schemaOf(namespace)
    val before = requireSchema(schema)
    val properties = changes.foldLeft(SchemaProperties.of(before)) {
      case (all, change: NamespaceChange.SetProperty) => all + (change.property() -> change.value())
      case (all, change: NamespaceChange.RemoveProperty) => all - change.property()
      case (all, _) => all
    }
    val after = SchemaProperties.container(properties, before.owner)
    store.replaceSchema(name, schema, after.copy(grants = before.grants, createdAt = before.createdAt))
  }

  override def dropNamespace(namespace: Array[String], cascade: Boolean): Boolean = store.exclusively {
    val schema = schemaOf(namespace)
    if (schema == InformationSchema.Name) throw Errors.readOnlySchema(s"$name.$schema")
    requireSchema(schema)
    val held = store.names(name, schema)
    if (held.nonEmpty && !cascade) throw new NonEmptyNamespaceException(name +: namespace)
    val entries = held.flatMap(table => readable(schema, table))
    store.dropSchema(name, schema)
    entries.foreach(ManagedData.remove(store, _))
    true
  }

  /** An entry, None where its file is damaged: its data then stays. */
  def readable(schema: String, table: String): Option[Entry] =
    try store.entry(name, schema, table) catch { case _: AnalysisFailure => None }

  def requireSchema(schema: String): Container =
    store.schema(name, schema).getOrElse(throw new NoSuchNamespaceException(Array(name, schema)))
}

/** A schema's description as the properties that Spark hands over and asks for. */
object SchemaProperties {
  private val own = Set(SupportsNamespaces.PROP_COMMENT, SupportsNamespaces.PROP_LOCATION, SupportsNamespaces.PROP_OWNER)

  def of(container: Container): Map[String, String] =
    container.properties ++ container.comment.map(SupportsNamespaces.PROP_COMMENT -> _) ++
      container.location.map(SupportsNamespaces.PROP_LOCATION -> _) + (SupportsNamespaces.PROP_OWNER -> container.owner)

  def container(properties: Map[String, String], principal: String): Container = Container(
    owner = properties.getOrElse(SupportsNamespaces.PROP_OWNER, principal),
    comment = properties.get(SupportsNamespaces.PROP_COMMENT),
    location = properties.get(SupportsNamespaces.PROP_LOCATION),
    properties = properties -- own)
}
