package lakewright

import java.net.InetAddress
import java.nio.file.{Path, Paths}
import java.security.SecureRandom
import java.util.{HexFormat, UUID}

import org.apache.spark.JobExecutionStatus
import org.apache.spark.api.java.JavaSparkContext
import org.apache.spark.sql.classic.SparkSession
import org.apache.spark.sql.lakewright.SparkAccess
import py4j.ClientServer

/**
 * One attached process: a session, and a Py4J server of its own, because calls back into Python (`foreachBatch`) go to the
 * one client of a server. The threads that serve it inherit its session as the active one, and a tag for all its jobs.
 */
final class ClassicClient(val name: String, root: SparkSession) {
  val secret: String = ClassicClient.newSecret()
  private val tag = s"lakewright-classic-${UUID.randomUUID()}"
  private val session = root.newSession()
  private val context = session.sparkContext
  private val entry = new ClassicEntry(session, root, tag)
  private val threads = new ThreadGroup(tag)
  private val server = start()

  def port: Int = server.getJavaServer.getListeningPort

  def cancelJobs(): Unit = context.cancelJobsWithTag(tag, "the process that began it has asked for its end")

  /** Ends its statements, jobs and streams, and returns when nothing of it works any more. */
  def end(): Unit = {
    server.shutdown()
    SparkAccess.streams(session).filter(_._1.getThreadGroup == threads).foreach(_._2.stop())
    while (isWorking) Thread.sleep(ClassicClient.PollMillis)
    entry.close()
  }

  /** Whether a thread still works, or a job, or one of its tasks; asks all of them to stop. */
  private def isWorking: Boolean = {
    context.cancelJobsWithTag(tag, "the process that began it has ended")
    val left = serving
    left.foreach(_.interrupt())
    left.nonEmpty || hasJobs
  }

  /** Its threads that serve Python: a pool that one of them was the first to use is everybody's. */
  private def serving: Seq[Thread] = {
    val all = new Array[Thread](threads.activeCount() + ClassicClient.Margin)
    all.take(threads.enumerate(all)).toSeq.filter(_.getStackTrace.exists(_.getClassName == ClassicClient.Serving))
  }

  /** A task of a job that has been cancelled works until its Python worker is killed, two seconds later. */
  private def hasJobs: Boolean = {
    val tracker = context.statusTracker
    tracker.getJobIdsForTag(tag).toSeq.flatMap(tracker.getJobInfo).exists { job =>
      job.status == JobExecutionStatus.RUNNING ||
        job.stageIds.toSeq.flatMap(tracker.getStageInfo).exists(_.numActiveTasks > 0)
    }
  }

  private def start(): ClientServer = {
    val loopback = InetAddress.getLoopbackAddress
    val made = new ClientServer.ClientServerBuilder(entry)
      .javaAddress(loopback).javaPort(0).pythonAddress(loopback).authToken(secret).autoStartJavaServer(false).build()
    val starter = new Thread(threads, () => {
      SparkSession.setActiveSession(session)
      context.addJobTag(tag)
      made.startServer()
    })
    starter.start()
    starter.join()
    made
  }
}

object ClassicClient {
  private val PollMillis = 50L
  private val Margin = 20
  private val Serving = "py4j.ClientServerConnection"
  private val SecretBytes = 32

  private def newSecret(): String = {
    val bytes = new Array[Byte](SecretBytes)
    new SecureRandom().nextBytes(bytes)
    HexFormat.of().formatHex(bytes)
  }
}

/** What Python asks for first. */
final class ClassicEntry(session: SparkSession, root: SparkSession, tag: String) {
  @volatile private var folder: Option[Path] = None

  def getSession: SparkSession = session

  def getContext: JavaSparkContext = JavaSparkContext.fromSparkContext(session.sparkContext)

  /** The tag of the process's jobs; no other process had or will have the same. */
  def getTag: String = tag

  /**
   * Python makes its session the default one of the JVM, in which others work too: it becomes the engine's own again.
   * @param temporary the folder in which Python keeps broadcast values
   */
  def opened(temporary: String): Unit = {
    folder = Some(Paths.get(temporary))
    SparkSession.setDefaultSession(root)
  }

  def close(): Unit = {
    if (SparkSession.getDefaultSession.contains(session)) SparkSession.setDefaultSession(root)
    folder.foreach(DurableFiles.deleteTree)
  }
}
