package lakewright

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.expressions.Attribute
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.execution.command.LeafRunnableCommand

/** `SHOW [EFFECTIVE] POLICIES ON kind name` */
object ShowPolicies extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("SHOW", "POLICIES"), Seq("SHOW", "EFFECTIVE", "POLICIES"))

  def parse(words: Words): LogicalPlan = {
    words.require("SHOW")
    val inherited = words.take("EFFECTIVE")
    words.require("POLICIES")
    val on = PolicyPlaces.read(words)
    words.end()
    ShowPoliciesCommand(on, inherited)
  }
}

/** Source: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-aux-show-policies */
final case class ShowPoliciesCommand(on: SecurableText, inherited: Boolean) extends LeafRunnableCommand {
  override val output: Seq[Attribute] = Answer.columns("Policy Name", "Policy Type", "Catalog", "Schema", "Table", "Comment")

  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val target = PolicyPlaces.managed(context, on)
    val files = new SecurableFiles(context.store)
    for {
      place <- (if (inherited) target.above.drop(1) else Nil) :+ target
      policy <- files.read(place).attributes.policies.sortBy(_.name)
      parts = place.parts.map(Option(_)).padTo(3, None).map(_.orNull)
    } yield Row.fromSeq(Seq(policy.name, policy.action.word) ++ parts :+ policy.comment.orNull)
  }
}

/** `DESCRIBE POLICY name ON kind name` */
object DescribePolicy extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("DESCRIBE", "POLICY"), Seq("DESC", "POLICY"))

  // A table may be called `policy`.
  override def takes(text: String, session: SparkSession): Boolean = Pieces.of(text).exists(_.is("ON"))

  def parse(words: Words): LogicalPlan = {
    if (!words.take("DESC")) words.require("DESCRIBE")
    words.require("POLICY")
    val name = words.name("a policy's name")
    val on = PolicyPlaces.read(words)
    words.end()
    DescribePolicyCommand(name, on)
  }
}

/** Source: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-aux-describe-policy */
final case class DescribePolicyCommand(name: String, on: SecurableText) extends LeafRunnableCommand {
  override val output: Seq[Attribute] = Answer.columns("info_name", "info_value")

  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val target = PolicyPlaces.managed(context, on)
    val all = new SecurableFiles(context.store).read(target).attributes.policies
    val policy = all.find(_.isCalled(name)).getOrElse(throw AttributePolicyErrors.missing(name, target, all.map(_.name)))
    val masked = policy.action match {
      case PolicyAction.ColumnMask(alias) => Some(alias)
      case PolicyAction.RowFilter => None
    }
    Seq(
      "Name" -> Some(policy.name), "On Securable Type" -> Some(target.kind.keyword), "On Securable" -> Some(target.fullName),
      "Comment" -> policy.comment, "To Principals" -> list(policy.to), "Except Principals" -> list(policy.except),
      "For Securable Type" -> Some("TABLE"), "When Condition" -> policy.when.map(_.shown), "Match Columns" -> list(policy.columns.map(_.shown)),
      "Governed Tags" -> list((policy.when.toSeq ++ policy.columns.map(_.condition)).flatMap(_.asked).map(_.shown).distinct),
      "Policy Type" -> Some(policy.action.word), "Function Name" -> Some(policy.function.mkString(".")), "On Column" -> masked,
      "Using Columns" -> list(policy.arguments.map {
        case PolicyArgument.Column(alias) => alias
        case constant => constant.shown
      }), "Created By" -> Some(policy.createdBy), "Created At" -> Some(policy.createdAt.toString),
      "Updated By" -> Some(policy.updatedBy), "Updated At" -> Some(policy.updatedAt.toString))
      .collect { case (key, Some(value)) => Row(key, value) }
  }

  private def list(values: Seq[String]): Option[String] = Option.when(values.nonEmpty)(values.mkString(", "))
}
