package lakewright

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.expressions.Attribute
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.execution.command.LeafRunnableCommand

/** `GRANT privilege, … ON [kind] name TO principal` */
object GrantStatement extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("GRANT"))

  def parse(words: Words): LogicalPlan = {
    words.require("GRANT")
    val privileges = GrantWords.privileges(words)
    words.require("ON")
    val securable = SecurableText.read(words)
    words.require("TO")
    val principal = words.principal()
    words.end()
    GrantCommand(privileges, securable, principal)
  }
}

final case class GrantCommand(privileges: Seq[Privilege], securable: SecurableText, principal: String)
    extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = GrantWords.change(session, securable) { before =>
    before ++ privileges.map(privilege => Grant(principal, privilege.sql)).filterNot(before.contains)
  }
}

/** `REVOKE privilege, … ON [kind] name FROM principal` */
object RevokeStatement extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("REVOKE"))

  def parse(words: Words): LogicalPlan = {
    words.require("REVOKE")
    val privileges = GrantWords.privileges(words)
    words.require("ON")
    val securable = SecurableText.read(words)
    words.require("FROM")
    val principal = words.principal()
    words.end()
    RevokeCommand(privileges, securable, principal)
  }
}

final case class RevokeCommand(privileges: Seq[Privilege], securable: SecurableText, principal: String)
    extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = {
    val everything = privileges.contains(GrantWords.All)
    GrantWords.change(session, securable)(_.filterNot { grant =>
      grant.principal == principal && (everything || privileges.exists(_.sql == grant.privilege))
    })
  }
}

/** `SHOW GRANTS [principal] ON [kind] name` */
object ShowGrants extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("SHOW", "GRANTS"), Seq("SHOW", "GRANT"))

  def parse(words: Words): LogicalPlan = {
    words.require("SHOW")
    if (!words.take("GRANTS")) words.require("GRANT")
    val principal = if (words.take("ON")) None else Some(words.principal())
    if (principal.isDefined) words.require("ON")
    val securable = SecurableText.read(words)
    words.end()
    ShowGrantsCommand(principal, securable)
  }
}

final case class ShowGrantsCommand(principal: Option[String], securable: SecurableText) extends LeafRunnableCommand {
  override val output: Seq[Attribute] = Answer.columns("Principal", "ActionType", "ObjectType", "ObjectKey")

  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val target = securable.resolve(context)
    new SecurableFiles(context.store).read(target).grants.filter(grant => principal.forall(_ == grant.principal))
      .sortBy(grant => (grant.principal, grant.privilege))
      .map(grant => Row(grant.principal, grant.privilege, target.kind.keyword, target.fullName))
  }
}

/** What the statements on grants share. */
private object GrantWords {
  val All: Privilege = Privilege.named("ALL PRIVILEGES").get

  def privileges(words: Words): Seq[Privilege] = {
    val read = Seq.newBuilder[Privilege] += privilege(words)
    while (words.takeSign(',')) read += privilege(words)
    read.result()
  }

  private def privilege(words: Words): Privilege = {
    val phrase = words.phrase("ON")
    Privilege.named(phrase).getOrElse(throw Errors.noSuchPrivilege(phrase))
  }

  def change(session: SparkSession, securable: SecurableText)(how: Seq[Grant] => Seq[Grant]): Seq[Row] = {
    val context = CommandContext.of(session)
    val target = securable.resolve(context)
    val files = new SecurableFiles(context.store)
    files.read(target)
    context.check(Privilege.Manage, target)
    files.change(target)(before => before.copy(grants = how(before.grants)))
    Nil
  }
}
