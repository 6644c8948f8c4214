package lakewright

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.execution.command.LeafRunnableCommand

/**
 * `ALTER TABLE name SET ROW FILTER f ON (…)`, `DROP ROW FILTER`, `ALTER [COLUMN] c SET MASK f [USING COLUMNS (…)]` and
 * `DROP MASK`.
 */
object PolicyStatement extends Statement {
  val openings: Seq[Seq[String]] = Seq("TABLE", "VIEW").map(Seq("ALTER", _))
  private val forms: Seq[Seq[String]] = Seq(
    Seq("SET", "ROW", "FILTER"), Seq("DROP", "ROW", "FILTER"), Seq("SET", "MASK"), Seq("DROP", "MASK"))

  override def takes(text: String, session: SparkSession): Boolean = {
    val pieces = Pieces.of(text)
    forms.exists(Pieces.contains(pieces, _))
  }

  def parse(words: Words): LogicalPlan = {
    words.require("ALTER")
    if (!words.take("VIEW")) words.require("TABLE")
    val table = words.names("a table's name")
    val change =
      if (words.take("SET", "ROW", "FILTER")) PolicyChange.SetFilter(PolicyWords.filter(words))
      else if (words.take("DROP", "ROW", "FILTER")) PolicyChange.DropFilter
      else if (words.take("ALTER") || words.take("CHANGE")) {
        words.take("COLUMN")
        val column = words.names("a column's name")
        if (words.take("SET", "MASK")) PolicyChange.SetMask(column, PolicyWords.mask(words))
        else { words.require("DROP", "MASK"); PolicyChange.DropMask(column) }
      } else words.fail("SET ROW FILTER, DROP ROW FILTER or ALTER COLUMN")
    words.end()
    PolicyCommand(table, change)
  }
}

/** A policy as it is written: names and arguments, not looked at yet. */
final case class WrittenPolicy(function: Seq[String], arguments: Seq[String])

object PolicyWords {
  def filter(words: Words): WrittenPolicy = {
    val function = words.names("a function's name")
    words.require("ON")
    WrittenPolicy(function, words.expressions())
  }

  def mask(words: Words): WrittenPolicy = {
    val function = words.names("a function's name")
    WrittenPolicy(function, if (words.take("USING", "COLUMNS")) words.expressions() else Nil)
  }
}

sealed trait PolicyChange
object PolicyChange {
  final case class SetFilter(policy: WrittenPolicy) extends PolicyChange
  case object DropFilter extends PolicyChange
  final case class SetMask(column: Seq[String], policy: WrittenPolicy) extends PolicyChange
  final case class DropMask(column: Seq[String]) extends PolicyChange
}

final case class PolicyCommand(parts: Seq[String], change: PolicyChange) extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val table = PolicyTable.of(session, context, parts)
    context.check(Privilege.Manage, Securable(SecurableKind.Table, table.place.parts))
    val rules = new PolicyRules(session, context, table)
    change match {
      case PolicyChange.SetFilter(policy) =>
        val call = rules.filter(policy)
        update(context, table)(_.copy(filter = Some(call)))
      case PolicyChange.SetMask(column, policy) =>
        val (name, call) = rules.mask(column, policy)
        update(context, table)(before => before.copy(masks = before.masks + (name -> call)))
      case PolicyChange.DropFilter => update(context, table)(_.copy(filter = None))
      case PolicyChange.DropMask(column) =>
        val name = rules.oneColumn(column, "MULTI_PART_TARGET_COLUMN_NAME")
        update(context, table)(before => before.copy(masks = before.masks - Names.key(name)))
    }
    Nil
  }

  private def update(context: CommandContext, table: PolicyTable)(how: TablePolicies => TablePolicies): Unit =
    context.store.updateEntry(table.place)(entry => entry.copy(policies = how(entry.policies)))
}
