package lakewright

import java.nio.file.{Path, Paths}

import org.apache.hadoop.conf.Configuration
import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}

/** The plugin's settings: folder and policy once for the whole JVM, the principal by each session. */
final class Settings private (session: SparkSession) {
  private val fixed = session.sparkContext.getConf

  val lakehouse: Path = Settings.lakehouse(session)

  val anyName: Boolean = fixed.get(Settings.NameRule, "unity").equalsIgnoreCase("any")

  val policy: AccessPolicy = AccessPolicy.named(fixed.get(Settings.Policy, classOf[StoredGrants].getName))

  def hadoop: Configuration = session.asInstanceOf[ClassicSession].sessionState.newHadoopConf()

  /** Of the session that is active now. */
  def principal: String = SessionIdentity.current.principal

  /** Asks whether the session's principal may use a privilege on an object. */
  def check(privilege: Privilege, securable: Securable): Unit = {
    val identity = SessionIdentity.current
    if (identity.enforced) policy.check(Question(identity.principal, privilege, securable))
  }

  def allows(privilege: Privilege, securable: Securable): Boolean = {
    val identity = SessionIdentity.current
    !identity.enforced || policy.allows(Question(identity.principal, privilege, securable))
  }

  /** Those of some objects that the session's principal may know of. */
  def visible(securables: Seq[Securable], browse: Boolean): Seq[Securable] = {
    val identity = SessionIdentity.current
    if (identity.enforced) policy.visible(identity.principal, securables, browse) else securables
  }

  def sees(securable: Securable, browse: Boolean): Boolean = visible(Seq(securable), browse).nonEmpty
}

object Settings {
  val Lakehouse = "spark.lakewright.lakehouse"
  val Principal = "spark.lakewright.principal"
  val MachineUser = "spark.lakewright.machineUser"
  val Enforced = "spark.lakewright.grantsEnforced"
  val Policy = "spark.lakewright.accessPolicy"
  val NameRule = "spark.lakewright.names"

  def lakehouse(session: SparkSession): Path = session.sparkContext.getConf.getOption(Lakehouse).filter(_.nonEmpty)
    .map(text => Paths.get(text).toAbsolutePath.normalize)
    .getOrElse(throw Errors.noLakehouse())

  def of(session: SparkSession): Settings = new Settings(session)
}
