package lakewright

import java.io.IOException
import java.nio.file.{Path => LocalPath, Paths}

import scala.util.Try

import org.apache.hadoop.fs.{GlobPattern, Path}

/**
 * From a path to the volumes and tables whose files lie there: the one mapping for rights and for lineage. It is made again after
 * each change of the catalog: this process is the only writer of the lakehouse.
 */
final class CatalogPlaces(store: MetadataStore, dbfs: DbfsPlaces) {
  import CatalogPlaces._

  @volatile private var known: Option[(Long, PlaceIndex)] = None

  /** The volumes in which a path lies, by its name or by the folder behind it; for a place above volumes, all of these. */
  def volumes(path: Path): Seq[EntryPlace] = schemeOf(path) match {
    case DbfsFileSystem.Scheme | "file" =>
      val clean = cleaned(path)
      (schemeOf(path), namesOf(clean)) match {
        case (DbfsFileSystem.Scheme, VolumesFolder :: levels) if !dbfs.isOnMachine(clean.toString) => named(levels)
        case (scheme, names) => localOf(scheme, names.takeWhile(!isPattern(_))).toSeq.flatMap(at)
      }
    case _ => Nil
  }

  /** The table or the volume in whose folder a place of this machine lies, and the names below that folder. */
  def nearest(place: LocalPath): Option[(EntryPlace, List[String])] = {
    val index = current
    Iterator(place, real(place)).flatMap { one =>
      above(one).flatMap(folder => index.all.get(folder.toString).map(_.head -> namesOf(folder.relativize(one))))
    }.nextOption()
  }

  /** The levels below `/Volumes`, which may be patterns, or too few. */
  private def named(levels: List[String]): Seq[EntryPlace] = levels.take(VolumeLevels) match {
    case Seq(catalog, schema, volume) if !Seq(catalog, schema, volume).exists(isPattern) =>
      Seq(EntryPlace(Names.key(catalog), Names.key(schema), Names.key(volume), Family.Volumes))
    case some =>
      // `{a/b,c/d}` spans levels: what follows it is any.
      val patterns = some.takeWhile(level => level.count(_ == '{') == level.count(_ == '}'))
      current.volumes.values.flatten.toSeq.filter { place =>
        patterns.zip(place.parts).forall { case (level, name) => matches(level, name) }
      }
  }

  private def at(place: LocalPath): Seq[EntryPlace] = {
    val (index, there) = (current, real(place))
    above(there).flatMap(folder => index.volumes.get(folder.toString)).nextOption().getOrElse(
      index.volumes.collect { case (folder, inside) if Paths.get(folder).startsWith(there) => inside }.flatten.toSeq)
  }

  private def localOf(scheme: String, names: List[String]): Option[LocalPath] = {
    val plain = Paths.get("/", names: _*)
    if (scheme == "file") Some(plain)
    else Try(dbfs.of(plain.toString)).toOption.collect { case DbfsPlace.Local(place, _) => place }
  }

  private def current: PlaceIndex = {
    val version = MetadataStore.changes
    known.collect { case (`version`, index) => index }.getOrElse {
      val index = new PlaceIndex(store, dbfs)
      known = Some(version -> index)
      index
    }
  }
}

object CatalogPlaces {
  val VolumesFolder = "Volumes"
  private val VolumeLevels = 3

  def schemeOf(path: Path): String =
    Option(path.toUri.getScheme).getOrElse(DbfsFileSystem.Scheme).toLowerCase(java.util.Locale.ROOT)

  def cleaned(path: Path): LocalPath = Paths.get("/", path.toUri.getPath).normalize

  def namesOf(path: LocalPath): List[String] =
    (0 until path.getNameCount).map(path.getName(_).toString).filter(_.nonEmpty).toList

  def isPattern(name: String): Boolean = name.exists("*?[{\\".contains(_))

  /** A pattern that cannot be read may match anything. Names of the catalog are in lower case. */
  private def matches(pattern: String, name: String): Boolean =
    try new GlobPattern(pattern.toLowerCase(java.util.Locale.ROOT)).matches(name)
    catch { case _: RuntimeException => true }

  private[lakewright] def above(place: LocalPath): Iterator[LocalPath] =
    Iterator.iterate(place)(_.getParent).takeWhile(_ != null)

  /** Without links: those of the nearest folder that exists. */
  private[lakewright] def real(place: LocalPath): LocalPath = {
    val clean = place.toAbsolutePath.normalize
    above(clean).flatMap { folder =>
      try Some(folder.toRealPath().resolve(folder.relativize(clean))) catch { case _: IOException => None }
    }.nextOption().getOrElse(clean)
  }
}

/** The folders of tables and volumes as they are now; several volumes may have the same one. */
private final class PlaceIndex(store: MetadataStore, dbfs: DbfsPlaces) {
  lazy val volumes: Map[String, Seq[EntryPlace]] = folders(Family.Volumes)(place => (_: Entry) =>
    Try(dbfs.of(s"/${CatalogPlaces.VolumesFolder}/${place.parts.mkString("/")}")).toOption.collect {
      case DbfsPlace.Local(folder, _) => CatalogPlaces.real(folder).toString
    })

  lazy val all: Map[String, Seq[EntryPlace]] = volumes ++ folders(Family.Relations)(_ => entry =>
    entry.location.filter(_ => entry.isTable).map { location =>
      Option(new Path(store.locate(location)).toUri.getPath).getOrElse(location)
    })

  private def folders(family: Family)(folder: EntryPlace => Entry => Option[String]): Map[String, Seq[EntryPlace]] = {
    val found = for {
      catalog <- store.catalogs()
      schema <- store.schemas(catalog)
      name <- store.names(catalog, schema, family)
      place = EntryPlace(catalog, schema, name, family)
      entry <- store.readable(place)
      location <- folder(place)(entry)
    } yield location -> place
    found.groupMap(_._1)(_._2)
  }
}
