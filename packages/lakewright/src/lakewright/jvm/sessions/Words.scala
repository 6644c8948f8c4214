package lakewright

/** One piece of a statement: a word, a quoted name, a text in quotes, or a sign. */
sealed trait Word
object Word {
  final case class Plain(text: String) extends Word
  final case class Quoted(text: String) extends Word
  final case class Text(value: String) extends Word
  final case class Sign(char: Char) extends Word
}

/** What the parameters of a statement stand for, as far as they are texts: by name, or in order. */
final case class BoundTexts(named: Map[String, String] = Map.empty, positional: Seq[Option[String]] = Nil) {
  def next: BoundTexts = copy(positional = positional.drop(1))
}

/** Reads a statement from left to right. Every step either takes what it names or leaves all as it is. */
final class Words(pieces: Seq[Word], val statement: String, parameters: BoundTexts) {
  private var at = 0

  /** Another text, with the same parameters. */
  def as(text: String): Words = Words.of(text, parameters)

  /** Takes these words if they come next, in any case. */
  def take(words: String*): Boolean = {
    val next = pieces.slice(at, at + words.length)
    val found = next.length == words.length && next.zip(words).forall {
      case (Word.Plain(text), word) => text.equalsIgnoreCase(word)
      case _ => false
    }
    if (found) at += words.length
    found
  }

  /** Whether these words come next. */
  def next(words: String*): Boolean = {
    val before = at
    val found = take(words: _*)
    at = before
    found
  }

  /** Takes this word if it comes next and is not the first part of a name. */
  def takeAlone(word: String): Boolean = !pieces.lift(at + 1).contains(Word.Sign('.')) && take(word)

  def takeSign(char: Char): Boolean = {
    val found = sees(char)
    if (found) at += 1
    found
  }

  /** Whether this sign comes next. */
  def sees(char: Char): Boolean = pieces.lift(at).contains(Word.Sign(char))

  def sign(char: Char): Unit = if (!takeSign(char)) fail(char.toString)

  def require(words: String*): Unit = if (!take(words: _*)) fail(words.mkString(" "))

  /** A name in one part: quoted or not, or `IDENTIFIER('name')`. */
  def name(what: String): String = identifier() match {
    case Some(Seq(one)) => one
    case Some(_) => fail(s"$what in one part")
    case None => plainName(what)
  }

  /** A name in several parts with periods between them, or `IDENTIFIER('a.b')`. */
  def names(what: String): Seq[String] = identifier().getOrElse {
    val parts = Seq.newBuilder[String] += plainName(what)
    while (takeSign('.')) parts += plainName(what)
    parts.result()
  }

  /** Names in one part, with commas between them, in brackets. */
  def list(what: String): Seq[String] = inBrackets(plainName(what))

  /** Texts with commas between them, in brackets. */
  def texts(what: String): Seq[String] = inBrackets(text(what))

  /** `key = value` with commas between them, in brackets; a key and a value may stand in quotes. */
  def options(what: String): Map[String, String] = inBrackets {
    val key = nameOrText(what)
    sign('=')
    key -> nameOrText("a value")
  }.toMap

  /** Expressions with commas between them, in brackets that may be empty: each as SQL text. */
  def expressions(): Seq[String] = {
    sign('(')
    val read = Seq.newBuilder[String]
    if (!sees(')')) { read += expression(); while (takeSign(',')) read += expression() }
    sign(')')
    read.result()
  }

  // Up to the next comma or closing bracket that is not inside of brackets.
  private def expression(): String = {
    var depth = 0
    val taken = pieces.drop(at).takeWhile {
      case Word.Sign('(') => depth += 1; true
      case Word.Sign(')') => depth -= 1; depth >= 0
      case Word.Sign(',') => depth > 0
      case _ => true
    }
    if (taken.isEmpty) fail("a column or a constant")
    at += taken.length
    Words.text(taken)
  }

  /** One or more of something, with commas between them, in brackets. */
  def inBrackets[T](one: => T): Seq[T] = {
    sign('(')
    val read = Seq.newBuilder[T] += one
    while (takeSign(',')) read += one
    sign(')')
    read.result()
  }

  /** A name, or a text in quotes that holds one. */
  def nameOrText(what: String): String = pieces.lift(at) match {
    case Some(Word.Text(value)) => at += 1; value
    case _ => name(what)
  }

  private def plainName(what: String): String = pieces.lift(at) match {
    case Some(Word.Plain(text)) => at += 1; text
    case Some(Word.Quoted(text)) => at += 1; text
    case _ => fail(what)
  }

  // Its argument is a text, or several joined by `||`; named parameters are texts.
  private def identifier(): Option[Seq[String]] = pieces.slice(at, at + 2) match {
    case Seq(Word.Plain(word), Word.Sign('(')) if word.equalsIgnoreCase("IDENTIFIER") =>
      at += 2
      var joined = text("a name in quotes")
      while (takeSign('|')) { if (!takeSign('|')) fail("||"); joined += text("a name in quotes") }
      if (!takeSign(')')) fail(")")
      val inner = Words.of(joined)
      val parts = inner.names("a name")
      inner.end()
      Some(parts)
    case _ => None
  }

