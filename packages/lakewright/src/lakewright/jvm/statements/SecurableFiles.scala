package lakewright

import org.apache.spark.sql.catalyst.analysis.{NoSuchNamespaceException, NoSuchTableException}

/** What every securable has. */
final case class Described(owner: String, comment: Option[String], grants: Seq[Grant], attributes: Attributes)

/** Reads and changes owner, comment, grants, tags and policies of a catalog, a schema or an object, whatever its kind. */
final class SecurableFiles(store: MetadataStore) {
  def read(securable: Securable): Described = securable.parts match {
    case Seq() => of(store.metastore)
    case Seq(catalog) => of(catalogOf(catalog))
    case Seq(catalog, schema) => of(schemaOf(catalog, schema))
    case _ => of(entryOf(place(securable)))
  }

  def change(securable: Securable)(how: Described => Described): Unit = store.exclusively {
    securable.parts match {
      case Seq() => store.replaceMetastore(into(store.metastore, how))
      case Seq(catalog) => store.replaceCatalog(catalog, into(catalogOf(catalog), how))
      case Seq(catalog, schema) => store.replaceSchema(catalog, schema, into(schemaOf(catalog, schema), how))
      case _ =>
        val at = place(securable)
        entryOf(at)
        store.updateEntry(at) { entry =>
          val after = how(of(entry))
          entry.copy(owner = after.owner, comment = after.comment, grants = after.grants, attributes = after.attributes)
        }
    }
  }

  private def place(securable: Securable): EntryPlace = {
    val Seq(catalog, schema, name) = securable.parts
    EntryPlace(catalog, schema, name, SecurableFiles.family(securable.kind))
  }

  private def of(container: Container): Described = Described(container.owner, container.comment, container.grants, container.attributes)

  private def of(entry: Entry): Described = Described(entry.owner, entry.comment, entry.grants, entry.attributes)

  private def into(container: Container, how: Described => Described): Container = {
    val after = how(of(container))
    container.copy(owner = after.owner, comment = after.comment, grants = after.grants, attributes = after.attributes)
  }

  private def catalogOf(name: String): Container = store.catalog(name).getOrElse(throw Errors.noSuchCatalog(name))

  private def schemaOf(catalog: String, schema: String): Container = {
    catalogOf(catalog)
    store.schema(catalog, schema).getOrElse(throw new NoSuchNamespaceException(Array(catalog, schema)))
  }

  private def entryOf(place: EntryPlace): Entry = {
    schemaOf(place.catalog, place.schema)
    store.entry(place).getOrElse(place.family match {
      case Family.Relations => throw new NoSuchTableException(place.parts)
      case Family.Volumes => throw Errors.noSuchVolume(place.parts)
      case Family.Functions => throw FunctionErrors.missing(place.parts)
      case Family.Models => throw Errors.noSuchModel(place.parts)
    })
  }
}

object SecurableFiles {
  def family(kind: SecurableKind): Family = kind match {
    case SecurableKind.Volume => Family.Volumes
    case SecurableKind.Function => Family.Functions
    case SecurableKind.Model => Family.Models
    case _ => Family.Relations
  }
}

/** A securable as a statement writes it: a kind, if any, and a name that may lack its first parts. */
final case class SecurableText(kind: SecurableKind, parts: Seq[String]) {
  /** The object; a view may be called a table, and a registered model is a function, as on Databricks. */
  def resolve(context: CommandContext): Securable = {
    val full = if (kind.depth == 0) Nil else context.complete(parts, kind.depth)
    val actual = kind match {
      case SecurableKind.Table | SecurableKind.View => relation(context, full)
      case SecurableKind.Function if isModel(context, full) => SecurableKind.Model
      case other => other
    }
    Securable(actual, full)
  }

  private def isModel(context: CommandContext, full: Seq[String]): Boolean = {
    def exists(family: Family) = context.store.entryExists(EntryPlace(full.head, full(1), full(2), family))
    !exists(Family.Functions) && exists(Family.Models)
  }

  private def relation(context: CommandContext, full: Seq[String]): SecurableKind =
    context.store.readable(EntryPlace(full.head, full(1), full(2))).fold(kind) { entry =>
      if (entry.isView) SecurableKind.View else SecurableKind.Table
    }
}

object SecurableText {
  private val words: Seq[(String, SecurableKind)] = Seq(
    "CATALOG" -> SecurableKind.Catalog, "SCHEMA" -> SecurableKind.Schema, "DATABASE" -> SecurableKind.Schema,
    "TABLE" -> SecurableKind.Table, "VIEW" -> SecurableKind.View, "VOLUME" -> SecurableKind.Volume,
    "FUNCTION" -> SecurableKind.Function, "MODEL" -> SecurableKind.Model)

  val keywords: Seq[String] = words.map(_._1)

  /** Reads `[kind] name` or `METASTORE`; without a kind it is a table, as on Databricks. */
  def read(from: Words): SecurableText = if (from.takeAlone("METASTORE")) SecurableText(SecurableKind.Metastore, Nil) else {
    val kind = words.collectFirst { case (word, kind) if from.take(word) => kind }.getOrElse(SecurableKind.Table)
    SecurableText(kind, from.names(s"a name"))
  }
}
