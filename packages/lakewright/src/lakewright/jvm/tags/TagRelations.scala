package lakewright

import org.apache.spark.sql.connector.catalog.Identifier
import org.apache.spark.sql.types.{StringType, StructType}

/**
 * `catalog_tags`, `schema_tags`, `table_tags`, `column_tags` and `volume_tags`: the tags of what a principal may know of, each where
 * it was set. Source: https://docs.databricks.com/aws/en/sql/language-manual/information-schema/column_tags
 */
object TagRelations {
  val all: Seq[InformationRelation] = Seq(
    new TagRelation("catalog_tags", Seq("catalog_name"), (catalog, stored) =>
      stored.store.catalog(stored.name).toSeq.map(one => catalog.securable.parts -> one.attributes.tags)),
    new TagRelation("schema_tags", Seq("catalog_name", "schema_name"), (catalog, stored) =>
      catalog.knownSchemas.map(one => one.parts -> stored.requireSchema(one.parts.last).attributes.tags)),
    new TagRelation("table_tags", Seq("catalog_name", "schema_name", "table_name"), (catalog, _) =>
      catalog.known(Family.Relations).map { case (table, entry) => table.parts -> entry.attributes.tags }),
    new TagRelation("column_tags", Seq("catalog_name", "schema_name", "table_name", "column_name"), (catalog, _) => for {
      (table, entry) <- catalog.known(Family.Relations)
      if entry.attributes.columns.byColumn.nonEmpty
      (column, tags) <- entry.attributes.columns.only(columnsOf(catalog, table)).byColumn.toSeq.sortBy(_._1)
    } yield (table.parts :+ column) -> tags),
    new TagRelation("volume_tags", Seq("catalog_name", "schema_name", "volume_name"), (catalog, _) =>
      catalog.known(Family.Volumes).map { case (volume, entry) => volume.parts -> entry.attributes.tags }))

  private def columnsOf(catalog: LakehouseCatalog, table: Securable): Seq[String] =
    try catalog.unasked(Identifier.of(Array(table.parts(1)), table.parts.last)).columns().map(_.name()).toSeq
    catch { case scala.util.control.NonFatal(_) => Nil }
}

private final class TagRelation(
    val name: String, names: Seq[String], objects: (LakehouseCatalog, StoredCatalog) => Seq[(Seq[String], Tags.Map)])
    extends InformationRelation {
  val schema: StructType = columns((names ++ Seq("tag_name", "tag_value")).map(_ -> StringType): _*)

  def rows(catalog: LakehouseCatalog, stored: StoredCatalog): Seq[Seq[Any]] = for {
    (parts, tags) <- objects(catalog, stored)
    (key, value) <- tags.toSeq.sorted
  } yield parts ++ Seq(key, value)
}
