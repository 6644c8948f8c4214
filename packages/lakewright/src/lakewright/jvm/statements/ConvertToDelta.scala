package lakewright

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.connector.catalog.Identifier
import org.apache.spark.sql.execution.command.LeafRunnableCommand

/**
 * `CONVERT TO DELTA name …` of a table of ours, which is Delta already: nothing to do, as Delta says of its own. Delta
 * would look for the name in Spark's session catalog. Files under a path are Delta's to convert.
 */
object ConvertToDelta extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("CONVERT", "TO", "DELTA"))

  override def takes(text: String, session: SparkSession): Boolean =
    try CommandContext.of(session).ours(name(Words.of(text))).isDefined catch { case _: AnalysisFailure => false }

  def parse(words: Words): LogicalPlan = ConvertToDeltaCommand(name(words))

  private def name(words: Words): Seq[String] = {
    words.require("CONVERT", "TO", "DELTA")
    words.names("a table's name")
  }
}

final case class ConvertToDeltaCommand(parts: Seq[String]) extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = {
    CommandContext.of(session).ours(parts).foreach { case (catalog, ident) => requireTable(catalog, ident) }
    Nil
  }

  private def requireTable(catalog: LakehouseCatalog, ident: Identifier): Unit = {
    if (!catalog.tableExists(ident)) throw new NoSuchTableException(catalog.name() +: ident.namespace().toSeq :+ ident.name())
    catalog.requireModify(ident)
  }
}
