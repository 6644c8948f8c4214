package lakewright

import java.nio.file.{Files, Path => LocalPath, Paths}
import java.time.{Duration, Instant}

import scala.util.Try

import org.apache.hadoop.fs.Path

/**
 * Names paths: a table's folder by the table, files of a volume by the folder in the volume that holds them, other
 * files by their folder.
 */
final class LineagePaths(namespace: String, store: MetadataStore, dbfs: DbfsPlaces) {
  private var places = Map.empty[String, LineageDataset]
  private var listedAt = Instant.EPOCH

  def of(path: Path): Option[LineageDataset] = {
    val scheme = Option(path.toUri.getScheme).getOrElse("dbfs").toLowerCase
    val clean = Paths.get("/", path.toUri.getPath).normalize
    val parts = namesOf(clean)
    if (parts.contains("_delta_log")) None
    else Some(scheme match {
      case "dbfs" | "file" => inVolume(parts, clean).orElse(known(clean)).getOrElse(elsewhere(scheme, clean, parts))
      case other => LineageDataset(DatasetKind.Path, s"$other://${hostOf(path)}", path.toUri.getPath)
    })
  }

  /** Without a password; the name before `@` alone is the container of an address of Azure. */
  private def hostOf(path: Path): String =
    Option(path.toUri.getAuthority).getOrElse("").replaceFirst("^[^@]*:[^@]*@", "")

  /** `/Volumes/catalog/schema/volume/folder`: the first folder in the volume, not each of those below it. */
  private def inVolume(parts: List[String], clean: LocalPath): Option[LineageDataset] = parts match {
    case "Volumes" :: catalog :: schema :: volume :: below =>
      Some(volumeFolder(Seq(catalog, schema, volume).map(Names.key), below, clean))
    case _ => None
  }

  private def volumeFolder(names: Seq[String], below: List[String], clean: LocalPath): LineageDataset = {
    val folder = folders(clean, below).headOption
    LineageDataset(DatasetKind.Path, namespace, ("/Volumes" +: names).concat(folder).mkString("/"))
  }

  /** A place on this machine that has a name in the catalog: a table's folder, or that of a volume. */
  private def known(clean: LocalPath): Option[LineageDataset] = {
    def found = Iterator.iterate(clean)(_.getParent).takeWhile(_ != null)
      .flatMap(folder => places.get(folder.toString).map(folder -> _)).nextOption()
    if (isOld) list()
    val first = found.orElse { if (clean.startsWith(store.lakehouse)) list(); found }
    first.map {
      case (folder, volume) if volume.kind == DatasetKind.Path =>
        volumeFolder(volume.name.split('/').toSeq.drop(2), namesOf(folder.relativize(clean)), clean)
      case (_, table) => table
    }
  }

  private def elsewhere(scheme: String, clean: LocalPath, parts: List[String]): LineageDataset = {
    val named = if (scheme == "dbfs" && dbfs.isOnMachine(clean.toString)) "file" else scheme
    LineageDataset(DatasetKind.Path, named, folders(clean, parts).mkString("/", "/", ""))
  }

  /** The folders of a path, without a file's name and without what follows a pattern. */
  private def folders(full: LocalPath, parts: List[String]): List[String] = {
    val plain = parts.takeWhile(part => !part.exists("*?[{".contains(_)))
    if (plain.length == parts.length && plain.nonEmpty && isFile(full)) plain.init else plain
  }

  private def isFile(path: LocalPath): Boolean = {
    val found = Try(dbfs.of(path.toString)).toOption.collect { case DbfsPlace.Local(place, _) => place }
    val local = found.getOrElse(path)
    Files.isRegularFile(local) || !Files.isDirectory(local) && path.getFileName.toString.contains(".")
  }

  /** The catalog is listed again once in a while, because names change, and for a table that is new. */
  private def list(): Unit = {
    listedAt = Instant.now()
    places = listed().toMap
  }

  private def isOld: Boolean = Duration.between(listedAt, Instant.now()).compareTo(LineagePaths.Fresh) > 0

  private def listed(): Seq[(String, LineageDataset)] = for {
    catalog <- store.catalogs()
    schema <- store.schemas(catalog)
    family <- Family.all
    name <- store.names(catalog, schema, family)
    entry <- store.readable(EntryPlace(catalog, schema, name, family))
    location <- placeOf(EntryPlace(catalog, schema, name, family), entry)
  } yield location -> (
    if (family == Family.Volumes) LineageDataset(DatasetKind.Path, namespace, s"/Volumes/$catalog/$schema/$name")
    else LineageDataset(DatasetKind.Table, namespace, s"$catalog.$schema.$name"))

  private def placeOf(place: EntryPlace, entry: Entry): Option[String] =
    if (place.family == Family.Volumes) Try(dbfs.of(s"/Volumes/${place.parts.mkString("/")}")).toOption.collect {
      case DbfsPlace.Local(folder, _) => folder.toString
    }
    else entry.location.filter(_ => entry.isTable).map { location =>
      Option(new Path(store.locate(location)).toUri.getPath).getOrElse(location)
    }

  private def namesOf(path: LocalPath): List[String] =
    (0 until path.getNameCount).map(path.getName(_).toString).filter(_.nonEmpty).toList
}

object LineagePaths {
  private val Fresh = Duration.ofSeconds(10)
}
