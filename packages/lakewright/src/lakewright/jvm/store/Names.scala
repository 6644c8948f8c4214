package lakewright

import java.nio.charset.StandardCharsets.UTF_8
import java.util.Locale

/**
 * Names of catalogs, schemas and their objects: compared case-insensitively, kept in lower case, and written to
 * disk so that no name can leave its folder, hide itself, or collide on a disk that ignores case.
 */
object Names {
  val MaximumCharacters = 255
  private val MaximumFileBytes = 230 // leaves room for `.json` and a temporary file's ending within 255 bytes

  def key(name: String): String = name.toLowerCase(Locale.ROOT)

  /** One text for the parts of a name, which `parts` reads again: a part with a dot stands in backticks. */
  def joined(parts: Seq[String]): String =
    parts.map(part => if (part.exists(c => c == '.' || c == '`')) s"`${part.replace("`", "``")}`" else part).mkString(".")

  /** The parts of a name, outside of backticks between dots; None where it is none. */
  def parts(name: String): Option[Seq[String]] =
    Option.when(Joined.matches(name))(Part.findAllMatchIn(name).map { found =>
      Option(found.group(1)).map(_.replace("``", "`")).getOrElse(found.matched)
    }.toSeq)

  private val Part = "`((?:[^`]|``)+)`|[^.`]+".r
  private val Joined = s"(?:$Part)(?:\\.(?:$Part))*".r

  /** Refuses what Unity Catalog refuses, unless `spark.lakewright.names` is `any`. Asked where a name is made. */
  def requireValid(name: String, settings: Settings): String = {
    val refused = refusal(name, settings.anyName)
    refused.foreach(reason => throw Errors.invalidName(name, reason))
    key(name)
  }

  private def refusal(name: String, anyName: Boolean): Option[String] =
    if (name.isEmpty) Some("it is empty")
    else if (name.length > MaximumCharacters) Some(s"it has ${name.length} characters, at most 255 are allowed")
    else if (!fits(name)) Some("it is too long for a file's name")
    else if (anyName) None
    else name.find(forbidden).map(c => s"it holds ${describe(c)}, which Unity Catalog does not allow")

  /** Whether a file can have this name; nothing of another name can exist. */
  def fits(name: String): Boolean = encode(name).length <= MaximumFileBytes

  private def forbidden(c: Char): Boolean = c == '.' || c == ' ' || c == '/' || c < ' ' || c == '\u007f'

  private def describe(c: Char): String = c match {
    case '.' => "a period"
    case ' ' => "a space"
    case '/' => "a slash"
    case _ => "a control character"
  }

  /** The name as a file's name: letters, digits, `-`, and `_` but at the start; all else as `%XX` of UTF-8. */
  def encode(name: String): String = {
    val bytes = key(name).getBytes(UTF_8)
    bytes.zipWithIndex.map { case (byte, at) =>
      val c = (byte & 0xff).toChar
      val plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || (c == '_' && at > 0)
      if (plain) c.toString else f"%%${byte & 0xff}%02X"
    }.mkString
  }

  /** The inverse of `encode`; None for a file that it did not write. */
  def decode(file: String): Option[String] =
    try {
      val bytes = Array.newBuilder[Byte]
      var at = 0
      while (at < file.length) {
        if (file(at) == '%') {
          bytes += Integer.parseInt(file.substring(at + 1, at + 3), 16).toByte
          at += 3
        } else {
          bytes += file(at).toByte
          at += 1
        }
      }
      Some(new String(bytes.result(), UTF_8)).filter(encode(_) == file)
    } catch { case _: RuntimeException => None }
}
