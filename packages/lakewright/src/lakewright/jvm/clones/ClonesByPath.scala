package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.catalog.CatalogTable
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.delta.commands.CreateDeltaTableCommand

/**
 * Keeps `CREATE OR REPLACE TABLE … CLONE` over a table of ours away from Spark's session catalog, which Delta
 * would inform of the new columns: the target is treated as what it is to Delta, a table at a path.
 */
final class ClonesByPath(session: SparkSession) extends Rule[LogicalPlan] {
  override def apply(plan: LogicalPlan): LogicalPlan = plan match {
    case command: CreateDeltaTableCommand if !command.tableByPath && command.existingTableOpt.exists(isOurs) =>
      command.copy(tableByPath = true)
    case other => other
  }

  private def isOurs(table: CatalogTable): Boolean =
    table.identifier.catalog.exists(new MetadataStore(Settings.of(session).lakehouse).catalogExists)
}
