package lakewright

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.analysis.ResolvedTable
import org.apache.spark.sql.catalyst.expressions.Attribute
import org.apache.spark.sql.catalyst.plans.logical.{LogicalPlan, ShowCreateTable}
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.delta.catalog.DeltaTableV2
import org.apache.spark.sql.execution.command.LeafRunnableCommand
import org.apache.spark.sql.lakewright.SparkAccess

/** Answers SHOW CREATE TABLE for our tables; Delta refuses it. */
object ShowCreateOfTables extends Rule[LogicalPlan] {
  override def apply(plan: LogicalPlan): LogicalPlan = plan match {
    case ShowCreateTable(ResolvedTable(catalog: LakehouseCatalog, ident, table: DeltaTableV2, _), false, output) =>
      val parts = catalog.name() +: ident.namespace().toSeq :+ ident.name()
      val name = SparkAccess.quoted(parts.map(Names.key))
      ShowCreateTableCommand(new ShownTable(name, table, catalog.constraintsOf(ident), catalog.policiesOf(ident)), output)
    case other => other
  }
}

final case class ShowCreateTableCommand(shown: ShownTable, override val output: Seq[Attribute]) extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = Seq(Row(shown.statement))
}
