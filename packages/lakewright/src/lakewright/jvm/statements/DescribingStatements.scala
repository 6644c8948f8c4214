package lakewright

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.execution.command.LeafRunnableCommand

/** `ALTER kind name [SET] OWNER TO principal` */
object AlterOwner extends Statement {
  val openings: Seq[Seq[String]] = SecurableText.keywords.map(Seq("ALTER", _))

  // Every other ALTER is Spark's.
  override def takes(text: String, session: SparkSession): Boolean =
    try { parse(Words.of(text)); true } catch { case _: AnalysisFailure => false }

  def parse(words: Words): LogicalPlan = {
    words.require("ALTER")
    val securable = SecurableText.read(words)
    words.take("SET")
    words.require("OWNER", "TO")
    val principal = words.principal()
    words.end()
    AlterOwnerCommand(securable, principal)
  }
}

final case class AlterOwnerCommand(securable: SecurableText, principal: String) extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = Describing.change(session, securable) { (context, target) =>
    context.requirePrincipal(principal)
    // They run with their owner's rights, so nobody gives them those of somebody else.
    val others = AlterOwnerCommand.runningAsOwner.contains(target.kind) &&
      !context.settings.policy.isMember(context.settings.principal, principal)
    if (others) context.check(Privilege.Ownership, Securable.Metastore) else context.checkManages(target)
    _.copy(owner = principal)
  }
}

object AlterOwnerCommand {
  private val runningAsOwner: Set[SecurableKind] = Set(SecurableKind.View, SecurableKind.Function, SecurableKind.Model)
}

/** `COMMENT ON CATALOG | VOLUME name IS '…'`, and the older `COMMENT ON VIEW`. */
object CommentOn extends Statement {
  val openings: Seq[Seq[String]] = Seq("CATALOG", "VIEW", "VOLUME").map(Seq("COMMENT", "ON", _))

  def parse(words: Words): LogicalPlan = read(words)

  def read(words: Words): CommentCommand = {
    words.require("COMMENT", "ON")
    val securable = SecurableText.read(words)
    words.require("IS")
    val comment = if (words.take("NULL")) None else Some(words.text("a comment in quotes"))
    words.end()
    CommentCommand(securable, comment)
  }
}

/** `COMMENT ON TABLE name IS '…'` where the name is a view's: on Databricks that is how a view gets its comment. */
object CommentOnView extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("COMMENT", "ON", "TABLE"))

  override def takes(text: String, session: SparkSession): Boolean =
    try {
      val context = CommandContext.of(session)
      val Seq(catalog, schema, name) = context.complete(CommentOn.read(Words.of(text)).securable.parts, 3)
      context.store.readable(EntryPlace(catalog, schema, name)).exists(_.isView)
    } catch { case _: AnalysisFailure => false }

  def parse(words: Words): LogicalPlan = CommentOn.parse(words)
}

final case class CommentCommand(securable: SecurableText, comment: Option[String]) extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = Describing.change(session, securable) { (context, target) =>
    context.check(if (target.kind == SecurableKind.View) Privilege.Ownership else Privilege.Manage, target)
    _.copy(comment = comment)
  }
}

private object Describing {
  def change(session: SparkSession, securable: SecurableText)(
      how: (CommandContext, Securable) => Described => Described): Seq[Row] = {
    val context = CommandContext.of(session)
    val target = securable.resolve(context)
    val files = new SecurableFiles(context.store)
    files.read(target)
    files.change(target)(how(context, target))
    Nil
  }
}
