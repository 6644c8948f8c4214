package lakewright

import java.io.File.pathSeparator
import java.nio.file.Paths
import java.time.Instant
import java.util.concurrent.ArrayBlockingQueue
import java.util.concurrent.atomic.AtomicLong

import scala.collection.mutable

import org.apache.spark.SparkConf
import org.apache.spark.sql.catalyst.QueryPlanningTracker
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.execution.QueryExecution
import org.slf4j.LoggerFactory

/** What is heard of an execution. */
sealed trait Heard
final case class Started(id: Long, root: Option[Long], at: Long, query: Option[QueryExecution]) extends Heard
final case class Ended(id: Long, at: Long, query: Option[QueryExecution], failure: Option[Throwable]) extends Heard
case object NoMore extends Heard

/**
 * Makes events of executions, in one thread with a queue that is bounded: a statement never waits for it. What finds
 * the queue full, or fails, is counted, and the next event says how much was lost.
 */
final class LineageRecorder(settings: LineageSettings, file: LineageFile) {
  private val log = LoggerFactory.getLogger(classOf[LineageRecorder])
  private val queue = new ArrayBlockingQueue[Heard](LineageRecorder.Capacity)
  private val lost = new AtomicLong
  private val running = mutable.LinkedHashMap.empty[Long, Running]
  private val origins = new RememberedOrigins
  private val batches = new RepeatedBatches
  private val worker = new Thread(null, () => work(), "lakewright-lineage", LineageRecorder.StackBytes)
  worker.setDaemon(true)
  worker.start()

  def take(heard: Heard): Unit = if (!queue.offer(heard)) lost.incrementAndGet()

  /** Writes what has been heard so far; waits for it a few seconds at most. */
  def close(): Unit = {
    take(NoMore)
    worker.join(LineageRecorder.FarewellMillis)
  }

  private def work(): Unit = {
    var heard = queue.take()
    while (heard != NoMore) {
      try handle(heard)
      catch { case problem: Throwable => fail(problem) }
      heard = queue.take()
    }
    file.close()
  }

  /** Without the message: it may hold values. */
  private def fail(problem: Throwable): Unit = {
    lost.incrementAndGet()
    log.warn(s"the lineage of a statement was not recorded: ${problem.getClass.getName}")
  }

  private def handle(heard: Heard): Unit = heard match {
    case Started(id, root, at, query) =>
      if (root.forall(isBatchOfStream)) {
        val execution = new Running(id, isRoot = root.isEmpty, Instant.ofEpochMilli(at))
        running.put(id, execution)
        // An end that found the queue full never comes.
        if (running.size > LineageRecorder.Capacity) running.remove(running.head._1)
        query.foreach(begin(execution, _))
      }
    case Ended(id, at, query, failure) => running.remove(id).foreach { execution =>
      query.foreach(begin(execution, _))
      execution.run.filterNot(_ => execution.isSilent).foreach { run =>
        val (events, time) = (settings.events, Instant.ofEpochMilli(at))
        write(if (failure.isEmpty) events.completed(run, time, _) else events.failed(run, time, _, failure))
      }
    }
    case NoMore => ()
  }

  /** The function of Python that a stream calls for each batch runs statements inside the batch's execution. */
  private def isBatchOfStream(root: Long): Boolean =
    running.get(root).flatMap(_.run).exists(run => run.lineage.operation == "STREAM" && run.lineage.output.isEmpty)

  private def begin(execution: Running, query: QueryExecution): Unit = if (!execution.isKnown && isAnalyzed(query)) {
    execution.isKnown = true
    read(query).filter(lineage => execution.isRoot || lineage.output.isDefined).foreach { lineage =>
      origins.keep(lineage.kept)
      val context = LineageContext.of(query.sparkSession)
      val run = LineageRun(TimedId.at(execution.at), execution.id, context, lineage.copy(kept = Map.empty))
      execution.run = Some(run)
      execution.isSilent = (run.lineage.operation == "STREAM" || !execution.isRoot) && batches.isRepeated(run, execution.at)
      if (!execution.isSilent) write(settings.events.started(run, execution.at, _))
    }
  }

  private def read(query: QueryExecution): Option[StatementLineage] = {
    def parse(text: String): LogicalPlan = query.sparkSession.sessionState.sqlParser.parsePlan(text)
    new PlanLineage(settings.relations, origins.of, parse).of(query.analyzed)
  }

  /** Spark reports statements whose analysis has failed too; asking for their plan would change the user's error. */
  private def isAnalyzed(query: QueryExecution): Boolean =
    query.tracker.phases.contains(QueryPlanningTracker.ANALYSIS)

  private def write(event: Long => String): Unit = {
    val before = lost.get
    file.append(event(before))
    lost.addAndGet(-before)
  }
}

/** An execution that has not ended; `isKnown` once its plan was read, `isSilent` if no event is written of it. */
private final class Running(val id: Long, val isRoot: Boolean, val at: Instant) {
  var isKnown = false
  var isSilent = false
  var run: Option[LineageRun] = None
}

/** What is the same for all statements of an engine. */
final class LineageSettings(val relations: LineageRelations, val events: OpenLineageEvents)

object LineageRecorder {
  val Enabled = "spark.lakewright.lineage.enabled"
  val Namespace = "spark.lakewright.lineage.namespace"
  private val Capacity = 2000
  private val StackBytes = 64L * 1024 * 1024 // plans are walked by recursion; untouched pages cost nothing
  private val FarewellMillis = 5000L

  /** None where it is switched off, or where there is no lakehouse. */
  def of(conf: SparkConf): Option[LineageRecorder] =
    conf.getOption(Settings.Lakehouse).filter(_.nonEmpty && conf.getBoolean(Enabled, defaultValue = true)).map { text =>
      val lakehouse = Paths.get(text).toAbsolutePath.normalize
      val root = Option(lakehouse.getParent).flatMap(folder => Option(folder.getParent))
      val project = root.flatMap(folder => Option(folder.getFileName)).fold("project")(_.toString)
      val namespace = conf.get(Namespace, s"lakewright://$project")
      val store = new MetadataStore(lakehouse)
      val machine = conf.get("spark.hadoop.lakewright.machineFolders", "").split(pathSeparator).filter(_.nonEmpty)
      val dbfs = new DbfsPlaces(store, machine.toSeq.map(Paths.get(_)))
      val paths = new LineagePaths(namespace, new CatalogPlaces(store, dbfs), dbfs)
      val events = new OpenLineageEvents(namespace, org.apache.spark.SPARK_VERSION)
      val settings = new LineageSettings(new LineageRelations(namespace, paths), events)
      new LineageRecorder(settings, new LineageFile(lakehouse.resolveSibling("lineage")))
    }
}
