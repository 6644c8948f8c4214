package lakewright

/**
 * Tags: keys and values that are written on an object or a column. A key alone has the empty value. Keys and values differ by
 * their case. Source: https://docs.databricks.com/aws/en/database-objects/tags
 */
object Tags {
  type Map = scala.collection.immutable.Map[String, String]
  val none: Map = scala.collection.immutable.Map.empty

  val MostOfOne = 50
  val LongestKey = 255
  val LongestValue = 1000
  private val forbidden = ".,-=/:"

  /** The pair, once both may be stored. */
  def checked(key: String, value: String, where: String): (String, String) = {
    def refuse(reason: String) = throw TagErrors.invalid(key, reason, where)
    if (key.isEmpty) refuse("it is empty")
    if (key.trim != key) refuse("it begins or ends with a space")
    if (key.length > LongestKey) refuse(s"it has ${key.length} characters, $LongestKey are allowed")
    key.find(one => forbidden.contains(one) || one.isControl).foreach(one => refuse(s"it contains '$one'"))
    if (value.length > LongestValue) refuse(s"its value has ${value.length} characters, $LongestValue are allowed")
    key -> value
  }

  /** The tags with some more; a key that is there gets the new value. */
  def set(before: Map, more: Map, where: String): Map = {
    val after = before ++ more
    if (after.size > MostOfOne) throw TagErrors.tooMany(after.size, where)
    after
  }
}

/** The tags of a table's or a view's columns. A column is found by its name in any case, and shown as it was written. */
final case class ColumnTags(byColumn: Map[String, Tags.Map] = Map.empty) {
  def of(column: String): Tags.Map = byColumn.collectFirst { case (name, tags) if isSame(name, column) => tags }.getOrElse(Tags.none)

  def set(column: String, tags: Tags.Map): ColumnTags = {
    val others = byColumn.filterNot { case (name, _) => isSame(name, column) }
    ColumnTags(if (tags.isEmpty) others else others + (column -> tags))
  }

  def only(columns: Seq[String]): ColumnTags = ColumnTags(byColumn.filter { case (name, _) => columns.exists(isSame(name, _)) })

  def without(columns: Seq[String]): ColumnTags = ColumnTags(byColumn.filterNot { case (name, _) => columns.exists(isSame(name, _)) })

  def shown: String = byColumn.toSeq.sortBy(_._1).map { case (column, tags) =>
    s"$column (${tags.toSeq.sorted.map { case (key, value) => if (value.isEmpty) key else s"$key = $value" }.mkString(", ")})"
  }.mkString(", ")

  private def isSame(one: String, other: String): Boolean = Names.key(one) == Names.key(other)
}

/** The tags of an object and of its columns, and the attribute-based policies that are set on it: what policies are chosen by. */
final case class Attributes(
    tags: Tags.Map = Tags.none, columns: ColumnTags = ColumnTags(), policies: Seq[AttributePolicy] = Nil) {
  def isEmpty: Boolean = this == Attributes.none
}

object Attributes {
  val none: Attributes = Attributes()
}
