package lakewright

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.analysis.UnresolvedTable
import org.apache.spark.sql.catalyst.plans.logical.{AddColumns, LogicalPlan}
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.execution.command.LeafRunnableCommand
import org.apache.spark.sql.types.StructField

/**
 * `ALTER TABLE … ADD COLUMN c type MASK f`. The mask is recorded before the column is there: a reader between the two is refused, where it would
 * see the column without it.
 */
final case class MaskedColumns(add: AddColumns, policies: WrittenPolicies) extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val parts = add.table match {
      case UnresolvedTable(parts, _, _) => parts
      case _ => throw Errors.runsOnDatabricks("MASK in this statement", "ALTER TABLE … ALTER COLUMN … SET MASK")
    }
    val before = PolicyTable.of(session, context, parts)
    context.check(Privilege.Manage, Securable(SecurableKind.Table, before.place.parts))
    val fields = add.columnsToAdd.filter(_.path.isEmpty).map(column => StructField(column.colName, column.dataType, column.nullable))
    fields.find(field => before.columns.fieldNames.exists(_.equalsIgnoreCase(field.name))).foreach(_ => executed(session, add))
    val rules = new PolicyRules(session, context, before.copy(columns = fields.foldLeft(before.columns)(_.add(_))))
    val masks = policies.masks.map { case (column, policy) => rules.mask(Seq(column), policy) }
    def update(how: Map[String, PolicyCall] => Map[String, PolicyCall]): Unit = context.store.updateEntry(before.place)(entry =>
      entry.copy(policies = entry.policies.copy(masks = how(entry.policies.masks))))
    update(_ ++ masks)
    try executed(session, add) catch { case problem: Throwable => update(_ -- masks.map(_._1)); throw problem }
    Nil
  }

  private def executed(session: SparkSession, plan: LogicalPlan): Unit =
    session.asInstanceOf[ClassicSession].sessionState.executePlan(plan).commandExecuted
}
