package lakewright

import org.apache.spark.sql.connector.catalog.{Identifier, TableChange}

/**
 * What ALTER TABLE does to the tags of columns: they go with a column that is renamed, and away with one that is dropped. While a
 * column is renamed both names have them, so that no reader finds it without.
 */
final class AlteredTags(catalog: StoredCatalog) {
  def around[T](ident: Identifier, changes: Seq[TableChange])(alter: => T): T = {
    val before = catalog.entry(ident).map(_.attributes.columns).getOrElse(ColumnTags())
    val gone = changes.collect { case one: TableChange.DeleteColumn if one.fieldNames.length == 1 => one.fieldNames.head }
    val renamed = changes.collect { case one: TableChange.RenameColumn if one.fieldNames.length == 1 => one.fieldNames.head -> one.newName }
    val touched = (gone ++ renamed.map(_._1)).exists(before.of(_).nonEmpty)
    if (!touched) alter
    else {
      gone.foreach(requireFree(ident, before, _))
      val both = renamed.foldLeft(before) { case (all, (from, to)) => all.set(to, all.of(to) ++ all.of(from)) }
      keep(ident, both)
      val altered = try alter catch { case problem: Throwable => keep(ident, before); throw problem }
      keep(ident, (gone ++ renamed.map(_._1).filterNot(one => renamed.exists(_._2 == one))).foldLeft(both)(_.set(_, Tags.none)))
      altered
    }
  }

  /**
   * Of a replaced table: tags of columns that it has no longer go. Those that policies ask for stay, and wait: the older versions
   * of the table have the values still.
   */
  def replaced(ident: Identifier, columns: Seq[String]): Unit = catalog.entry(ident).foreach { entry =>
    val tags = entry.attributes.columns
    val asked = EffectivePolicies.of(catalog.store, catalog.placeOf(ident), entry).keys
    val gone = tags.without(columns).byColumn.map { case (column, all) => column -> all.filter(one => asked(one._1)) }
    val kept = ColumnTags(tags.only(columns).byColumn ++ gone.filter(_._2.nonEmpty))
    if (kept != tags) keep(ident, kept)
  }

  private def keep(ident: Identifier, tags: ColumnTags): Unit =
    catalog.store.updateEntry(catalog.placeOf(ident))(entry => entry.copy(attributes = entry.attributes.copy(columns = tags)))

  /** A tag that a policy asks for is taken away on purpose, not with its column. */
  private def requireFree(ident: Identifier, tags: ColumnTags, column: String): Unit = for {
    entry <- catalog.entry(ident)
    placed <- EffectivePolicies.of(catalog.store, catalog.placeOf(ident), entry).policies
    key <- tags.of(column).keys.find(placed.policy.keys.contains)
  } throw TagErrors.dropsTagged(column, key, placed, catalog.fullName(ident))
}
