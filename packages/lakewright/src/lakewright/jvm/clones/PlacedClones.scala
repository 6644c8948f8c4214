package lakewright

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation
import org.apache.spark.sql.catalyst.expressions.Attribute
import org.apache.spark.sql.catalyst.plans.logical.{CloneTableStatement, LogicalPlan, UnaryCommand}
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.delta.commands.{CloneTableCommand, CreateDeltaTableCommand}
import org.apache.spark.sql.execution.command.LeafRunnableCommand
import org.apache.spark.sql.lakewright.SparkAccess

/**
 * A CLONE under one of our names: Delta clones to the table's path, then the name is written. Left to itself, Delta
 * creates an empty table while it analyzes the statement, ignores LOCATION, leaves the name behind when it fails, and
 * tells Spark's session catalog of a table that it does not know.
 */
final class PlacedClones(session: SparkSession) {
  def place(plan: LogicalPlan, deep: Boolean): LogicalPlan = plan match {
    case clone: CloneTableStatement =>
      placement(clone) match {
        case Some((catalog, placed)) =>
          val path = UnresolvedRelation(Seq("delta", placed.path.path))
          val byPath = clone.copy(target = path, targetLocation = clone.targetLocation.map(_ => placed.path.path))
          PlacedClone(byPath, Some(catalog -> placed), deep)
        case None => if (deep) PlacedClone(clone, None, deep) else clone
      }
    case other => other
  }

  private def placement(clone: CloneTableStatement): Option[(String, Placement)] = clone.target match {
    case UnresolvedRelation(parts, _, _) => for {
        (catalog, ident) <- CommandContext.of(session).ours(parts)
        placed <- catalog.cloneTarget(ident, clone)
      } yield catalog.name() -> placed
    case _ => None
  }
}

/** A clone, and the entry that is written after it. Delta's rules turn `child` into its command. */
final case class PlacedClone(child: LogicalPlan, target: Option[(String, Placement)], deep: Boolean) extends UnaryCommand {
  override def output: Seq[Attribute] = child.output
  override protected def withNewChildInternal(newChild: LogicalPlan): LogicalPlan = copy(child = newChild)
}

/** Takes over once Delta's command is there. */
object RunnableClones extends Rule[LogicalPlan] {
  override def apply(plan: LogicalPlan): LogicalPlan = plan match {
    case PlacedClone(command: CreateDeltaTableCommand, target, deep) => command.query match {
      case Some(clone: CloneTableCommand) => CloneCommand(command.copy(query = Some(new FileClone(clone, deep))), target)
      case _ => plan
    }
    case other => other
  }
}

final case class CloneCommand(command: CreateDeltaTableCommand, target: Option[(String, Placement)])
    extends LeafRunnableCommand {
  override val output: Seq[Attribute] = command.output

  override def run(session: SparkSession): Seq[Row] = target match {
    case None => command.run(session)
    case Some((catalog, placed)) => SparkAccess.catalogManager(session).catalog(catalog) match {
      case ours: LakehouseCatalog => ours.publishing(placed)(command.run(session))
      case _ => throw Errors.noSuchCatalog(catalog)
    }
  }
}
