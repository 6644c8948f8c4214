package lakewright

import java.time.Instant
import java.util.UUID

import com.fasterxml.jackson.databind.ObjectMapper
import com.fasterxml.jackson.databind.node.{ArrayNode, ObjectNode}

/** One execution of a statement: what its events have in common. */
final case class LineageRun(id: UUID, execution: Long, context: LineageContext, lineage: StatementLineage)

/**
 * Events as JSON. Nothing of the data and no literal of the statement is in them: of an error, only its condition.
 * Source: https://github.com/OpenLineage/OpenLineage/tree/main/spec (core 2-0-2).
 */
final class OpenLineageEvents(namespace: String, sparkVersion: String) {
  import OpenLineageEvents._

  def started(run: LineageRun, at: Instant, lost: Long): String = event("START", run, at, lost, cause = None)

  def completed(run: LineageRun, at: Instant, lost: Long): String = event("COMPLETE", run, at, lost, cause = None)

  def failed(run: LineageRun, at: Instant, lost: Long, cause: Option[Throwable]): String =
    event("FAIL", run, at, lost, cause)

  private def event(kind: String, run: LineageRun, at: Instant, lost: Long, cause: Option[Throwable]): String = {
    val root = mapper.createObjectNode().put("eventTime", at.toString).put("producer", Producer)
      .put("schemaURL", s"$Spec/2-0-2/OpenLineage.json#/$$defs/RunEvent").put("eventType", kind)
    val facets = root.putObject("run").put("runId", run.id.toString).putObject("facets")
    runFacets(facets, run, lost)
    if (kind == "FAIL") errorFacet(facets, cause)
    val job = root.putObject("job").put("namespace", namespace).put("name", jobName(run))
    facet(job.putObject("facets"), "jobType", "JobTypeJobFacet", "2-0-4")
      .put("processingType", if (run.lineage.operation == "STREAM") "STREAMING" else "BATCH")
      .put("integration", "SPARK").put("jobType", "QUERY")
    val inputs = root.putArray("inputs")
    // The columns are in the event that ends the run: servers merge both.
    val isEnd = kind != "START"
    def listed(fields: Seq[LineageField]) = if (isEnd) fields else Nil
    run.lineage.inputs.foreach(input => inputFacets(dataset(inputs, input.dataset, listed(input.fields)), input))
    val outputs = root.putArray("outputs")
    run.lineage.output.foreach { output =>
      val facets = dataset(outputs, output.dataset, listed(output.fields))
      if (isEnd) columnLineage(facets, output)
    }
    mapper.writeValueAsString(root)
  }

  /** One name for what a task does with one target, so that a server sees its runs as repetitions of one job. */
  private def jobName(run: LineageRun): String = {
    val target = run.lineage.output.map(_.dataset.name.stripPrefix("/").replace('/', '.'))
    (run.context.job.toSeq ++ Some(run.lineage.operation.toLowerCase.replace(' ', '_')) ++ target).mkString(".")
  }

  private def runFacets(facets: ObjectNode, run: LineageRun, lost: Long): Unit = {
    val engine = facet(facets, "processing_engine", "ProcessingEngineRunFacet", "1-1-1")
    engine.put("version", sparkVersion).put("name", "spark").put("openlineageAdapterVersion", "lakewright")
    for (job <- run.context.job; parent <- run.context.run) {
      val node = facet(facets, "parent", "ParentRunFacet", "1-2-0")
      node.putObject("run").put("runId", parent.toString)
      node.putObject("job").put("namespace", namespace).put("name", job)
    }
    val own = ownFacet(facets)
    own.put("operation", run.lineage.operation).put("statement", run.execution).put("principal", run.context.principal)
    run.context.facts.foreach { case (key, value) => own.put(key, value) }
    if (lost > 0) own.put("lost", lost)
  }

  private def errorFacet(facets: ObjectNode, cause: Option[Throwable]): Unit = {
    val condition = cause.collect { case known: org.apache.spark.SparkThrowable => Option(known.getCondition) }.flatten
    val message = condition.orElse(cause.map(_.getClass.getName)).getOrElse("unknown")
    val error = facet(facets, "errorMessage", "ErrorMessageRunFacet", "1-0-1")
    error.put("message", message).put("programmingLanguage", "SQL")
  }

  private def dataset(all: ArrayNode, dataset: LineageDataset, fields: Seq[LineageField]): ObjectNode = {
    val facets = all.addObject().put("namespace", dataset.namespace).put("name", dataset.name).putObject("facets")
    val kind = if (dataset.kind == DatasetKind.Path) "FILE" else dataset.kind.word
    facet(facets, "datasetType", "DatasetTypeDatasetFacet", "1-0-1").put("datasetType", kind)
    if (fields.nonEmpty) {
      val listed = facet(facets, "schema", "SchemaDatasetFacet", "1-2-0").putArray("fields")
      fields.foreach(field => listed.addObject().put("name", field.name).put("type", field.dataType.catalogString))
    }
    facets
  }

  private def inputFacets(facets: ObjectNode, input: LineageInput): Unit =
    if (!input.direct) ownFacet(facets).put("direct_access", false)

  private def columnLineage(facets: ObjectNode, output: LineageOutput): Unit =
    if (output.edges > MaximumEdges) ownFacet(facets).put("columns_left_out", output.edges)
    else if (output.columns.nonEmpty || !output.deciding.isEmpty) {
      val node = facet(facets, "columnLineage", "ColumnLineageDatasetFacet", "1-2-0")
      val columns = node.putObject("fields")
      output.fields.map(_.name).distinct.flatMap(name => output.columns.get(name).map(name -> _)).foreach {
        case (name, origin) => inputFields(columns.putObject(name).putArray("inputFields"), origin)
      }
      if (!output.deciding.isEmpty) inputFields(node.putArray("dataset"), output.deciding)
    }

  private def inputFields(all: ArrayNode, origin: Origin): Unit = {
    val sorted = origin.columns.toSeq.sortBy { case (column, _) => (column.dataset.name, column.name) }
    sorted.foreach { case (column, ways) =>
      val node = all.addObject()
        .put("namespace", column.dataset.namespace).put("name", column.dataset.name).put("field", column.name)
      val listed = node.putArray("transformations")
      ways.toSeq.sortBy(way => (way.how.kind, way.how.subtype, way.masked)).foreach { way =>
        val one = listed.addObject().put("type", way.how.kind).put("subtype", way.how.subtype)
        if (way.masked) one.put("masking", true)
      }
    }
  }

  private def facet(facets: ObjectNode, name: String, schema: String, version: String): ObjectNode =
    described(facets, name, s"$Spec/facets/$version/$schema.json#/$$defs/$schema")

  private def ownFacet(facets: ObjectNode): ObjectNode =
    described(facets, "lakewright", s"$Spec/2-0-2/OpenLineage.json#/$$defs/BaseFacet")

  private def described(facets: ObjectNode, name: String, schema: String): ObjectNode =
    facets.putObject(name).put("_producer", Producer).put("_schemaURL", schema)
}

object OpenLineageEvents {
  val Producer = "urn:lakewright"
  private val Spec = "https://openlineage.io/spec"
  /** Of one event: 300 columns that are each made of 300 are about ten megabytes. */
  private val MaximumEdges = 50000
  private val mapper = new ObjectMapper()
}
