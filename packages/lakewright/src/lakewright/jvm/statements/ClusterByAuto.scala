package lakewright

/**
 * `CLUSTER BY AUTO`, which Spark's grammar does not have. A service of Databricks chooses the columns; here nobody does,
 * so a new table has none, and an altered one keeps what it has. How files are laid out changes no result.
 * Source: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-cluster-by
 */
object ClusterByAuto {
  private val words = Seq("CLUSTER", "BY", "AUTO")

  /** The text for Spark's parser. */
  def plain(text: String): String = {
    val opening = Words.opening(text, 4)
    val pieces = if (opening.contains("TABLE") && text.toUpperCase(java.util.Locale.ROOT).contains("AUTO")) Pieces.of(text) else Vector.empty
    pieces.indices.find(i => words.indices.forall(w => pieces.lift(i + w).exists(_.is(words(w))))).fold(text) { at =>
      val (from, until) = (pieces(at).from, pieces(at + words.length - 1).until)
      // ALTER TABLE needs something to alter: the property that Databricks shows for such a table.
      val instead = if (opening.headOption.contains("ALTER")) "SET TBLPROPERTIES ('clusterByAuto' = 'true')" else " " * (until - from)
      text.patch(from, instead, until - from)
    }
  }
}
