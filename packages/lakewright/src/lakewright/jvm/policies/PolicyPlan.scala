package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis.MultiInstanceRelation
import org.apache.spark.sql.catalyst.expressions.{Alias, Attribute, AttributeMap}
import org.apache.spark.sql.catalyst.plans.logical.{Filter, LogicalPlan, Project}

/** The plan below a `PolicyView`: the table's rows that pass its filter, with its masks in place of the columns. */
final class PolicyPlan(
    session: SparkSession, store: MetadataStore, place: EntryPlace, policies: TablePolicies, stamp: PolicyStamp, kept: PolicyCache) {
  def above(relation: LogicalPlan with MultiInstanceRelation): PolicyView = {
    val raw = relation.newInstance()
    val resolved = of(raw.output)
    val rows = resolved.filter.fold(raw)(Filter(_, raw))
    val columns = relation.output.zip(raw.output).map { case (seen, own) =>
      Alias(resolved.masks.getOrElse(own, own), seen.name)(seen.exprId, seen.qualifier, Some(own.metadata))
    }
    PolicyView(Project(columns, rows), place.parts.mkString("."), stamp)
  }

  /** Whether its principal sees all rows and all values: the functions exempt it. */
  def isFree(columns: Seq[Attribute]): Boolean = of(columns).isFree

  /** For a statement that changes the table: Delta needs the relation as it is. */
  def changing(target: LogicalPlan): ProtectedChanges = {
    val resolved = of(target.output)
    ask(resolved)
    val values = new LookupValues(session)
    val masks = AttributeMap(resolved.masks.toSeq.map { case (column, mask) => column -> PolicyExpressions.plain(values.in(mask)) })
    new ProtectedChanges(target, resolved.filter.map(one => PolicyExpressions.plain(values.in(one))), masks, place.parts.mkString("."))
  }

  private def of(columns: Seq[Attribute]): ResolvedPolicies = {
    val resolved = kept.of(PolicyKey.of(session, place, policies, stamp, columns), store)(
      new PolicyExpressions(session, store, place, policies, columns, stamp).resolved)
    if (resolved.leavesOut) ask(resolved)
    resolved.on(columns)
  }

  /** Asks for the grants of the functions' owners, where the plan that is asked later does not show what they call. */
  private def ask(resolved: ResolvedPolicies): Unit = resolved.analyzed.foreach(new AnalyzedAccess(session).ask)
}

object PolicyPlan {
  /** What holds a principal on a table: its own policies and those that tags choose; nowhere else is it asked. */
  def of(session: SparkSession, principal: String, place: EntryPlace, columns: Seq[Attribute], kept: PolicyCache = new PolicyCache): PolicyPlan = {
    val before = PolicyStamp.now(session, "", principal) // what changes while the policies are read makes the plan stale
    val store = new MetadataStore(Settings.lakehouse(session))
    val entry = store.entry(place).getOrElse(throw PolicyErrors.changed(place.parts.mkString(".")))
    val identities = Principals.of(store.lakehouse).identities(principal)
    val policies = EffectivePolicies.of(store, place, entry).of(identities, columns.map(_.name))
    new ChosenMasks(session, store, place, entry).requireFit(policies)
    new PolicyPlan(session, store, place, policies, before.copy(table = entry.uuid), kept)
  }
}
