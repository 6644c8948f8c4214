package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.expressions.{Attribute, AttributeReference}
import org.apache.spark.sql.catalyst.util.StringUtils
import org.apache.spark.sql.connector.catalog.Identifier
import org.apache.spark.sql.lakewright.SparkAccess
import org.apache.spark.sql.types.StringType

/** What every statement of ours runs with. */
final case class CommandContext(session: SparkSession, settings: Settings, store: MetadataStore) {
  def check(privilege: Privilege, securable: Securable): Unit = settings.check(privilege, securable)

  /** Asks for MANAGE; on the metastore for its owner. */
  def checkManages(securable: Securable): Unit =
    check(if (securable == Securable.Metastore) Privilege.Ownership else Privilege.Manage, securable)

  /** Asks for this privilege, unless any other is there: to know of an object takes one right on it. */
  def checkSees(securable: Securable, privilege: Privilege): Unit =
    if (!settings.sees(securable, browse = true)) check(privilege, securable)

  /** Refuses the name of nobody, where the project says who there is. */
  def requirePrincipal(name: String): Unit = {
    val principals = Principals.of(settings.lakehouse)
    if (!principals.knows(name) && !LakehouseOwner.is(name)) throw Errors.noSuchPrincipal(name, principals.known)
  }

  /** Completes a name by the session's current catalog and schema. */
  def complete(parts: Seq[String], levels: Int): Seq[String] = {
    val manager = SparkAccess.catalogManager(session)
    val current = manager.currentCatalog.name() +: manager.currentNamespace.toSeq
    val full = current.take(levels - parts.length) ++ parts
    if (full.length != levels) throw Errors.nestedNamespace(full)
    if (parts.length == levels) Environments.of(session).requireOwn(full.head)
    full.map(Names.key)
  }

  /** The table's place in one of our catalogs; None for a path, a longer name, or a table of another catalog. */
  def ours(parts: Seq[String]): Option[(LakehouseCatalog, Identifier)] =
    if (parts.length > 3 || CommandContext.isPath(parts)) None
    else {
      val Seq(catalog, schema, table) = complete(parts, 3)
      val manager = SparkAccess.catalogManager(session)
      if (!manager.isCatalogRegistered(catalog)) None
      else manager.catalog(catalog) match {
        case found: LakehouseCatalog => Some(found -> Identifier.of(Array(schema), table))
        case _ => None
      }
    }
}

object CommandContext {
  private def isPath(parts: Seq[String]): Boolean = parts.length == 2 && Seq("delta", "parquet").exists(parts.head.equalsIgnoreCase)

  def of(session: SparkSession): CommandContext = {
    val settings = Settings.of(session)
    LakehouseLock.acquire(settings.lakehouse, LakehouseLock.Session)
    CommandContext(session, settings, new MetadataStore(settings.lakehouse))
  }
}

/** The columns of what a statement of ours answers: texts, all of them. */
object Answer {
  def columns(names: String*): Seq[Attribute] = names.map(name => AttributeReference(name, StringType)())
}

/** The patterns of SHOW statements: `*` for anything, `|` between alternatives, no difference of case. */
object Patterns {
  def filter(names: Seq[String], pattern: Option[String]): Seq[String] =
    pattern.fold(names)(StringUtils.filterPattern(names, _))
}
