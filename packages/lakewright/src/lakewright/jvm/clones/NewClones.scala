package lakewright

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation
import org.apache.spark.sql.catalyst.expressions.Attribute
import org.apache.spark.sql.catalyst.plans.logical.{CloneTableStatement, LogicalPlan, UnaryCommand}
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.connector.catalog.Identifier
import org.apache.spark.sql.delta.commands.CreateDeltaTableCommand
import org.apache.spark.sql.execution.command.LeafRunnableCommand
import org.apache.spark.sql.lakewright.SparkAccess

/**
 * A CLONE under a free name: Delta clones to the new table's path, then the name is written. Left to itself, Delta
 * creates an empty table while it analyzes the statement, ignores LOCATION, and leaves the name behind when it fails.
 */
final class NewClones(session: SparkSession) {
  def place(plan: LogicalPlan): LogicalPlan = plan match {
    case clone: CloneTableStatement if clone.isCreateCommand =>
      placement(clone).fold(plan) { case (catalog, placed) =>
        val byPath = clone.copy(
          target = UnresolvedRelation(Seq("delta", placed.path.path)), targetLocation = clone.targetLocation.map(_ => placed.path.path))
        CloneUnderName(byPath, catalog, placed)
      }
    case other => other
  }

  private def placement(clone: CloneTableStatement): Option[(String, Placement)] = clone.target match {
    case UnresolvedRelation(parts, _, _) if parts.length <= 3 && !NewClones.isPath(parts) =>
      val full = CommandContext.of(session).complete(parts, 3)
      val manager = SparkAccess.catalogManager(session)
      if (!manager.isCatalogRegistered(full.head)) None
      else manager.catalog(full.head) match {
        case ours: LakehouseCatalog =>
          ours.newClone(Identifier.of(Array(full(1)), full(2)), clone.targetLocation).map(full.head -> _)
        case _ => None
      }
    case _ => None
  }
}

object NewClones {
  private def isPath(parts: Seq[String]): Boolean = parts.length == 2 && parts.head.equalsIgnoreCase("delta")
}

/** A clone by path, and the entry that is written after it. Delta's rules turn `child` into its command. */
final case class CloneUnderName(child: LogicalPlan, catalog: String, placed: Placement) extends UnaryCommand {
  override def output: Seq[Attribute] = child.output
  override protected def withNewChildInternal(newChild: LogicalPlan): LogicalPlan = copy(child = newChild)
}

/** Takes over once Delta's command is there. */
object ClonesUnderNames extends Rule[LogicalPlan] {
  override def apply(plan: LogicalPlan): LogicalPlan = plan match {
    case CloneUnderName(command: CreateDeltaTableCommand, catalog, placed) => CloneCommand(command, catalog, placed)
    case other => other
  }
}

final case class CloneCommand(command: CreateDeltaTableCommand, catalog: String, placed: Placement)
    extends LeafRunnableCommand {
  override val output: Seq[Attribute] = command.output

  override def run(session: SparkSession): Seq[Row] = SparkAccess.catalogManager(session).catalog(catalog) match {
    case ours: LakehouseCatalog => ours.publishing(placed)(command.run(session))
    case _ => throw Errors.noSuchCatalog(catalog)
  }
}
