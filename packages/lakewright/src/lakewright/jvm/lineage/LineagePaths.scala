package lakewright

import java.nio.file.{Files, Path => LocalPath, Paths}

import scala.util.Try

import org.apache.hadoop.fs.Path

/**
 * Names paths: a table's folder by the table, files of a volume by the folder in the volume that holds them, other
 * files by their folder.
 */
final class LineagePaths(namespace: String, store: MetadataStore, places: DbfsPlaces) {
  private var tables = Map.empty[String, LineageDataset]

  def of(path: Path): Option[LineageDataset] = {
    val scheme = Option(path.toUri.getScheme).getOrElse("dbfs").toLowerCase
    val clean = Paths.get("/", path.toUri.getPath).normalize
    val parts = (0 until clean.getNameCount).map(clean.getName(_).toString).toList
    if (parts.contains("_delta_log")) None
    else scheme match {
      case "dbfs" | "file" => table(clean).orElse(Some(inVolume(parts).getOrElse(elsewhere(scheme, clean, parts))))
      case other => Some(LineageDataset(DatasetKind.Path, s"$other://${path.toUri.getAuthority}", path.toUri.getPath))
    }
  }

  /** `/Volumes/catalog/schema/volume/folder`: the first folder in the volume, not each of those below it. */
  private def inVolume(parts: List[String]): Option[LineageDataset] = parts match {
    case "Volumes" :: catalog :: schema :: volume :: below =>
      val names = Seq(catalog, schema, volume).map(Names.key)
      val full = Paths.get("/", parts: _*)
      val folder = folders(full, below).headOption
      Some(LineageDataset(DatasetKind.Path, namespace, ("/Volumes" +: names).concat(folder).mkString("/")))
    case _ => None
  }

  private def elsewhere(scheme: String, clean: LocalPath, parts: List[String]): LineageDataset = {
    val named = if (scheme == "dbfs" && places.isOnMachine(clean.toString)) "file" else scheme
    LineageDataset(DatasetKind.Path, named, folders(clean, parts).mkString("/", "/", ""))
  }

  /** The folders of a path, without a file's name and without what follows a pattern. */
  private def folders(full: LocalPath, parts: List[String]): List[String] = {
    val plain = parts.takeWhile(part => !part.exists("*?[{".contains(_)))
    if (plain.length == parts.length && plain.nonEmpty && isFile(full)) plain.init else plain
  }

  private def isFile(path: LocalPath): Boolean = {
    val found = Try(places.of(path.toString)).toOption.collect { case DbfsPlace.Local(place, _) => place }
    val local = found.getOrElse(path)
    Files.isRegularFile(local) || !Files.isDirectory(local) && path.getFileName.toString.contains(".")
  }

  /** Tables are found by their location where a plan has lost their name; the list is read again for a new one. */
  private def table(clean: LocalPath): Option[LineageDataset] = {
    val managed = store.lakehouse.resolve(ManagedData.Tables)
    def folders = Iterator.iterate(clean)(_.getParent).takeWhile(_ != null)
    def found = folders.flatMap(folder => tables.get(folder.toString)).nextOption()
    found.orElse {
      if (clean.startsWith(managed)) tables = located()
      found
    }
  }

  private def located(): Map[String, LineageDataset] = (for {
    catalog <- store.catalogs()
    schema <- store.schemas(catalog)
    name <- store.names(catalog, schema)
    entry <- store.readable(EntryPlace(catalog, schema, name)).filter(_.isTable)
    location <- entry.location
  } yield {
    val path = Option(new Path(store.locate(location)).toUri.getPath).getOrElse(location)
    path -> LineageDataset(DatasetKind.Table, namespace, s"$catalog.$schema.$name")
  }).toMap
}
