package lakewright

/** How the running code was called, for what Spark says in no other way; walked only before a refusal. */
object CallStack {
  /** Whether the analyzer works on a subquery alone. Spark does not say whether it belongs to the text of a function. */
  def isInSubquery: Boolean = hasClass("org.apache.spark.sql.catalyst.analysis.Analyzer$ResolveSubquery")

  /** Whether a class, or one inside of it, is on the way here. */
  def hasClass(name: String): Boolean = has(_.getClassName.startsWith(name))

  def hasMethod(className: String, method: String): Boolean =
    has(frame => frame.getClassName == className && frame.getMethodName == method)

  private def has(test: StackWalker.StackFrame => Boolean): Boolean =
    StackWalker.getInstance().walk(_.anyMatch(frame => test(frame)))
}
