package lakewright

import java.time.Instant

/** Which columns a policy is about: those that a condition holds for, under a name for the rest of the policy. */
final case class MatchedColumns(condition: TagCondition, alias: Option[String]) {
  def shown: String = condition.shown + alias.fold("")(name => s" AS $name")
}

/** What a policy does with a table that it applies to. */
sealed abstract class PolicyAction(val word: String)
object PolicyAction {
  case object RowFilter extends PolicyAction("ROW_FILTER")

  /** A mask on each column that an alias stands for. */
  final case class ColumnMask(alias: String) extends PolicyAction("COLUMN_MASK")
}

/**
 * An attribute-based policy: a function that filters rows or masks columns of every table below an object, for some principals,
 * where tags say so. Arguments that are columns are names of `columns`.
 * Source: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-policy
 */
final case class AttributePolicy(
    name: String,
    action: PolicyAction,
    function: Seq[String],
    arguments: Seq[PolicyArgument],
    to: Seq[String],
    except: Seq[String],
    when: Option[TagCondition],
    columns: Seq[MatchedColumns],
    comment: Option[String],
    createdBy: String,
    createdAt: Instant,
    updatedBy: String,
    updatedAt: Instant) {
  /** Whether it is for somebody with these names: their own, and those of their groups. */
  def isFor(identities: Set[String]): Boolean = {
    def names(list: Seq[String]) = list.exists(one => identities.contains(Principals.key(one)))
    names(to) && !names(except)
  }

  /** The keys of all tags that its conditions ask for. */
  def keys: Set[String] = (when.toSeq ++ columns.map(_.condition)).flatMap(_.keys).toSet

  def isCalled(other: String): Boolean = Names.key(name) == Names.key(other)
}

/** A policy, and the catalog, the schema or the table that it is set on. */
final case class PlacedPolicy(on: Securable, policy: AttributePolicy) {
  def shown: String = s"`${policy.name}` on ${on.shown}"
}
