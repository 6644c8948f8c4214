package lakewright

import io.delta.tables.execution.VacuumTableCommand
import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis.ResolvedTable
import org.apache.spark.sql.catalyst.catalog.CatalogTable
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.connector.catalog.Identifier
import org.apache.spark.sql.delta.commands.{AlterDeltaTableCommand, DeltaGenerateCommand, DeltaReorgTableCommand, OptimizeTableCommand, RestoreTableCommand, TruncateDeltaTableCommand}
import org.apache.spark.sql.lakewright.SparkAccess

/**
 * Asks for MODIFY where Spark and Delta do not: these commands change a table that they load like a reader.
 * Runs once a plan is analyzed, before it is executed.
 */
object ChangingCommands {
  def check(plan: LogicalPlan): Unit = plan match {
    case command: TruncateDeltaTableCommand => requireModify(command.child)
    case command: OptimizeTableCommand => requireModify(command.child)
    case command: DeltaReorgTableCommand => requireModify(command.target)
    case command: VacuumTableCommand => command.children.foreach(requireModify)
    case command: AlterDeltaTableCommand => requireModify(command.table.catalogTable)
    case command: DeltaGenerateCommand => command.children.foreach(requireModify)
    case command: RestoreTableCommand =>
      requireModify(command.sourceTable.catalogTable)
      RestoredTables.require(command.sourceTable.deltaLog.dataPath.toString)
    case _ => ()
  }

  private def requireModify(table: LogicalPlan): Unit = table match {
    case ResolvedTable(catalog: LakehouseCatalog, ident, _, _) => catalog.requireModify(ident)
    case _ => ()
  }

  private def requireModify(table: Option[CatalogTable]): Unit = for {
    named <- table.map(_.identifier)
    catalog <- named.catalog
    schema <- named.database
  } SparkAccess.catalogManager(SparkSession.active).catalog(catalog) match {
    case ours: LakehouseCatalog => ours.requireModify(Identifier.of(Array(schema), named.table))
    case _ => ()
  }
}
