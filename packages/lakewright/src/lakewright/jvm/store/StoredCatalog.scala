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
    case Array(catalog, _) if !store.catalogExists(catalog) => throw Errors.noSuchCatalog(Names.key(catalog))
    case parts => throw Errors.nestedNamespace(name +: parts.toSeq)
  }

  def placeOf(ident: Identifier): EntryPlace = EntryPlace(name, schemaOf(ident.namespace()), Names.key(ident.name()))

  def entry(ident: Identifier): Option[Entry] =
    if (ident.namespace().length != 1) None else store.entry(placeOf(ident))

  // Tables

  override def listTables(namespace: Array[String]): Array[Identifier] =
    listed(namespace).collect { case (ident, kind) if !kind.contains(EntryKind.View) => ident }.toArray

  /** Every name of a schema with its kind; None where its file cannot be read. */
  def listed(namespace: Array[String]): Seq[(Identifier, Option[EntryKind])] = {
    val schema = schemaOf(namespace)
    requireSchema(schema)
    store.names(name, schema).map { table =>
      Identifier.of(Array(schema), table) -> store.readable(EntryPlace(name, schema, table)).map(_.kind)
    }
  }

  override def tableExists(ident: Identifier): Boolean = entry(ident).exists(_.isTable)

  override def loadTable(ident: Identifier): Table = entry(ident).filter(_.isTable) match {
    case Some(entry) => SparkAccess.v1Table(description(ident, entry))
    case None => throw new NoSuchTableException(ident)
  }

  /** A table without its columns: those are in its log. */
  def description(ident: Identifier, entry: Entry): CatalogTable = {
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

  override def dropTable(ident: Identifier): Boolean =
    entry(ident).exists(_.isTable) && store.dropEntry(placeOf(ident))

  override def renameTable(from: Identifier, to: Identifier): Unit = {
    if (!tableExists(from)) throw new NoSuchTableException(from)
    if (!rename(from, to)) throw new TableAlreadyExistsException(to)
  }

  /** Renames an object of any kind, also into another schema of this catalog; false where the name is taken. */
  def rename(from: Identifier, to: Identifier): Boolean = {
    val target = targetOf(from, to)
    requireSchema(target.schema)
    placeOf(from) == target || store.renameEntry(placeOf(from), target)
  }

  // Spark hands over a new name as it was written: `t`, `schema.t` or `catalog.schema.t`.
  private def targetOf(from: Identifier, to: Identifier): EntryPlace = {
    val schema = to.namespace() match {
      case Array() => schemaOf(from.namespace())
      case Array(schema) => Names.key(schema)
      case Array(catalog, schema) if Names.key(catalog) == name => Names.key(schema)
      case Array(catalog, _) => throw Errors.acrossCatalogs(name, catalog)
      case parts => throw Errors.nestedNamespace(parts.toSeq :+ to.name())
    }
    EntryPlace(name, schema, Names.requireValid(to.name(), settings))
  }

  def fullName(ident: Identifier): String = SparkAccess.quoted((name +: ident.namespace().toSeq) :+ ident.name())

  // Schemas

  override def listNamespaces(): Array[Array[String]] =
    if (!store.catalogExists(name)) throw Errors.noSuchCatalog(name)
    else (store.schemas(name) :+ InformationSchema.Name).sorted.map(Array(_)).toArray

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
    // Spark names the user of this machine as the owner.
    val given = metadata.asScala.toMap - SupportsNamespaces.PROP_OWNER
    val made = store.createSchema(name, schema, SchemaProperties.container(given, settings.principal))
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
    store.replaceSchema(name, schema, after.copy(grants = before.grants, attributes = before.attributes, createdAt = before.createdAt))
  }

  override def dropNamespace(namespace: Array[String], cascade: Boolean): Boolean = store.exclusively {
    val schema = schemaOf(namespace)
    if (schema == InformationSchema.Name) throw Errors.readOnlySchema(s"$name.$schema")
    requireSchema(schema)
    if (!cascade && !store.isEmpty(name, schema)) throw new NonEmptyNamespaceException(name +: namespace)
    store.dropSchema(name, schema)
    true
  }

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
