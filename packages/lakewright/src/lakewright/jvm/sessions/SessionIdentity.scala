package lakewright

import java.util.{Collections, WeakHashMap}

import org.apache.spark.sql.SparkSession

/** Who a session works for, and whether it is held to the grants. */
final case class Identity(principal: String, enforced: Boolean)

/**
 * The principal of each session: the one of the lakehouse's owner until a setting names another one, which then stays, whatever
 * the settings say later. So a notebook does not become somebody else by mistake; whoever has the engine's token can open a new
 * session as anybody.
 */
object SessionIdentity {
  private val fixed = Collections.synchronizedMap(new WeakHashMap[SparkSession, Identity])

  /** Of the session that is active now: Spark, too, takes all its settings from that one. */
  def current: Identity = SparkSession.getActiveSession.orElse(SparkSession.getDefaultSession).map(of)
    .getOrElse(Identity(LakehouseOwner.name, enforced = true))

  /** Whom masks and filters hold: nobody where whose lakehouse it is works. */
  def held(session: SparkSession): Option[String] = Some(of(session).principal).filterNot(LakehouseOwner.is)

  def of(session: SparkSession): Identity = fixed.synchronized {
    val wanted = session.conf.getOption(Settings.Principal)
    Option(fixed.get(session)) match {
      case Some(identity) =>
        if (wanted.exists(_ != identity.principal)) throw Errors.otherPrincipal(identity.principal, wanted.get)
        // A session that is made from this one, as for a stream, has its settings.
        keep(session, Settings.Principal, identity.principal)
        keep(session, Settings.Enforced, identity.enforced.toString)
        identity
      case None => wanted.fold(Identity(LakehouseOwner.name, enforced = true)) { principal =>
        val identity = Identity(principal, session.conf.getOption(Settings.Enforced).forall(_ != "false"))
        fixed.put(session, identity)
        identity
      }
    }
  }

  private def keep(session: SparkSession, key: String, value: String): Unit =
    if (!session.conf.getOption(key).contains(value)) session.conf.set(key, value)
}
