package lakewright

import java.net.URI
import java.nio.file.{Path, Paths}
import java.util.concurrent.atomic.AtomicLong

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}

/**
 * Where the tables with policies lie. Made again after each change of a policy: this process is the only writer of
 * the lakehouse, so it knows of every change.
 */
final class PolicyIndex(val version: Long, places: Seq[(String, EntryPlace)]) {
  def isEmpty: Boolean = places.isEmpty

  /** The protected table to which a file or a folder belongs, or that lies below the folder. */
  def find(address: String): Option[EntryPlace] = places.collectFirst {
    case (at, place) if at == address || at.startsWith(address.stripSuffix("/") + "/") || address.startsWith(at + "/") => place
  }
}

object PolicyIndex {
  private val changes = new AtomicLong
  @volatile private var known: Option[(Path, PolicyIndex)] = None

  /** Called wherever a policy, a table with one, or a function may have changed. */
  def changed(): Unit = changes.incrementAndGet()

  def version: Long = changes.get

  def of(session: SparkSession): PolicyIndex = {
    val lakehouse = Settings.lakehouse(session)
    known.filter { case (root, index) => root == lakehouse && index.version == version }.map(_._2).getOrElse {
      val index = made(session, version, new MetadataStore(lakehouse))
      known = Some(lakehouse -> index)
      index
    }
  }

  private def made(session: SparkSession, version: Long, store: MetadataStore): PolicyIndex = {
    val places = for {
      catalog <- store.catalogs()
      schema <- store.schemas(catalog)
      name <- store.names(catalog, schema)
      place = EntryPlace(catalog, schema, name)
      entry <- store.readable(place) if !entry.policies.isEmpty
      location <- entry.location
      address <- address(session, store.locate(location))
    } yield address -> place
    new PolicyIndex(version, places)
  }

  /** A path or an address as it is compared: a path of this machine where it leads to one. */
  def address(session: SparkSession, location: String): Option[String] =
    try {
      val uri = new org.apache.hadoop.fs.Path(location).toUri
      Option(uri.getScheme).map(_.toLowerCase(java.util.Locale.ROOT)) match {
        case Some("file") => Some(real(Paths.get("/", uri.getPath)))
        case None | Some("dbfs") => places(session).of(uri.getPath) match {
          case DbfsPlace.Local(path, _) => Some(real(path))
          case _ => None
        }
        case Some(_) => Some(new URI(uri.getScheme, uri.getAuthority, uri.getPath, null, null).normalize.toString)
      }
    } catch { case _: java.io.IOException | _: AnalysisFailure | _: IllegalArgumentException => None }

  private def places(session: SparkSession): DbfsPlaces = {
    val hadoop = session.asInstanceOf[ClassicSession].sessionState.newHadoopConf()
    val folders = Option(hadoop.get("lakewright.machineFolders")).toSeq.flatMap(_.split(java.io.File.pathSeparator)).filter(_.nonEmpty)
    new DbfsPlaces(new MetadataStore(Settings.lakehouse(session)), folders.map(Paths.get(_)))
  }

  private def real(path: Path): String =
    try path.toRealPath().toString catch { case _: java.io.IOException => path.toAbsolutePath.normalize.toString }
}
