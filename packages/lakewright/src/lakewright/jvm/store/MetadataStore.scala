package lakewright

import java.io.IOException
import java.nio.file.attribute.BasicFileAttributes
import java.nio.file.{Files, NoSuchFileException, Path}
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicLong

/**
 * The catalog on disk, and the only commit point: `_catalog/<catalog>/<schema>/<name>.json`. Nothing is kept in
 * memory, so every session sees what another has just committed. Names come in any case.
 */
final class MetadataStore(val lakehouse: Path) {
  private val root = lakehouse.resolve("_catalog")

  /** What is granted on the lakehouse as a whole; whose engine it is owns it. */
  def metastore: Container =
    read(root.resolve(MetadataStore.MetastoreFile))(RecordFormat.readContainer).getOrElse(Container(LakehouseOwner.name))

  def replaceMetastore(description: Container): Unit = exclusively {
    DurableFiles.write(root.resolve(MetadataStore.MetastoreFile), RecordFormat.write("metastore", description))
  }

  // Catalogs

  def catalogs(): Seq[String] = folders(root)

  def catalogExists(catalog: String): Boolean = Files.isDirectory(catalogFolder(catalog))

  def catalog(name: String): Option[Container] = container(catalogFolder(name), MetadataStore.CatalogFile)

  /** With its schema `default`. Returns whether it was made: a catalog that is there stays as it is. */
  def createCatalog(name: String, description: Container): Boolean = exclusively {
    val absent = !catalogExists(name)
    if (absent) {
      val inner = s"${Names.encode(MetadataStore.DefaultSchema)}/${MetadataStore.SchemaFile}"
      DurableFiles.makeFolder(catalogFolder(name), Map(
        MetadataStore.CatalogFile -> RecordFormat.write("catalog", description),
        inner -> RecordFormat.write("schema", description.copy(comment = None, grants = Nil))))
    }
    absent
  }

  def replaceCatalog(name: String, description: Container): Unit = exclusively(noticed(catalog(name), description) {
    val file = catalogFolder(name).resolve(MetadataStore.CatalogFile)
    DurableFiles.write(file, RecordFormat.write("catalog", description))
  })

  def dropCatalog(name: String): Unit = try exclusively(drop(catalogFolder(name))) finally everythingChanged()

  // Schemas

  def schemas(catalog: String): Seq[String] = folders(catalogFolder(catalog))

  def schemaExists(catalog: String, schema: String): Boolean = Files.isDirectory(schemaFolder(catalog, schema))

  def schema(catalog: String, schema: String): Option[Container] =
    container(schemaFolder(catalog, schema), MetadataStore.SchemaFile)

  /** Returns whether it was made; false where it was there. */
  def createSchema(catalog: String, schema: String, description: Container): Boolean = exclusively {
    val absent = !schemaExists(catalog, schema)
    if (absent) {
      val file = MetadataStore.SchemaFile -> RecordFormat.write("schema", description)
      DurableFiles.makeFolder(schemaFolder(catalog, schema), Map(file))
    }
    absent
  }

  def replaceSchema(
      catalog: String, schema: String, description: Container): Unit = exclusively(noticed(this.schema(catalog, schema), description) {
    val file = schemaFolder(catalog, schema).resolve(MetadataStore.SchemaFile)
    DurableFiles.write(file, RecordFormat.write("schema", description))
  })

  def dropSchema(catalog: String, schema: String): Unit =
    try exclusively(drop(schemaFolder(catalog, schema))) finally everythingChanged()

  private def everythingChanged(): Unit = {
    PolicyIndex.changed()
    MetadataStore.changed()
  }

  // Objects of a schema

  /** The names of a schema's objects; no file is opened, so a damaged one does not hide the others. */
  def names(catalog: String, schema: String, family: Family = Family.Relations): Seq[String] =
    DurableFiles.list(schemaFolder(catalog, schema)).map(_.getFileName.toString)
      .filter(_.endsWith(family.suffix))
      .flatMap(file => Names.decode(file.stripSuffix(family.suffix)))

