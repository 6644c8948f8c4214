package lakewright

import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.{Files, FileVisitResult, NoSuchFileException, Path, SimpleFileVisitor}
import java.nio.file.FileVisitResult.CONTINUE
import java.nio.file.StandardCopyOption.{ATOMIC_MOVE, REPLACE_EXISTING}
import java.nio.file.StandardOpenOption.{CREATE_NEW, READ, WRITE}
import java.nio.file.attribute.BasicFileAttributes
import java.util.UUID

import scala.jdk.CollectionConverters._
import scala.util.Using

/** Files that are either there whole or not at all, also after a crash. What begins with a dot is unfinished. */
object DurableFiles {
  private val Dropped = ".dropped"

  def write(target: Path, bytes: Array[Byte]): Unit = {
    val temporary = target.resolveSibling(s".${UUID.randomUUID()}.tmp")
    try {
      Using.resource(FileChannel.open(temporary, CREATE_NEW, WRITE)) { channel =>
        val buffer = ByteBuffer.wrap(bytes)
        while (buffer.hasRemaining) channel.write(buffer)
        channel.force(true)
      }
      move(temporary, target)
    } finally Files.deleteIfExists(temporary)
  }

  /** Renames within one file system, replacing a file that is there; the name is on disk when this returns. */
  def move(from: Path, to: Path): Unit = {
    Files.move(from, to, ATOMIC_MOVE, REPLACE_EXISTING)
    syncFolder(to.getParent)
    if (from.getParent != to.getParent) syncFolder(from.getParent)
  }

  /** Makes a folder with files in it, and in folders below it, appear at once. */
  def makeFolder(target: Path, files: Map[String, Array[Byte]]): Unit = {
    Files.createDirectories(target.getParent)
    val temporary = target.resolveSibling(s".${UUID.randomUUID()}.tmp")
    Files.createDirectory(temporary)
    files.foreach { case (name, bytes) =>
      Files.createDirectories(temporary.resolve(name).getParent)
      write(temporary.resolve(name), bytes)
    }
    syncFolder(temporary) // the names of the folders that were made in it
    Files.move(temporary, target, ATOMIC_MOVE)
    syncFolder(target.getParent)
  }

  /** Makes a file or a folder vanish at once, and returns where it is now; None where there is none. */
  def setAside(target: Path): Option[Path] = {
    val aside = target.resolveSibling(s".${UUID.randomUUID()}$Dropped")
    try {
      Files.move(target, aside, ATOMIC_MOVE)
      syncFolder(target.getParent)
      Some(aside)
    } catch { case _: NoSuchFileException => None }
  }

  /** Whether `setAside` has named it. */
  def isSetAside(path: Path): Boolean = path.getFileName.toString.endsWith(Dropped)

  /** The files of a folder and of all below it, as far as they can be listed; a file has itself alone. */
  def filesBelow(path: Path): Seq[Path] = {
    val found = Seq.newBuilder[Path]
    Files.walkFileTree(path, new AsFarAsPossible {
      override def visitFile(file: Path, attributes: BasicFileAttributes): FileVisitResult = { found += file; CONTINUE }
    })
    found.result()
  }

  /** Deletes a folder and all in it; what cannot be listed or deleted is left behind. */
  def deleteTree(folder: Path): Unit = Files.walkFileTree(folder, new AsFarAsPossible {
    override def visitFile(file: Path, attributes: BasicFileAttributes): FileVisitResult = tryToDelete(file)

    override def postVisitDirectory(folder: Path, problem: IOException): FileVisitResult = tryToDelete(folder)

    private def tryToDelete(path: Path): FileVisitResult = {
      try Files.deleteIfExists(path) catch { case _: IOException => () }
      CONTINUE
    }
  })

  private class AsFarAsPossible extends SimpleFileVisitor[Path] {
    override def visitFileFailed(file: Path, problem: IOException): FileVisitResult = CONTINUE

    override def postVisitDirectory(folder: Path, problem: IOException): FileVisitResult = CONTINUE
  }

  def list(folder: Path): Seq[Path] =
    try Using.resource(Files.list(folder))(_.iterator.asScala.toSeq).sortBy(_.getFileName.toString)
    catch { case _: NoSuchFileException => Nil }

  /** Finds what writes and drops that were cut off have left behind. Only the one writer may call it. */
  def leftBehind(folder: Path, depth: Int): Seq[Path] = list(folder).flatMap { path =>
    if (path.getFileName.toString.startsWith(".")) Seq(path)
    else if (depth > 0 && Files.isDirectory(path)) leftBehind(path, depth - 1)
    else Nil
  }

  private def syncFolder(folder: Path): Unit =
    try Using.resource(FileChannel.open(folder, READ))(_.force(true))
    catch { case _: IOException => () } // some file systems do not let a folder be synced
}
