package lakewright

import org.apache.spark.sql.catalyst.analysis.{NoSuchNamespaceException, NoSuchTableException}

/** What every securable has. */
final case class Described(owner: String, comment: Option[String], grants: Seq[Grant])

/** Reads and changes owner, comment and grants of a catalog, a schema or an object, whatever its kind. */
final class SecurableFiles(store: MetadataStore) {
  def read(securable: Securable): Described = securable.parts match {
    case Seq(catalog) => of(catalogOf(catalog))
    case Seq(catalog, schema) => of(schemaOf(catalog, schema))
    case _ => of(entryOf(place(securable)))
  }

  def change(securable: Securable)(how: Described => Described): Unit = store.exclusively {
    securable.parts match {
      case Seq(catalog) => store.replaceCatalog(catalog, into(catalogOf(catalog), how))
      case Seq(catalog, schema) => store.replaceSchema(catalog, schema, into(schemaOf(catalog, schema), how))
      case _ =>
        val at = place(securable)
        entryOf(at)
        store.updateEntry(at) { entry =>
          val after = how(of(entry))
          entry.copy(owner = after.owner, comment = after.comment, grants = after.grants)
        }
    }
  }

  private def place(securable: Securable): EntryPlace = {
    val Seq(catalog, schema, name) = securable.parts
    EntryPlace(catalog, schema, name, securable.kind match {
      case SecurableKind.Volume => Family.Volumes
      case SecurableKind.Function => Family.Functions
      case _ => Family.Relations
    })
  }

  private def of(container: Container): Described = Described(container.owner, container.comment, container.grants)

  private def of(entry: Entry): Described = Described(entry.owner, entry.comment, entry.grants)

  private def into(container: Container, how: Described => Described): Container = {
    val after = how(of(container))
    container.copy(owner = after.owner, comment = after.comment, grants = after.grants)
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
    })
  }
}

/** A securable as a statement writes it: a kind, if any, and a name that may lack its first parts. */
final case class SecurableText(kind: SecurableKind, parts: Seq[String]) {
  def resolve(context: CommandContext): Securable =
    Securable(kind, context.complete(parts, SecurableText.levels(kind)))
}

object SecurableText {
  private val levels: Map[SecurableKind, Int] = Map(
    SecurableKind.Metastore -> 0, SecurableKind.Catalog -> 1, SecurableKind.Schema -> 2,
    SecurableKind.Table -> 3, SecurableKind.View -> 3, SecurableKind.Volume -> 3, SecurableKind.Function -> 3)
  private val words: Seq[(String, SecurableKind)] = Seq(
    "CATALOG" -> SecurableKind.Catalog, "SCHEMA" -> SecurableKind.Schema, "DATABASE" -> SecurableKind.Schema,
    "TABLE" -> SecurableKind.Table, "VIEW" -> SecurableKind.View, "VOLUME" -> SecurableKind.Volume,
    "FUNCTION" -> SecurableKind.Function)

  val keywords: Seq[String] = words.map(_._1)

  /** Reads `[kind] name`; without a kind it is a table, as on Databricks. */
  def read(from: Words): SecurableText = {
    val kind = words.collectFirst { case (word, kind) if from.take(word) => kind }.getOrElse(SecurableKind.Table)
    SecurableText(kind, from.names(s"a name"))
  }
}
