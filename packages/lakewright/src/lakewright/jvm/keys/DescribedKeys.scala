package lakewright

import java.util

import org.apache.spark.sql.catalyst.analysis.ResolvedTable
import org.apache.spark.sql.catalyst.plans.logical.{DescribeRelation, LogicalPlan}
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.connector.catalog.{Column, Identifier, Table, TableCapability}
import org.apache.spark.sql.connector.catalog.constraints.Constraint
import org.apache.spark.sql.connector.expressions.{NamedReference, Transform}
import org.apache.spark.sql.lakewright.SparkAccess

/** Shows a table's keys in DESCRIBE TABLE EXTENDED: Delta's own table does not know them. */
object DescribedKeys extends Rule[LogicalPlan] {
  override def apply(plan: LogicalPlan): LogicalPlan = plan match {
    case described @ DescribeRelation(resolved @ ResolvedTable(catalog: LakehouseCatalog, ident, table, _), true, _)
        if !table.isInstanceOf[TableWithKeys] =>
      val keys = catalog.constraintsOf(ident)
      if (keys.isEmpty) plan
      else described.copy(relation = resolved.copy(table = new TableWithKeys(table, keys)))
    case other => other
  }
}

/** A table that is described, not read. */
final class TableWithKeys(table: Table, keys: Seq[Constraint]) extends Table {
  override def name(): String = table.name()
  override def columns(): Array[Column] = table.columns()
  override def partitioning(): Array[Transform] = table.partitioning()
  override def properties(): util.Map[String, String] = table.properties()
  override def capabilities(): util.Set[TableCapability] = table.capabilities()
  override def constraints(): Array[Constraint] = keys.toArray
}

/** A key in Spark's form, which writes itself as DDL. */
object KeyConstraint {
  def of(key: TableKey, parent: Option[(EntryPlace, TableKey)]): Constraint = key.kind match {
    case KeyKind.Primary =>
      val shown = key.columns.map(column => if (key.timeseries.contains(column)) s"$column TIMESERIES" else column)
      Constraint.primaryKey(key.name, references(shown)).enforced(false).rely(key.rely).build()
    case KeyKind.Unique => Constraint.unique(key.name, references(key.columns)).enforced(false).rely(key.rely).build()
    case KeyKind.Foreign =>
      val (place, referred) = parent.get
      val columns = key.parent.get.positions.map(position => referred.columns(position - 1))
      Constraint.foreignKey(key.name, references(key.columns),
        Identifier.of(Array(place.catalog, place.schema), place.name), references(columns))
        .enforced(false).rely(key.rely).build()
  }

  private def references(columns: Seq[String]): Array[NamedReference] = columns.map(SparkAccess.column).toArray
}
