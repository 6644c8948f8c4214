package lakewright

import java.util

import scala.jdk.CollectionConverters._

import org.apache.hadoop.fs.Path
import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.TableIdentifier
import org.apache.spark.sql.catalyst.analysis.{NoSuchTableException, TableAlreadyExistsException}
import org.apache.spark.sql.catalyst.catalog.{CatalogStorageFormat, CatalogTable, CatalogTableType, CatalogUtils}
import org.apache.spark.sql.connector.catalog.{Identifier, TableCatalog}
import org.apache.spark.sql.delta.DeltaTableUtils
import org.apache.spark.sql.types.StructType

/**
 * Where a table that is being made will lie, and what Delta is given about it. Delta makes every table by its
 * path and never by its name: that keeps it away from Spark's session catalog, which does not know our tables.
 */
final case class Placement(
    ident: Identifier, entry: Entry, path: PlacedPath, schema: StructType, properties: util.Map[String, String]) {
  /** Whether the entry exists already: then only the data change. */
  def replaces: Boolean = path.replaced.isDefined
}

/**
 * The name of a table by its path, as Delta takes it.
 *
 * @param replaced the table that exists there. Delta does not look a path up: without it, CREATE OR REPLACE would
 *                 keep the rows.
 */
final case class PlacedPath(path: String, replaced: Option[CatalogTable] = None) extends Identifier {
  override def namespace(): Array[String] = Array("delta")
  override def name(): String = path
}

object PlacedPath {
  /** A path that a user has named, with the table that lies there, if any. */
  def named(path: String): PlacedPath = {
    val lies = DeltaTableUtils.isDeltaTable(SparkSession.active, new Path(path), Map.empty[String, String])
    PlacedPath(path, if (lies) Some(table(path)) else None)
  }

  private def table(path: String): CatalogTable = CatalogTable(
    identifier = TableIdentifier(path, Some("delta")),
    tableType = CatalogTableType.EXTERNAL,
    storage = CatalogStorageFormat.empty.copy(locationUri = Some(CatalogUtils.stringToURI(path))),
    schema = new StructType(),
    provider = Some("delta"),
    tracksPartitionsInCatalog = false)
}

/** Decides on placements: refuses bad names, missing schemas, names that are taken, formats other than Delta. */
final class Placements(catalog: StoredCatalog, settings: Settings) {
  private val reserved = Set(TableCatalog.PROP_LOCATION, TableCatalog.PROP_EXTERNAL, TableCatalog.PROP_OWNER,
    TableCatalog.PROP_IS_MANAGED_LOCATION, PolicyClauses.Property)

  def create(
      ident: Identifier, columns: StructType, properties: util.Map[String, String], partitions: Seq[String] = Nil): Placement = {
    Names.requireValid(ident.name(), settings)
    val schema = catalog.schemaOf(ident.namespace())
    if (schema == InformationSchema.Name) throw Errors.readOnlySchema(catalog.fullName(ident))
    catalog.requireSchema(schema)
    if (catalog.store.entryExists(catalog.placeOf(ident))) throw new TableAlreadyExistsException(ident)
    val (keyless, keyedColumns) = keyed(ident, newEntry(ident, properties), columns)
    val entry = protect(ident, keyless, columns, partitions, properties)
    if (entry.kind == EntryKind.External) {
      requireFree(entry, None)
      new LeftBehind(pathOf(entry), settings.hadoop).clear()
    }
    Placement(ident, entry, PlacedPath(pathOf(entry)), keyedColumns, forDelta(ident, properties))
  }

  def replace(
      ident: Identifier, columns: StructType, properties: util.Map[String, String], partitions: Seq[String] = Nil): Placement = {
    val entry = catalog.entry(ident).getOrElse(throw new NoSuchTableException(ident))
    if (!entry.isTable) throw new TableAlreadyExistsException(ident)
    val location = Option(properties.get(TableCatalog.PROP_LOCATION)).map(qualified)
    if (location.exists(_ != qualified(catalog.store.locate(entry.location.get))))
      throw Errors.otherLocation(catalog.fullName(ident), catalog.store.locate(entry.location.get))
    val path = PlacedPath(pathOf(entry), Some(catalog.description(ident, entry)))
    val (keyless, keyedColumns) = keyed(ident, entry, columns)
    val after = protect(ident, keyless, columns, partitions, properties)
    Placement(ident, after, path, keyedColumns, forDelta(ident, properties))
  }

  def createOrReplace(
      ident: Identifier, columns: StructType, properties: util.Map[String, String], partitions: Seq[String] = Nil): Placement =
    if (catalog.entry(ident).isDefined) replace(ident, columns, properties, partitions)
    else create(ident, columns, properties, partitions)

