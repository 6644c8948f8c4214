package lakewright

import org.apache.spark.sql.SparkSession

/**
 * Holds a principal to the grants that are stored: its own and those of `account users`, on the object or on what
 * holds it, with USE on the way down. Who owns the object, or what holds it, may do everything (on Databricks the
 * owner of a schema has to grant themselves SELECT first).
 * Principals are compared as written; membership in groups is not known here yet.
 */
class StoredGrants extends AccessPolicy {
  private lazy val store = new MetadataStore(Settings.lakehouse(SparkSession.active))

  override def check(principal: String, privilege: Privilege, securable: Securable): Unit =
    if (!owns(principal, securable) && !administers(principal, privilege)) {
      way(securable).foreach { case (needed, at) => require(principal, needed, at, securable) }
      require(principal, privilege, securable, securable)
    }

  private def require(principal: String, privilege: Privilege, at: Securable, asked: Securable): Unit =
    if (!StoredGrants.chain(at).exists(grants(_).exists(grant => gives(grant, principal, privilege))))
      throw Errors.permissionDenied(principal, privilege, if (privilege.sql.startsWith("USE")) at else asked)

  private def gives(grant: Grant, principal: String, privilege: Privilege): Boolean =
    (grant.principal == principal || grant.principal == StoredGrants.Everyone) &&
      (grant.privilege == privilege.sql || grant.privilege == "ALL PRIVILEGES")

  private def way(securable: Securable): Seq[(Privilege, Securable)] = Seq(
    (1, Privilege.UseCatalog, SecurableKind.Catalog), (2, Privilege.UseSchema, SecurableKind.Schema)).collect {
    case (levels, privilege, kind) if securable.parts.length > levels =>
      privilege -> Securable(kind, securable.parts.take(levels))
  }

  // Whose engine it is administers its metastore, which has no file of its own.
  private def administers(principal: String, privilege: Privilege): Boolean =
    principal == System.getProperty("user.name") && Set(Privilege.Manage, Privilege.CreateCatalog).contains(privilege)

  private def owns(principal: String, securable: Securable): Boolean =
    StoredGrants.chain(securable).exists(at => described(at).exists(_.owner == principal))

  private def grants(securable: Securable): Seq[Grant] = described(securable).toSeq.flatMap(_.grants)

  private def described(securable: Securable): Option[Described] =
    try Some(new SecurableFiles(store).read(securable)) catch { case _: AnalysisFailure => None }
}

object StoredGrants {
  val Everyone = "account users"

  /** An object, its schema, its catalog. */
  def chain(securable: Securable): Seq[Securable] = securable.parts.indices.map { above =>
    val parts = securable.parts.dropRight(above)
    val kind = parts.length match {
      case 1 => SecurableKind.Catalog
      case 2 => SecurableKind.Schema
      case _ => securable.kind
    }
    Securable(kind, parts)
  }
}
