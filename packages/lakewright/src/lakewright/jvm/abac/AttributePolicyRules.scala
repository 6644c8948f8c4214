package lakewright

import java.time.Instant

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute
import org.apache.spark.sql.catalyst.expressions.Literal
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.lakewright.SparkAccess
import org.apache.spark.sql.types.BooleanType

/** What must hold when a policy is made. Its columns are known only when a table is read. */
final class AttributePolicyRules(session: SparkSession, context: CommandContext) {
  private val parser = session.asInstanceOf[ClassicSession].sessionState.sqlParser

  def checked(written: WrittenAttributePolicy, now: Instant): AttributePolicy = {
    val name = written.name
    Names.requireValid(name, context.settings)
    requirePrincipals(written)
    requireConditions(written)
    val aliases = written.columns.flatMap(_.alias)
    val doubled = aliases.map(Names.key).diff(aliases.map(Names.key).distinct)
    doubled.headOption.foreach(alias => throw AttributePolicyErrors.invalid(s"`$alias` stands for two conditions", name, "name each once"))
    written.action match {
      case PolicyAction.ColumnMask(alias) => requireKnown(alias, aliases, name)
      case PolicyAction.RowFilter => ()
    }
    val arguments = written.arguments.map(argument(_, written, aliases))
    val function = functionOf(written, arguments.length)
    val who = context.settings.principal
    AttributePolicy(name, written.action, function, arguments, written.to, written.except, written.when, written.columns,
      written.comment, who, now, who, now)
  }

  private def requirePrincipals(written: WrittenAttributePolicy): Unit = {
    val all = written.to ++ written.except
    all.foreach(context.requirePrincipal)
    if (all.size > AttributePolicyRules.MostPrincipals) throw AttributePolicyErrors.invalid(
      s"${all.size} principals are more than ${AttributePolicyRules.MostPrincipals}", written.name, "put them into a group")
  }

  private def requireConditions(written: WrittenAttributePolicy): Unit = {
    val most = if (written.action == PolicyAction.RowFilter) AttributePolicyRules.MostOfFilter else AttributePolicyRules.MostOfMask
    if (written.columns.size > most) throw AttributePolicyErrors.invalid(
      s"MATCH COLUMNS has ${written.columns.size} conditions, $most are allowed", written.name, "join conditions with AND and OR")
    if (written.when.exists(_.asksColumns)) throw Errors.runsOnDatabricks(
      "has_column_tag in WHEN", "use has_tag for the table, and MATCH COLUMNS for its columns")
  }

  private def requireKnown(alias: String, aliases: Seq[String], name: String): Unit =
    if (!aliases.exists(one => Names.key(one) == Names.key(alias))) throw AttributePolicyErrors.invalid(
      s"`$alias` is no name of MATCH COLUMNS", name,
      if (aliases.isEmpty) s"add MATCH COLUMNS has_tag('…') AS `$alias`" else s"use one of: ${aliases.mkString(", ")}")

  private def argument(text: String, written: WrittenAttributePolicy, aliases: Seq[String]): PolicyArgument =
    parser.parseExpression(text) match {
      case UnresolvedAttribute(parts) =>
        val alias = parts.mkString(".")
        requireKnown(alias, aliases, written.name)
        written.action match {
          case PolicyAction.ColumnMask(masked) if Names.key(masked) == Names.key(alias) => throw AttributePolicyErrors.invalid(
            s"USING COLUMNS names the masked column `$alias`", written.name, "leave it out; the function gets it first")
          case _ => ()
        }
        PolicyArgument.Column(alias)
      case constant if constant.resolved && constant.foldable && constant.children.forall(_.isInstanceOf[Literal]) =>
        PolicyArgument.Constant(text)
      case _ => throw AttributePolicyErrors.invalid(s"`$text` is neither a name of MATCH COLUMNS nor a constant", written.name,
        "use names of MATCH COLUMNS, texts, numbers, TRUE, FALSE, INTERVAL or NULL")
    }

  private def functionOf(written: WrittenAttributePolicy, arguments: Int): Seq[String] = {
    val full = context.complete(written.function, 3)
    val shown = SparkAccess.quoted(full)
    val text = context.store.entry(EntryPlace(full.head, full(1), full(2), Family.Functions)).flatMap(_.function)
      .getOrElse(throw FunctionErrors.missing(full))
    context.check(Privilege.Execute, Securable(SecurableKind.Function, full))
    val masks = written.action != PolicyAction.RowFilter
    if (text.isTable) throw AttributePolicyErrors.invalid(s"the function $shown returns a table", written.name, "use one that returns one value")
    if (!masks && text.returns != BooleanType) throw AttributePolicyErrors.invalid(
      s"the function $shown does not return BOOLEAN", written.name, "let it return TRUE for the rows to show")
    val given = arguments + (if (masks) 1 else 0)
    val needed = text.fields.count(SparkAccess.defaultOf(_).isEmpty)
    if (given < needed || given > text.fields.length) throw AttributePolicyErrors.invalid(
      s"the function $shown has ${text.fields.length} parameters, and gets $given", written.name,
      "give as many arguments as it has parameters; a mask's first parameter is the masked column")
    new PolicyFunctions(session, context.store).requireOpenTables(full, written.name)
    full
  }
}

/** Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/abac/requirements#policy-quotas */
object AttributePolicyRules {
  val MostPrincipals = 20
  val MostOfMask = 3
  val MostOfFilter = 6
  private val MostOnTable = 50
  private val MostOnContainer = 100

  def requireRoom(on: Securable, count: Int, name: String): Unit = {
    val most = if (on.kind == SecurableKind.Table) MostOnTable else MostOnContainer
    if (count > most) throw AttributePolicyErrors.invalid(s"${on.shown} has $most policies, no more are allowed", name, "join some of them")
  }
}
