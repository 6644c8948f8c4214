package lakewright

/**
 * The words of a deep clone, which Delta's grammar does not have: `DEEP CLONE`, or `CLONE` alone, which means the same.
 * Source: https://docs.databricks.com/aws/en/sql/language-manual/delta-clone
 */
object CloneWords {
  private val headers = Seq(
    Seq("CREATE", "TABLE", "IF", "NOT", "EXISTS"), Seq("CREATE", "TABLE"), Seq("CREATE", "OR", "REPLACE", "TABLE"), Seq("REPLACE", "TABLE"))

  /** The text of a deep clone as that of a shallow one, which Delta's parser takes. None for every other text. */
  def shallow(text: String): Option[String] =
    if (!text.toUpperCase(java.util.Locale.ROOT).contains("CLONE")) None
    else {
      val pieces = Pieces.of(text)
      def next(at: Int, words: String*) = words.indices.forall(i => pieces.lift(at + i).exists(_.is(words(i))))
      headers.find(words => next(0, words: _*)).map(words => Pieces.afterName(pieces, words.length)).flatMap { at =>
        if (next(at, "DEEP", "CLONE")) Some(text.patch(pieces(at).from, "SHALLOW", "DEEP".length))
        else if (next(at, "CLONE")) Some(text.patch(pieces(at).from, "SHALLOW ", 0))
        else None
      }
    }
}
