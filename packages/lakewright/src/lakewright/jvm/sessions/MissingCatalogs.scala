package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis.{RelationTimeTravel, UnresolvedIdentifier, UnresolvedNamespace, UnresolvedRelation, UnresolvedTable,
  UnresolvedTableOrView, UnresolvedView}
import org.apache.spark.sql.catalyst.expressions.Literal
import org.apache.spark.sql.catalyst.plans.logical.{InsertIntoStatement, LogicalPlan}
import org.apache.spark.sql.execution.command.SetCatalogCommand
import org.apache.spark.sql.lakewright.SparkAccess

/**
 * A name in a plan that is not analyzed yet.
 * @param levels how many parts it has with its catalog
 */
final case class NamedObject(parts: Seq[String], levels: Int) {
  def hasCatalog: Boolean = parts.length == levels
}

object NamedObject {
  def of(node: LogicalPlan): Option[NamedObject] = node match {
    case UnresolvedNamespace(parts, _) => Some(NamedObject(parts, 2))
    case UnresolvedIdentifier(parts, _) if !isVariable(parts) => Some(NamedObject(parts, 3))
    case table: UnresolvedTable => Some(NamedObject(table.multipartIdentifier, 3))
    case table: UnresolvedTableOrView => Some(NamedObject(table.multipartIdentifier, 3))
    case view: UnresolvedView => Some(NamedObject(view.multipartIdentifier, 3))
    case relation: UnresolvedRelation => Some(NamedObject(relation.multipartIdentifier, 3))
    // Neither is one of its node's children.
    case insert: InsertIntoStatement => of(insert.table)
    case travel: RelationTimeTravel => of(travel.relation)
    case SetCatalogCommand(Literal(name, _)) if name != null => Some(NamedObject(Seq(name.toString), 1))
    case _ => None
  }

  // DECLARE VARIABLE system.session.name: Spark has no catalog of that name.
  private def isVariable(parts: Seq[String]): Boolean = parts.take(2).map(Names.key) == Seq("system", "session")
}

/**
 * Names the catalog that is missing. Spark reads `nowhere.a.b` as a table of the current catalog in the nested
 * schema `nowhere.a` and says that this is not to be found, or that `spark_catalog` has no nested schemas.
 */
final class MissingCatalogs(session: SparkSession) {
  private lazy val environments = Environments.of(session)

  def check(plan: LogicalPlan): LogicalPlan = {
    plan.foreach { node =>
      NamedObject.of(node).foreach { named =>
        if (named.hasCatalog) require(named.parts.head)
        if (named.parts.length > named.levels && !node.isInstanceOf[UnresolvedRelation]) throw Errors.nestedNamespace(named.parts)
      }
    }
    plan
  }

  private def require(catalog: String): Unit = {
    environments.requireOwn(catalog)
    if (!SparkAccess.catalogManager(session).isCatalogRegistered(catalog)) throw Errors.noSuchCatalog(Names.key(catalog))
  }
}
