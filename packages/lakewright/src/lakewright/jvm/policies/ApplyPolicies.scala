package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.TimeTravel
import org.apache.spark.sql.catalyst.analysis.{MultiInstanceRelation, ResolvedIdentifier}
import org.apache.spark.sql.catalyst.expressions.{Attribute, Literal}
import org.apache.spark.sql.catalyst.plans.logical._
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.catalyst.types.DataTypeUtils
import org.apache.spark.sql.lakewright.SparkAccess

/**
 * Puts a `PolicyView` above each read of a protected table, for a session with a declared principal. The view gives
 * the columns their old identities and reads the table with new ones, so that what is bound above stays bound.
 * What would go round a view is refused.
 */
final class ApplyPolicies(session: SparkSession) extends Rule[LogicalPlan] {
  private val kept = new PolicyCache // a session has one rule

  override def apply(plan: LogicalPlan): LogicalPlan = SessionIdentity.held(session) match {
    case Some(principal) =>
      val index = PolicyIndex.of(session)
      if (index.isEmpty) plan else new PolicyRewrite(session, principal, index, kept).rewrite(plan)
    case None => plan
  }
}

final class PolicyRewrite(session: SparkSession, principal: String, index: PolicyIndex, kept: PolicyCache) {
  private val leaves = new ProtectedLeaves(session, index)

  def rewrite(plan: LogicalPlan): LogicalPlan = plan match {
    case view: PolicyView => view
    case restore: RestoreTableStatement => restore
    case travel: TimeTravel => requireFree(travel, "time travel"); travel
    case clone: CloneTableStatement => requireFree(clone.source, "a clone"); clone
    case change: UpdateTable => target(change.table, "UPDATE"); change
    case change: DeltaUpdateTable => changed(change, change.child, "UPDATE")(_.update(change))
    case change: DeleteFromTable => target(change.table, "DELETE"); change
    case change: DeltaDelete => changed(change, change.child, "DELETE")(_.delete(change))
    case merge: MergeIntoTable =>
      target(merge.targetTable, "MERGE")
      merge.copy(sourceTable = rewrite(merge.sourceTable))
    case merge: DeltaMergeInto =>
      val seen = merge.withNewChildren(Seq(merge.target, rewrite(merge.source))).asInstanceOf[DeltaMergeInto]
      changed(seen, seen.target, "MERGE")(_.merge(seen))
    case write: V2WriteCommand =>
      if (replaces(write)) write.table.collectLeaves().foreach(partly)
      write.mapChildren(rewrite)
    case replace: ReplaceTableAsSelect =>
      if (replace.writeOptions.keys.exists(isSelective)) named(replace.name)
      replace.mapChildren(rewrite)
    case leaf if leaf.children.isEmpty => read(leaf)
    case node => node.mapChildren(rewrite)
  }

  private def read(leaf: LogicalPlan): LogicalPlan = leaves.of(leaf) match {
    case Some(ProtectedRead.Named(place)) => leaf match {
      case relation: LogicalPlan with MultiInstanceRelation => view(place, relation)
      case other => throw PolicyErrors.refused(other.nodeName, place.parts.mkString("."), "read the table by its name")
    }
    case Some(ProtectedRead.Batch(_)) => leaf // the whole plan of the batch is looked at before it runs
    case Some(ProtectedRead.Other(place, how)) =>
      throw PolicyErrors.refused(how, place.parts.mkString("."), "read the table by its name, as it is now")
    case None => leaf
  }

  /** Whether it removes some of the rows, hidden ones among them, and not all. */
  private def replaces(write: V2WriteCommand): Boolean = write match {
    case over: OverwriteByExpression => over.deleteExpr != Literal.TrueLiteral || over.writeOptions.keys.exists(isSelective) || isDynamic
    case _: OverwritePartitionsDynamic => true
    case _ => false
  }

  private def isSelective(option: String): Boolean =
    Seq("replaceWhere", "replaceOn", "replaceUsing", "partitionOverwriteMode").exists(option.equalsIgnoreCase)

  private def isDynamic: Boolean = session.conf.getOption("spark.sql.sources.partitionOverwriteMode").exists(_.equalsIgnoreCase("dynamic"))

  private def partly(table: LogicalPlan): Unit =
    leaves.of(table).map(_.place).filterNot(isFree(_, table.output)).foreach(refusePart)

  private def named(name: LogicalPlan): Unit = name match {
    case ResolvedIdentifier(catalog: LakehouseCatalog, ident) if ident.namespace().length == 1 =>
      val place = EntryPlace(Names.key(catalog.name()), Names.key(ident.namespace().head), Names.key(ident.name()))
      if (index.holds(place)) {
        val columns = DataTypeUtils.toAttributes(SparkAccess.schemaOf(catalog.loadTable(ident).columns()))
        if (!isFree(place, columns)) refusePart(place)
      }
    case _ => ()
  }

  private def refusePart(place: EntryPlace): Nothing = throw PolicyErrors.refused(
    "REPLACE WHERE, USING, ON or of partitions", place.parts.mkString("."), "it would remove hidden rows; use DELETE, then INSERT")

  private def view(place: EntryPlace, relation: LogicalPlan with MultiInstanceRelation): LogicalPlan = {
    InsidePolicy.table.foreach(outer => throw PolicyErrors.readsProtected(outer, place.parts.mkString(".")))
    plan(place, relation.output).above(relation)
  }

  private def plan(place: EntryPlace, columns: Seq[Attribute]): PolicyPlan = PolicyPlan.of(session, principal, place, columns, kept)

  private def isFree(place: EntryPlace, columns: Seq[Attribute]): Boolean = plan(place, columns).isFree(columns)

  private def changed(change: LogicalPlan, table: LogicalPlan, what: String)(how: ProtectedChanges => LogicalPlan): LogicalPlan =
    if (!change.resolved || ProtectedChanges.isDone(change)) change
    else target(table, what).map(plan(_, table.output)).filterNot(_.isFree(table.output))
      .fold(change)(policies => how(policies.changing(table)))

  /** The protected table that a statement changes; refused where it is more than a table by its name. */
  private def target(table: LogicalPlan, what: String): Option[EntryPlace] = table match {
    case SubqueryAlias(_, child) => target(child, what)
    case leaf if leaf.children.isEmpty => leaves.of(leaf) match {
      case Some(ProtectedRead.Named(place)) => Some(place)
      case _ => requireFree(leaf, what); None
    }
    case other => requireFree(other, what); None
  }

  private def requireFree(plan: LogicalPlan, what: String): Unit = {
    val viewed = plan.collect { case view: PolicyView => view.table }
    (viewed ++ plan.collectLeaves().flatMap(leaves.of).map(_.place.parts.mkString("."))).headOption.foreach { table =>
      throw PolicyErrors.refused(what, table, "let a session without a principal do it; INSERT needs no reading")
    }
  }
}
