package lakewright

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import com.fasterxml.jackson.databind.node.ArrayNode

/** A table's keys as a part of its file. */
object KeyFormat {
  def write(mapper: ObjectMapper, keys: Seq[TableKey]): JsonNode = {
    val list = mapper.createArrayNode()
    keys.foreach { key =>
      val node = list.addObject().put("name", key.name).put("kind", key.kind.sql).put("rely", key.rely)
      key.columns.foreach(node.withArrayProperty("columns").add(_))
      key.timeseries.foreach(node.withArrayProperty("timeseries").add(_))
      key.parent.foreach { parent =>
        val inner = node.putObject("parent").put("uuid", parent.uuid).put("key", parent.key)
        parent.positions.foreach(position => inner.withArrayProperty("positions").add(position))
      }
    }
    list
  }

  def read(node: JsonNode): Seq[TableKey] = node match {
    case null => Nil
    case list: ArrayNode => list.elements.asScala.map(key).toSeq
    case _ => throw new RecordFormat.Unreadable("the field 'keys' is not a list")
  }

  private def key(node: JsonNode): TableKey = {
    val kind = RecordFormat.text(node, "kind")
    TableKey(
      RecordFormat.text(node, "name"),
      KeyKind.named(kind).getOrElse(throw new RecordFormat.Unreadable(s"the kind of key '$kind' is not known")),
      RecordFormat.list(node, "columns"),
      RecordFormat.list(node, "timeseries"),
      node.path("rely").asBoolean(false),
      Option(node.get("parent")).map { parent =>
        ParentKey(RecordFormat.text(parent, "uuid"), RecordFormat.text(parent, "key"),
          RecordFormat.list(parent, "positions").map(_.toInt))
      })
  }
}
