package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.lakewright.SparkAccess
import org.apache.spark.sql.types.{StructField, StructType}

/** A function as DESCRIBE FUNCTION shows it: one line a fact, as Databricks and Spark lay it out. */
final class DescribedFunction(place: EntryPlace, entry: Entry) {
  private val text = entry.function.get

  def lines(extended: Boolean): Seq[String] = {
    val short = Seq("Function" -> Seq(place.parts.mkString(".")), "Type" -> Seq(if (text.isTable) "TABLE" else "SCALAR"),
      "Input" -> list(text.fields), "Returns" -> returns)
    val long = Seq("Comment" -> entry.comment.toSeq, "Deterministic" -> text.deterministic.map(_.toString).toSeq,
      "Data Access" -> text.containsSql.map(contains => if (contains) "CONTAINS SQL" else "READS SQL DATA").toSeq,
      "Owner" -> Seq(entry.owner), "Create Time" -> Seq(entry.createdAt.toString), "Body" -> Seq(text.body))
    (if (extended) short ++ long else short).flatMap { case (label, values) => labelled(label, values) }
  }

  private def labelled(label: String, values: Seq[String]): Seq[String] = values.zipWithIndex.map { case (value, at) =>
    (if (at == 0) s"$label:" else "").padTo(DescribedFunction.Width, ' ') + value
  }

  private def returns: Seq[String] = text.returns match {
    case row: StructType if text.isTable => list(row.fields.toSeq)
    case kind => Seq(kind.sql)
  }

  private def list(fields: Seq[StructField]): Seq[String] = if (fields.isEmpty) Seq("()") else fields.map { field =>
    val default = SparkAccess.defaultOf(field).map(value => s" DEFAULT $value")
    val comment = field.getComment().map(value => s" '$value'")
    s"${field.name} ${field.dataType.sql}${default.getOrElse("")}${comment.getOrElse("")}"
  }
}

object DescribedFunction {
  private val Width = 15
}

/** The functions that every session has. */
object BuiltInFunctions {
  def names(session: SparkSession): Seq[String] = session.asInstanceOf[ClassicSession].sessionState.functionRegistry
    .listFunction().map(_.funcName).distinct
}
