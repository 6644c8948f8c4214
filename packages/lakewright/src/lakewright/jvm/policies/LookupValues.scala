package lakewright

import scala.util.control.NonFatal

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions._
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback
import org.apache.spark.sql.catalyst.plans.logical.{Limit, LogicalPlan}
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.catalyst.util.{ArrayData, GenericArrayData}
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.types.{ArrayType, DataType, StructType}

/** The rows of a query in a policy's function, with the rights of the function's owner; read when a plan is optimized. */
final case class PolicyLookup(query: PolicyView, table: String) extends LeafExpression with CodegenFallback {
  override lazy val dataType: DataType = LookupRows.typeOf(query)
  override def nullable: Boolean = false
  override def foldable: Boolean = false
  override def eval(input: InternalRow): Any = throw PolicyErrors.changed(table)
  override def sql: String = "lookup()"
  override def toString: String = sql
}

/** The rows of a lookup that were read. Its text shows none: it stands in plans and in a table's history. */
final case class PolicyRows(rows: ArrayData, dataType: DataType) extends LeafExpression with CodegenFallback {
  override def nullable: Boolean = false
  override def foldable: Boolean = false
  override def eval(input: InternalRow): Any = rows
  override def sql: String = "lookup()"
  override def toString: String = sql
}

/** The value of a subquery that has one row, null if it has none. Its message is never seen. */
final case class OnlyRow(child: Expression) extends UnaryExpression with CodegenFallback {
  private def row: StructType = child.dataType.asInstanceOf[ArrayType].elementType.asInstanceOf[StructType]
  override def dataType: DataType = row.head.dataType
  override def nullable: Boolean = true

  override def eval(input: InternalRow): Any = child.eval(input).asInstanceOf[ArrayData] match {
    case rows if rows.numElements() == 0 => null
    case rows if rows.numElements() == 1 => rows.getStruct(0, row.length).get(0, dataType)
    case _ => throw new IllegalStateException("more than one row")
  }

  override protected def withNewChildInternal(newChild: Expression): Expression = copy(child = newChild)
}

/** Reads the lookups of a query before Delta chooses files by its conditions. Where it does not run, a lookup fails. */
final class ReadLookups(session: SparkSession) extends Rule[LogicalPlan] {
  override def apply(plan: LogicalPlan): LogicalPlan = {
    lazy val values = new LookupValues(session)
    plan.transformDown { case view: PolicyView if view.child.exists(_.expressions.exists(_.exists(_.isInstanceOf[PolicyLookup]))) =>
      view.copy(child = values.in(view.child))
    }
  }
}

/** Reads lookups. What fails in one says nothing: its tables are not the reader's. */
final class LookupValues(session: SparkSession) {
  private var read = Map.empty[PolicyLookup, PolicyRows]

  def in(plan: LogicalPlan): LogicalPlan = plan.transformAllExpressions { case lookup: PolicyLookup => rows(lookup) }

  def in(expression: Expression): Expression = expression.transform { case lookup: PolicyLookup => rows(lookup) }

  private def rows(lookup: PolicyLookup): PolicyRows = {
    val found = read.getOrElse(lookup, PolicyRows(collected(lookup), lookup.dataType))
    read += lookup -> found
    found
  }

  private def collected(lookup: PolicyLookup): ArrayData = {
    val limited = Limit(Literal(LookupValues.Most + 1), lookup.query)
    val rows = try session.asInstanceOf[ClassicSession].sessionState.executePlan(limited).executedPlan.executeCollect()
    catch {
      case known: AnalysisFailure => throw known
      case NonFatal(_) => throw PolicyErrors.failed(s"a query in the function of a policy of the table ${lookup.table}")
    }
    if (rows.length > LookupValues.Most) throw PolicyErrors.tooManyRows(lookup.table, LookupValues.Most)
    new GenericArrayData(rows.map(_.copy()): Array[Any])
  }
}

object LookupValues {
  /** They are kept in memory, and compared with each row of the table. */
  val Most = 100000
}
