package lakewright

import java.util

import scala.jdk.CollectionConverters._

import org.apache.spark.sql.catalyst.analysis.ResolvedTable
import org.apache.spark.sql.catalyst.plans.logical.{DescribeRelation, LogicalPlan}
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.connector.catalog.{Column, Identifier, Table, TableCapability}
import org.apache.spark.sql.connector.catalog.constraints.Constraint
import org.apache.spark.sql.connector.expressions.Transform
import org.apache.spark.sql.lakewright.SparkAccess

/** Shows a table's keys, and the tags that wait, in DESCRIBE TABLE EXTENDED: Delta's own table does not know them. */
object DescribedKeys extends Rule[LogicalPlan] {
  override def apply(plan: LogicalPlan): LogicalPlan = plan match {
    case described @ DescribeRelation(resolved @ ResolvedTable(catalog: LakehouseCatalog, ident, table, _), true, _)
        if !table.isInstanceOf[TableWithKeys] =>
      val keys = catalog.constraintsOf(ident)
      val waiting = catalog.waitingTags(ident, table.columns().map(_.name()).toSeq)
      if (keys.isEmpty && waiting.isEmpty) plan
      else described.copy(relation = resolved.copy(table = new TableWithKeys(table, keys, waiting)))
    case other => other
  }
}

/** A table that is described, not read. */
final class TableWithKeys(table: Table, keys: Seq[Constraint], waiting: Option[String]) extends Table {
  override def name(): String = table.name()
  override def columns(): Array[Column] = table.columns()
  override def partitioning(): Array[Transform] = table.partitioning()
  override def properties(): util.Map[String, String] =
    (table.properties().asScala ++ waiting.map(TableWithKeys.FormerTags -> _)).asJava
  override def capabilities(): util.Set[TableCapability] = table.capabilities()
  override def constraints(): Array[Constraint] = keys.toArray
}

object TableWithKeys {
  private val FormerTags = "tags of former columns"
}

/** A key as DESCRIBE shows it. */
final class DescribedKey(key: TableKey, parent: Option[(EntryPlace, TableKey)]) extends Constraint {
  override def name(): String = key.name
  override def enforced(): Boolean = false
  override def rely(): Boolean = key.rely
  override def validationStatus(): Constraint.ValidationStatus = Constraint.ValidationStatus.UNVALIDATED
  override def toDDL(): String = s"CONSTRAINT ${SparkAccess.quoted(Seq(name()))} ${toDescription()}"

  override def toDescription(): String = {
    val columns = key.columns.map { column =>
      if (key.timeseries.contains(column)) s"${quoted(column)} TIMESERIES" else quoted(column)
    }
    val referred = parent.fold("") { case (place, known) =>
      val order = key.parent.toSeq.flatMap(_.positions).map(position => quoted(known.columns(position - 1)))
      s" REFERENCES ${SparkAccess.quoted(place.parts)} (${order.mkString(", ")})"
    }
    s"${key.kind.sql} (${columns.mkString(", ")})$referred NOT ENFORCED ${if (key.rely) "RELY" else "NORELY"}"
  }

  private def quoted(column: String): String = SparkAccess.quoted(Seq(column))
}
