package lakewright

import java.util.concurrent.ConcurrentHashMap


/**
 * Which objects the reader of a system table may know of, decided in the tasks that read it. A task has no session: the
 * session's policy is kept here by its class, for the tasks of this process.
 *
 * @param policy    the class of the policy; None where the session may see everything.
 */
final case class Witness(principal: String, policy: Option[String]) {
  /** For one task. */
  def opened(): Securable => Boolean = policy.fold(Witness.All) { name =>
    val known = Option(Witness.policies.get(name)).getOrElse(throw new IllegalStateException("the policy is not of this process"))
    securable => known.visible(principal, Seq(securable), browse = true).nonEmpty
  }
}

object Witness {
  private val policies = new ConcurrentHashMap[String, AccessPolicy]()

  val All: Securable => Boolean = _ => true

  /** Of the session that is active now: whose lakehouse it is sees everything. */
  def of(settings: Settings): Witness = {
    val identity = SessionIdentity.current
    if (!identity.enforced || LakehouseOwner.is(identity.principal)) Witness(identity.principal, None)
    else {
      val name = settings.policy.getClass.getName
      // Asked once here, where there is a session: it looks for its lakehouse when it is first asked.
      settings.policy.visible(identity.principal, Nil, browse = true)
      policies.put(name, settings.policy)
      Witness(identity.principal, Some(name))
    }
  }
}
