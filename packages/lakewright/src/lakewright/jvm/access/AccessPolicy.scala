package lakewright

import java.util.Locale

/** What a right can be given on. `keyword` is its word in SQL, `word` its word in a sentence. */
sealed abstract class SecurableKind(val keyword: String) {
  def word: String = s"${keyword.head}${keyword.tail.toLowerCase(Locale.ROOT)}"
}

object SecurableKind {
  case object Metastore extends SecurableKind("METASTORE")
  case object Catalog extends SecurableKind("CATALOG")
  case object Schema extends SecurableKind("SCHEMA")
  case object Table extends SecurableKind("TABLE")
  case object View extends SecurableKind("VIEW")
  case object Volume extends SecurableKind("VOLUME")
  case object Function extends SecurableKind("FUNCTION")
}

/** One object that rights are given on: its kind and its name's parts, in lower case. */
final case class Securable(kind: SecurableKind, parts: Seq[String]) {
  def fullName: String = parts.mkString(".")
  def quotedName: String = parts.map(part => s"`${part.replace("`", "``")}`").mkString(".")
}

/** A right, by its name in SQL (`USE CATALOG`, `SELECT`, …). */
final case class Privilege private (sql: String)

object Privilege {
  val Select = Privilege("SELECT")
  val Modify = Privilege("MODIFY")
  val Manage = Privilege("MANAGE")
  val UseCatalog = Privilege("USE CATALOG")
  val UseSchema = Privilege("USE SCHEMA")
  val CreateCatalog = Privilege("CREATE CATALOG")
  val CreateSchema = Privilege("CREATE SCHEMA")
  val CreateTable = Privilege("CREATE TABLE")
  val CreateVolume = Privilege("CREATE VOLUME")
  val CreateFunction = Privilege("CREATE FUNCTION")
  val Execute = Privilege("EXECUTE")
  private val others = Seq(
    "ALL PRIVILEGES", "APPLY TAG", "BROWSE", "CREATE MATERIALIZED VIEW", "CREATE MODEL",
    "EXTERNAL USE SCHEMA", "READ VOLUME", "REFRESH", "WRITE VOLUME")

  /** Source: https://docs.databricks.com/en/data-governance/unity-catalog/manage-privileges/privileges.html */
  val all: Seq[String] = (others ++ Seq(
    Select, Modify, Manage, UseCatalog, UseSchema, CreateCatalog, CreateSchema, CreateTable, CreateVolume, CreateFunction, Execute)
    .map(_.sql)).sorted

  def named(words: String): Option[Privilege] = all.find(_.equalsIgnoreCase(words)).map(Privilege(_))
}

/**
 * Asked before an object is loaded, made, changed or dropped. Throws `Errors.permissionDenied` to refuse.
 * An implementation has a constructor without arguments and is named by `spark.lakewright.accessPolicy`.
 * Grants teach and test here; they do not protect: `` delta.`path` `` and the file system walk around them.
 */
trait AccessPolicy {
  def check(principal: String, privilege: Privilege, securable: Securable): Unit
}

/** The default: nothing is refused. */
class AllowAll extends AccessPolicy {
  override def check(principal: String, privilege: Privilege, securable: Securable): Unit = ()
}

object AccessPolicy {
  def named(className: String): AccessPolicy =
    Class.forName(className, true, Thread.currentThread.getContextClassLoader)
      .getDeclaredConstructor().newInstance().asInstanceOf[AccessPolicy]
}