  /** The entry with the row filter and the masks that the statement declares; what it has already stays. */
  private def protect(
      ident: Identifier, entry: Entry, columns: StructType, partitions: Seq[String], properties: util.Map[String, String]): Entry = {
    val written = PolicyClauses.decode(Option(properties.get(PolicyClauses.Property)))
    if (written.isEmpty) entry
    else {
      val table = PolicyTable(catalog.placeOf(ident), entry, columns, partitions, Nil)
      val rules = new PolicyRules(SparkSession.active, CommandContext.of(SparkSession.active), table)
      val masks = written.masks.map { case (column, policy) => rules.mask(Seq(column), policy) }
      entry.copy(policies = TablePolicies(written.filter.map(rules.filter).orElse(entry.policies.filter), entry.policies.masks ++ masks))
    }
  }

  /** The entry with the keys that the statement declares, and the columns as these keys need them. */
  private def keyed(ident: Identifier, entry: Entry, columns: StructType): (Entry, StructType) = {
    val rules = new KeyRules(catalog.store, SparkSession.active)
    val table = rules.create(KeyedTable(catalog.placeOf(ident), entry.uuid, columns, Nil), KeyedName.constraints(ident))
    (entry.copy(keys = table.keys), table.schema)
  }

  /** For ALTER TABLE … SET LOCATION: the new place as a path, and what makes it the table's. */
  def relocate(ident: Identifier, location: String): (Identifier, () => Unit) = {
    val entry = catalog.entry(ident).filter(_.isTable).getOrElse(throw new NoSuchTableException(ident))
    if (entry.kind == EntryKind.Managed) throw Errors.managedLocation(catalog.fullName(ident))
    VolumePaths.checkChange(settings, location)
    val moved = entry.copy(location = Some(qualified(location)))
    val place = catalog.placeOf(ident)
    requireFree(moved, Some(place))
    (PlacedPath(pathOf(moved)), () => catalog.store.exclusively {
      requireFree(moved, Some(place))
      catalog.store.updateEntry(place)(_.copy(location = moved.location))
    })
  }

  private def requireFree(entry: Entry, own: Option[EntryPlace]): Unit =
    TableLocations.requireFree(SparkSession.active, settings, pathOf(entry), own)

  /** Commits: from here on the name stands for the data. */
  def publish(placement: Placement): Unit = {
    val place = catalog.placeOf(placement.ident)
    val keys = placement.entry.keys
    if (placement.replaces) {
      val policies = placement.entry.policies
      if (catalog.store.entry(place).exists(before => before.keys != keys || before.policies != policies))
        catalog.store.updateEntry(place)(_.copy(keys = keys, policies = policies))
    } else if (!created(place, placement.entry)) throw new TableAlreadyExistsException(placement.ident)
  }

  private def created(place: EntryPlace, entry: Entry): Boolean = catalog.store.exclusively {
    if (entry.kind == EntryKind.External) requireFree(entry, None)
    catalog.store.createEntry(place, entry)
  }

  /** Removes the data of a table that was not published. */
  def undo(placement: Placement): Unit = if (!placement.replaces) ManagedData.remove(catalog.store, placement.entry)

  private def newEntry(ident: Identifier, properties: util.Map[String, String]): Entry = {
    val location = Option(properties.get(TableCatalog.PROP_LOCATION)).filter(_.nonEmpty)
    if (location.isEmpty && properties.containsKey(TableCatalog.PROP_EXTERNAL))
      throw Errors.externalNeedsLocation(catalog.fullName(ident))
    val entry = Entry(EntryKind.Managed, settings.principal)
    location.foreach(VolumePaths.checkChange(settings, _))
    location match {
      case Some(place) => entry.copy(kind = EntryKind.External, location = Some(qualified(place)))
      case None => entry.copy(location = Some(s"${ManagedData.Tables}/${entry.uuid}"))
    }
  }

  private def forDelta(ident: Identifier, properties: util.Map[String, String]): util.Map[String, String] = {
    val provider = properties.getOrDefault(TableCatalog.PROP_PROVIDER, "delta")
    if (!provider.equalsIgnoreCase("delta")) throw Errors.notDelta(provider, catalog.fullName(ident))
    val kept = properties.asScala.toMap -- reserved + (TableCatalog.PROP_PROVIDER -> "delta")
    new util.HashMap(kept.asJava)
  }

  private def pathOf(entry: Entry): String = catalog.store.locate(entry.location.get)

  private def qualified(location: String): String = {
    val path = new Path(location)
    path.getFileSystem(settings.hadoop).makeQualified(path).toString
  }
}
