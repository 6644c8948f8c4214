package lakewright

/**
 * The words of Databricks' CONSTRAINT clause that Spark's grammar does not have. Most of them say how a key would be
 * enforced; it never is, so Spark's parser gets the text without them.
 * Source: https://docs.databricks.com/en/sql/language-manual/sql-ref-syntax-ddl-create-table-constraint.html
 */
object KeyClauses {
  /** Stands for the columns of the parent's primary key. */
  val PrimaryKey = "PRIMARY KEY"
  private val Mark = " TIMESERIES"
  private val Keyword = """(?i)\b(?:KEY|REFERENCES|UNIQUE|CHECK)\b""".r
  private val starts = Seq("PRIMARY", "FOREIGN", "UNIQUE", "REFERENCES", "CHECK")
  private val silent: Seq[Seq[String]] = Seq(
    Seq("NOT", "DEFERRABLE"), Seq("DEFERRABLE"), Seq("INITIALLY", "DEFERRED"), Seq("MATCH", "FULL"),
    Seq("ON", "UPDATE", "NO", "ACTION"), Seq("ON", "DELETE", "NO", "ACTION"), Seq("ENABLE", "NOVALIDATE"))

  /** A column's name without the mark that `plain` has put on it. */
  def withoutMark(column: String): String = column.stripSuffix(Mark)

  /** The column's name where it has the mark. */
  def marked(column: String): Option[String] = Option.when(column.endsWith(Mark))(withoutMark(column))

  /** The text for Spark's parser: words without effect become spaces, a TIMESERIES column a marked name. */
  def plain(text: String): String = if (!declares(text)) text else {
    edits(Pieces.of(text)).reverse.foldLeft(text) { case (whole, edit) =>
      whole.substring(0, edit.from) + edit.text + whole.substring(edit.until)
    }
  }

  private def declares(text: String): Boolean =
    Words.opening(text, 5).contains("TABLE") && Keyword.findFirstIn(text).isDefined

  private final case class Edit(from: Int, until: Int, text: String)

  private def edits(pieces: Vector[Piece]): Seq[Edit] = {
    val made = Seq.newBuilder[Edit]
    var depth = 0
    var clause = Option.empty[Clause]
    var at = 0
    while (at < pieces.length) {
      val piece = pieces(at)
      if (piece.is("(")) depth += 1
      if (piece.is(")")) depth -= 1
      if (clause.exists(begun => depth < begun.depth || (piece.is(",") && depth == begun.depth))) clause = None
      if (clause.isEmpty) clause = starts.find(piece.is).map(Clause(_, depth))
      val taken = clause.flatMap(begun => if (begun.word == "CHECK") enforced(pieces, at) else edit(pieces, at))
      taken.foreach(found => made += found._1)
      at += taken.fold(1)(_._2)
    }
    made.result()
  }

  /** A constraint's clause: its first word, and how many brackets are open there. */
  private final case class Clause(word: String, depth: Int)

  /** CHECK (…) ENFORCED, which is the default. */
  private def enforced(pieces: Vector[Piece], at: Int): Option[(Edit, Int)] =
    Option.when(pieces(at).is("ENFORCED") && pieces(at - 1).is(")"))(blank(pieces, at, 1))

  /** The edit at this place of a key's clause, if any, and how many pieces it takes. */
  private def edit(pieces: Vector[Piece], at: Int): Option[(Edit, Int)] = {
    def next(words: Seq[String]) = words.indices.forall(i => pieces.lift(at + i).exists(_.is(words(i))))
    if (next(Seq("FOREIGN", "KEY", "REFERENCES"))) Some(blank(pieces, at, 2))
    else if (next(Seq("REFERENCES"))) withoutColumns(pieces, at)
    else silent.find(next).map(words => blank(pieces, at, words.length)).orElse(timeseries(pieces, at))
  }

  private def blank(pieces: Vector[Piece], at: Int, count: Int): (Edit, Int) = {
    val (from, until) = (pieces(at).from, pieces(at + count - 1).until)
    Edit(from, until, " " * (until - from)) -> count
  }

  private def timeseries(pieces: Vector[Piece], at: Int): Option[(Edit, Int)] =
    pieces.lift(at + 1).filter(mark => mark.is("TIMESERIES") && pieces(at).isName).map { mark =>
      val name = pieces(at).text.stripPrefix("`").stripSuffix("`")
      Edit(pieces(at).from, mark.until, s"`$name$Mark`") -> 2
    }

  /** REFERENCES table, without columns, means its primary key. Spark's parser fails on it. */
  private def withoutColumns(pieces: Vector[Piece], at: Int): Option[(Edit, Int)] = {
    val after = Pieces.afterName(pieces, at + 1)
    pieces.lift(after - 1).filterNot(_ => pieces.lift(after).exists(_.is("(")))
      .map(name => Edit(name.until, name.until, s" (`$PrimaryKey`)") -> (after - at))
  }
}
