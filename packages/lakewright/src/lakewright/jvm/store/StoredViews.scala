package lakewright

import scala.jdk.CollectionConverters._

import org.apache.spark.sql.catalyst.analysis.{NoSuchViewException, ViewAlreadyExistsException}
import org.apache.spark.sql.connector.catalog.{Identifier, TableCatalog, View}
import org.apache.spark.sql.types.{DataType, StructType}

/** One catalog's views: text, and the catalog, schema and settings under which the text was written. */
final class StoredViews(catalog: StoredCatalog, settings: Settings) {
  private val store = catalog.store

  def exists(ident: Identifier): Boolean = catalog.entry(ident).exists(_.isView)

  def load(ident: Identifier): View = catalog.entry(ident) match {
    case Some(entry) if entry.isView => toView(entry)
    case _ => throw new NoSuchViewException(ident)
  }

  def create(ident: Identifier, view: View): View = {
    catalog.requireSchema(catalog.schemaOf(ident.namespace()))
    Names.requireValid(ident.name(), settings)
    if (!store.createEntry(catalog.placeOf(ident), toEntry(view, settings.principal)))
      throw new ViewAlreadyExistsException(ident)
    load(ident)
  }

  def replace(ident: Identifier, view: View): View = {
    if (!exists(ident)) throw new NoSuchViewException(ident)
    store.updateEntry(catalog.placeOf(ident)) { before =>
      val after = toEntry(view, before.owner)
      after.copy(grants = before.grants, attributes = before.attributes, uuid = before.uuid, createdAt = before.createdAt)
    }
    load(ident)
  }

  def drop(ident: Identifier): Boolean =
    exists(ident) && store.dropEntry(catalog.placeOf(ident))

  def rename(from: Identifier, to: Identifier): Unit = {
    if (!exists(from)) throw new NoSuchViewException(from)
    if (!catalog.rename(from, to)) throw new ViewAlreadyExistsException(to)
  }

  private def toEntry(view: View, principal: String): Entry = {
    val properties = view.properties().asScala.toMap
    val text = ViewText(
      view.queryText(), Option(view.currentCatalog()), Option(view.currentNamespace()).toSeq.flatten,
      view.schema().json, Option(view.queryColumnNames()).toSeq.flatten, Option(view.schemaMode()),
      Option(view.sqlConfigs()).map(_.asScala.toMap).getOrElse(Map.empty))
    Entry(
      EntryKind.View,
      owner = principal,
      comment = properties.get(TableCatalog.PROP_COMMENT),
      properties = properties - TableCatalog.PROP_COMMENT - TableCatalog.PROP_OWNER,
      view = Some(text))
  }

  private def toView(entry: Entry): View = {
    val text = entry.view.get
    val builder = new View.Builder()
      .withProperties(entry.properties.asJava)
      .withTableType(entry.properties.getOrElse(TableCatalog.PROP_TABLE_TYPE, "VIEW"))
      .withOwner(entry.owner)
      .withSchema(DataType.fromJson(text.schema).asInstanceOf[StructType])
    entry.comment.foreach(builder.withComment)
    val view = builder.asInstanceOf[View.Builder]
      .withQueryText(text.text)
      .withSqlConfigs(text.sqlConfigs.asJava)
      .withCurrentNamespace(text.namespace.toArray)
      .withQueryColumnNames(text.queryColumns.toArray)
    text.catalog.foreach(view.withCurrentCatalog)
    text.schemaMode.foreach(view.withSchemaMode)
    view.build()
  }
}