  def entryExists(place: EntryPlace): Boolean = Files.isRegularFile(fileOf(place))

  def entry(place: EntryPlace): Option[Entry] =
    if (place.parts.forall(Names.fits)) read(fileOf(place))(RecordFormat.readEntry) else None

  /** An entry, None where its file is damaged or gone. */
  def readable(place: EntryPlace): Option[Entry] =
    try entry(place) catch { case _: AnalysisFailure => None }

  /** Returns whether the entry was made; false where the name is taken. */
  def createEntry(place: EntryPlace, entry: Entry): Boolean = exclusively {
    val absent = !entryExists(place)
    if (absent) PolicyIndex.moved(place)
    if (absent) written(entry)(DurableFiles.write(fileOf(place), RecordFormat.write(entry)))
    absent
  }

  /** Reads, changes and writes as one step; None where there is no such entry. */
  def updateEntry(place: EntryPlace)(change: Entry => Entry): Option[Entry] = exclusively {
    val before = entry(place)
    val changed = before.map(change)
    changed.foreach(after => written(before.toSeq :+ after: _*)(DurableFiles.write(fileOf(place), RecordFormat.write(after))))
    changed
  }

  /** Returns whether it was renamed; false where the new name is taken. One rename of one file: never half done. */
  def renameEntry(from: EntryPlace, to: EntryPlace): Boolean = exclusively {
    val free = !entryExists(to)
    if (free) {
      val moved = readable(from)
      Seq(from, to).foreach(PolicyIndex.moved)
      DurableFiles.move(fileOf(from), fileOf(to))
      if (from.schema != to.schema) PolicyIndex.changed() else moved.foreach(noticed(_))
    }
    free
  }

  /** Nothing else is made while a volume's files go: one of the same name would have the same folder. A table's folder is its own. */
  def dropEntry(place: EntryPlace): Boolean = {
    val before = readable(place)
    try if (place.family == Family.Volumes) exclusively(drop(fileOf(place))) else drop(fileOf(place))
    finally { PolicyIndex.moved(place); before.foreach(noticed(_)) }
  }

  /** Whether a schema holds no object of any family, not even a damaged one. */
  def isEmpty(catalog: String, schema: String): Boolean = Family.all.forall(names(catalog, schema, _).isEmpty)

  /** Where an object's data lies, as an absolute path or an address. */
  def locate(location: String): String =
    if (location.contains(":") || location.startsWith("/")) location else lakehouse.resolve(location).toString

  /** Writes an entry. Policies, and the functions that they call, are known to plans that are kept: those must notice. */
  private def written(entries: Entry*)(write: => Unit): Unit =
    try write finally noticed(entries: _*)

  private def noticed(entries: Entry*): Unit = {
    if (entries.exists(one => !one.policies.isEmpty || one.function.isDefined) ||
      entries.map(one => one.attributes -> one.location).distinct.length > 1 ||
      entries.length == 1 && entries.head.kind == EntryKind.External) PolicyIndex.changed()
    // What only its grants or its comment are changed of is named once before and once after, at the same place.
    if (entries.flatMap(_.location).distinct.length == 1 && entries.length > 1) () else MetadataStore.changed()
  }

  private def noticed[T](before: Option[Container], after: Container)(write: => T): T =
    try write finally if (!before.map(_.attributes).contains(after.attributes)) PolicyIndex.changed()

  /** Removes unfinished files of a writer that died, and completes its drops; called once, by the holder of the lakehouse's lock. */
  def sweep(): Unit = DurableFiles.leftBehind(root, depth = 2).foreach { path =>
    if (DurableFiles.isSetAside(path)) removeDropped(path) else DurableFiles.deleteTree(path)
  }

  /** A record vanishes at once, then go the data that belong to it: only the death of this process leaves any to `sweep`. */
  private def drop(record: Path): Boolean = {
    val aside = exclusively(DurableFiles.setAside(record))
    aside.foreach(removeDropped)
    aside.isDefined
  }

