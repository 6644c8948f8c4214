package lakewright

import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions.{Expression, TernaryExpression}
import org.apache.spark.sql.catalyst.expressions.codegen.{CodegenContext, CodeGenerator, ExprCode}
import org.apache.spark.sql.catalyst.expressions.codegen.Block._
import org.apache.spark.sql.types.DataType

/**
 * A value of a statement that changes a protected table, and another one where the row is hidden. The optimizer does not know it, and
 * computes nothing of it elsewhere: nothing of the statement is computed on a hidden row. Its text is that of the value.
 */
final case class WhenVisible(visible: Expression, value: Expression, hidden: Expression) extends TernaryExpression with Undivided {
  override def first: Expression = visible
  override def second: Expression = value
  override def third: Expression = hidden
  override def dataType: DataType = value.dataType
  override def nullable: Boolean = value.nullable || hidden.nullable
  override def prettyName: String = "when_visible"
  override def sql: String = value.sql
  override def toString: String = value.toString

  override def eval(input: InternalRow): Any = if (visible.eval(input) == true) value.eval(input) else hidden.eval(input)

  override protected def doGenCode(ctx: CodegenContext, ev: ExprCode): ExprCode = {
    val Seq(asked, shown, other) = children.map(_.genCode(ctx))
    def set(branch: ExprCode) = code"${branch.code} ${ev.isNull} = ${branch.isNull}; ${ev.value} = ${branch.value};"
    ev.copy(code =
      code"""
        ${asked.code}
        boolean ${ev.isNull} = true;
        ${CodeGenerator.javaType(dataType)} ${ev.value} = ${CodeGenerator.defaultValue(dataType)};
        if (!${asked.isNull} && ${asked.value}) { ${set(shown)} } else { ${set(other)} }
      """)
  }

  override protected def withNewChildrenInternal(one: Expression, two: Expression, three: Expression): Expression =
    copy(visible = one, value = two, hidden = three)
}
