package lakewright

import io.delta.tables.execution.VacuumTableCommand
import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.expressions.{Expression, InputFileBlockLength, InputFileBlockStart, InputFileName}
import org.apache.spark.sql.catalyst.plans.logical.{AlterTableCommand, LogicalPlan, ShowPartitions}
import org.apache.spark.sql.catalyst.analysis.ResolvedTable
import org.apache.spark.sql.delta.catalog.DeltaTableV2
import org.apache.spark.sql.delta.commands._

/** After the analysis: what shows values in another way than a read is refused, and no change of a protected table goes round its policies. */
final class PolicyChecks(session: SparkSession) extends (LogicalPlan => Unit) {
  private val changes = "let a session without a principal do it"

  override def apply(plan: LogicalPlan): Unit = {
    everybody(plan)
    if (SessionIdentity.held(session).isDefined) declared(plan)
  }

  /** A copy would have no policy, and Databricks refuses it to everybody. */
  private def everybody(plan: LogicalPlan): Unit = plan match {
    case command: CreateDeltaTableCommand => command.query.foreach {
      case clone: CloneTableCommand => require(clone.sourceTable.dataPath.toString, "a clone", "CREATE TABLE … AS SELECT copies what you see")
      case _ => ()
    }
    case PlacedClone(child, _, _) => everybody(child)
    case CloneCommand(command, _) => everybody(command)
    case alter: AlterTableCommand => alter.table match {
      case ResolvedTable(_, _, table: DeltaTableV2, _) => requireNamed(table)
      case _ => ()
    }
    case alter: AlterDeltaTableCommand => requireNamed(alter.table)
    case _ => ()
  }

  /** Masks and tags follow the columns of a table that is changed by its name. */
  private def requireNamed(table: DeltaTableV2): Unit = for {
    address <- PolicyIndex.address(session, table.deltaLog.dataPath.toString)
    place <- PolicyIndex.ofAll(session).at(address).find(place => !table.catalogTable.exists(ProtectedLeaves.isNamed(_, place)))
  } throw PolicyErrors.byPath(place.parts.mkString("."))

  private def declared(plan: LogicalPlan): Unit = {
    requireNoFileNames(plan)
    commands(plan)
  }

  /** They hold the values of the columns that partition a table. */
  private def requireNoFileNames(plan: LogicalPlan): Unit = {
    val names = plan.exists(_.expressions.exists(_.exists {
      case _: InputFileName | _: InputFileBlockStart | _: InputFileBlockLength => true
      case _ => false
    }))
    if (names) plan.collectFirst { case view: PolicyView => view.table }.foreach { table =>
      throw PolicyErrors.refused("input_file_name()", table, "leave it out; the names of files hold values")
    }
  }

  private def commands(plan: LogicalPlan): Unit = plan match {
    case change: UpdateCommand => changed(change.target, change.condition)
    case change: DeleteCommand => changed(change.target, change.condition)
    case merge: MergeIntoCommand => changed(merge.target, Some(merge.condition))
    case history: DescribeDeltaHistoryCommand => require(history.table.deltaLog.dataPath.toString, "DESCRIBE HISTORY", changes)
    case ShowPartitions(ResolvedTable(_, _, table: DeltaTableV2, _), _, _) =>
      require(table.deltaLog.dataPath.toString, "SHOW PARTITIONS", changes)
    case vacuum: VacuumTableCommand if vacuum.dryRun => vacuum.child match {
      case ResolvedTable(_, _, table: DeltaTableV2, _) => require(table.deltaLog.dataPath.toString, "VACUUM … DRY RUN", changes)
      case _ => ()
    }
    case partitions: ShowDeltaPartitionsCommand => partitions.child match {
      case ResolvedTable(_, _, table: DeltaTableV2, _) => require(table.deltaLog.dataPath.toString, "SHOW PARTITIONS", changes)
      case _ => ()
    }
    case _ => ()
  }

  /** What another analyzer has made does not know the policies. */
  private def changed(target: LogicalPlan, condition: Option[Expression]): Unit = SessionIdentity.held(session).foreach { principal =>
    val leaves = new ProtectedLeaves(session, PolicyIndex.of(session))
    if (!condition.exists(_.exists(_.isInstanceOf[WhenVisible])))
      for (leaf <- target.collectLeaves(); read <- leaves.of(leaf)
           if !PolicyPlan.of(session, principal, read.place, leaf.output).isFree(leaf.output))
        throw PolicyErrors.changed(read.place.parts.mkString("."))
  }

  private def require(path: String, what: String, fix: String): Unit =
    PolicyIndex.address(session, path).flatMap(PolicyIndex.of(session).find)
      .foreach(place => throw PolicyErrors.refused(what, place.parts.mkString("."), fix))
}
