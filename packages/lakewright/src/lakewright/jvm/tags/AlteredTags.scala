package lakewright

import scala.util.control.NonFatal

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.connector.catalog.{Identifier, TableChange}

/**
 * What ALTER TABLE does to the tags of columns. A column that is renamed has them under both names, so that no reader finds it
 * without. A name that no column has any longer keeps its tags, and they wait: older versions of the table have the values still,
 * and RESTORE brings them back. Each step changes the tags as they are then, for others may set some meanwhile.
 */
final class AlteredTags(catalog: StoredCatalog) {
  /** @param columns the table's columns, looked up at each use */
  def around[T](ident: Identifier, changes: Seq[TableChange], columns: => Seq[String])(alter: => T): T = {
    val added = changes.collect { case one: TableChange.AddColumn if one.fieldNames.length == 1 => one.fieldNames.head }
    val gone = changes.collect { case one: TableChange.DeleteColumn if one.fieldNames.length == 1 => one.fieldNames.head }
    val renamed = changes.collect { case one: TableChange.RenameColumn if one.fieldNames.length == 1 => one.fieldNames.head -> one.newName }
    val tags = catalog.entry(ident).fold(ColumnTags())(_.attributes.columns)
    if (tags.byColumn.isEmpty || (added ++ gone ++ renamed).isEmpty) alter
    else {
      without(gone, added).foreach(requireAssignable(ident, tags, _))
      without(added ++ renamed.map(_._2), columns).foreach(fresh(ident, _))
      renamed.foldLeft(() => alter) { case (inner, (from, to)) => () => renaming(ident, from, to, columns)(inner()) }()
    }
  }

  private def renaming[T](ident: Identifier, from: String, to: String, columns: => Seq[String])(alter: => T): T =
    if (without(Seq(to), columns).isEmpty) alter
    else {
      var moved = Tags.none
      keep(ident) { tags => moved = tags.of(from); tags.set(to, tags.of(to) ++ moved) }
      val altered = try alter catch {
        case problem: Throwable =>
          // Delta may have committed before it failed. Where nobody knows, both names keep the tags.
          val absent = try without(Seq(to), columns).nonEmpty catch { case NonFatal(_) => false }
          if (absent) keep(ident)(tags => tags.set(to, tags.of(to).filterNot(moved.toSet)))
          throw problem
      }
      keep(ident)(tags => tags.set(to, followed(tags.of(to), moved, tags.of(from))))
      altered
    }

  /** What was changed of the old name while the column was renamed. */
  private def followed(tags: Tags.Map, before: Tags.Map, now: Tags.Map): Tags.Map =
    tags -- before.keySet.diff(now.keySet) ++ now.filterNot(before.toSet)

  /** A column that is new under a name that had tags gets those alone that policies ask for. */
  private def fresh(ident: Identifier, column: String): Unit = {
    val asked = policies(ident).flatMap(_.policy.keys).toSet
    keep(ident)(tags => tags.set(column, tags.of(column).filter(one => asked(one._1))))
  }

  private def without(some: Seq[String], others: Seq[String]): Seq[String] = {
    val keys = others.map(Names.key).toSet
    some.filterNot(one => keys(Names.key(one)))
  }

  private def keep(ident: Identifier)(how: ColumnTags => ColumnTags): Unit =
    if (catalog.entry(ident).exists(entry => how(entry.attributes.columns) != entry.attributes.columns))
      catalog.store.updateEntry(catalog.placeOf(ident))(entry =>
        entry.copy(attributes = entry.attributes.copy(columns = how(entry.attributes.columns))))

  private def policies(ident: Identifier): Seq[PlacedPolicy] =
    catalog.entry(ident).toSeq.flatMap(EffectivePolicies.of(catalog.store, catalog.placeOf(ident), _).policies)

  /** With a column its filter would go, so it takes what the tag takes that the policy asks for. */
  private def requireAssignable(ident: Identifier, tags: ColumnTags, column: String): Unit = {
    val settings = Settings.of(SparkSession.active)
    for {
      placed <- if (tags.of(column).isEmpty) Nil else policies(ident)
      key <- tags.of(column).keys.find(placed.policy.keys.contains)
      if !settings.allows(Privilege.Manage, placed.on)
    } throw TagErrors.dropsTagged(settings.principal, column, key, placed, catalog.fullName(ident))
  }
}
