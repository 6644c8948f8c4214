package lakewright

import java.net.URI

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.{FileUtil, Path}
import org.apache.spark.sql.delta.actions.{AddFile, DeletionVectorDescriptor}
import org.apache.spark.sql.delta.util.DeltaFileOperations

/** Copies the files of one table's version into the folder of another. */
final class FileCopies(from: Path, to: Path, hadoop: Configuration) {
  /** A file of the source, with the file that stands for it in the target: by a path below the target's folder. */
  def renamed(file: AddFile): (AddFile, AddFile) = {
    val path = if (isAbsolute(file.path)) file.path.substring(file.path.lastIndexOf('/') + 1) else file.path
    file -> file.copy(path = path, deletionVector = Option(file.deletionVector).map(renamed).orNull)
  }

  private def renamed(vector: DeletionVectorDescriptor): DeletionVectorDescriptor =
    if (vector.storageType != FileCopies.AbsoluteVector) vector
    else {
      val id = DeletionVectorDescriptor.getUUIDFromDeletionVectorFileName(vector.absolutePath(from).getName)
      vector.copyWithNewRelativePath(id, "")
    }

  def copy(source: AddFile, target: AddFile): Unit = {
    copy(DeltaFileOperations.absolutePath(from.toString, source.path), DeltaFileOperations.absolutePath(to.toString, target.path))
    Option(source.deletionVector).filter(_.storageType != FileCopies.InlineVector)
      .foreach(vector => copy(vector.absolutePath(from), target.deletionVector.absolutePath(to)))
  }

  // A table that is cloned over itself, from an earlier version, has the file already.
  private def copy(source: Path, target: Path): Unit = {
    val (sources, targets) = (source.getFileSystem(hadoop), target.getFileSystem(hadoop))
    if (sources.makeQualified(source) != targets.makeQualified(target)) {
      targets.mkdirs(target.getParent)
      FileUtil.copy(sources, source, targets, target, false, true, hadoop)
    }
  }

  private def isAbsolute(path: String): Boolean = {
    val uri = new URI(path)
    uri.isAbsolute || uri.getPath.startsWith("/")
  }
}

object FileCopies {
  private val AbsoluteVector = "p"
  private val InlineVector = "i"
}
