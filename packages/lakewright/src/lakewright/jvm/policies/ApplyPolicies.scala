package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.TimeTravel
import org.apache.spark.sql.catalyst.analysis.MultiInstanceRelation
import org.apache.spark.sql.catalyst.plans.logical._
import org.apache.spark.sql.catalyst.rules.Rule

/**
 * Puts a `PolicyView` above each read of a protected table, for a session with a declared principal. The view gives
 * the columns their old identities and reads the table with new ones, so that what is bound above stays bound.
 * What would go round a view is refused.
 */
final class ApplyPolicies(session: SparkSession) extends Rule[LogicalPlan] {
  override def apply(plan: LogicalPlan): LogicalPlan = SessionIdentity.held(session) match {
    case Some(principal) =>
      val index = PolicyIndex.of(session)
      if (index.isEmpty) plan else new PolicyRewrite(session, principal, index).rewrite(plan)
    case None => plan
  }
}

final class PolicyRewrite(session: SparkSession, principal: String, index: PolicyIndex) {
  private val leaves = new ProtectedLeaves(session, index)
  private val store = new MetadataStore(Settings.lakehouse(session))

  def rewrite(plan: LogicalPlan): LogicalPlan = plan match {
    case view: PolicyView => view
    case restore: RestoreTableStatement => restore
    case travel: TimeTravel => requireFree(travel, "time travel"); travel
    case clone: CloneTableStatement => requireFree(clone.source, "a clone"); clone
    case change: UpdateTable => requireTarget(change.table, "UPDATE"); change
    case change: DeltaUpdateTable => requireTarget(change.child, "UPDATE"); change
    case change: DeleteFromTable => requireTarget(change.table, "DELETE"); change
    case change: DeltaDelete => requireTarget(change.child, "DELETE"); change
    case merge: MergeIntoTable =>
      requireTarget(merge.targetTable, "MERGE")
      merge.copy(sourceTable = rewrite(merge.sourceTable))
    case merge: DeltaMergeInto =>
      requireTarget(merge.target, "MERGE")
      merge.withNewChildren(Seq(merge.target, rewrite(merge.source))).asInstanceOf[LogicalPlan]
    case leaf if leaf.children.isEmpty => read(leaf)
    case node => node.mapChildren(rewrite)
  }

  private def read(leaf: LogicalPlan): LogicalPlan = leaves.of(leaf) match {
    case Some(ProtectedRead.Named(place)) => leaf match {
      case relation: LogicalPlan with MultiInstanceRelation => view(place, relation)
      case other => throw PolicyErrors.refused(other.nodeName, place.parts.mkString("."), "read the table by its name")
    }
    case Some(ProtectedRead.Other(place, how)) =>
      throw PolicyErrors.refused(how, place.parts.mkString("."), "read the table by its name, as it is now")
    case None => leaf
  }

  private def view(place: EntryPlace, relation: LogicalPlan with MultiInstanceRelation): LogicalPlan = {
    val entry = store.entry(place).getOrElse(throw PolicyErrors.changed(place.parts.mkString(".")))
    val identities = Principals.of(store.lakehouse).identities(principal)
    val policies = EffectivePolicies.of(store, place, entry).of(identities, relation.output.map(_.name))
    new ChosenMasks(session, store, place, entry).requireFit(policies)
    new PolicyPlan(session, store, place, entry.copy(policies = policies)).above(relation, PolicyStamp.of(session, entry, principal))
  }

  private def requireTarget(target: LogicalPlan, what: String): Unit =
    requireFree(target, what)

  private def requireFree(plan: LogicalPlan, what: String): Unit = {
    val viewed = plan.collect { case view: PolicyView => view.table }
    (viewed ++ plan.collectLeaves().flatMap(leaves.of).map(_.place.parts.mkString("."))).headOption.foreach { table =>
      throw PolicyErrors.refused(what, table, "let a session without a principal do it; INSERT needs no reading")
    }
  }
}
