package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.connector.catalog.{Identifier, Table, TableChange}
import org.apache.spark.sql.delta.constraints.{DropConstraint => DeltaDrop}
import org.apache.spark.sql.lakewright.SparkAccess

/** What ALTER TABLE does to keys; all other changes are Delta's. */
final class AlteredKeys(catalog: StoredCatalog) {
  private val store = catalog.store
  private val directory = new KeyDirectory(store)

  /** Makes the changes that concern keys. Returns those that Delta has to make, in its own form. */
  def apply(ident: Identifier, table: Table, changes: Seq[TableChange]): Seq[TableChange] = changes.flatMap {
    case change: TableChange.AddConstraint =>
      add(ident, table, change)
      None
    case change: TableChange.DropConstraint =>
      dropOr(ident, change.name, change.ifExists, change.mode == TableChange.DropConstraint.Mode.CASCADE)
    case change: DeltaDrop => dropOr(ident, change.constraintName, change.ifExists, cascade = false)
    case change =>
      requireFree(ident, change)
      Some(change)
  }

  private def add(ident: Identifier, table: Table, change: TableChange.AddConstraint): Unit =
    catalog.entry(ident).foreach { entry =>
      val place = catalog.placeOf(ident)
      val keyed = KeyedTable(place, entry.uuid, SparkAccess.schemaOf(table.columns()), directory.live(entry))
      val key = new KeyRules(store, SparkSession.active).add(keyed, change.constraint)
      store.updateEntry(place)(_.copy(keys = keyed.keys :+ key))
    }

  private def dropOr(ident: Identifier, name: String, ifExists: Boolean, cascade: Boolean): Option[TableChange] =
    if (drop(ident, _.name.equalsIgnoreCase(name), cascade)) None else Some(DeltaDrop(name, ifExists))

  /** Drops the key for which this holds; false where there is none. */
  def drop(ident: Identifier, which: TableKey => Boolean, cascade: Boolean): Boolean = store.exclusively {
    val held = for (entry <- catalog.entry(ident); key <- directory.live(entry).find(which)) yield entry -> key
    held.foreach { case (entry, key) =>
      val by = directory.referring(entry.uuid, key.name)
      if (by.nonEmpty && !cascade) {
        val names = by.map { case (place, foreign) => s"${foreign.name} of ${SparkAccess.quoted(place.parts)}" }
        throw KeyErrors.referred(catalog.fullName(ident), key.name, names)
      }
      by.foreach { case (place, foreign) => remove(place, foreign) }
      remove(catalog.placeOf(ident), key)
    }
    held.isDefined
  }

  private def remove(place: EntryPlace, key: TableKey): Unit =
    store.updateEntry(place)(entry => entry.copy(keys = entry.keys.filterNot(_.name.equalsIgnoreCase(key.name))))

  /** A column that was renamed keeps its place in the keys. */
  def follow(ident: Identifier, changes: Seq[TableChange]): Unit = changes.foreach {
    case change: TableChange.RenameColumn if change.fieldNames.length == 1 =>
      if (catalog.entry(ident).exists(_.keys.exists(_.hasColumn(change.fieldNames.head))))
        store.updateEntry(catalog.placeOf(ident)) { entry =>
          entry.copy(keys = entry.keys.map(_.renamed(change.fieldNames.head, change.newName)))
        }
    case _ => ()
  }

  private def requireFree(ident: Identifier, change: TableChange): Unit = {
    val (column, kinds) = change match {
      case gone: TableChange.DeleteColumn => (gone.fieldNames, KeyKind.all)
      case loose: TableChange.UpdateColumnNullability if loose.nullable => (loose.fieldNames, Seq(KeyKind.Primary))
      case _ => (Array.empty[String], Nil)
    }
    for (name <- column.headOption if column.length == 1; entry <- catalog.entry(ident))
      directory.live(entry).find(key => kinds.contains(key.kind) && key.hasColumn(name))
        .foreach(key => throw KeyErrors.columnOfKey(catalog.fullName(ident), name, key))
  }
}

object AlteredKeys {
  /** The change for Delta, where the table is named by its path. */
  def byPath(ident: Identifier, change: TableChange): TableChange = change match {
    case _: TableChange.AddConstraint => throw KeyErrors.onPath(ident.name())
    case drop: TableChange.DropConstraint => DeltaDrop(drop.name, drop.ifExists)
    case other => other
  }
}
