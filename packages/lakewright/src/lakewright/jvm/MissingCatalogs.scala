package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis.{UnresolvedIdentifier, UnresolvedNamespace, UnresolvedRelation}
import org.apache.spark.sql.catalyst.plans.logical.{CreateNamespace, InsertIntoStatement, LogicalPlan}
import org.apache.spark.sql.lakewright.SparkAccess

/**
 * Names the catalog that is missing. Spark reads `nowhere.a.b` as a table of the current catalog in the nested
 * schema `nowhere.a` and says that this is not to be found, or that `spark_catalog` has no nested schemas.
 */
final class MissingCatalogs(session: SparkSession) {
  def check(plan: LogicalPlan): LogicalPlan = {
    plan.foreach {
      case CreateNamespace(UnresolvedNamespace(Seq(catalog, _), _), _, _) => require(catalog)
      case UnresolvedIdentifier(Seq(catalog, _, _), _) => require(catalog)
      case relation: UnresolvedRelation if relation.multipartIdentifier.length == 3 =>
        require(relation.multipartIdentifier.head)
      case insert: InsertIntoStatement => check(insert.table) // not one of its children
      case _ => ()
    }
    plan
  }

  private def require(catalog: String): Unit =
    if (!SparkAccess.catalogManager(session).isCatalogRegistered(catalog)) throw Errors.noSuchCatalog(Names.key(catalog))
}