  /** A principal: a quoted or plain name, also an address as `alice@example.org`. */
  def principal(): String = {
    val first = name("a principal")
    val rest = Iterator.continually(pieces.lift(at)).takeWhile {
      case Some(Word.Sign(c)) => "@.-".contains(c)
      case _ => false
    }.map { case Some(Word.Sign(c)) => at += 1; s"$c${name("a principal")}"; case _ => "" }
    first + rest.mkString
  }

  def text(what: String): String = pieces.lift(at) match {
    case Some(Word.Text(value)) => at += 1; value
    case _ => fail(what)
  }

  /** Plain words up to one of these words, a comma, or the end. */
  def phrase(stops: String*): String = {
    val taken = pieces.drop(at).takeWhile {
      case Word.Plain(text) => !stops.exists(_.equalsIgnoreCase(text))
      case _ => false
    }.collect { case Word.Plain(text) => text }
    at += taken.length
    taken.mkString(" ").toUpperCase(java.util.Locale.ROOT)
  }

  def isAtEnd: Boolean = at == pieces.length

  def end(): Unit = if (!isAtEnd) fail("the statement's end")

  def fail(expected: String): Nothing = {
    val seen = pieces.lift(at).fold("the end")(piece => s"`${Words.show(piece)}`")
    throw Errors.syntax(statement, s"$expected, found $seen")
  }
}

object Words {
  private val Piece = (
    """(?s)\s+|--[^\n]*|/\*.*?\*/""" + // what is skipped
    """|`((?:[^`]|``)*)`""" +
    """|'((?:[^'\\]|\\.|'')*)'|"((?:[^"\\]|\\.|"")*)"""" +
    """|([\p{L}\p{N}_$]+)""" +
    """|(.)""").r

  /** @param parameters what `:name` and `?` stand for */
  def of(text: String, parameters: BoundTexts = BoundTexts()): Words =
    new Words(bind(split(text.trim.stripSuffix(";")), parameters), text.trim, parameters)

  private def bind(pieces: Seq[Word], parameters: BoundTexts): Seq[Word] = pieces match {
    case Word.Sign(':') +: Word.Plain(name) +: rest if parameters.named.contains(name) =>
      Word.Text(parameters.named(name)) +: bind(rest, parameters)
    case Word.Sign('?') +: rest if parameters.positional.nonEmpty =>
      parameters.positional.head.fold[Word](Word.Sign('?'))(Word.Text(_)) +: bind(rest, parameters.next)
    case first +: rest => first +: bind(rest, parameters)
    case _ => Nil
  }

  /** The first words of a statement in capitals, enough to tell its kind. */
  def opening(text: String, count: Int): Seq[String] = {
    val (skipped, word) = (Skipped.pattern.matcher(text), PlainWord.pattern.matcher(text))
    var at = 0
    def next(): Option[String] = {
      while (skipped.region(at, text.length).lookingAt()) at = skipped.end
      Option.when(word.region(at, text.length).lookingAt()) { at = word.end; word.group.toUpperCase(java.util.Locale.ROOT) }
    }
    Iterator.continually(next()).take(count).takeWhile(_.isDefined).flatten.toSeq
  }

  private val Skipped = """(?s)\s+|--[^\n]*|/\*.*?\*/""".r
  private val PlainWord = """[\p{L}\p{N}_$]+""".r

  private def split(text: String): Seq[Word] = Piece.findAllMatchIn(text).flatMap { found =>
    val groups = (1 to 5).map(found.group)
    groups match {
      case Seq(name, _, _, _, _) if name != null => Some(Word.Quoted(name.replace("``", "`")))
      case Seq(_, text, _, _, _) if text != null => Some(Word.Text(unescape(text.replace("''", "'"))))
      case Seq(_, _, text, _, _) if text != null => Some(Word.Text(unescape(text.replace("\"\"", "\""))))
      case Seq(_, _, _, word, _) if word != null => Some(Word.Plain(word))
      case Seq(_, _, _, _, sign) if sign != null => Some(Word.Sign(sign.head))
      case _ => None
    }
  }.toSeq

  private val Escape = """\\(?:u([0-9a-fA-F]{4})|(.))""".r

  private def unescape(text: String): String = Escape.replaceAllIn(text, found => {
    val code = Option(found.group(1)).map(digits => Integer.parseInt(digits, 16).toChar.toString)
    java.util.regex.Matcher.quoteReplacement(code.getOrElse(found.group(2) match {
      case "n" => "\n"
      case "t" => "\t"
      case other => other
    }))
  })

  /** Pieces as SQL text again. */
  private def text(pieces: Seq[Word]): String = pieces.foldLeft("") { (before, piece) =>
    val written = piece match {
      case Word.Plain(word) => word
      case Word.Quoted(name) => s"`${name.replace("`", "``")}`"
      case Word.Text(value) => s"'${value.replace("\\", "\\\\").replace("'", "\\'")}'"
      case Word.Sign(char) => char.toString
    }
    val apart = before.nonEmpty && !piece.isInstanceOf[Word.Sign] && !"(.-".contains(before.last)
    if (apart) s"$before $written" else before + written
  }

  private def show(piece: Word): String = piece match {
    case Word.Plain(text) => text
    case Word.Quoted(text) => text
    case Word.Text(value) => value
    case Word.Sign(char) => char.toString
  }
}
