package lakewright

import java.nio.file.{Path, Paths}

import scala.util.matching.Regex

/** Where a path of DBFS leads. */
sealed trait DbfsPlace

object DbfsPlace {
  /** A file or folder of this machine; `isRoot` for the root of DBFS, of a volume and of the project: it stays. */
  final case class Local(path: Path, isRoot: Boolean) extends DbfsPlace

  /** `/Volumes`, or a catalog or a schema below it: it holds no files. */
  final case class Level(names: Seq[String]) extends DbfsPlace
}

/**
 * The places of one project: volumes by the catalog, the project's own files where they are, the rest in the
 * lakehouse's folder `dbfs`. The rules are those of `lakewright.storage` in Python, and one list of cases holds both
 * to them (`tests/storage/paths.json`).
 */
final class DbfsPlaces(store: MetadataStore, machineFolders: Seq[Path], environments: Option[Environments]) {
  def this(store: MetadataStore, machineFolders: Seq[Path]) = this(store, machineFolders, None)

  import DbfsPlace._

  private val root = store.lakehouse.resolve("dbfs")
  private val own = (machineFolders :+ store.lakehouse).map(_.toAbsolutePath.normalize)

  def of(path: String): DbfsPlace = {
    val clean = Paths.get("/", path).normalize
    if (isOnMachine(path)) Local(clean, own.contains(clean))
    else parts(clean) match {
      case Nil => Local(root, isRoot = true)
      case "Volumes" :: below => inVolumes(clean, below)
      case top :: _ if DbfsPlaces.LooksLikeVolumes(top) => throw PathErrors.reserved(clean)
      case "Workspace" :: _ => throw PathErrors.workspaceWithoutScheme(clean)
      case names => Local(names.foldLeft(root)(_.resolve(_)), isRoot = false)
    }
  }

  /** Whether a bare path is one of the machine: inside the project, or inside a configured folder. */
  def isOnMachine(path: String): Boolean = {
    val clean = Paths.get("/", path).normalize
    own.exists(clean.startsWith)
  }

  private def inVolumes(clean: Path, below: List[String]): DbfsPlace = {
    below.headOption.foreach(catalog => environments.foreach(_.requireOwn(catalog)))
    volume(clean, below)
  }

  private def volume(clean: Path, below: List[String]): DbfsPlace = below match {
    case catalog :: schema :: volume :: inner =>
      val names = Seq(catalog, schema, volume).map(Names.key)
      val place = EntryPlace(names.head, names(1), names(2), Family.Volumes)
      val entry = store.readable(place).getOrElse(throw PathErrors.noSuchVolume(clean, names))
      Local(inner.foldLeft(folder(place, entry))(_.resolve(_)), isRoot = inner.isEmpty)
    case Nil => Level(store.catalogs())
    case catalog :: Nil if store.catalogExists(catalog) => Level(store.schemas(catalog))
    case catalog :: schema :: Nil if store.schemaExists(catalog, schema) =>
      Level(store.names(catalog, schema, Family.Volumes))
    case _ => throw PathErrors.missingLevel(clean)
  }

  /** A volume's folder. A volume in a cloud store has a folder in the lakehouse in its place. */
  private def folder(place: EntryPlace, entry: Entry): Path = entry.location match {
    case Some(DbfsPlaces.File(path)) => Paths.get("/", path)
    case Some(DbfsPlaces.Dbfs(path)) => localOf(path)
    case Some(path) if path.startsWith("/") => localOf(path)
    case Some(address) if address.contains(":") => store.lakehouse.resolve(Volumes.location(place))
    case Some(relative) => store.lakehouse.resolve(relative)
    case None => store.lakehouse.resolve(Volumes.location(place))
  }

  private def localOf(path: String): Path = of(path) match {
    case Local(local, _) => local
    case Level(_) => throw PathErrors.aboveVolume(Paths.get("/", path))
  }

  private def parts(clean: Path): List[String] =
    (0 until clean.getNameCount).map(clean.getName(_).toString).toList
}

object DbfsPlaces {
  private val LooksLikeVolumes = Set("Volume", "volume", "volumes")
  private val File: Regex = "(?i:file):/*(.*)".r
  private val Dbfs: Regex = "(?i:dbfs):(/.*)".r
}
