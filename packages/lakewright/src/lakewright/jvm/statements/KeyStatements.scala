package lakewright

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.connector.catalog.Identifier
import org.apache.spark.sql.execution.command.LeafRunnableCommand
import org.apache.spark.sql.lakewright.SparkAccess

/** `ALTER TABLE name DROP PRIMARY KEY [IF EXISTS] [RESTRICT | CASCADE]`, `… DROP FOREIGN KEY [IF EXISTS] (column, …)` */
object DropKey extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("ALTER", "TABLE"))

  // Every other ALTER TABLE is Spark's; one that goes wrong after DROP … KEY is ours.
  override def takes(text: String, session: SparkSession): Boolean =
    try { opening(Words.of(text)); true } catch { case _: AnalysisFailure => false }

  def parse(words: Words): LogicalPlan = {
    val (table, kind) = opening(words)
    val ifExists = words.take("IF", "EXISTS")
    val columns = if (kind == KeyKind.Foreign) words.list("a column's name") else Nil
    val cascade = kind == KeyKind.Primary && (words.take("CASCADE") || { words.take("RESTRICT"); false })
    words.end()
    DropKeyCommand(table, kind, columns, ifExists, cascade)
  }

  private def opening(words: Words): (Seq[String], KeyKind) = {
    words.require("ALTER", "TABLE")
    val table = words.names("a table's name")
    words.require("DROP")
    val kind = if (words.take("PRIMARY")) KeyKind.Primary else { words.require("FOREIGN"); KeyKind.Foreign }
    words.require("KEY")
    (table, kind)
  }
}

final case class DropKeyCommand(
    table: Seq[String], kind: KeyKind, columns: Seq[String], ifExists: Boolean, cascade: Boolean)
    extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = {
    val parts = CommandContext.of(session).complete(table, 3)
    val ident = Identifier.of(Array(parts(1)), parts(2))
    val dropped = SparkAccess.catalogManager(session).catalog(parts.head) match {
      case catalog: LakehouseCatalog => catalog.dropKey(ident, matches, cascade)
      case _ => throw new NoSuchTableException(parts)
    }
    if (!dropped && !ifExists) throw KeyErrors.noSuchKey(SparkAccess.quoted(parts), described)
    Nil
  }

  private def matches(key: TableKey): Boolean =
    key.kind == kind && (kind == KeyKind.Primary || key.columns.map(Names.key) == columns.map(Names.key))

  private def described: String =
    if (kind == KeyKind.Primary) "primary key" else s"foreign key (${columns.mkString(", ")})"
}
