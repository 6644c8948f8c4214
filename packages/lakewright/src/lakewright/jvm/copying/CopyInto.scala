package lakewright

import org.apache.spark.sql.catalyst.analysis.UnresolvedTable
import org.apache.spark.sql.catalyst.expressions.Attribute
import org.apache.spark.sql.catalyst.plans.logical.{LogicalPlan, UnaryCommand}

/**
 * What a COPY INTO statement says.
 *
 * @param select   the list of `FROM (SELECT list FROM source)`.
 * @param position the columns that files without names fill: all where it is empty; None matches by name.
 * @param only     the files to load, or a pattern, both below the source.
 */
final case class CopySpec(
    source: String,
    format: String,
    select: Option[String] = None,
    position: Option[Seq[String]] = None,
    only: Option[CopyFilter] = None,
    reader: Map[String, String] = Map.empty,
    force: Boolean = false,
    mergeSchema: Boolean = false)

sealed trait CopyFilter
object CopyFilter {
  final case class Files(names: Seq[String]) extends CopyFilter
  final case class Pattern(glob: String) extends CopyFilter
}

/** A COPY INTO whose table Spark resolves. */
final case class CopyIntoTable(child: LogicalPlan, spec: CopySpec) extends UnaryCommand {
  override def output: Seq[Attribute] = CopyIntoCommand.columns
  override protected def withNewChildInternal(newChild: LogicalPlan): LogicalPlan = copy(child = newChild)
}

/**
 * `COPY INTO table [BY POSITION | (column, …)] FROM 'source' | (SELECT … FROM 'source') FILEFORMAT = format
 * [FILES = (…) | PATTERN = '…'] [FORMAT_OPTIONS (…)] [COPY_OPTIONS (…)]`
 * Source: https://docs.databricks.com/aws/en/sql/language-manual/delta-copy-into
 */
object CopyInto extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("COPY", "INTO"))

  def parse(words: Words): LogicalPlan = CopySelect.split(words.statement) match {
    case Some((plain, select)) => read(words.as(plain), Some(select))
    case None => read(words, None)
  }

  private def read(words: Words, select: Option[String]): LogicalPlan = {
    words.require("COPY", "INTO")
    val table = words.names("a table's name")
    val position = readPosition(words)
    words.require("FROM")
    val source = words.text("a path in quotes")
    if (words.take("WITH")) throw CopyErrors.notHere("WITH (CREDENTIAL …)", "leave it out; files of this machine need no credentials")
    words.require("FILEFORMAT")
    words.sign('=')
    val format = words.nameOrText("a format")
    if (words.take("VALIDATE")) throw CopyErrors.notHere("VALIDATE", "leave it out, or read the files with spark.read")
    val spec = CopySpec(source, format, select, position, readFilter(words), readOptions(words, "FORMAT_OPTIONS"))
    val options = readOptions(words, "COPY_OPTIONS")
    words.end()
    CopyIntoTable(UnresolvedTable(table, "COPY INTO"), checked(spec, options))
  }

  private def readPosition(words: Words): Option[Seq[String]] =
    if (words.take("BY", "POSITION")) Some(Nil) else Option.when(words.sees('('))(words.list("a column"))

  private def readFilter(words: Words): Option[CopyFilter] =
    if (words.take("FILES")) {
      words.sign('=')
      Some(CopyFilter.Files(words.texts("a file's name in quotes")))
    } else if (words.take("PATTERN")) {
      words.sign('=')
      Some(CopyFilter.Pattern(words.text("a pattern in quotes")))
    } else None

  private def readOptions(words: Words, clause: String): Map[String, String] =
    if (words.take(clause)) words.options("an option in quotes") else Map.empty

  private def checked(spec: CopySpec, options: Map[String, String]): CopySpec = {
    val known = options.map { case (key, value) => key.toLowerCase(java.util.Locale.ROOT) -> value }
    (known.keySet -- Set("force", "mergeschema")).foreach(key => throw CopyErrors.unknownOption(key))
    if (spec.reader.keys.exists(_.equalsIgnoreCase("ignoreCorruptFiles")))
      throw CopyErrors.notHere("the option ignoreCorruptFiles", "leave it out; a file that cannot be read fails the statement")
    if (spec.position.isDefined && !spec.format.equalsIgnoreCase("csv")) throw CopyErrors.positionNeedsCsv(spec.format)
    spec.copy(force = known.get("force").exists(_.toBoolean), mergeSchema = known.get("mergeschema").exists(_.toBoolean))
  }
}

/** Takes the list out of `FROM (SELECT list FROM source)`: it is Spark's to parse. */
object CopySelect {
  /** The statement with the source alone, and the list. None where it has no SELECT. */
  def split(text: String): Option[(String, String)] = {
    val pieces = Pieces.of(text)
    val depths = pieces.scanLeft(0)((depth, piece) => if (piece.is("(")) depth + 1 else if (piece.is(")")) depth - 1 else depth)
    def at(i: Int, word: String) = pieces.lift(i).exists(_.is(word))
    pieces.indices.find(i => depths(i) == 0 && at(i, "FROM")).filter(i => at(i + 1, "(") && at(i + 2, "SELECT")).flatMap { open =>
      for {
        close <- pieces.indices.find(i => i > open + 1 && depths(i + 1) == 0)
        from <- pieces.indices.reverse.find(i => i < close && depths(i) == 1 && at(i, "FROM"))
      } yield {
        val source = text.substring(pieces(from).until, pieces(close).from)
        (text.substring(0, pieces(open).until) + " " + source + text.substring(pieces(close).until),
          text.substring(pieces(open + 2).until, pieces(from).from))
      }
    }
  }
}
