package lakewright

import java.io.File
import java.net.URI
import java.nio.file.{Path => LocalPath, Paths}

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.{ChecksumFs, DelegateToFileSystem, FileStatus, LocalFileSystem, Path, RawLocalFileSystem}

/** The file system of `file:` paths: the machine's files, and below `/Workspace` those of the bundle, as on a cluster. */
class MachineFileSystem extends LocalFileSystem(new MachineFiles)

/** The same without checksum files. */
class MachineFiles extends RawLocalFileSystem {
  private var lakehouse: Option[LocalPath] = None
  private var machineFolders: Seq[LocalPath] = Nil

  override def initialize(name: URI, conf: Configuration): Unit = {
    super.initialize(name, conf)
    lakehouse = Option(conf.get(DbfsFileSystem.Lakehouse)).map(Paths.get(_))
    machineFolders = DbfsFileSystem.machineFolders(conf)
  }

  override def pathToFile(path: Path): File = ofWorkspace(path).map(_.toFile).getOrElse(super.pathToFile(path))

  override def getFileStatus(path: Path): FileStatus = named(path, super.getFileStatus(path))

  /** Hadoop lists a file as itself, by its path on the machine. */
  override def listStatus(path: Path): Array[FileStatus] =
    if (ofWorkspace(path).exists(_.toFile.isFile)) Array(getFileStatus(path)) else super.listStatus(path)

  private def named(path: Path, status: FileStatus): FileStatus =
    if (ofWorkspace(path).isEmpty) status
    else new FileStatus(status.getLen, status.isDirectory, 1, status.getBlockSize, status.getModificationTime,
      path.makeQualified(getUri, getWorkingDirectory))

  private def ofWorkspace(path: Path): Option[LocalPath] = {
    val clean = Paths.get("/", path.toUri.getPath).normalize
    if (!clean.startsWith(WorkspaceFolder.Root) || machineFolders.exists(clean.startsWith)) None
    else {
      val own = lakehouse.flatMap(WorkspaceFolder.read)
      Some(own.flatMap(_.local(clean)).getOrElse(throw PathErrors.notOfTheBundle(clean, own.map(_.path))))
    }
  }
}

/** The same for Hadoop's `FileContext`, by which streams write their checkpoints; as Hadoop's own `LocalFs`, with checksums. */
class MachineContext(uri: URI, conf: Configuration) extends ChecksumFs(new MachineFilesContext(uri, conf))

private class MachineFilesContext(uri: URI, conf: Configuration)
    extends DelegateToFileSystem(uri, new MachineFiles, conf, "file", false) {
  override def getUriDefaultPort: Int = -1
  override def isValidName(name: String): Boolean = true
}
