package lakewright

import org.apache.spark.sql.catalyst.expressions.{Attribute, Expression, TaggingExpression}
import org.apache.spark.sql.types.{DataType, StructType, VariantType}

/**
 * A column of which nothing but the whole is left to what reads the files. Spark lets the reader of Parquet files take a value out of a
 * VARIANT and convert it, also for a row that is hidden, and the reader's message shows the value. The optimizer does not know this
 * expression, so it leaves the conversion where it is.
 */
final case class Unread(child: Expression) extends TaggingExpression {
  override def sql: String = child.sql
  override def toString: String = child.toString
  override protected def withNewChildInternal(newChild: Expression): Expression = copy(child = newChild)
}

object Unread {
  /** The expression with each column that holds a VARIANT as such a column. */
  def columnsOf(expression: Expression): Expression = expression.transformUp {
    case column: Attribute if holdsVariant(column.dataType) => Unread(column)
  }

  /** Of what is nested, the reader looks into structs only. */
  private def holdsVariant(kind: DataType): Boolean = kind match {
    case _: VariantType => true
    case struct: StructType => struct.exists(field => holdsVariant(field.dataType))
    case _ => false
  }
}
