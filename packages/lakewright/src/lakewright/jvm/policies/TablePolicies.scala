package lakewright

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import com.fasterxml.jackson.databind.node.ObjectNode
import org.apache.spark.sql.lakewright.SparkAccess

/** What a policy's function is given: a column of the table by its name, or a constant as SQL text. */
sealed trait PolicyArgument { def shown: String }
object PolicyArgument {
  final case class Column(name: String) extends PolicyArgument {
    def shown: String = s"`${name.replace("`", "``")}`"
  }
  final case class Constant(text: String) extends PolicyArgument { def shown: String = text }
}

/** A function of the catalog by its full name, and its arguments; a mask's masked column comes before them. */
final case class PolicyCall(function: Seq[String], arguments: Seq[PolicyArgument]) {
  def columns: Seq[String] = arguments.collect { case PolicyArgument.Column(name) => name }

  def asFilter: String = s"WITH ROW FILTER ${SparkAccess.quoted(function)} ON ${list}"
  def asMask: String = s"MASK ${SparkAccess.quoted(function)}${if (arguments.isEmpty) "" else s" USING COLUMNS $list"}"
  private def list: String = arguments.map(_.shown).mkString("(", ", ", ")")
}

/** The row filter of a table and the masks of its columns, by the columns' names in lower case. */
final case class TablePolicies(filter: Option[PolicyCall] = None, masks: Map[String, PolicyCall] = Map.empty) {
  def isEmpty: Boolean = filter.isEmpty && masks.isEmpty

  /** Every column that a policy masks or reads. */
  def columns: Set[String] = (masks.keys ++ (filter ++ masks.values).flatMap(_.columns)).map(Names.key).toSet

  def functions: Seq[Seq[String]] = (filter.toSeq ++ masks.values).map(_.function).distinct
}

/** Policies as JSON, in the field `policies` of a table's entry. */
object PolicyFormat {
  def write(mapper: ObjectMapper, policies: TablePolicies): JsonNode = {
    val node = mapper.createObjectNode()
    policies.filter.foreach(call => write(node.putObject("row_filter"), call))
    val masks = node.putObject("column_masks")
    policies.masks.toSeq.sortBy(_._1).foreach { case (column, call) => write(masks.putObject(column), call) }
    node
  }

  private[lakewright] def write(node: ObjectNode, call: PolicyCall): Unit = {
    val function = node.putArray("function")
    call.function.foreach(part => function.add(part))
    val arguments = node.putArray("arguments")
    call.arguments.foreach {
      case PolicyArgument.Column(name) => arguments.addObject().put("column", name)
      case PolicyArgument.Constant(text) => arguments.addObject().put("constant", text)
    }
  }

  def read(node: JsonNode): TablePolicies = if (node == null) TablePolicies() else TablePolicies(
    Option(node.get("row_filter")).map(call),
    Option(node.get("column_masks")).toSeq.flatMap(_.properties.asScala).map(one => one.getKey -> call(one.getValue)).toMap)

  private[lakewright] def call(node: JsonNode): PolicyCall = {
    val arguments = Option(node.get("arguments")).toSeq.flatMap(_.elements.asScala).map { one =>
      if (one.hasNonNull("column")) PolicyArgument.Column(one.get("column").asText)
      else PolicyArgument.Constant(RecordFormat.text(one, "constant"))
    }
    PolicyCall(RecordFormat.list(node, "function"), arguments)
  }
}
