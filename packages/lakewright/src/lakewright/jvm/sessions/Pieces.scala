package lakewright

/** A statement cut into words, signs and quoted texts, each with its place, to change a part and leave the rest as it is. */
final case class Piece(text: String, from: Int) {
  def until: Int = from + text.length
  def is(word: String): Boolean = text.equalsIgnoreCase(word)
  def isName: Boolean = text.startsWith("`") || text.head.isLetterOrDigit || text.head == '_'
}

object Pieces {
  private val Pattern =
    ("""(?s)'[^'\\]*+(?:\\.[^'\\]*+)*+'|"[^"\\]*+(?:\\.[^"\\]*+)*+"|`[^`]*+`""" +
      """|--[^\n]*|/\*.*?\*/|[\p{L}\p{N}_$]+|\S""").r

  /** The pieces of a text, without its comments. */
  def of(text: String): Vector[Piece] = Pattern.findAllMatchIn(text).map(found => Piece(found.matched, found.start))
    .filterNot(piece => piece.text.startsWith("--") || piece.text.startsWith("/*")).toVector

  /** Whether these words stand next to each other, anywhere. */
  def contains(pieces: Seq[Piece], words: Seq[String]): Boolean =
    pieces.sliding(words.length).exists(some => some.length == words.length && some.zip(words).forall { case (piece, word) => piece.is(word) })

  /** The place after a name in one or more parts. */
  def afterName(pieces: Seq[Piece], at: Int): Int =
    if (pieces.lift(at + 1).exists(_.is("."))) afterName(pieces, at + 2) else at + 1
}
