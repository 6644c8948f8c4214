package lakewright

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.execution.command.LeafRunnableCommand
import org.apache.spark.sql.lakewright.SparkAccess

/** `ALTER kind name [ALTER COLUMN column] SET TAGS ('key' = 'value', …)` and `UNSET TAGS ('key', …)` */
object AlterTags extends Statement {
  val openings: Seq[Seq[String]] = SecurableText.keywords.map(Seq("ALTER", _))

  override def takes(text: String, session: SparkSession): Boolean = {
    val pieces = Pieces.of(text)
    !isQuery(pieces) && Seq(Seq("SET", "TAGS"), Seq("UNSET", "TAGS")).exists(Pieces.contains(pieces, _))
  }

  /** `ALTER VIEW name AS …`, in which a column may be called `set`. */
  private def isQuery(pieces: Seq[Piece]): Boolean = {
    val named = Pieces.afterName(pieces, 2)
    val after = if (pieces.lift(named).exists(_.is("("))) pieces.indexWhere(_.is(")"), named) + 1 else named
    pieces.lift(after).exists(_.is("AS"))
  }

  def parse(words: Words): LogicalPlan = {
    words.require("ALTER")
    val isView = words.next("VIEW")
    val securable = SecurableText.read(words)
    val column = if (isView && words.take("ALTER", "COLUMN") || !isView && ofColumn(words)) Some(words.names("a column's name")) else None
    val change = if (words.take("SET")) {
      words.require("TAGS")
      TagChange.Set(TagWords.pairs(words), replaces = true)
    } else {
      words.require("UNSET", "TAGS")
      TagChange.Unset(TagWords.keys(words), requires = false)
    }
    words.end()
    TagWords.command(securable, column, change)
  }

  private def ofColumn(words: Words): Boolean = {
    val found = words.take("ALTER") || words.take("CHANGE")
    if (found) words.take("COLUMN")
    found
  }
}

/** `SET TAG ON kind name key [= value]` and `UNSET TAG ON kind name key`, also of a COLUMN */
object SetTag extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("SET", "TAG", "ON"), Seq("UNSET", "TAG", "ON"))
  private val elsewhere = Seq("EXTERNAL", "PROCEDURE", "MODEL", "SHARE", "SECRET")

  def parse(words: Words): LogicalPlan = {
    val sets = words.take("SET")
    if (!sets) words.require("UNSET")
    words.require("TAG", "ON")
    elsewhere.find(words.next(_)).foreach(kind => throw TagWords.elsewhere(kind))
    val (securable, column) = if (words.take("COLUMN")) {
      val parts = words.names("a column's name with that of its table")
      if (parts.length < 2) words.fail("the name of a table and of its column")
      SecurableText(SecurableKind.Table, parts.init) -> Some(parts.takeRight(1))
    } else {
      if (!SecurableText.keywords.exists(words.next(_))) words.fail("CATALOG, SCHEMA, TABLE, VIEW, VOLUME or COLUMN")
      SecurableText.read(words) -> None
    }
    val key = words.nameOrText("a tag's key")
    val change = if (!sets) TagChange.Unset(Seq(key), requires = true)
    else TagChange.Set(Seq(key -> (if (words.takeSign('=')) words.nameOrText("a tag's value") else "")), replaces = false)
    words.end()
    TagWords.command(securable, column, change)
  }
}

private object TagWords {
  def pairs(words: Words): Seq[(String, String)] =
    words.inBrackets(words.nameOrText("a tag's key") -> (if (words.takeSign('=')) words.nameOrText("a tag's value") else ""))

  def keys(words: Words): Seq[String] = words.inBrackets(words.nameOrText("a tag's key"))

  def command(securable: SecurableText, column: Option[Seq[String]], change: TagChange): TagCommand =
    if (securable.kind == SecurableKind.Function || securable.kind == SecurableKind.Metastore) throw elsewhere(securable.kind.keyword)
    else TagCommand(securable, column, change)

  def elsewhere(kind: String): Throwable = Errors.runsOnDatabricks(
    s"a tag on $kind", "run it in a workspace; tags here are on catalogs, schemas, tables, views, their columns, and volumes")
}

sealed trait TagChange
object TagChange {
  /** @param replaces whether a key that is there gets the new value; else it is an error */
  final case class Set(pairs: Seq[(String, String)], replaces: Boolean) extends TagChange

  /** @param requires whether a key that is not there is an error */
  final case class Unset(keys: Seq[String], requires: Boolean) extends TagChange
}

final case class TagCommand(securable: SecurableText, column: Option[Seq[String]], change: TagChange) extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val target = securable.resolve(context)
    val files = new SecurableFiles(context.store)
    val known = files.read(target).attributes.columns
    context.check(Privilege.ApplyTag, target)
    val name = column.map(columnOf(context, target, _, known))
    val where = target.shown + name.fold("")(one => s", column `$one`")
    files.change(target) { described =>
      val before = of(described.attributes, name)
      val after = applied(before, where)
      val changed = (before.keySet ++ after.keySet).filter(key => before.get(key) != after.get(key))
      GovernedTags.requireAssignable(context, target, changed)
      described.copy(attributes = into(described.attributes, name, after))
    }
    // A column that was renamed meanwhile has not got them. Not asked with the store's lock: Delta has locks of its own.
    column.foreach(columnOf(context, target, _, known))
    Nil
  }

  private def of(attributes: Attributes, column: Option[String]): Tags.Map = column.fold(attributes.tags)(attributes.columns.of)

  private def into(attributes: Attributes, column: Option[String], tags: Tags.Map): Attributes = column match {
    case Some(name) => attributes.copy(columns = attributes.columns.set(name, tags))
    case None => attributes.copy(tags = tags)
  }

  private def applied(before: Tags.Map, where: String): Tags.Map = change match {
    case TagChange.Unset(keys, requires) =>
      if (requires) keys.find(!before.contains(_)).foreach(key => throw TagErrors.notThere(key, before.keys, where))
      before -- keys
    case TagChange.Set(pairs, replaces) =>
      val twice = pairs.map(_._1).diff(pairs.map(_._1).distinct)
      twice.headOption.foreach(key => throw TagErrors.twice(key, where))
      if (!replaces) pairs.find(pair => before.contains(pair._1)).foreach(pair => throw TagErrors.isThere(pair._1, where))
      Tags.set(before, pairs.map { case (key, value) => Tags.checked(key, value, where) }.toMap, where)
  }

  /** The column as the table or the view spells it; tags that wait for a column that is gone can be taken away. */
  private def columnOf(context: CommandContext, target: Securable, written: Seq[String], known: ColumnTags): String = {
    if (target.kind.depth != 3 || target.kind == SecurableKind.Volume) throw Errors.noSuchColumn(target.fullName, written.mkString("."), Nil)
    if (written.length > 1) throw TagErrors.ofField(written, target.shown)
    val (catalog, ident) = context.ours(target.parts).getOrElse(throw Errors.noSuchCatalog(target.parts.head))
    val columns = SparkAccess.schemaOf(catalog.unasked(ident).columns()).fieldNames.toSeq
    val waiting = change match {
      case _: TagChange.Unset => known.without(columns).byColumn.keys.toSeq.sorted
      case _: TagChange.Set => Nil
    }
    val all = columns ++ waiting
    all.find(one => Names.key(one) == Names.key(written.head)).getOrElse(throw Errors.noSuchColumn(target.fullName, written.head, all))
  }
}
