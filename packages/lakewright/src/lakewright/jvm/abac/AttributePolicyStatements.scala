package lakewright

import java.time.Instant

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.execution.command.LeafRunnableCommand

/** A policy as CREATE POLICY writes it: names and arguments, not looked at yet. */
final case class WrittenAttributePolicy(
    name: String, on: SecurableText, comment: Option[String], action: PolicyAction, function: Seq[String], arguments: Seq[String],
    to: Seq[String], except: Seq[String], when: Option[TagCondition], columns: Seq[MatchedColumns])

/** `CREATE [OR REPLACE] POLICY name ON kind name [COMMENT '…'] ROW FILTER | COLUMN MASK f TO … [EXCEPT …] FOR TABLES …` */
object CreatePolicy extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("CREATE", "POLICY"), Seq("CREATE", "OR", "REPLACE", "POLICY"))

  def parse(words: Words): LogicalPlan = {
    words.require("CREATE")
    val replaces = words.take("OR", "REPLACE")
    words.require("POLICY")
    val name = words.name("a policy's name")
    val on = PolicyPlaces.read(words)
    val comment = if (words.take("COMMENT")) Some(words.text("a comment in quotes")) else None
    val masks = isMask(words)
    if (words.sees('(')) throw Errors.runsOnDatabricks("a policy with a function of its own text", "CREATE FUNCTION, then name it")
    val function = words.names("a function's name")
    words.require("TO")
    val to = principals(words)
    val except = if (words.take("EXCEPT")) principals(words) else Nil
    words.require("FOR")
    if (!words.take("TABLES")) throw Errors.runsOnDatabricks(s"a policy FOR ${words.phrase("WHEN", "MATCH")}", "a policy here is FOR TABLES")
    val when = if (words.take("WHEN")) Some(TagCondition.read(words)) else None
    val columns = if (words.take("MATCH", "COLUMNS")) matched(words) else Nil
    val action = if (masks) { words.require("ON", "COLUMN"); PolicyAction.ColumnMask(words.name("a name of MATCH COLUMNS")) }
    else PolicyAction.RowFilter
    val arguments = if (words.take("USING", "COLUMNS")) words.expressions() else Nil
    words.end()
    CreatePolicyCommand(
      WrittenAttributePolicy(name, on, comment, action, function, arguments, to, except, when, columns), replaces)
  }

  private def isMask(words: Words): Boolean =
    if (words.take("ROW", "FILTER")) false
    else if (words.take("COLUMN", "MASK")) true
    else if (Seq("GRANT", "DENY").exists(words.next(_))) throw Errors.runsOnDatabricks(
      s"a ${words.phrase("ON", "TO")} policy", "GRANT … ON SCHEMA or ON CATALOG gives a right on all that is in it")
    else words.fail("ROW FILTER or COLUMN MASK")

  private def principals(words: Words): Seq[String] = {
    val read = Seq.newBuilder[String] += words.principal()
    while (words.takeSign(',')) read += words.principal()
    read.result()
  }

  private def matched(words: Words): Seq[MatchedColumns] = {
    val read = Seq.newBuilder[MatchedColumns] += oneMatched(words)
    while (words.takeSign(',')) read += oneMatched(words)
    read.result()
  }

  private def oneMatched(words: Words): MatchedColumns = {
    val condition = TagCondition.read(words)
    val named = words.take("AS") ||
      !words.isAtEnd && !words.sees(',') && !words.next("ON", "COLUMN") && !words.next("USING", "COLUMNS")
    MatchedColumns(condition, if (named) Some(words.name("a name for the columns")) else None)
  }
}

final case class CreatePolicyCommand(written: WrittenAttributePolicy, replaces: Boolean) extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val target = PolicyPlaces.managed(context, written.on)
    val made = new AttributePolicyRules(session, context).checked(written, Instant.now())
    val files = new SecurableFiles(context.store)
    files.change(target) { described =>
      val (before, others) = described.attributes.policies.partition(_.isCalled(written.name))
      if (before.nonEmpty && !replaces) throw AttributePolicyErrors.exists(written.name, target)
      val after = before.headOption.fold(made)(old => made.copy(createdBy = old.createdBy, createdAt = old.createdAt))
      AttributePolicyRules.requireRoom(target, others.size + 1, written.name)
      described.copy(attributes = described.attributes.copy(policies = others :+ after))
    }
    Nil
  }
}

/** `DROP POLICY [IF EXISTS] name ON kind name` */
object DropPolicy extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("DROP", "POLICY"))

  def parse(words: Words): LogicalPlan = {
    words.require("DROP", "POLICY")
    val ifExists = words.take("IF", "EXISTS")
    val name = words.name("a policy's name")
    val on = PolicyPlaces.read(words)
    words.end()
    DropPolicyCommand(name, on, ifExists)
  }
}

final case class DropPolicyCommand(name: String, on: SecurableText, ifExists: Boolean) extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val target = PolicyPlaces.managed(context, on)
    new SecurableFiles(context.store).change(target) { described =>
      val (gone, left) = described.attributes.policies.partition(_.isCalled(name))
      if (gone.isEmpty && !ifExists) throw AttributePolicyErrors.missing(name, target, left.map(_.name))
      described.copy(attributes = described.attributes.copy(policies = left))
    }
    Nil
  }
}

/** `ON CATALOG | SCHEMA | TABLE name`, as the statements on policies have it. */
object PolicyPlaces {
  private val kinds = Seq("CATALOG", "SCHEMA", "DATABASE", "TABLE")

  def read(words: Words): SecurableText = {
    words.require("ON")
    if (!kinds.exists(words.next(_))) throw Errors.runsOnDatabricks(
      s"a policy ON ${words.phrase("ROW", "COLUMN", "COMMENT")}", "a policy here is ON CATALOG, ON SCHEMA or ON TABLE")
    SecurableText.read(words)
  }

  /** The object, once the session's principal may manage it. */
  def managed(context: CommandContext, on: SecurableText): Securable = {
    val target = on.resolve(context)
    new SecurableFiles(context.store).read(target)
    context.check(Privilege.Manage, target)
    if (target.kind == SecurableKind.View) throw AttributePolicyErrors.unfit(target.shown)
    target
  }
}
