package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan

/** A statement that runs on Databricks and not here: refused by its name, with what to do instead. */
final case class WorkspaceStatement(name: String, openings: Seq[Seq[String]], fix: String) extends Statement {
  def parse(words: Words): LogicalPlan = throw Errors.runsOnDatabricks(name, fix)
}

object WorkspaceStatements {
  private val declared = "run it in a workspace, or declare it with Terraform"

  private def changes(name: String, fix: String, words: String*): WorkspaceStatement =
    WorkspaceStatement(name, Seq("CREATE", "ALTER", "DROP").map(_ +: words), fix)

  private def shows(name: String, words: String*): WorkspaceStatement = WorkspaceStatement(name, Seq("SHOW" +: words), declared)

  /** Source: https://docs.databricks.com/aws/en/sql/language-manual/ */
  val all: Seq[Statement] = Seq(
    WorkspaceStatement("UNDROP", Seq(Seq("UNDROP")), "create it again; here DROP deletes a managed table's data at once"),
    WorkspaceStatement("FSCK REPAIR TABLE", Seq(Seq("FSCK")),
      "RESTORE TABLE … TO VERSION AS OF … goes back to a version whose files are there"),
    WorkspaceStatement("BLOOMFILTER INDEX", Seq("CREATE", "DROP").map(Seq(_, "BLOOMFILTER")), "leave it out; it changes no result"),
    WorkspaceStatement("CACHE SELECT", Seq(Seq("CACHE", "SELECT")), "leave it out; it changes no result"),
    WorkspaceStatement("SYNC", Seq("SCHEMA", "TABLE").map(Seq("SYNC", _)), "leave it out; here is no Hive metastore to upgrade"),
    WorkspaceStatement("CREATE WIDGET", Seq("CREATE", "REMOVE").map(Seq(_, "WIDGET")), "dbutils.widgets.text('…', '…') in Python"),
    WorkspaceStatement("LIST", Seq(Seq("LIST")), "dbutils.fs.ls('…') in Python"),
    changes("GOVERNED TAG", "leave it out; any tag can be set and asked for here", "GOVERNED", "TAG"),
    shows("SHOW GOVERNED TAGS", "GOVERNED", "TAGS"),
    changes("SHARE", declared, "SHARE"), shows("SHOW SHARES", "SHARES"), shows("SHOW ALL IN SHARE", "ALL", "IN", "SHARE"),
    changes("RECIPIENT", declared, "RECIPIENT"), shows("SHOW RECIPIENTS", "RECIPIENTS"),
    changes("PROVIDER", declared, "PROVIDER"), shows("SHOW PROVIDERS", "PROVIDERS"),
    changes("EXTERNAL LOCATION", declared, "EXTERNAL", "LOCATION"), shows("SHOW EXTERNAL LOCATIONS", "EXTERNAL", "LOCATIONS"),
    changes("STORAGE CREDENTIAL", declared, "STORAGE", "CREDENTIAL"), shows("SHOW STORAGE CREDENTIALS", "STORAGE", "CREDENTIALS"),
    changes("CONNECTION", declared, "CONNECTION"), shows("SHOW CONNECTIONS", "CONNECTIONS"),
    changes("FOREIGN CATALOG", declared, "FOREIGN", "CATALOG"),
    GrantElsewhere)
}

/** `GRANT`, `REVOKE` and `SHOW GRANTS` on objects that the lakehouse does not have. */
object GrantElsewhere extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("GRANT"), Seq("REVOKE"), Seq("SHOW", "GRANTS"), Seq("SHOW", "GRANT"))
  private val kinds: Seq[Seq[String]] = Seq(
    Seq("CLEAN", "ROOM"), Seq("CONNECTION"), Seq("CREDENTIAL"), Seq("EXTERNAL", "LOCATION"), Seq("EXTERNAL", "METADATA"),
    Seq("PROCEDURE"), Seq("RECIPIENT"), Seq("SERVICE", "CREDENTIAL"), Seq("SHARE"),
    Seq("STORAGE", "CREDENTIAL"))

  override def takes(text: String, session: SparkSession): Boolean = kind(text).isDefined

  def parse(words: Words): LogicalPlan = {
    val name = kind(words.statement).getOrElse(words.fail("a kind of object"))
    throw Errors.runsOnDatabricks(s"a grant on $name",
      "declare it in the bundle or with Terraform; grants here are on catalogs, schemas, tables, views, volumes, functions and models")
  }

  /** The words after ON, unless they are themselves the name of a table. */
  private def kind(text: String): Option[String] = {
    val pieces = Pieces.of(text).filterNot(_.is(";"))
    kinds.find { words =>
      val at = pieces.indices.find(i => Pieces.contains(pieces.slice(i, i + 1 + words.length), "ON" +: words))
      at.map(_ + 1 + words.length).exists { next =>
        pieces.lift(next).exists(one => one.isName && !one.is("TO") && !one.is("FROM"))
      }
    }.map(_.mkString(" "))
  }
}
