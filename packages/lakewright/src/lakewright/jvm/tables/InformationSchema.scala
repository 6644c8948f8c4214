package lakewright

import java.util

import scala.jdk.CollectionConverters._

import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException
import org.apache.spark.sql.catalyst.util.CharVarcharUtils
import org.apache.spark.sql.connector.catalog._
import org.apache.spark.sql.connector.read.{LocalScan, ScanBuilder}
import org.apache.spark.sql.lakewright.SparkAccess
import org.apache.spark.sql.types._
import org.apache.spark.sql.util.CaseInsensitiveStringMap
import org.apache.spark.unsafe.types.UTF8String

/**
 * `information_schema` of one catalog: tables that are made from the entries whenever they are read. Names, order
 * and types of the columns are those of Databricks, as far as the local catalog knows them.
 * Source: https://docs.databricks.com/en/sql/language-manual/sql-ref-information-schema.html
 */
object InformationSchema {
  val Name = "information_schema"

  private val relations: Map[String, InformationRelation] =
    (Seq(SchemataRelation, TablesRelation, ColumnsRelation, ViewsRelation, VolumesRelation)
      ++ PrivilegeRelations.all ++ KeyRelations.all ++ FunctionRelations.all ++ PolicyRelations.all ++ TagRelations.all)
      .map(relation => relation.name -> relation).toMap

  def is(namespace: Array[String]): Boolean = namespace.length == 1 && Names.key(namespace.head) == Name

  def holds(ident: Identifier): Boolean = is(ident.namespace())

  def exists(ident: Identifier): Boolean = holds(ident) && relations.contains(Names.key(ident.name()))

  def identifiers: Array[Identifier] = relations.keys.toArray.sorted.map(Identifier.of(Array(Name), _))

  def table(ident: Identifier, catalog: LakehouseCatalog, stored: StoredCatalog): Table = {
    val relation = relations.getOrElse(Names.key(ident.name()), throw new NoSuchTableException(ident))
    new InformationTable(relation, () => relation.rows(catalog, stored))
  }
}

/** One relation of the information schema: its columns, and its rows as plain values in the columns' order. */
trait InformationRelation {
  def name: String
  def schema: StructType
  def rows(catalog: LakehouseCatalog, stored: StoredCatalog): Seq[Seq[Any]]

  protected def columns(names: (String, DataType)*): StructType =
    StructType(names.map { case (name, kind) => StructField(name, kind) })

  protected def relations(catalog: LakehouseCatalog): Seq[(Identifier, Entry)] =
    catalog.known(Family.Relations).map { case (securable, entry) => identifier(securable) -> entry }

  protected def identifier(securable: Securable): Identifier =
    Identifier.of(Array(securable.parts(1)), securable.parts.last)

  protected def micros(time: java.time.Instant): Long = time.getEpochSecond * 1000000L + time.getNano / 1000L
}

object SchemataRelation extends InformationRelation {
  val name = "schemata"
  val schema: StructType = columns(
    "catalog_name" -> StringType, "schema_name" -> StringType, "schema_owner" -> StringType,
    "comment" -> StringType, "created" -> TimestampType)

  def rows(catalog: LakehouseCatalog, stored: StoredCatalog): Seq[Seq[Any]] =
    catalog.knownSchemas.map(_.parts.last).map { schema =>
      // A damaged file hides what it says, not the others.
      val container = try stored.store.schema(stored.name, schema) catch { case _: AnalysisFailure => None }
      Seq[Any](stored.name, schema) ++ container.fold(Seq[Any](null, null, null)) { one =>
        Seq(one.owner, one.comment.orNull, micros(one.createdAt))
      }
    } :+ Seq(stored.name, InformationSchema.Name, null, null, null)
}

object TablesRelation extends InformationRelation {
  val name = "tables"
  val schema: StructType = columns(
    "table_catalog" -> StringType, "table_schema" -> StringType, "table_name" -> StringType,
    "table_type" -> StringType, "is_insertable_into" -> StringType, "commit_action" -> StringType,
    "table_owner" -> StringType, "comment" -> StringType, "created" -> TimestampType,
    "data_source_format" -> StringType, "storage_path" -> StringType)

  def rows(catalog: LakehouseCatalog, stored: StoredCatalog): Seq[Seq[Any]] =
    relations(catalog).map { case (ident, entry) =>
      val kind = entry.kind match {
        case EntryKind.Managed => "MANAGED"
        case EntryKind.External => "EXTERNAL"
        case _ => "VIEW"
      }
      val comment = if (entry.isView) entry.comment else Relations.comment(catalog, ident)
      Seq(stored.name, ident.namespace().head, ident.name(), kind, if (entry.isView) "NO" else "YES", "PRESERVE",
        entry.owner, comment.orNull, micros(entry.createdAt), if (entry.isView) null else "DELTA",
        entry.location.map(stored.store.locate).orNull)
    }
}

