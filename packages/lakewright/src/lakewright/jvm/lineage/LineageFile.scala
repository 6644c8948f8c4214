package lakewright

import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, Path}
import java.nio.file.StandardOpenOption.{APPEND, CREATE}
import java.time.LocalDate
import java.time.ZoneOffset.UTC

/**
 * One file for each day, one event for each line. Each line is one write at the file's end, so two writers do not mix
 * lines; a line that a killed process has begun is ended before the next one.
 */
final class LineageFile(folder: Path) {
  private var opened: Option[(LocalDate, FileChannel)] = None

  def append(line: String): Unit = {
    val buffer = ByteBuffer.wrap(s"$line\n".getBytes(UTF_8))
    val channel = today()
    while (buffer.hasRemaining) channel.write(buffer)
  }

  def close(): Unit = {
    opened.foreach(_._2.close())
    opened = None
  }

  private def today(): FileChannel = {
    val date = LocalDate.now(UTC)
    opened match {
      case Some((day, channel)) if day == date && Files.exists(path(date)) => channel
      case _ =>
        close()
        Files.createDirectories(folder)
        val channel = FileChannel.open(path(date), CREATE, APPEND)
        opened = Some(date -> channel)
        separate(channel, path(date))
        channel
    }
  }

  private def path(date: LocalDate): Path = folder.resolve(s"$date.jsonl")

  /** Ends a line that another process has begun and not finished. */
  private def separate(channel: FileChannel, path: Path): Unit = {
    val size = channel.size()
    if (size > 0) {
      val last = ByteBuffer.allocate(1)
      val reader = FileChannel.open(path)
      try reader.read(last, size - 1) finally reader.close()
      if (last.get(0) != '\n'.toByte) channel.write(ByteBuffer.wrap("\n".getBytes(UTF_8)))
    }
  }
}
