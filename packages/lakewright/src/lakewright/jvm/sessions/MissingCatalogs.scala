package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis.{UnresolvedIdentifier, UnresolvedNamespace, UnresolvedRelation, UnresolvedTable,
  UnresolvedTableOrView, UnresolvedView}
import org.apache.spark.sql.catalyst.plans.logical.{InsertIntoStatement, LogicalPlan}
import org.apache.spark.sql.lakewright.SparkAccess

/**
 * Names the catalog that is missing. Spark reads `nowhere.a.b` as a table of the current catalog in the nested
 * schema `nowhere.a` and says that this is not to be found, or that `spark_catalog` has no nested schemas.
 */
final class MissingCatalogs(session: SparkSession) {
  def check(plan: LogicalPlan): LogicalPlan = {
    plan.foreach {
      case UnresolvedNamespace(parts, _) => requireLevels(parts, 2)
      case UnresolvedIdentifier(parts, _) if !isVariable(parts) => requireLevels(parts, 3)
      case table: UnresolvedTable => requireLevels(table.multipartIdentifier, 3)
      case table: UnresolvedTableOrView => requireLevels(table.multipartIdentifier, 3)
      case view: UnresolvedView => requireLevels(view.multipartIdentifier, 3)
      case relation: UnresolvedRelation if relation.multipartIdentifier.length == 3 =>
        require(relation.multipartIdentifier.head)
      case insert: InsertIntoStatement => check(insert.table) // not one of its children
      case _ => ()
    }
    plan
  }

  // DECLARE VARIABLE system.session.name: Spark has no catalog of that name.
  private def isVariable(parts: Seq[String]): Boolean = parts.take(2).map(Names.key) == Seq("system", "session")

  private def requireLevels(parts: Seq[String], levels: Int): Unit = {
    if (parts.length == levels) require(parts.head)
    if (parts.length > levels) throw Errors.nestedNamespace(parts)
  }

  private def require(catalog: String): Unit =
    if (!SparkAccess.catalogManager(session).isCatalogRegistered(catalog)) throw Errors.noSuchCatalog(Names.key(catalog))
}