  // The data of a damaged entry stay: nobody can know what is theirs.
  private def removeDropped(aside: Path): Unit =
    try DurableFiles.filesBelow(aside).flatMap(readableEntry).filterNot(isMadeAnew).foreach(ManagedData.remove(this, _))
    finally DurableFiles.deleteTree(aside)

  private def readableEntry(file: Path): Option[Entry] =
    try Some(RecordFormat.readEntry(Files.readAllBytes(file)))
    catch { case _: RecordFormat.Unreadable | _: IOException => None }

  /** Whether a volume of the same name has the folder of a dropped one by now. */
  private def isMadeAnew(entry: Entry): Boolean = entry.kind == EntryKind.Volume && entry.location.exists { location =>
    Files.exists(root.resolve(location.stripPrefix(s"${ManagedData.Volumes}/") + Family.Volumes.suffix))
  }

  /** What tells one edition of a catalog's, a schema's or an object's file from another: a file is replaced by a new one, never changed. */
  def edition(parts: Seq[String], family: Family): Option[RecordEdition] = {
    val file = parts match {
      case Seq() => root.resolve(MetadataStore.MetastoreFile)
      case Seq(catalog) => catalogFolder(catalog).resolve(MetadataStore.CatalogFile)
      case Seq(catalog, schema) => schemaFolder(catalog, schema).resolve(MetadataStore.SchemaFile)
      case Seq(catalog, schema, name) => fileOf(EntryPlace(catalog, schema, name, family))
    }
    try {
      val read = Files.readAttributes(file, classOf[BasicFileAttributes])
      Some(RecordEdition(file, String.valueOf(read.fileKey), read.lastModifiedTime.to(TimeUnit.NANOSECONDS), read.size))
    } catch { case _: IOException => None }
  }

  def exclusively[T](action: => T): T = MetadataStore.lock.synchronized(action)

  private def catalogFolder(catalog: String): Path = root.resolve(Names.encode(catalog))

  private def schemaFolder(catalog: String, schema: String): Path =
    catalogFolder(catalog).resolve(Names.encode(schema))

  private def fileOf(place: EntryPlace): Path =
    schemaFolder(place.catalog, place.schema).resolve(Names.encode(place.name) + place.family.suffix)

  private def folders(parent: Path): Seq[String] =
    DurableFiles.list(parent).filter(Files.isDirectory(_)).flatMap(path => Names.decode(path.getFileName.toString))

  private def container(folder: Path, file: String): Option[Container] =
    if (!Files.isDirectory(folder)) None
    else read(folder.resolve(file))(RecordFormat.readContainer)
      .orElse(Some(Container(owner = LakehouseOwner.name)))

  private def read[T](file: Path)(parse: Array[Byte] => T): Option[T] =
    try Some(parse(Files.readAllBytes(file)))
    catch {
      case _: NoSuchFileException => None
      case problem: RecordFormat.Unreadable => throw Errors.damagedMetadata(file, problem.getMessage)
    }
}

/** One edition of a record's file. */
final case class RecordEdition(file: Path, key: String, modified: Long, size: Long)

/** Kinds of objects that share one set of names: a volume may be called as a table is. */
sealed abstract class Family(val suffix: String)

object Family {
  case object Relations extends Family(".json")
  case object Volumes extends Family(".volume.json")
  case object Functions extends Family(".function.json")
  case object Models extends Family(".model.json")
  val all: Seq[Family] = Seq(Relations, Volumes, Functions, Models)
}

/** Where an object's file lies. No encoded name has a period, so no file belongs to two families. */
final case class EntryPlace(catalog: String, schema: String, name: String, family: Family = Family.Relations) {
  def parts: Seq[String] = Seq(catalog, schema, name)
}

object MetadataStore {
  val DefaultSchema = "default"
  val MetastoreFile = "_metastore.json"
  val CatalogFile = "_catalog.json"
  val SchemaFile = "_schema.json"

  /** One JVM is the one writer (`LakehouseLock`), so one lock in it makes check-then-write steps whole. */
  private val lock = new Object
  private val counted = new AtomicLong

  /** Counts the changes of what there is and where it lies. */
  def changes: Long = counted.get

  private def changed(): Unit = counted.incrementAndGet()
}
