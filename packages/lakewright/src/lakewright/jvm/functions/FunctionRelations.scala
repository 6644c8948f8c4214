package lakewright

import java.util.Locale

import org.apache.spark.sql.lakewright.SparkAccess
import org.apache.spark.sql.types._

/** The relations of `information_schema` that show functions, without the columns that are always null on Databricks. */
object FunctionRelations {
  val all: Seq[InformationRelation] = Seq(RoutinesRelation, ParametersRelation)
}

sealed trait FunctionRelation extends InformationRelation {
  protected def rowsOf(place: EntryPlace, entry: Entry, text: FunctionText): Seq[Seq[Any]]

  final def rows(catalog: LakehouseCatalog, stored: StoredCatalog): Seq[Seq[Any]] = for {
    (function, entry) <- catalog.known(Family.Functions)
    text <- entry.function.toSeq
    row <- rowsOf(EntryPlace(function.parts.head, function.parts(1), function.parts.last, Family.Functions), entry, text)
  } yield row

  protected val names: Seq[(String, DataType)] = Seq("specific_catalog", "specific_schema", "specific_name").map(_ -> StringType)

  protected def types(kind: DataType): Seq[Any] =
    Seq(kind.sql.takeWhile(c => c != '(' && c != '<'), kind.sql.toLowerCase(Locale.ROOT))
}

/** Source: https://docs.databricks.com/en/sql/language-manual/information-schema/routines.html */
object RoutinesRelation extends FunctionRelation {
  val name = "routines"
  val schema: StructType = columns(names ++ Seq(
    "routine_catalog" -> StringType, "routine_schema" -> StringType, "routine_name" -> StringType,
    "routine_type" -> StringType, "data_type" -> StringType, "full_data_type" -> StringType, "routine_body" -> StringType,
    "routine_definition" -> StringType, "is_deterministic" -> StringType, "sql_data_access" -> StringType,
    "comment" -> StringType, "created" -> TimestampType): _*)

  protected def rowsOf(place: EntryPlace, entry: Entry, text: FunctionText): Seq[Seq[Any]] = {
    val returns = if (text.isTable) Seq("TABLE", "table") else types(text.returns)
    Seq(place.parts ++ place.parts ++ Seq("FUNCTION") ++ returns ++ Seq("SQL", text.body,
      if (text.deterministic.contains(false)) "NO" else "YES",
      if (text.containsSql.contains(true)) "CONTAINS SQL" else "READS SQL DATA", entry.comment.orNull, micros(entry.createdAt)))
  }
}

/** Source: https://docs.databricks.com/en/sql/language-manual/information-schema/parameters.html */
object ParametersRelation extends FunctionRelation {
  val name = "parameters"
  val schema: StructType = columns(names ++ Seq(
    "ordinal_position" -> IntegerType, "parameter_mode" -> StringType, "is_result" -> StringType, "as_locator" -> StringType,
    "parameter_name" -> StringType, "data_type" -> StringType, "full_data_type" -> StringType,
    "parameter_default" -> StringType, "comment" -> StringType): _*)

  protected def rowsOf(place: EntryPlace, entry: Entry, text: FunctionText): Seq[Seq[Any]] =
    text.fields.zipWithIndex.map { case (field, at) =>
      place.parts ++ Seq(at + 1, "IN", "NO", "NO", field.name) ++ types(field.dataType) ++
        Seq(SparkAccess.defaultOf(field).orNull, field.getComment().orNull)
    }
}
