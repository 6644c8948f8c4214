package lakewright

import java.nio.ByteBuffer
import java.nio.channels.{FileChannel, OverlappingFileLockException}
import java.nio.file.{Files, Path}
import java.nio.file.StandardOpenOption.{CREATE, WRITE}

import scala.collection.mutable

/**
 * Makes this JVM the one writer of a lakehouse: Delta on a local disk needs that. The lock is the operating
 * system's, on `engine.lock` beside the lakehouse, held until the JVM ends, and gone with it: never stale. The
 * file's text tells which kind of owner holds it, so that nobody ends a notebook's session for an engine.
 */
object LakehouseLock {
  val Engine = "engine"
  val Session = "session"
  private val held = mutable.Map.empty[Path, FileChannel]

  def file(lakehouse: Path): Path = lakehouse.toAbsolutePath.normalize.getParent.resolve("engine.lock")

  /** Takes the lock unless this JVM has it; the first time, clears what a dead writer left unfinished. */
  def acquire(lakehouse: Path, owner: String): Unit = held.synchronized {
    val path = file(lakehouse)
    if (!held.contains(path)) {
      val channel = lock(path)
      try {
        channel.truncate(0)
        channel.write(ByteBuffer.wrap(s"$owner ${ProcessHandle.current.pid}\n".getBytes("UTF-8")))
        new MetadataStore(lakehouse).sweep()
      } catch { case error: Throwable => channel.close(); throw error } // a full disk: nothing is held half
      held(path) = channel
    }
  }

  // The channel stays open on purpose: closing any channel of this file would drop the process's lock.
  private def lock(path: Path): FileChannel = {
    Files.createDirectories(path.getParent)
    val channel = FileChannel.open(path, CREATE, WRITE)
    val got = try channel.tryLock() catch { case _: OverlappingFileLockException => null }
    if (got == null) {
      channel.close()
      throw Errors.lakehouseTaken(path)
    }
    channel
  }
}
