package lakewright

import java.io.{File, FileNotFoundException}
import java.net.URI
import java.nio.file.{AccessDeniedException, FileSystemException, Files, Paths, Path => LocalPath}
import java.nio.file.attribute.BasicFileAttributes

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs._
import org.apache.hadoop.fs.permission.FsPermission
import org.apache.hadoop.util.Progressable

/**
 * DBFS for Spark: the file system of `dbfs:` paths and, as the default one, of paths without a scheme. What a path
 * leads to is decided by `DbfsPlaces`; this class only hands over to the machine's files. It keeps no checksums beside
 * the files and sets no permissions: Python code writes the same files.
 */
class DbfsFileSystem extends FileSystem {
  import DbfsPlace._

  private val raw = new RawLocalFileSystem
  private var places: DbfsPlaces = _

  override def initialize(name: URI, conf: Configuration): Unit = {
    setConf(conf) // Hadoop's own factory has done so by now, `FileContext` has not
    super.initialize(name, conf)
    raw.initialize(URI.create("file:///"), conf)
    val lakehouse = Option(conf.get(DbfsFileSystem.Lakehouse)).getOrElse(throw Errors.noLakehouse())
    val store = new MetadataStore(Paths.get(lakehouse))
    places = new DbfsPlaces(store, DbfsFileSystem.machineFolders(conf), Some(Environments.ofProcess(conf)))
  }

  override def getScheme: String = DbfsFileSystem.Scheme
  override def getUri: URI = DbfsFileSystem.Root
  override def getWorkingDirectory: Path = new Path(DbfsFileSystem.Root)
  override def setWorkingDirectory(folder: Path): Unit = ()
  override def getDefaultBlockSize(path: Path): Long = raw.getDefaultBlockSize(path)

  /** A path of the project's own files is one of `file:`: so Delta knows a table by one address only. */
  override def makeQualified(path: Path): Path = {
    val qualified = super.makeQualified(path)
    val text = qualified.toUri.getPath
    if (places.isOnMachine(text)) new Path("file", null, text) else qualified
  }

  /** Delta asks the file system that it found for a bare path also for the `file:` path that it was made into. */
  override def checkPath(path: Path): Unit =
    if (path.toUri.getScheme != "file" || !places.isOnMachine(path.toUri.getPath)) super.checkPath(path)

  override def open(path: Path, bufferSize: Int): FSDataInputStream = raw.open(local(path), bufferSize)

  override def create(path: Path, permission: FsPermission, overwrite: Boolean, bufferSize: Int, replication: Short,
      blockSize: Long, progress: Progressable): FSDataOutputStream =
    raw.create(local(path), overwrite, bufferSize, replication, blockSize, progress)

  override def append(path: Path, bufferSize: Int, progress: Progressable): FSDataOutputStream =
    raw.append(local(path), bufferSize, progress)

  override def rename(from: Path, to: Path): Boolean = {
    movable(from)
    raw.rename(local(from), local(to))
  }

  /** Of a root with what is in it, only that is deleted. */
  override def delete(path: Path, recursive: Boolean): Boolean = place(path) match {
    case Local(folder, true) if recursive && isVolume(path) =>
      DurableFiles.list(folder).forall(entry => raw.delete(hadoop(entry), true))
    case _ =>
      movable(path)
      raw.delete(local(path), recursive)
  }

  override def mkdirs(path: Path, permission: FsPermission): Boolean = raw.mkdirs(local(path))

  override def setTimes(path: Path, modified: Long, accessed: Long): Unit =
    raw.setTimes(local(path), modified, accessed)

  override def getFileStatus(path: Path): FileStatus = place(path) match {
    case Level(_) => folderStatus(path)
    case Local(folder, true) if !Files.exists(folder) => folderStatus(path)
    case Local(file, _) => status(file, path)
  }

  override def listStatus(path: Path): Array[FileStatus] = place(path) match {
    case Level(names) => names.map(name => folderStatus(new Path(path, name))).toArray
    case Local(folder, true) if !Files.exists(folder) => Array.empty
    case Local(file, _) if Files.isRegularFile(file) => Array(status(file, path))
    case Local(folder, _) => DbfsFileSystem.entries(folder, path).flatMap { entry =>
      // A file may be gone by now: another task's temporary file.
      try Some(status(entry, new Path(path, new Path(null, null, entry.getFileName.toString))))
      catch { case _: FileNotFoundException => None }
    }.toArray
  }

  private def status(file: LocalPath, path: Path): FileStatus =
    try {
      val facts = Files.readAttributes(file, classOf[BasicFileAttributes])
      new FileStatus(facts.size, facts.isDirectory, 1, getDefaultBlockSize(path), facts.lastModifiedTime.toMillis, shown(path))
    } catch { // also where a folder of the path is a file
      case problem: FileSystemException if !problem.isInstanceOf[AccessDeniedException] =>
        throw new FileNotFoundException(s"File ${shown(path)} does not exist")
    }

  private def folderStatus(path: Path): FileStatus = new FileStatus(0, true, 1, 0, 0, shown(path))

  private def shown(path: Path): Path = path.makeQualified(getUri, getWorkingDirectory)

  private def place(path: Path): DbfsPlace = {
    checkPath(path)
    places.of(shown(path).toUri.getPath)
  }

  private def local(path: Path): Path = place(path) match {
    case Local(file, _) => hadoop(file)
    case Level(_) => throw PathErrors.aboveVolume(Paths.get(shown(path).toUri.getPath))
  }

  private def hadoop(file: LocalPath): Path = new Path("file", null, file.toString)

  private def isVolume(path: Path): Boolean = shown(path).toUri.getPath.startsWith("/Volumes/")

  private def movable(path: Path): Unit = place(path) match {
    case Local(_, true) => throw PathErrors.keepsRoot(Paths.get(shown(path).toUri.getPath))
    case _ => ()
  }
}

object DbfsFileSystem {
  val Scheme = "dbfs"
  val Lakehouse = "lakewright.lakehouse"
  val MachineFolders = "lakewright.machineFolders"
  val Root: URI = URI.create("dbfs:/")

  /** The folders in which a bare path is one of the machine. */
  def machineFolders(conf: Configuration): Seq[LocalPath] =
    conf.get(MachineFolders, "").split(File.pathSeparator).filter(_.nonEmpty).toSeq.map(Paths.get(_))

  private def entries(folder: LocalPath, path: Path): Seq[LocalPath] =
    if (Files.isDirectory(folder)) DurableFiles.list(folder)
    else throw new FileNotFoundException(s"File $path does not exist")
}

/** The same for Hadoop's `FileContext`, by which streams write their checkpoints with an atomic rename. */
class DbfsContext(uri: URI, conf: Configuration)
    extends DelegateToFileSystem(uri, new DbfsFileSystem, conf, DbfsFileSystem.Scheme, false) {
  override def getUriDefaultPort: Int = -1
}
