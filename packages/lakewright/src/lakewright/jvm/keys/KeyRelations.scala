package lakewright

import org.apache.spark.sql.types._

/** The relations of `information_schema` that show keys. CHECK constraints are in the tables' logs, and not shown. */
object KeyRelations {
  val all: Seq[InformationRelation] = Seq(
    TableConstraintsRelation, KeyColumnUsageRelation, ConstraintColumnUsageRelation, ConstraintTableUsageRelation,
    ReferentialConstraintsRelation)
}

/** A relation with rows for each key of each table of the catalog. */
sealed trait KeyRelation extends InformationRelation {
  protected def rowsOf(held: HeldKey, directory: KeyDirectory): Seq[Seq[Any]]

  final def rows(catalog: LakehouseCatalog, stored: StoredCatalog): Seq[Seq[Any]] = {
    val directory = new KeyDirectory(stored.store)
    val known = catalog.known(Family.Relations).map(_._1.parts).toSet
    for {
      (place, entry) <- directory.tables(Seq(stored.name)) if known.contains(place.parts)
      key <- directory.live(entry)
      row <- rowsOf(HeldKey(place, key), directory)
    } yield row
  }

  protected val constraintColumns: Seq[(String, DataType)] =
    Seq("constraint_catalog", "constraint_schema", "constraint_name").map(_ -> StringType)

  protected val tableColumns: Seq[(String, DataType)] =
    Seq("table_catalog", "table_schema", "table_name").map(_ -> StringType)
}

/** A key and the table that declares it. */
final case class HeldKey(place: EntryPlace, key: TableKey) {
  def constraint: Seq[Any] = Seq(place.catalog, place.schema, key.name)

  /** What the key speaks of: its own columns, or those to which a foreign key refers. */
  def subject(directory: KeyDirectory): HeldKey =
    directory.parent(key).fold(this) { case (parent, referred) => HeldKey(parent, referred) }
}

/** Source: https://docs.databricks.com/en/sql/language-manual/information-schema/table_constraints.html */
object TableConstraintsRelation extends KeyRelation {
  val name = "table_constraints"
  val schema: StructType = columns(constraintColumns ++ tableColumns ++ Seq("constraint_type" -> StringType,
    "is_deferrable" -> StringType, "initially_deferred" -> StringType, "enforced" -> StringType, "comment" -> StringType): _*)

  protected def rowsOf(held: HeldKey, directory: KeyDirectory): Seq[Seq[Any]] =
    Seq(held.constraint ++ held.place.parts ++ Seq(held.key.kind.sql, "YES", "NO", "NO", null))
}

/** Source: https://docs.databricks.com/en/sql/language-manual/information-schema/key_column_usage.html */
object KeyColumnUsageRelation extends KeyRelation {
  val name = "key_column_usage"
  val schema: StructType = columns(constraintColumns ++ tableColumns ++ Seq("column_name" -> StringType,
    "ordinal_position" -> IntegerType, "position_in_unique_constraint" -> IntegerType): _*)

  protected def rowsOf(held: HeldKey, directory: KeyDirectory): Seq[Seq[Any]] =
    held.key.columns.zipWithIndex.map { case (column, at) =>
      val referred = held.key.parent.map(_.positions(at): Any).orNull
      held.constraint ++ held.place.parts ++ Seq(column, at + 1, referred)
    }
}

/** Source: https://docs.databricks.com/en/sql/language-manual/information-schema/constraint_column_usage.html */
object ConstraintColumnUsageRelation extends KeyRelation {
  val name = "constraint_column_usage"
  val schema: StructType = columns(tableColumns ++ Seq("column_name" -> StringType) ++ constraintColumns: _*)

  protected def rowsOf(held: HeldKey, directory: KeyDirectory): Seq[Seq[Any]] = {
    val subject = held.subject(directory)
    subject.key.columns.map(column => subject.place.parts ++ Seq(column) ++ held.constraint)
  }
}

/** Source: https://docs.databricks.com/en/sql/language-manual/information-schema/constraint_table_usage.html */
object ConstraintTableUsageRelation extends KeyRelation {
  val name = "constraint_table_usage"
  val schema: StructType = columns(tableColumns ++ constraintColumns: _*)

  protected def rowsOf(held: HeldKey, directory: KeyDirectory): Seq[Seq[Any]] =
    Seq(held.subject(directory).place.parts ++ held.constraint)
}

/** Source: https://docs.databricks.com/en/sql/language-manual/information-schema/referential_constraints.html */
object ReferentialConstraintsRelation extends KeyRelation {
  val name = "referential_constraints"
  val schema: StructType = columns(constraintColumns ++ Seq("unique_constraint_catalog" -> StringType,
    "unique_constraint_schema" -> StringType, "unique_constraint_name" -> StringType, "match_option" -> StringType,
    "update_rule" -> StringType, "delete_rule" -> StringType): _*)

  protected def rowsOf(held: HeldKey, directory: KeyDirectory): Seq[Seq[Any]] =
    directory.parent(held.key).toSeq.map { case (place, key) =>
      held.constraint ++ HeldKey(place, key).constraint ++ Seq("FULL", "NO ACTION", "NO ACTION")
    }
}
