package lakewright

import java.time.Instant

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper, SerializationFeature}
import com.fasterxml.jackson.databind.node.{ArrayNode, ObjectNode}

/**
 * The catalog's files as JSON. Fields may be added; a file of a later format is refused, not guessed. Format 2 is that
 * of a table with policies: a version that does not know them refuses it, where it would forget them. So is format 3, of what
 * has tags or attribute-based policies.
 */
object RecordFormat {
  val Version = 1
  val WithPolicies = 2
  val WithAttributes = 3
  private val mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT)

  final class Unreadable(reason: String) extends RuntimeException(reason)

  def write(entry: Entry): Array[Byte] = {
    val root = document(entry.kind.word)
    if (!entry.policies.isEmpty) root.put("format", WithPolicies)
    root.put("uuid", entry.uuid)
    common(root, entry.owner, entry.comment, entry.location, entry.properties, entry.grants, entry.createdAt)
    entry.view.foreach(view => root.set[JsonNode]("view", viewNode(view)))
    entry.function.foreach(function => root.set[JsonNode]("function", FunctionFormat.write(mapper, function)))
    if (!entry.policies.isEmpty) root.set[JsonNode]("policies", PolicyFormat.write(mapper, entry.policies))
    if (entry.keys.nonEmpty) root.set[JsonNode]("keys", KeyFormat.write(mapper, entry.keys))
    attributes(root, entry.attributes)
    mapper.writeValueAsBytes(root)
  }

  def write(kind: String, container: Container): Array[Byte] = {
    val root = document(kind)
    common(root, container.owner, container.comment, container.location, container.properties, container.grants,
      container.createdAt)
    attributes(root, container.attributes)
    mapper.writeValueAsBytes(root)
  }

  def readEntry(bytes: Array[Byte]): Entry = {
    val root = parse(bytes)
    val word = text(root, "kind")
    val kind = EntryKind.named(word).getOrElse(throw new Unreadable(s"its kind '$word' is not known"))
    val view = Option(root.get("view")).map(readView)
    if (kind == EntryKind.View && view.isEmpty) throw new Unreadable("it is a view without text")
    val function = Option(root.get("function")).map(FunctionFormat.read)
    if (kind == EntryKind.Function && function.isEmpty) throw new Unreadable("it is a function without text")
    if (EntryKind.placed(kind) && !root.hasNonNull("location")) throw new Unreadable("it has no location")
    Entry(kind, text(root, "owner"), optional(root, "location"), optional(root, "comment"), strings(root, "properties"),
      grants(root), view, KeyFormat.read(root.get("keys")), function,
      PolicyFormat.read(root.get("policies")), AttributesFormat.read(root), text(root, "uuid"), instant(root))
  }

  def readContainer(bytes: Array[Byte]): Container = {
    val root = parse(bytes)
    Container(text(root, "owner"), optional(root, "comment"), optional(root, "location"), strings(root, "properties"),
      grants(root), AttributesFormat.read(root), instant(root))
  }

  private def document(kind: String): ObjectNode =
    mapper.createObjectNode().put("format", Version).put("kind", kind)

  private def attributes(root: ObjectNode, attributes: Attributes): Unit = if (!attributes.isEmpty) {
    root.put("format", WithAttributes)
    AttributesFormat.write(mapper, root, attributes)
  }

  private def common(
      root: ObjectNode, owner: String, comment: Option[String], location: Option[String],
      properties: Map[String, String], grants: Seq[Grant], createdAt: Instant): Unit = {
    root.put("owner", owner).put("created_at", createdAt.toString)
    comment.foreach(root.put("comment", _))
    location.foreach(root.put("location", _))
    root.set[JsonNode]("properties", stringNode(properties))
    val list = root.putArray("grants")
    grants.foreach { grant =>
      val node = list.addObject().put("principal", grant.principal).put("privilege", grant.privilege)
      grant.grantor.foreach(node.put("grantor", _))
    }
  }

  private def viewNode(view: ViewText): ObjectNode = {
    val node = mapper.createObjectNode().put("text", view.text).put("schema", view.schema)
    view.catalog.foreach(node.put("catalog", _))
    view.schemaMode.foreach(node.put("schema_mode", _))
    val namespace = node.putArray("namespace")
    view.namespace.foreach(part => namespace.add(part))
    val columns = node.putArray("query_columns")
    view.queryColumns.foreach(column => columns.add(column))
    node.set[JsonNode]("sql_configs", stringNode(view.sqlConfigs))
    node
  }

  private def readView(node: JsonNode): ViewText = ViewText(
    text(node, "text"), optional(node, "catalog"), list(node, "namespace"), text(node, "schema"),
    list(node, "query_columns"), optional(node, "schema_mode"), strings(node, "sql_configs"))

  private def parse(bytes: Array[Byte]): JsonNode = {
    val root = try mapper.readTree(bytes) catch {
      case problem: java.io.IOException => throw new Unreadable(s"it is not JSON (${firstLine(problem.getMessage)})")
    }
    if (root == null || !root.isObject) throw new Unreadable("it is empty, or not a JSON object")
    val version = root.path("format").asInt(0)
    if (version < Version || version > WithAttributes) throw new Unreadable(s"its format is $version, this version reads $WithAttributes")
    root
  }

  private[lakewright] def text(node: JsonNode, field: String): String =
    optional(node, field).getOrElse(throw new Unreadable(s"the field '$field' is missing"))

  private[lakewright] def optional(node: JsonNode, field: String): Option[String] =
    Option(node.get(field)).filter(_.isTextual).map(_.asText)

  private[lakewright] def list(node: JsonNode, field: String): Seq[String] = Option(node.get(field)).toSeq.flatMap {
    case values: ArrayNode => values.elements.asScala.map(_.asText).toSeq
    case _ => throw new Unreadable(s"the field '$field' is not a list")
  }

  private[lakewright] def strings(node: JsonNode, field: String): Map[String, String] = Option(node.get(field)).map {
    case values: ObjectNode => values.properties.asScala.map(pair => pair.getKey -> pair.getValue.asText).toMap
    case _ => throw new Unreadable(s"the field '$field' is not an object")
  }.getOrElse(Map.empty)

  private def grants(node: JsonNode): Seq[Grant] =
    Option(node.get("grants")).toSeq.flatMap(_.elements.asScala)
      .map(grant => Grant(text(grant, "principal"), text(grant, "privilege"), optional(grant, "grantor")))

  private def instant(node: JsonNode): Instant = try Instant.parse(text(node, "created_at")) catch {
    case _: java.time.format.DateTimeParseException => throw new Unreadable("the field 'created_at' is not a time")
  }

  private def stringNode(values: Map[String, String]): ObjectNode = {
    val node = mapper.createObjectNode()
    values.toSeq.sorted.foreach { case (key, value) => node.put(key, value) }
    node
  }

  private def firstLine(message: String): String = Option(message).flatMap(_.linesIterator.nextOption()).getOrElse("")
}
