package lakewright

import scala.util.control.NonFatal

import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions.{Expression, UnaryExpression}
import org.apache.spark.sql.catalyst.expressions.codegen.{CodegenContext, CodeGenerator, ExprCode, FalseLiteral}
import org.apache.spark.sql.catalyst.expressions.codegen.Block._
import org.apache.spark.sql.types.DataType

/**
 * Evaluates a mask or a filter, and hides why it failed: Spark's messages show the value. Its text is what it stands for: texts of
 * plans, of generated code and of a table's history name no function's inside.
 */
final case class PolicyGuard(child: Expression, policy: String, shown: String) extends UnaryExpression with Undivided {
  override def dataType: DataType = child.dataType
  override def nullable: Boolean = child.nullable
  override def prettyName: String = "policy"
  override def sql: String = shown
  override def toString: String = shown

  override def eval(input: InternalRow): Any =
    try child.eval(input) catch { case problem: Throwable => throw PolicyFailure(policy).of(problem) }

  override protected def doGenCode(ctx: CodegenContext, ev: ExprCode): ExprCode =
    if (PolicyGuard.isShown) PolicyGuard.closed(this, ctx, ev) else open(ctx, ev)

  private def open(ctx: CodegenContext, ev: ExprCode): ExprCode = {
    val inner = child.genCode(ctx)
    val failure = ctx.addReferenceObj("policyFailure", PolicyFailure(policy))
    val problem = ctx.freshName("problem")
    val isNull = if (nullable) code"${ev.isNull} = ${inner.isNull};" else code""
    ev.copy(isNull = if (nullable) ev.isNull else FalseLiteral, code =
      code"""
        ${if (nullable) code"boolean ${ev.isNull} = true;" else code""}
        ${CodeGenerator.javaType(dataType)} ${ev.value} = ${CodeGenerator.defaultValue(dataType)};
        try {
          ${inner.code}
          $isNull
          ${ev.value} = ${inner.value};
        } catch (Throwable $problem) {
          throw $failure.of($problem);
        }
      """)
  }

  override protected def withNewChildInternal(newChild: Expression): Expression = copy(child = newChild)
}

object PolicyGuard {
  /** Whether the code is made for `EXPLAIN CODEGEN`, which shows it and does not run it. */
  private def isShown: Boolean = CallStack.hasMethod("org.apache.spark.sql.execution.debug.package$", "codegenStringSeq")

  private def closed(guard: PolicyGuard, ctx: CodegenContext, ev: ExprCode): ExprCode = {
    val policy = ctx.addReferenceObj("policy", guard, classOf[Expression].getName)
    val found = ctx.freshName("found")
    val kind = guard.dataType
    ev.copy(code =
      code"""
        Object $found = $policy.eval(null);
        boolean ${ev.isNull} = $found == null;
        ${CodeGenerator.javaType(kind)} ${ev.value} = ${ev.isNull} ? ${CodeGenerator.defaultValue(kind)} : (${CodeGenerator.boxedType(kind)}) $found;
      """)
  }
}

/** What is reported in place of that for which a policy failed; generated code calls it. */
final case class PolicyFailure(policy: String) {
  def of(problem: Throwable): RuntimeException = problem match {
    case NonFatal(_) => PolicyErrors.failed(policy)
    case fatal => throw fatal
  }
}