object ColumnsRelation extends InformationRelation {
  val name = "columns"
  val schema: StructType = columns(
    "table_catalog" -> StringType, "table_schema" -> StringType, "table_name" -> StringType,
    "column_name" -> StringType, "ordinal_position" -> IntegerType, "column_default" -> StringType,
    "is_nullable" -> StringType, "full_data_type" -> StringType, "data_type" -> StringType,
    "numeric_precision" -> IntegerType, "numeric_scale" -> IntegerType, "comment" -> StringType)

  def rows(catalog: LakehouseCatalog, stored: StoredCatalog): Seq[Seq[Any]] =
    relations(catalog).flatMap { case (ident, _) =>
      Relations.columns(catalog, ident).zipWithIndex.map { case (field, at) =>
        val kind = CharVarcharUtils.getRawType(field.metadata).getOrElse(field.dataType)
        val (precision, scale) = kind match {
          case decimal: DecimalType => (decimal.precision, decimal.scale)
          case _ => (null, null)
        }
        Seq(stored.name, ident.namespace().head, ident.name(), field.name, at, field.getCurrentDefaultValue().orNull,
          if (field.nullable) "YES" else "NO", kind.sql.toLowerCase(java.util.Locale.ROOT), kind.typeName.toUpperCase(java.util.Locale.ROOT),
          precision, scale, field.getComment().orNull)
      }
    }
}

object ViewsRelation extends InformationRelation {
  val name = "views"
  val schema: StructType = columns(
    "table_catalog" -> StringType, "table_schema" -> StringType, "table_name" -> StringType,
    "view_definition" -> StringType, "check_option" -> StringType, "is_updatable" -> StringType,
    "is_insertable_into" -> StringType)

  def rows(catalog: LakehouseCatalog, stored: StoredCatalog): Seq[Seq[Any]] =
    for ((ident, entry) <- relations(catalog); view <- entry.view)
      yield Seq(stored.name, ident.namespace().head, ident.name(), view.text, "NONE", "NO", "NO")
}

object VolumesRelation extends InformationRelation {
  val name = "volumes"
  val schema: StructType = columns(
    "volume_catalog" -> StringType, "volume_schema" -> StringType, "volume_name" -> StringType,
    "volume_type" -> StringType, "volume_owner" -> StringType, "comment" -> StringType,
    "storage_location" -> StringType, "created" -> TimestampType)

  def rows(catalog: LakehouseCatalog, stored: StoredCatalog): Seq[Seq[Any]] =
    catalog.known(Family.Volumes).map { case (volume, entry) =>
      volume.parts ++ Seq(Volumes.typeOf(entry), entry.owner, entry.comment.orNull,
        entry.location.map(stored.store.locate).orNull, micros(entry.createdAt))
    }
}

/** What a table's log or a view's text says about it; a table whose log is broken has no columns to show. */
private object Relations {
  def columns(catalog: LakehouseCatalog, ident: Identifier): Seq[StructField] =
    load(catalog, ident).toSeq.flatMap(relation => SparkAccess.schemaOf(relation.columns()).fields)

  def comment(catalog: LakehouseCatalog, ident: Identifier): Option[String] =
    load(catalog, ident).flatMap(relation => Option(relation.properties().get(TableCatalog.PROP_COMMENT)))

  private def load(catalog: LakehouseCatalog, ident: Identifier): Option[Relation] =
    try Some(catalog.unasked(ident)) catch { case scala.util.control.NonFatal(_) => None }
}

/** A relation of the information schema as a table that Spark can scan on the driver. */
final class InformationTable(relation: InformationRelation, rows: () => Seq[Seq[Any]]) extends Table with SupportsRead {
  override def name(): String = s"${InformationSchema.Name}.${relation.name}"
  override def columns(): Array[Column] = SparkAccess.columnsOf(relation.schema)
  override def capabilities(): util.Set[TableCapability] = Set(TableCapability.BATCH_READ).asJava

  override def newScanBuilder(options: CaseInsensitiveStringMap): ScanBuilder = () => new LocalScan {
    override def readSchema(): StructType = relation.schema
    override def rows(): Array[InternalRow] = InformationTable.this.rows().map(toRow).toArray
  }

  private def toRow(values: Seq[Any]): InternalRow = InternalRow.fromSeq(values.map {
    case text: String => UTF8String.fromString(text)
    case other => other
  })
}
