package lakewright

import java.nio.file.Path

import org.apache.spark.sql.SparkSession

/**
 * Tables do not overlap, and none lies in the lakehouse's own folders: with a second name a table would have other rights, masks and tags.
 * Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/paths
 */
object TableLocations {
  private val Own = Seq("_catalog", ManagedData.Tables)
  private final case class Known(lakehouse: Path, version: Long, external: Seq[(String, EntryPlace)])
  @volatile private var known: Option[Known] = None

  /** Refuses a location that a table has, other than the one whose location it becomes. */
  def requireFree(session: SparkSession, settings: Settings, location: String, own: Option[EntryPlace]): Unit =
    PolicyIndex.address(session, location).foreach { address =>
      val folders = Own.map(name => PolicyIndex.address(session, s"file:${settings.lakehouse.resolve(name)}").get)
      if (folders.exists(overlap(_, address))) throw Errors.locationOverlap(location, "the lakehouse's own folders")
      external(session, settings.lakehouse).collectFirst {
        case (taken, place) if !own.contains(place) && overlap(taken, address) => place
      }.foreach { place =>
        val table = Securable(SecurableKind.Table, place.parts)
        val shown = if (settings.visible(Seq(table), browse = false).isEmpty) "the place of another table" else s"that of the ${table.shown}"
        throw Errors.locationOverlap(location, shown)
      }
    }

  /** Whether two addresses are the same, or one is in the other. */
  def overlap(one: String, other: String): Boolean = one == other || isIn(one, other) || isIn(other, one)

  private def isIn(inner: String, outer: String): Boolean = inner.startsWith(outer.stripSuffix("/") + "/")

  private def external(session: SparkSession, lakehouse: Path): Seq[(String, EntryPlace)] = {
    val version = MetadataStore.changes
    known.filter(one => one.lakehouse == lakehouse && one.version == version).getOrElse {
      val made = Known(lakehouse, version, read(session, new MetadataStore(lakehouse)))
      known = Some(made)
      made
    }.external
  }

  private def read(session: SparkSession, store: MetadataStore): Seq[(String, EntryPlace)] = for {
    catalog <- store.catalogs()
    schema <- store.schemas(catalog)
    name <- store.names(catalog, schema)
    place = EntryPlace(catalog, schema, name)
    entry <- store.readable(place).toSeq
    if entry.kind == EntryKind.External
    location <- entry.location
    address <- PolicyIndex.address(session, store.locate(location))
  } yield address -> place
}
