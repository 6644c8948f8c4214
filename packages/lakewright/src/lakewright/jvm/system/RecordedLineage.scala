package lakewright

import java.time.{Instant, OffsetDateTime, ZoneOffset}
import java.time.temporal.ChronoUnit

import scala.jdk.CollectionConverters._
import scala.util.Try

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}

/** @param kind TABLE, VIEW or PATH */
final case class RecordedDataset(kind: String, name: String, direct: Boolean) {
  def isPath: Boolean = kind == "PATH"

  /** Catalog, schema and name; None for a path. */
  lazy val parts: Option[Seq[String]] =
    if (isPath) None else Names.parts(name).filter(_.length == 3)

  /** What a principal has to know of to see it: the table, or the volume of a path. None for other paths. */
  def securable: Option[Securable] = kind match {
    case "PATH" => name.split('/').toSeq.filter(_.nonEmpty) match {
      case "Volumes" +: names if names.length >= 3 => Some(Securable(SecurableKind.Volume, names.take(3)))
      case _ => None
    }
    case "VIEW" => parts.map(Securable(SecurableKind.View, _))
    case _ => parts.map(Securable(SecurableKind.Table, _))
  }
}

final case class RecordedEdge(
    source: RecordedDataset, sourceColumn: String, target: RecordedDataset, targetColumn: String)

/** An event of a statement that has completed, as a line of the files has it. */
final class RecordedLineage private (event: JsonNode) {
  private val facets = event.path("run").path("facets")
  private val own = facets.path("lakewright")

  val run: String = event.path("run").path("runId").asText
  private val at: Instant = OffsetDateTime.parse(event.path("eventTime").asText).toInstant
  val micros: Long = ChronoUnit.MICROS.between(Instant.EPOCH, at)
  val days: Int = at.atOffset(ZoneOffset.UTC).toLocalDate.toEpochDay.toInt
  val principal: Option[String] = text(own, "principal")
  val facts: Map[String, String] =
    Seq("job", "task", "run_id", "notebook").flatMap(key => text(own, key).map(key -> _)).toMap

  val entityType: Option[String] =
    if (facts.contains("job")) Some("JOB") else if (facts.contains("notebook")) Some("NOTEBOOK") else None
  val entityId: Option[String] = facts.get("job").orElse(facts.get("notebook"))

  val inputs: Seq[RecordedDataset] = datasets("inputs").flatMap(_._2)
  val outputs: Seq[RecordedDataset] = datasets("outputs").flatMap(_._2)

  /** The columns that are made of others; one after the other, because they can be tens of thousands. */
  def edges: Iterator[RecordedEdge] = {
    val known = datasets("inputs").collect { case (node, Some(dataset)) => node.path("name").asText -> dataset }.toMap
    for {
      (node, Some(target)) <- datasets("outputs").iterator
      field <- node.path("facets").path("columnLineage").path("fields").properties.iterator.asScala
      source <- field.getValue.path("inputFields").elements.asScala
      if source.path("transformations").elements.asScala.exists(_.path("type").asText == "DIRECT")
      dataset <- known.get(source.path("name").asText).orElse(unlisted(target, source.path("name").asText))
    } yield RecordedEdge(dataset, source.path("field").asText, target, field.getKey)
  }

  /** A table that changes itself is none of its inputs. */
  private def unlisted(target: RecordedDataset, name: String): Option[RecordedDataset] =
    Option.when(name == target.name)(target.copy(direct = true))

  private def datasets(list: String): Seq[(JsonNode, Option[RecordedDataset])] =
    event.path(list).elements.asScala.toSeq.map(node => node -> dataset(node))

  /** None for a model: these tables know none. */
  private def dataset(node: JsonNode): Option[RecordedDataset] = {
    val facets = node.path("facets")
    val direct = facets.path("lakewright").path("direct_access").asBoolean(true)
    val name = node.path("name").asText
    facets.path("datasetType").path("datasetType").asText("TABLE") match {
      case "FILE" => Some(RecordedDataset("PATH", located(node.path("namespace").asText, name), direct))
      case kind @ ("TABLE" | "VIEW") => Some(RecordedDataset(kind, name, direct))
      case _ => None
    }
  }

  /** A path with its scheme, if it has one that is not the project's. */
  private def located(namespace: String, path: String): String =
    if (path.startsWith("/Volumes/")) path
    else if (namespace == "file" || namespace == "dbfs") s"$namespace:$path"
    else if (namespace.startsWith("lakewright://")) path
    else s"$namespace$path"

  private def text(node: JsonNode, key: String): Option[String] = Option(node.path(key).asText(null)).filter(_.nonEmpty)
}

object RecordedLineage {
  private val mapper = new ObjectMapper()

  /** None for what is no such event: a start, a failure, a line that is half written or damaged. */
  def of(line: String): Option[RecordedLineage] = if (!line.contains("COMPLETE")) None else Try {
    val event = mapper.readTree(line)
    def isComplete = event.path("eventType").asText == "COMPLETE" && event.path("run").path("runId").isTextual
    Option.when(event != null && isComplete)(new RecordedLineage(event))
  }.toOption.flatten
}
