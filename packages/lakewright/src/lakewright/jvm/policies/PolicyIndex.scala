package lakewright

import java.net.URI
import java.nio.file.{Path, Paths}
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicLong

import scala.jdk.CollectionConverters._

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}

/** A table that policies may hold somebody on, and where it lies. */
private final case class IndexedTable(address: String, place: EntryPlace, policies: EffectivePolicies)

/**
 * Where the tables lie that policies hold a session's principal on. For a session without one: those with policies of their own.
 */
final class PolicyIndex private (tables: Seq[IndexedTable], who: Option[Set[String]]) {
  private lazy val held = tables.map(_.place).toSet
  private lazy val chosen = tables.filter(table => who.exists(table.policies.mayBeChosen)).map(_.place).toSet
  private lazy val byAddress = tables.groupMap(_.address)(_.place)

  def isEmpty: Boolean = tables.isEmpty

  def holds(place: EntryPlace): Boolean = held(place)

  /** Whether tags may choose a policy that holds the principal. */
  def choosesFor(place: EntryPlace): Boolean = chosen(place)

  /** The protected tables that lie there; else those to which a file or a folder belongs, or that lie below the folder. */
  def at(address: String): Seq[EntryPlace] = byAddress.getOrElse(address, tables.collect {
    case IndexedTable(at, place, _) if TableLocations.overlap(at, address) => place
  })

  def find(address: String): Option[EntryPlace] = at(address).headOption
}

/**
 * Made again after each change of a policy, a tag or a function: this process is the only writer of the lakehouse, so it
 * knows of every change. A new table is added when the index is asked for next.
 */
object PolicyIndex {
  private val MostMoved = 1000
  private val changes = new AtomicLong
  private final class Known(val lakehouse: Path, val version: Long, val tables: Map[EntryPlace, IndexedTable]) {
    private var seen = Map.empty[Option[Set[String]], PolicyIndex]
    lazy val whole = new PolicyIndex(tables.values.toSeq, None)

    def of(who: Option[Set[String]]): PolicyIndex = synchronized {
      seen.getOrElse(who, {
        val index = new PolicyIndex(tables.values.toSeq.filter { table =>
          who.fold(!table.policies.own.isEmpty)(table.policies.mayHold)
        }, who)
        if (seen.size > MostMoved) seen = Map.empty
        seen += who -> index
        index
      })
    }
  }
  @volatile private var known: Option[Known] = None
  private val moves = ConcurrentHashMap.newKeySet[EntryPlace]()

  /** Called wherever a policy, a tag, a table with one, or a function may have changed: plans that are kept must notice. */
  def changed(): Unit = changes.incrementAndGet()

  /** Called before a table is made or renamed, with the lock that the index waits for, and after it was dropped. */
  def moved(place: EntryPlace): Unit = moves.add(place)

  def version: Long = changes.get

  def of(session: SparkSession): PolicyIndex = {
    val lakehouse = Settings.lakehouse(session)
    val who = SessionIdentity.held(session).map(Principals.of(lakehouse).identities)
    tables(session, lakehouse).of(who)
  }

  /** Every table that has policies for somebody, or tags: what nobody changes by its path. */
  def ofAll(session: SparkSession): PolicyIndex = tables(session, Settings.lakehouse(session)).whole

  private def tables(session: SparkSession, lakehouse: Path): Known = {
    val store = new MetadataStore(lakehouse)
    def current = known.filter(one => one.lakehouse == lakehouse && one.version == version)
    current.filter(_ => moves.isEmpty).getOrElse(store.exclusively {
      val now = version
      val before = current.filter(_ => moves.size <= MostMoved)
      val dirty = moves.asScala.toSeq
      moves.removeAll(dirty.asJava)
      val places = if (before.isEmpty) all(store) else dirty
      val policies = EffectivePolicies.reader(store)
      val found = places.flatMap(place => indexed(session, store, place, policies).map(place -> _))
      val made = new Known(lakehouse, now, before.fold(Map.empty[EntryPlace, IndexedTable])(_.tables) -- places ++ found)
      known = Some(made)
      made
    })
  }

  private def all(store: MetadataStore): Seq[EntryPlace] = for {
    catalog <- store.catalogs()
    schema <- store.schemas(catalog)
    name <- store.names(catalog, schema)
  } yield EntryPlace(catalog, schema, name)

  private def indexed(
      session: SparkSession, store: MetadataStore, place: EntryPlace, all: (EntryPlace, Entry) => EffectivePolicies)
      : Option[IndexedTable] = for {
    entry <- store.readable(place)
    location <- entry.location
    policies = all(place, entry)
    if !policies.isEmpty || !entry.attributes.isEmpty
    address <- address(session, store.locate(location))
  } yield IndexedTable(address, place, policies)

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

  private def real(path: Path): String = CatalogPlaces.real(path).toString
}
