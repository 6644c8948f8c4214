package lakewright

/** Finds keys across all tables of all catalogs: who holds a name, which table has a uuid, who refers to a key. */
final class KeyDirectory(store: MetadataStore) {
  /** Every readable table, with its place. */
  def tables(catalogs: Seq[String] = store.catalogs()): Seq[(EntryPlace, Entry)] = for {
    catalog <- catalogs
    schema <- store.schemas(catalog)
    name <- store.names(catalog, schema)
    place = EntryPlace(catalog, schema, name)
    entry <- store.readable(place)
    if entry.isTable
  } yield place -> entry

  /** The table in this schema, other than this one, that has a constraint of this name. */
  def holder(place: EntryPlace, key: String): Option[EntryPlace] =
    store.names(place.catalog, place.schema).map(name => place.copy(name = name)).filter(_ != place)
      .find(store.readable(_).exists(_.keys.exists(_.name.equalsIgnoreCase(key))))

  /** The foreign keys that refer to a key, with the tables that hold them. */
  def referring(uuid: String, key: String): Seq[(EntryPlace, TableKey)] = for {
    (place, entry) <- tables()
    foreign <- entry.keys
    if foreign.parent.exists(parent => parent.uuid == uuid && parent.key.equalsIgnoreCase(key))
  } yield place -> foreign

  /** What a foreign key refers to. None where the table or its key was dropped: then the foreign key is not shown. */
  def parent(foreign: TableKey): Option[(EntryPlace, TableKey)] = for {
    parent <- foreign.parent
    (place, entry) <- tables().find(_._2.uuid == parent.uuid)
    key <- entry.keys.find(_.name.equalsIgnoreCase(parent.key))
  } yield place -> key

  /** The keys of a table that hold: all but the foreign keys whose parent is gone. */
  def live(entry: Entry): Seq[TableKey] =
    entry.keys.filter(key => key.kind != KeyKind.Foreign || parent(key).isDefined)
}
