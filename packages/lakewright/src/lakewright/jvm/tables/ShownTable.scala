package lakewright

import scala.jdk.CollectionConverters._

import org.apache.spark.sql.catalyst.util.{escapeSingleQuotedString, CharVarcharUtils}
import org.apache.spark.sql.connector.catalog.TableCatalog
import org.apache.spark.sql.connector.catalog.constraints.Constraint
import org.apache.spark.sql.delta.{ColumnWithDefaultExprUtils, IdentityColumn}
import org.apache.spark.sql.delta.catalog.DeltaTableV2
import org.apache.spark.sql.delta.sources.DeltaSourceUtils
import org.apache.spark.sql.lakewright.SparkAccess
import org.apache.spark.sql.types.StructField

/** A table as the CREATE TABLE statement that makes an equal one, in the layout that Databricks shows. */
final class ShownTable(name: String, table: DeltaTableV2, keys: Seq[Constraint], policies: TablePolicies) {
  private val metadata = table.initialSnapshot.metadata
  private val properties = table.properties().asScala.toMap

  def statement: String = {
    val lines = (s"CREATE TABLE $name ${list(metadata.schema.map(column) ++ keys.map(_.toDDL))}" +: "USING delta" +:
      Seq(partitions, clusters, comment, location, policies.filter.map(_.asFilter)).flatten) ++ tableProperties
    lines.mkString("\n")
  }

  private def column(field: StructField): String = {
    val kind = CharVarcharUtils.getRawType(field.metadata).getOrElse(field.dataType)
    val parts = Seq(SparkAccess.quoted(Seq(field.name)), kind.sql) ++ generated(field) ++
      Option.when(!field.nullable)("NOT NULL") ++
      field.getCurrentDefaultValue().map(value => s"DEFAULT $value") ++
      field.getComment().map(comment => s"COMMENT ${text(comment)}") ++
      policies.masks.get(Names.key(field.name)).map(_.asMask)
    parts.mkString(" ")
  }

  private def generated(field: StructField): Option[String] =
    if (ColumnWithDefaultExprUtils.isIdentityColumn(field)) {
      val info = IdentityColumn.getIdentityInfo(field)
      val explicit = field.metadata.getBoolean(DeltaSourceUtils.IDENTITY_INFO_ALLOW_EXPLICIT_INSERT)
      val when = if (explicit) "BY DEFAULT" else "ALWAYS"
      Some(s"GENERATED $when AS IDENTITY (START WITH ${info.start} INCREMENT BY ${info.step})")
    } else if (field.metadata.contains(DeltaSourceUtils.GENERATION_EXPRESSION_METADATA_KEY))
      Some(s"GENERATED ALWAYS AS (${field.metadata.getString(DeltaSourceUtils.GENERATION_EXPRESSION_METADATA_KEY)})")
    else None

  private def partitions: Option[String] = Option.when(metadata.partitionColumns.nonEmpty)(
    s"PARTITIONED BY ${names(metadata.partitionColumns)}")

  private def clusters: Option[String] = table.clusterBySpec.map(_.columnNames).filter(_.nonEmpty)
    .map(columns => s"CLUSTER BY ${columns.map(column => SparkAccess.quoted(column.fieldNames().toSeq)).mkString("(", ", ", ")")}")

  private def comment: Option[String] = Option(metadata.description).map(comment => s"COMMENT ${text(comment)}")

  private def location: Option[String] = Option.when(!properties.contains(TableCatalog.PROP_IS_MANAGED_LOCATION))(
    s"LOCATION ${text(properties(TableCatalog.PROP_LOCATION))}")

  private def tableProperties: Option[String] = {
    val shown = properties.filterNot { case (key, _) => ShownTable.isMade(key) }
    Option.when(shown.nonEmpty)(
      "TBLPROPERTIES " + list(shown.toSeq.sorted.map { case (key, value) => s"${text(key)} = ${text(value)}" }))
  }

  private def names(columns: Seq[String]): String = columns.map(one => SparkAccess.quoted(Seq(one))).mkString("(", ", ", ")")

  private def list(lines: Seq[String]): String = lines.mkString("(\n  ", ",\n  ", ")")

  private def text(value: String): String = s"'${escapeSingleQuotedString(value)}'"
}

object ShownTable {
  private val reserved = SparkAccess.propertiesOfClauses + "clusteringColumns"
  // Delta sets these itself and refuses to be given them.
  private val deltas = Set("delta.feature.clustering", "delta.columnMapping.maxColumnId", "delta.rowTracking.materializedRowIdColumnName",
    "delta.rowTracking.materializedRowCommitVersionColumnName")

  /** Whether a property comes from another clause of the statement, or from Delta. */
  private def isMade(key: String): Boolean =
    reserved(key) || deltas(key) || key.startsWith(TableCatalog.OPTION_PREFIX)
}
