package lakewright

import org.apache.spark.sql.{SparkSession, SparkSessionExtensions}
import org.apache.spark.sql.catalyst.FunctionIdentifier
import org.apache.spark.sql.catalyst.expressions.{Cast, CurrentUser, Expression, ExpressionInfo, In, Literal, Lower, UnaryExpression, Unevaluable}
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.catalyst.trees.TreePattern.{CURRENT_LIKE, TreePattern}
import org.apache.spark.sql.lakewright.SparkAccess
import org.apache.spark.sql.types.{BooleanType, DataType, StringType}

/**
 * Who reads: `current_user`, `session_user` and `user` (Spark has one expression for the three), `is_member` and
 * `is_account_group_member`. They become literals of the session's principal while a plan is analyzed, also inside
 * views and functions: a plan that is kept, or cached, stays one of the principal that it was made for.
 */
final class IdentityFunctions(session: SparkSession) extends Rule[LogicalPlan] {
  override def apply(plan: LogicalPlan): LogicalPlan = plan.resolveOperatorsWithPruning(_.containsPattern(CURRENT_LIKE)) {
    case node => node.transformExpressionsWithPruning(_.containsPattern(CURRENT_LIKE)) {
      case CurrentUser() => Literal(SessionIdentity.of(session).principal)
      case GroupMember(group) if group.resolved => membership(group)
    }
  }

  private def membership(group: Expression): Expression = {
    val groups = Principals.of(Settings.lakehouse(session)).groupsOf(SessionIdentity.of(session).principal)
    val asked = In(Lower(if (group.dataType == StringType) group else Cast(group, StringType)), groups.toSeq.sorted.map(Literal(_)))
    if (group.foldable && group.deterministic) Literal(asked.eval(), BooleanType) else asked
  }
}

object IdentityFunctions {
  val names = Seq("is_account_group_member", "is_member")

  def inject(extensions: SparkSessionExtensions): Unit = {
    names.foreach { name =>
      val info = new ExpressionInfo(classOf[GroupMember].getName, null, name,
        s"$name(group) - Returns true if the user of the session is a direct or an indirect member of the group.", "")
      extensions.injectFunction((FunctionIdentifier(name), info, (arguments: Seq[Expression]) => arguments match {
        case Seq(group) => GroupMember(group)
        case other => throw SparkAccess.wrongNumberOfArguments(name, 1, other.length)
      }))
    }
    extensions.injectResolutionRule(new IdentityFunctions(_))
  }
}

/** Whether the session's principal is in a group; never evaluated, and replaced as soon as its argument is known. */
final case class GroupMember(child: Expression) extends UnaryExpression with Unevaluable {
  override lazy val resolved: Boolean = false
  final override val nodePatterns: Seq[TreePattern] = Seq(CURRENT_LIKE)
  override def dataType: DataType = BooleanType
  override def nullable: Boolean = true
  override protected def withNewChildInternal(newChild: Expression): Expression = copy(child = newChild)
}
