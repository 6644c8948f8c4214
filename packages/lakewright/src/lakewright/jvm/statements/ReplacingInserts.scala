package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation
import org.apache.spark.sql.catalyst.expressions.{Expression, Literal}
import org.apache.spark.sql.catalyst.plans.logical.{InsertIntoStatement, InsertReplaceCriteria, InsertReplaceOn,
  InsertReplaceUsing, LogicalPlan, OverwriteByExpression}
import org.apache.spark.sql.catalyst.trees.{CurrentOrigin, Origin}

/**
 * INSERT INTO … REPLACE ON and REPLACE USING. Spark parses them, and Delta has them as options of a DataFrame that is
 * inserted over a table: the statement is led there.
 * Source: https://docs.databricks.com/aws/en/delta/selective-overwrite
 */
final class ReplacingInserts(session: SparkSession) {
  def place(plan: LogicalPlan): LogicalPlan = plan.transform {
    case insert @ InsertIntoStatement(table: UnresolvedRelation, _, _, query, _, _, _, Some(criteria), evolves)
        if CommandContext.of(session).ours(table.multipartIdentifier).isDefined =>
      if (insert.byName)
        throw Errors.runsOnDatabricks("INSERT INTO … BY NAME REPLACE …", "select the columns in the order of the table, and leave BY NAME out")
      val options = ReplacingInserts.options(criteria, table.multipartIdentifier.last) ++ Option.when(evolves)("mergeSchema" -> "true")
      // Delta takes a plan without a text for that of a DataFrame.
      CurrentOrigin.withOrigin(Origin()) {
        OverwriteByExpression.byPosition(table, query, Literal.TrueLiteral, options)
      }
  }
}

object ReplacingInserts {
  private def options(criteria: InsertReplaceCriteria, table: String): Map[String, String] = criteria match {
    case InsertReplaceOn(condition, alias) =>
      Map("replaceOn" -> textOf(condition), "targetAlias" -> alias.getOrElse(table))
    case InsertReplaceUsing(columns) => Map("replaceUsing" -> columns.mkString(","))
  }

  private def textOf(condition: Expression): String = {
    val origin = condition.origin
    val written = for (text <- origin.sqlText; from <- origin.startIndex; to <- origin.stopIndex)
      yield text.substring(from, to + 1)
    written.getOrElse(condition.sql)
  }
}
