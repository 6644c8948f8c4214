package lakewright

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import com.fasterxml.jackson.databind.node.ObjectNode
import org.apache.spark.sql.types.{DataType, StructType}

/**
 * What makes a SQL function: its signature and text, and everything that its text was written under.
 *
 * @param parameters names, types, comments and defaults, in order; None for a function without brackets
 * @param returns the type of the result; that of a table function is its row
 * @param body the expression after RETURN, or the query of a table function or of `RETURN (SELECT …)`
 * @param namespace the catalog and the schema that complete its names
 * @param context the settings that it was written under, in Spark's form
 */
final case class FunctionText(
    parameters: Option[StructType],
    returns: DataType,
    isTable: Boolean,
    expression: Option[String],
    query: Option[String],
    deterministic: Option[Boolean],
    containsSql: Option[Boolean],
    namespace: Seq[String],
    context: Map[String, String]) {
  def body: String = expression.orElse(query).getOrElse("")
  def fields: Seq[org.apache.spark.sql.types.StructField] = parameters.toSeq.flatMap(_.fields)
}

/** A function's text as JSON, in the field `function` of its entry. */
object FunctionFormat {
  def write(mapper: ObjectMapper, text: FunctionText): JsonNode = {
    val node = mapper.createObjectNode().put("returns", text.returns.json).put("is_table", text.isTable)
    text.parameters.foreach(parameters => node.put("parameters", parameters.json))
    text.expression.foreach(node.put("expression", _))
    text.query.foreach(node.put("query", _))
    text.deterministic.foreach(value => node.put("deterministic", value))
    text.containsSql.foreach(value => node.put("contains_sql", value))
    val namespace = node.putArray("namespace")
    text.namespace.foreach(part => namespace.add(part))
    val context = node.putObject("context")
    text.context.toSeq.sorted.foreach { case (key, value) => context.put(key, value) }
    node
  }

  def read(node: JsonNode): FunctionText = FunctionText(
    optional(node, "parameters").map(json => typed(json).asInstanceOf[StructType]),
    typed(RecordFormat.text(node, "returns")),
    node.path("is_table").asBoolean(false),
    optional(node, "expression"),
    optional(node, "query"),
    flag(node, "deterministic"),
    flag(node, "contains_sql"),
    RecordFormat.list(node, "namespace"),
    node.get("context") match {
      case values: ObjectNode => values.properties.asScala.map(pair => pair.getKey -> pair.getValue.asText).toMap
      case _ => throw new RecordFormat.Unreadable("the function has no context")
    })

  private def typed(json: String): DataType =
    try DataType.fromJson(json)
    catch { case scala.util.control.NonFatal(_) => throw new RecordFormat.Unreadable("a type of the function is not known") }

  private def optional(node: JsonNode, field: String): Option[String] =
    Option(node.get(field)).filter(_.isTextual).map(_.asText)

  private def flag(node: JsonNode, field: String): Option[Boolean] =
    Option(node.get(field)).filter(_.isBoolean).map(_.asBoolean)
}
