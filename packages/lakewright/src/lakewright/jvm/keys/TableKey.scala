package lakewright

/** What an informational constraint declares. `sql` is its name in SQL and in `information_schema`. */
sealed abstract class KeyKind(val sql: String)

object KeyKind {
  case object Primary extends KeyKind("PRIMARY KEY")
  case object Unique extends KeyKind("UNIQUE")
  case object Foreign extends KeyKind("FOREIGN KEY")

  val all: Seq[KeyKind] = Seq(Primary, Unique, Foreign)
  def named(sql: String): Option[KeyKind] = all.find(_.sql == sql)
}

/**
 * A key of a table. It informs readers and tools; no row is checked against it, as on Databricks.
 * Source: https://docs.databricks.com/en/sql/language-manual/sql-ref-syntax-ddl-create-table-constraint.html
 *
 * @param timeseries the columns of a primary key that are marked TIMESERIES.
 * @param parent     what a foreign key refers to.
 */
final case class TableKey(
    name: String,
    kind: KeyKind,
    columns: Seq[String],
    timeseries: Seq[String] = Nil,
    rely: Boolean = false,
    parent: Option[ParentKey] = None) {
  def hasColumn(column: String): Boolean = columns.exists(_.equalsIgnoreCase(column))

  def renamed(from: String, to: String): TableKey = {
    def swap(names: Seq[String]) = names.map(name => if (name.equalsIgnoreCase(from)) to else name)
    copy(columns = swap(columns), timeseries = swap(timeseries))
  }
}

/**
 * The key that a foreign key refers to. The table is named by its uuid, so a renamed table is found again.
 *
 * @param positions for each column of the foreign key, the position of its column in the parent's key, from 1.
 */
final case class ParentKey(uuid: String, key: String, positions: Seq[Int])
