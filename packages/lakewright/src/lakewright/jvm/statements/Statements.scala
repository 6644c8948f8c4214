package lakewright

import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan

/** A statement that open-source Spark does not have: tells by the first words whether a text is one, and reads it. */
trait Statement {
  /** The first words, in capitals, of the texts that this statement takes. */
  def openings: Seq[Seq[String]]
  def parse(words: Words): LogicalPlan
}

object Statements {
  private val all: Seq[Statement] = Seq(CreateCatalog, DropCatalog, UseCatalog, ShowCatalogs)
  private val longest = all.flatMap(_.openings).map(_.length).max

  /** The plan of a text that is one of our statements; None hands it on to Spark's own parser. */
  def parse(text: String): Option[LogicalPlan] = {
    val first = Words.opening(text, longest)
    all.find(_.openings.exists(first.startsWith(_))).map(_.parse(Words.of(text)))
  }
}
