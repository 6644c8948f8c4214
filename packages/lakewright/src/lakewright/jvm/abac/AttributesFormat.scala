package lakewright

import java.time.Instant

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import com.fasterxml.jackson.databind.node.ObjectNode

/** Tags and attribute-based policies as JSON: the fields `tags`, `column_tags` and `attribute_policies` of a record. */
object AttributesFormat {
  def write(mapper: ObjectMapper, root: ObjectNode, attributes: Attributes): Unit = {
    if (attributes.tags.nonEmpty) tags(root.putObject("tags"), attributes.tags)
    if (attributes.columns.byColumn.nonEmpty) {
      val columns = root.putObject("column_tags")
      attributes.columns.byColumn.toSeq.sortBy(_._1).foreach { case (name, set) => tags(columns.putObject(name), set) }
    }
    if (attributes.policies.nonEmpty) {
      val list = root.putArray("attribute_policies")
      attributes.policies.foreach(policy => write(list.addObject(), policy))
    }
  }

  private def tags(node: ObjectNode, values: Tags.Map): Unit =
    values.toSeq.sorted.foreach { case (key, value) => node.put(key, value) }

  private def write(node: ObjectNode, policy: AttributePolicy): Unit = {
    node.put("name", policy.name).put("action", policy.action.word)
    policy.action match {
      case PolicyAction.ColumnMask(alias) => node.put("on_column", alias)
      case PolicyAction.RowFilter => ()
    }
    PolicyFormat.write(node.putObject("call"), PolicyCall(policy.function, policy.arguments))
    list(node, "to", policy.to)
    list(node, "except", policy.except)
    policy.when.foreach(condition => node.put("when", condition.shown))
    val columns = node.putArray("match_columns")
    policy.columns.foreach { one =>
      val column = columns.addObject().put("condition", one.condition.shown)
      one.alias.foreach(column.put("alias", _))
    }
    policy.comment.foreach(node.put("comment", _))
    node.put("created_by", policy.createdBy).put("created_at", policy.createdAt.toString)
      .put("updated_by", policy.updatedBy).put("updated_at", policy.updatedAt.toString)
  }

  private def list(node: ObjectNode, field: String, values: Seq[String]): Unit = {
    val array = node.putArray(field)
    values.foreach(value => array.add(value))
  }

  def read(root: JsonNode): Attributes = Attributes(
    RecordFormat.strings(root, "tags"),
    ColumnTags(Option(root.get("column_tags")).toSeq.flatMap(_.properties.asScala)
      .map(one => one.getKey -> RecordFormat.strings(root.get("column_tags"), one.getKey)).toMap),
    Option(root.get("attribute_policies")).toSeq.flatMap(_.elements.asScala).map(policy))

  private def policy(node: JsonNode): AttributePolicy = {
    val call = PolicyFormat.call(node.path("call"))
    AttributePolicy(
      RecordFormat.text(node, "name"),
      if (node.hasNonNull("on_column")) PolicyAction.ColumnMask(RecordFormat.text(node, "on_column")) else PolicyAction.RowFilter,
      call.function, call.arguments, RecordFormat.list(node, "to"), RecordFormat.list(node, "except"),
      RecordFormat.optional(node, "when").map(condition),
      Option(node.get("match_columns")).toSeq.flatMap(_.elements.asScala)
        .map(one => MatchedColumns(condition(RecordFormat.text(one, "condition")), RecordFormat.optional(one, "alias"))),
      RecordFormat.optional(node, "comment"), RecordFormat.text(node, "created_by"), time(node, "created_at"),
      RecordFormat.text(node, "updated_by"), time(node, "updated_at"))
  }

  private def condition(text: String): TagCondition = try TagCondition.parse(text) catch {
    case problem: AnalysisFailure => throw new RecordFormat.Unreadable(s"a condition of a policy is not one: ${problem.getMessage}")
  }

  private def time(node: JsonNode, field: String): Instant = try Instant.parse(RecordFormat.text(node, field)) catch {
    case _: java.time.format.DateTimeParseException => throw new RecordFormat.Unreadable(s"the field '$field' is not a time")
  }
}
