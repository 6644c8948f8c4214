package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.lakewright.{PluginException, SparkAccess}

/**
 * Asks whose rights count for everything that an analyzed plan reads: the session's principal; below a view or in the text of a
 * function its owner. Loading a table cannot know this: within one query Spark loads each table once, also where a view and
 * the query around it read the same one.
 *
 * It is asked when a plan is analyzed and whenever it is executed: a DataFrame keeps its analyzed plan, and the grants may have
 * changed since.
 */
final class AnalyzedAccess(session: SparkSession) extends Rule[LogicalPlan] {
  override def apply(plan: LogicalPlan): LogicalPlan = {
    // The text of a view or a function, and a subquery, are analyzed first, as parts of the plan that comes here later.
    if (!SparkAccess.insideDefinition) try ask(plan) catch { case _: PluginException if CallStack.isInSubquery => () }
    plan
  }

  /** Of a plan that is no part of another one that comes here. */
  def ask(plan: LogicalPlan): Unit = {
    val identity = SessionIdentity.of(session)
    if (identity.enforced && !LakehouseOwner.is(identity.principal)) {
      val reads = new PlanReads(session)
      reads.of(plan, Actor(identity.principal))
      try Settings.of(session).policy.check(reads.questions: _*)
      catch { case _: PluginException if AnalyzedAccess.asksNobody => () }
    }
  }
}

object AnalyzedAccess {
  private def asksNobody: Boolean = isUpkeep || isFirstLook

  /**
   * Whether Spark only looks a plan up in its cache, as it does after each write and each batch of a stream, and for a
   * view that is renamed: nothing is read then, so nobody needs a right. No argument says so, the way here does; it is
   * walked only where somebody lacks a right.
   */
  private def isUpkeep: Boolean = CallStack.hasClass("org.apache.spark.sql.execution.CacheManager") ||
    CallStack.hasMethod("org.apache.spark.sql.classic.Catalog", "refreshTable") ||
    CallStack.hasClass("org.apache.spark.sql.execution.datasources.v2.RenameV2ViewExec")

  /**
   * Whether Spark reads files for the names of their columns alone: the relation that it makes of them is asked for once it stands
   * in its plan, with the rights that count there, such as those of a view's owner.
   */
  private def isFirstLook: Boolean =
    CallStack.hasMethod("org.apache.spark.sql.execution.datasources.DataSource", "resolveRelation")
}
