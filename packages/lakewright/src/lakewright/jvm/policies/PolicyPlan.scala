package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis.MultiInstanceRelation
import org.apache.spark.sql.catalyst.expressions.{Alias, Attribute, Cast, Expression}
import org.apache.spark.sql.catalyst.plans.logical.{Filter, LogicalPlan, Project}
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.types.BooleanType

/** The plan below a `PolicyView`: the table's rows that pass its filter, with its masks in place of the columns. */
final class PolicyPlan(session: SparkSession, store: MetadataStore, place: EntryPlace, entry: Entry) {
  private val table = place.parts.mkString(".")
  private val parser = session.asInstanceOf[ClassicSession].sessionState.sqlParser

  def above(relation: LogicalPlan with MultiInstanceRelation, stamp: PolicyStamp): PolicyView = {
    val raw = relation.newInstance()
    entry.policies.masks.keys.foreach(column(_, raw.output))
    val rows = entry.policies.filter.fold(raw) { call =>
      Filter(PolicyGuard(Cast(expression(call, None, raw.output), BooleanType), s"the row filter of the table $table"), raw)
    }
    val columns = relation.output.zip(raw.output).map { case (seen, own) =>
      Alias(masked(own, raw.output), seen.name)(seen.exprId, seen.qualifier, Some(own.metadata))
    }
    PolicyView(Project(columns, rows), table, stamp)
  }

  private def masked(column: Attribute, all: Seq[Attribute]): Expression =
    entry.policies.masks.get(Names.key(column.name)).fold[Expression](column) { call =>
      PolicyGuard(Cast(expression(call, Some(column), all), column.dataType), s"the mask of the column ${column.name} of the table $table")
    }

  /** The call of a policy's function; its text is put in its place by Spark. */
  def expression(call: PolicyCall, masked: Option[Attribute], columns: Seq[Attribute]): Expression = {
    val Seq(catalog, schema, name) = call.function
    val at = EntryPlace(catalog, schema, name, Family.Functions)
    val function = store.entry(at).getOrElse(throw PolicyErrors.functionGone(call.function, table))
    new PolicyFunctions(session, store).requireNoData(call.function, table)
    val arguments = call.arguments.map {
      case PolicyArgument.Column(name) => column(name, columns)
      case PolicyArgument.Constant(text) => parser.parseExpression(text)
    }
    StoredFunctions.call(StoredFunctions.spark(at, function), masked.toSeq ++ arguments)
  }

  private def column(name: String, columns: Seq[Attribute]): Attribute =
    columns.find(one => Names.key(one.name) == Names.key(name)).getOrElse(throw PolicyErrors.columnGone(name, table))
}
