package lakewright

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.analysis.{ResolvedNamespace, ResolvedTable}
import org.apache.spark.sql.catalyst.plans.logical.{AnalyzeColumn, AnalyzeTable, AnalyzeTables, LogicalPlan}
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.connector.catalog.{Identifier, Table}
import org.apache.spark.sql.execution.command.LeafRunnableCommand

/**
 * ANALYZE TABLE and ANALYZE TABLES for our tables: checked, without effect. Statistics help an optimizer and change
 * no result; Delta keeps its own for each file.
 */
object Statistics extends Rule[LogicalPlan] {
  override def apply(plan: LogicalPlan): LogicalPlan = plan match {
    case AnalyzeTable(ResolvedTable(catalog: LakehouseCatalog, ident, table, _), partition, _) =>
      requireColumns(table, partition.keys.toSeq)
      AnalyzeCommand(catalog, Seq(ident))
    case AnalyzeColumn(ResolvedTable(catalog: LakehouseCatalog, ident, table, _), columns, _) =>
      requireColumns(table, columns.getOrElse(Nil))
      AnalyzeCommand(catalog, Seq(ident))
    case AnalyzeTables(ResolvedNamespace(catalog: LakehouseCatalog, namespace, _), _) =>
      AnalyzeCommand(catalog, catalog.listTables(namespace.toArray).toSeq)
    case other => other
  }

  private def requireColumns(table: Table, names: Seq[String]): Unit =
    names.find(name => !table.columns().exists(_.name().equalsIgnoreCase(name)))
      .foreach(name => throw Errors.noSuchColumn(table.name(), name, table.columns().map(_.name()).toSeq))
}

final case class AnalyzeCommand(catalog: LakehouseCatalog, tables: Seq[Identifier]) extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = {
    tables.foreach(catalog.requireModify)
    Nil
  }
}
