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
  override def run(session: SparkSession): Seq[Row] = GrantWords.change(session, securable, privileges) { context =>
    context.requirePrincipal(principal)
    val given = privileges.map(privilege => Grant(principal, privilege.sql, Some(context.settings.principal)))
    before => before ++ given.filterNot(grant => before.exists(_.isSame(grant)))
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

/** Takes what was granted on the object itself; what was not is no error. ALL PRIVILEGES takes what it implies as well. */
final case class RevokeCommand(privileges: Seq[Privilege], securable: SecurableText, principal: String)
    extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = GrantWords.change(session, securable, privileges) { _ =>
    val everything = privileges.contains(Privilege.All)
    _.filterNot { grant =>
      val privilege = Privilege.named(grant.privilege)
      grant.principal.equalsIgnoreCase(principal) &&
        (privilege.exists(privileges.contains) || everything && privilege.forall(_.impliedByAll))
    }
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
    val files = new SecurableFiles(context.store)
    files.read(target)
    if (!principal.exists(_.equalsIgnoreCase(context.settings.principal))) context.checkManages(target)
    InheritedGrants.of(files, target)
      .filter { case (grant, _) => principal.forall(_.equalsIgnoreCase(grant.principal)) }
      .sortBy { case (grant, place) => (grant.principal, -place.kind.depth, grant.privilege) }
      .map { case (grant, place) => Row(grant.principal, grant.privilege, place.kind.keyword, place.fullName) }
  }
}

/** The grants that affect an object: its own, and those above it that are inherited. */
object InheritedGrants {
  def of(files: SecurableFiles, target: Securable): Seq[(Grant, Securable)] = found(target, files.read(_).grants)

  /** Those that can be read: nobody has a right by a damaged file. */
  def readable(files: SecurableFiles, target: Securable): Seq[(Grant, Securable)] =
    found(target, place => try files.read(place).grants catch { case _: AnalysisFailure => Nil })

  private def found(target: Securable, grants: Securable => Seq[Grant]): Seq[(Grant, Securable)] = {
    val inherited = target.above.drop(1).flatMap(place => grants(place).filter(affects(_, target.kind)).map(_ -> place))
    grants(target).map(_ -> target) ++ inherited
  }

  private def affects(grant: Grant, kind: SecurableKind): Boolean =
    Privilege.named(grant.privilege).exists(one => one == Privilege.All || one != Privilege.Browse && GrantRules.fits(one, kind))
}

/** What the statements on grants share. */
private object GrantWords {
  def privileges(words: Words): Seq[Privilege] = {
    val read = Seq.newBuilder[Privilege] += privilege(words)
    while (words.takeSign(',')) read += privilege(words)
    read.result()
  }

  private def privilege(words: Words): Privilege = {
    val phrase = words.phrase("ON")
    Privilege.named(phrase).getOrElse(throw Errors.noSuchPrivilege(phrase))
  }

  /** Changes the grants of an object, once the privileges fit it and the session's principal may grant them. */
  def change(session: SparkSession, securable: SecurableText, privileges: Seq[Privilege])(
      how: CommandContext => Seq[Grant] => Seq[Grant]): Seq[Row] = {
    val context = CommandContext.of(session)
    val target = securable.resolve(context)
    val files = new SecurableFiles(context.store)
    files.read(target)
    privileges.filterNot(_.on.contains(target.kind)).foreach(privilege => throw Errors.misfit(privilege, target))
    // Only the catalog's owner lets data leave it: not the schema's, and nobody with MANAGE.
    if (privileges.contains(Privilege.ExternalUseSchema)) context.check(Privilege.Ownership, target.holder)
    if (privileges.exists(_ != Privilege.ExternalUseSchema)) context.checkManages(target)
    val changed = how(context)
    files.change(target)(before => before.copy(grants = changed(before.grants)))
    Nil
  }
}
