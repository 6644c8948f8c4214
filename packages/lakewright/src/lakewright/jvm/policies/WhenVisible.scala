package lakewright

import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions.{Expression, TernaryExpression}
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback
import org.apache.spark.sql.types.DataType

/**
 * A value of a statement that changes a protected table, and another one where the row is hidden. It is interpreted, and the optimizer
 * does not know it: nothing of the statement is computed on a hidden row. Its text is that of the value.
 */
final case class WhenVisible(visible: Expression, value: Expression, hidden: Expression) extends TernaryExpression with CodegenFallback {
  override def first: Expression = visible
  override def second: Expression = value
  override def third: Expression = hidden
  override def dataType: DataType = value.dataType
  override def nullable: Boolean = value.nullable || hidden.nullable
  override def foldable: Boolean = false
  override def prettyName: String = "when_visible"
  override def sql: String = value.sql
  override def toString: String = value.toString

  override def eval(input: InternalRow): Any = if (visible.eval(input) == true) value.eval(input) else hidden.eval(input)

  override protected def withNewChildrenInternal(one: Expression, two: Expression, three: Expression): Expression =
    copy(visible = one, value = two, hidden = three)
}
