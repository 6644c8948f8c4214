package lakewright

import org.apache.spark.sql.connector.catalog.Identifier
import org.apache.spark.sql.lakewright.SparkAccess

/** The access policy, asked in the words of one catalog. Inside a view or a function its reader needs no right of their own. */
final class Access(catalog: String, settings: Settings) {
  def table(privilege: Privilege, ident: Identifier): Unit = check(privilege, SecurableKind.Table, names(ident))
  def view(privilege: Privilege, ident: Identifier): Unit = check(privilege, SecurableKind.View, names(ident))
  def function(privilege: Privilege, ident: Identifier): Unit = check(privilege, SecurableKind.Function, names(ident))
  def schema(privilege: Privilege, namespace: Array[String]): Unit =
    check(privilege, SecurableKind.Schema, namespace.toSeq)
  def catalog(privilege: Privilege): Unit = check(privilege, SecurableKind.Catalog, Nil)

  private def names(ident: Identifier): Seq[String] = ident.namespace().toSeq :+ ident.name()

  private def check(privilege: Privilege, kind: SecurableKind, names: Seq[String]): Unit =
    if (!SparkAccess.insideDefinition)
      settings.policy.check(settings.principal, privilege, Securable(kind, (catalog +: names).map(Names.key)))
}
