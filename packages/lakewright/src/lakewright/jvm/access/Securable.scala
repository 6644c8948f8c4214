package lakewright

import java.util.Locale

/**
 * What a right can be given on. `name` is its name in the table of privileges, `keyword` its words in SQL, `word` those in a
 * sentence; `depth` is the number of parts of its name.
 */
sealed abstract class SecurableKind(val name: String, val keyword: String, val depth: Int) {
  def word: String = s"${keyword.head}${keyword.tail.toLowerCase(Locale.ROOT)}"
}

object SecurableKind {
  case object Metastore extends SecurableKind("METASTORE", "METASTORE", 0)
  case object Catalog extends SecurableKind("CATALOG", "CATALOG", 1)
  case object Schema extends SecurableKind("SCHEMA", "SCHEMA", 2)
  case object Table extends SecurableKind("TABLE", "TABLE", 3)
  case object View extends SecurableKind("VIEW", "VIEW", 3)
  case object MaterializedView extends SecurableKind("MATERIALIZED_VIEW", "MATERIALIZED VIEW", 3)
  case object Volume extends SecurableKind("VOLUME", "VOLUME", 3)
  case object Function extends SecurableKind("FUNCTION", "FUNCTION", 3)
  case object Model extends SecurableKind("MODEL", "FUNCTION", 3) { override def word: String = "Model" }

  val all: Seq[SecurableKind] = Seq(Metastore, Catalog, Schema, Table, View, MaterializedView, Volume, Function, Model)
  val containers: Seq[SecurableKind] = Seq(Metastore, Catalog, Schema)

  def named(name: String): Option[SecurableKind] = all.find(_.name == name)
}

/** One object that rights are given on: its kind and its name's parts, in lower case. */
final case class Securable(kind: SecurableKind, parts: Seq[String]) {
  def fullName: String = parts.mkString(".")
  def quotedName: String = parts.map(part => s"`${part.replace("`", "``")}`").mkString(".")

  /** Kind and name as a sentence has them: `Table 'c.s.t'`. */
  def shown: String = if (parts.isEmpty) kind.word else s"${kind.word} '$fullName'"

  /** Kind and quoted name as GRANT has them. */
  def sql: String = if (parts.isEmpty) kind.keyword else s"${kind.keyword} $quotedName"

  /** What holds the object, from the metastore down. */
  def above: Seq[Securable] =
    SecurableKind.containers.filter(_.depth < kind.depth).map(container => Securable(container, parts.take(container.depth)))

  /** The object that holds this one; not for the metastore. */
  def holder: Securable = above.last
}

object Securable {
  val Metastore: Securable = Securable(SecurableKind.Metastore, Nil)
}
