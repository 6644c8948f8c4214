package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan

/** A statement that open-source Spark does not have: recognises it by its first words, and reads it. */
trait Statement {
  /** The first words, in capitals, of the texts that this statement takes. */
  def openings: Seq[Seq[String]]

  /** A closer look, for texts whose first words are Spark's as well. */
  def takes(text: String, session: SparkSession): Boolean = true

  def parse(words: Words): LogicalPlan
}

object Statements {
  private val all: Seq[Statement] = Seq(PolicyStatement, AlterTags, SetTag) ++ WorkspaceStatements.all ++ Seq(
    CreateCatalog, DropCatalog, UseCatalog, ShowCatalogs, DescribeCatalog,
    GrantStatement, RevokeStatement, ShowGrants, AlterOwner, CommentOn, CommentOnView,
    CreatePolicy, DropPolicy, ShowPolicies, DescribePolicy, DropKey, ConvertToDelta, CopyInto, CreateVolume, DropVolume, ShowVolumes, DescribeVolume)
  private val longest = all.flatMap(_.openings).map(_.length).max

  /** The plan of a text that is one of our statements; None passes it to Spark's own parser. */
  def parse(text: String, session: SparkSession, parameters: BoundTexts = BoundTexts()): Option[LogicalPlan] = {
    val first = Words.opening(text, longest)
    all.find(one => one.openings.exists(first.startsWith(_)) && one.takes(text, session))
      .map(_.parse(Words.of(text, parameters)))
  }
}
