package lakewright

import java.io.{BufferedReader, InputStreamReader}
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, Path}

/**
 * The lines of a file, one in memory at a time. A line that is too long for an event, because a damaged file has no
 * ends of lines, is left out without keeping it.
 */
final class LineageLines(path: Path, maximum: Int = LineageLines.Maximum) extends Iterator[String] with AutoCloseable {
  private val reader = new BufferedReader(new InputStreamReader(Files.newInputStream(path), UTF_8), 1 << 16)
  private var following: Option[String] = None
  private var atEnd = false

  override def hasNext: Boolean = {
    while (following.isEmpty && !atEnd) following = line()
    following.isDefined
  }

  override def next(): String = {
    if (!hasNext) throw new NoSuchElementException("no more lines")
    val found = following.get
    following = None
    found
  }

  override def close(): Unit = reader.close()

  /** None for a line that is too long. */
  private def line(): Option[String] = {
    val text = new StringBuilder
    var tooLong = false
    var sign = reader.read()
    if (sign < 0) atEnd = true
    while (sign >= 0 && sign != '\n') {
      if (text.length < maximum) text.append(sign.toChar) else tooLong = true
      sign = reader.read()
    }
    Option.when(!tooLong && !atEnd)(text.toString)
  }
}

object LineageLines {
  /** Characters: the largest event that is written has about ten million. */
  private val Maximum = 64 * 1024 * 1024
}
