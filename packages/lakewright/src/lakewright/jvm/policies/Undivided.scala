package lakewright

import org.apache.spark.sql.catalyst.expressions.{ConditionalExpression, Expression}

/**
 * An expression whose inside Spark computes nowhere else. Spark computes what expressions have in common before them: parts that
 * two of them share in their generated code, and what BETWEEN or NULLIF use twice in a projection below. It leaves out what may not
 * be evaluated for each row, as the branches of CASE, and folds no constant there that fails. Here that is everything inside.
 */
trait Undivided extends ConditionalExpression {
  override def alwaysEvaluatedInputs: Seq[Expression] = Nil
  override def withNewAlwaysEvaluatedInputs(inputs: Seq[Expression]): Undivided = this
  override def branchGroups: Seq[Seq[Expression]] = Nil
}
