package lakewright

/**
 * One question: may this principal use this privilege on this object? `Privilege.Ownership` asks for its owner.
 * @param through the view or the function whose owner this principal is, where that is why it is asked
 */
final case class Question(principal: String, privilege: Privilege, securable: Securable, through: Option[Securable] = None)

/**
 * Asked before an object is loaded, made, changed or dropped, and about every plan that reads one.
 * An implementation has a constructor without arguments and is named by `spark.lakewright.accessPolicy`.
 * Grants teach and test here; they do not protect: `` delta.`path` `` and the file system walk around them.
 */
trait AccessPolicy {
  /** Throws `Errors.permissionDenied` for the first question whose answer is no. */
  def check(questions: Question*): Unit

  def allows(question: Question): Boolean

  /** Those of some objects that a principal may know of: it has a right on them; BROWSE is one where `browse` says so. */
  def visible(principal: String, securables: Seq[Securable], browse: Boolean): Seq[Securable]

  /** Whether a principal is a group's member, through others too, or is the group. */
  def isMember(principal: String, group: String): Boolean
}

/** Nothing is refused. */
class AllowAll extends AccessPolicy {
  override def check(questions: Question*): Unit = ()
  override def allows(question: Question): Boolean = true
  override def visible(principal: String, securables: Seq[Securable], browse: Boolean): Seq[Securable] = securables
  override def isMember(principal: String, group: String): Boolean = true
}

object AccessPolicy {
  def named(className: String): AccessPolicy =
    Class.forName(className, true, Thread.currentThread.getContextClassLoader)
      .getDeclaredConstructor().newInstance().asInstanceOf[AccessPolicy]
}
