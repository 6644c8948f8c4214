package lakewright

import org.apache.spark.sql.connector.catalog.Identifier
import org.apache.spark.sql.lakewright.SparkAccess

/**
 * The access policy, asked in the words of one catalog. The text of a view or a function is analyzed without a question here:
 * what its owner may read is asked of the whole plan (`AnalyzedAccess`).
 */
final class Access(catalog: String, settings: Settings) {
  def table(privilege: Privilege, ident: Identifier): Unit = check(privilege, SecurableKind.Table, names(ident))
  def view(privilege: Privilege, ident: Identifier): Unit = check(privilege, SecurableKind.View, names(ident))
  def function(privilege: Privilege, ident: Identifier): Unit = check(privilege, SecurableKind.Function, names(ident))
  def schema(privilege: Privilege, namespace: Array[String]): Unit =
    check(privilege, SecurableKind.Schema, namespace.toSeq)
  def catalog(privilege: Privilege): Unit = check(privilege, SecurableKind.Catalog, Nil)

  /** Before an object's description is handed out: any right but BROWSE on it will do; its rows need SELECT, asked of the plan. */
  def describe(kind: SecurableKind, ident: Identifier): Unit = if (!SparkAccess.insideDefinition) {
    val securable = of(kind, names(ident))
    // A subquery in the text of a function is not known as a part of it; what it reads is asked of the whole plan, as for any subquery.
    if (!settings.sees(securable, browse = false) && !CallStack.isInSubquery)
      settings.check(Privilege.Select, securable)
  }

  /** Those of some objects that the session's principal may know of. */
  def visible(securables: Seq[Securable], browse: Boolean = true): Seq[Securable] = settings.visible(securables, browse)

  /** A schema's description takes any right on it. */
  def seesSchema(namespace: Array[String]): Unit = if (!SparkAccess.insideDefinition) {
    val schema = of(SecurableKind.Schema, namespace.toSeq)
    if (!settings.sees(schema, browse = true)) settings.check(Privilege.UseSchema, schema)
  }

  def showsGrant(securable: Securable, grantee: String): Boolean = settings.policy.isMember(settings.principal, grantee) ||
    (securable +: securable.above.drop(1)).exists(settings.allows(Privilege.Ownership, _))

  private def names(ident: Identifier): Seq[String] = ident.namespace().toSeq :+ ident.name()

  private def of(kind: SecurableKind, names: Seq[String]): Securable = Securable(kind, (catalog +: names).map(Names.key))

  private def check(privilege: Privilege, kind: SecurableKind, names: Seq[String]): Unit =
    if (!SparkAccess.insideDefinition) settings.check(privilege, of(kind, names))
}
