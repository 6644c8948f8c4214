package lakewright

/** A condition about tags, as WHEN has it for a table and MATCH COLUMNS for a column. */
sealed trait TagCondition {
  def holds(tags: Tags.Map): Boolean
  def shown: String

  /** What it asks for: keys, and values of keys. */
  def asked: Seq[TagCondition.Asked]
  def keys: Set[String] = asked.map(_.key).toSet

  /** Whether it names a function for columns alone. */
  def asksColumns: Boolean = asked.exists(_.function.toLowerCase(java.util.Locale.ROOT).replace("_", "").startsWith("hascolumntag"))
}

object TagCondition {
  /** One call of a function. */
  final case class Asked(key: String, value: Option[String], function: String) {
    def shown: String = value.fold(key)(one => s"$key:$one")
  }

  final case class HasTag(key: String, function: String) extends TagCondition {
    def holds(tags: Tags.Map): Boolean = tags.contains(key)
    def shown: String = s"$function(${text(key)})"
    def asked: Seq[Asked] = Seq(Asked(key, None, function))
  }

  final case class HasValue(key: String, value: String, function: String) extends TagCondition {
    def holds(tags: Tags.Map): Boolean = tags.get(key).contains(value)
    def shown: String = s"$function(${text(key)}, ${text(value)})"
    def asked: Seq[Asked] = Seq(Asked(key, Some(value), function))
  }

  final case class Constant(value: Boolean) extends TagCondition {
    def holds(tags: Tags.Map): Boolean = value
    def shown: String = if (value) "TRUE" else "FALSE"
    def asked: Seq[Asked] = Nil
  }

  final case class Not(one: TagCondition) extends TagCondition {
    def holds(tags: Tags.Map): Boolean = !one.holds(tags)
    def shown: String = s"NOT ${one.shown}"
    def asked: Seq[Asked] = one.asked
  }

  final case class Both(left: TagCondition, right: TagCondition) extends TagCondition {
    def holds(tags: Tags.Map): Boolean = left.holds(tags) && right.holds(tags)
    def shown: String = s"(${left.shown} AND ${right.shown})"
    def asked: Seq[Asked] = left.asked ++ right.asked
  }

  final case class Either(left: TagCondition, right: TagCondition) extends TagCondition {
    def holds(tags: Tags.Map): Boolean = left.holds(tags) || right.holds(tags)
    def shown: String = s"(${left.shown} OR ${right.shown})"
    def asked: Seq[Asked] = left.asked ++ right.asked
  }

  /** The older spellings are in use still. */
  private val has = Seq("has_tag", "hasTag", "has_column_tag", "hasColumnTag")
  private val hasValue = Seq("has_tag_value", "hasTagValue", "has_column_tag_value", "hasColumnTagValue")

  /** Reads `has_tag('k')`, `has_tag_value('k', 'v')`, TRUE and FALSE, with NOT, AND, OR and brackets. */
  def read(words: Words): TagCondition = {
    var found = both(words)
    while (words.take("OR")) found = Either(found, both(words))
    found
  }

  /** Of a text that was stored. */
  def parse(text: String): TagCondition = {
    val words = Words.of(text)
    val found = read(words)
    words.end()
    found
  }

  private def both(words: Words): TagCondition = {
    var found = one(words)
    while (words.take("AND")) found = Both(found, one(words))
    found
  }

  private def one(words: Words): TagCondition =
    if (words.take("NOT")) Not(one(words))
    else if (words.takeSign('(')) { val inner = read(words); words.sign(')'); inner }
    else if (words.take("TRUE")) Constant(true)
    else if (words.take("FALSE")) Constant(false)
    else call(words)

  private def call(words: Words): TagCondition =
    has.find(words.take(_)).map(oneKey(words, _))
      .orElse(hasValue.find(words.take(_)).map { function =>
        words.texts("a tag's key and its value in quotes") match {
          case Seq(key, value) => HasValue(key, value, function)
          case _ => words.fail("a tag's key and its value")
        }
      }).getOrElse(words.fail("has_tag('key'), has_tag_value('key', 'value'), TRUE, NOT, AND, OR or brackets"))

  private def oneKey(words: Words, function: String): TagCondition = words.texts("a tag's key in quotes") match {
    case Seq(key) => HasTag(key, function)
    case _ => words.fail("one key of a tag")
  }

  private def text(value: String): String = s"'${value.replace("\\", "\\\\").replace("'", "\\'")}'"
}
