package lakewright

import java.nio.file.{Files, Path => LocalPath}

import scala.util.Try

import org.apache.hadoop.fs.Path

/**
 * Names paths: a table's folder by the table, files of a volume by the folder in the volume that holds them, other
 * files by their folder.
 */
final class LineagePaths(namespace: String, places: CatalogPlaces, dbfs: DbfsPlaces) {
  import CatalogPlaces.{cleaned, isPattern, namesOf, schemeOf}

  def of(path: Path): Option[LineageDataset] = {
    val (scheme, clean) = (schemeOf(path), cleaned(path))
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
    case CatalogPlaces.VolumesFolder :: catalog :: schema :: volume :: below =>
      Some(volumeFolder(Seq(catalog, schema, volume).map(Names.key), below, clean))
    case _ => None
  }

  private def volumeFolder(names: Seq[String], below: List[String], clean: LocalPath): LineageDataset = {
    val folder = folders(clean, below).headOption
    LineageDataset(DatasetKind.Path, namespace, (s"/${CatalogPlaces.VolumesFolder}" +: names).concat(folder).mkString("/"))
  }

  /** A place on this machine that has a name in the catalog: a table's folder, or that of a volume. */
  private def known(clean: LocalPath): Option[LineageDataset] = places.nearest(clean).map {
    case (volume, below) if volume.family == Family.Volumes => volumeFolder(volume.parts, below, clean)
    case (table, _) => LineageDataset(DatasetKind.Table, namespace, Names.joined(table.parts))
  }

  private def elsewhere(scheme: String, clean: LocalPath, parts: List[String]): LineageDataset = {
    val named = if (scheme == "dbfs" && dbfs.isOnMachine(clean.toString)) "file" else scheme
    LineageDataset(DatasetKind.Path, named, folders(clean, parts).mkString("/", "/", ""))
  }

  /** The folders of a path, without a file's name and without what follows a pattern. */
  private def folders(full: LocalPath, parts: List[String]): List[String] = {
    val plain = parts.takeWhile(!isPattern(_))
    if (plain.length == parts.length && plain.nonEmpty && isFile(full)) plain.init else plain
  }

  private def isFile(path: LocalPath): Boolean = {
    val found = Try(dbfs.of(path.toString)).toOption.collect { case DbfsPlace.Local(place, _) => place }
    val local = found.getOrElse(path)
    Files.isRegularFile(local) || !Files.isDirectory(local) && path.getFileName.toString.contains(".")
  }
}
