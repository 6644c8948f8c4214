package lakewright

import org.apache.spark.sql.types.{StringType, StructType}

/** The relations of `information_schema` that show masks and row filters. */
object PolicyRelations {
  val all: Seq[InformationRelation] = Seq(ColumnMasksRelation, RowFiltersRelation)

  /** The columns that a policy reads, with commas between them; null for none. */
  def columns(call: PolicyCall): Any = if (call.columns.isEmpty) null else call.columns.mkString(",")
}

/** Source: https://docs.databricks.com/en/sql/language-manual/information-schema/column_masks.html */
object ColumnMasksRelation extends InformationRelation {
  val name = "column_masks"
  val schema: StructType = columns(Seq("catalog_name", "schema_name", "table_name", "column_name", "mask_catalog", "mask_schema",
    "mask_name", "mask_col_usage").map(_ -> StringType): _*)

  def rows(catalog: LakehouseCatalog, stored: StoredCatalog): Seq[Seq[Any]] = for {
    (ident, entry) <- relations(catalog)
    (column, call) <- entry.policies.masks.toSeq.sortBy(_._1)
  } yield Seq(stored.name, ident.namespace().head, ident.name(), column) ++ call.function :+ PolicyRelations.columns(call)
}

/** Source: https://docs.databricks.com/en/sql/language-manual/information-schema/row_filters.html */
object RowFiltersRelation extends InformationRelation {
  val name = "row_filters"
  val schema: StructType = columns(Seq("catalog_name", "schema_name", "table_name", "filter_catalog", "filter_schema", "filter_name",
    "filter_col_usage").map(_ -> StringType): _*)

  def rows(catalog: LakehouseCatalog, stored: StoredCatalog): Seq[Seq[Any]] = for {
    (ident, entry) <- relations(catalog)
    call <- entry.policies.filter.toSeq
  } yield Seq(stored.name, ident.namespace().head, ident.name()) ++ call.function :+ PolicyRelations.columns(call)
}
