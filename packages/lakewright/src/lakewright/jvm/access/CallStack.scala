package lakewright

/** How the running code was called, for what Spark says in no other way; walked only before a refusal. */
object CallStack {
  private val Frames = 200L

  /** Whether a class, or one inside of it, is on the way here. */
  def hasClass(name: String): Boolean = has(_.getClassName.startsWith(name))

  def hasMethod(className: String, method: String): Boolean =
    has(frame => frame.getClassName == className && frame.getMethodName == method)

  private def has(test: StackWalker.StackFrame => Boolean): Boolean =
    StackWalker.getInstance().walk(_.limit(Frames).anyMatch(frame => test(frame)))
}
