package lakewright

import java.net.InetAddress
import java.security.SecureRandom
import java.util.{HexFormat, UUID}

import org.apache.spark.JobExecutionStatus
import org.apache.spark.api.java.JavaSparkContext
import org.apache.spark.sql.classic.SparkSession
import py4j.ClientServer

/**
 * One attached process: a session, and a Py4J server of its own, because calls back into Python (`foreachBatch`) go to the
 * one client of a server. The threads that serve it inherit its session as the active one, and a tag for all its jobs.
 */
final class ClassicClient(val name: String, root: SparkSession) {
  val secret: String = ClassicClient.newSecret()
  private val session = root.newSession()
  private val context = session.sparkContext
  private val tag = s"lakewright-classic-${UUID.randomUUID()}"
  private val threads = new ThreadGroup(tag)
  private val server = start()

  def port: Int = server.getJavaServer.getListeningPort

  def cancelJobs(): Unit = context.cancelJobsWithTag(tag, "the process that began it has asked for its end")

  /** Ends its statements, jobs and streams, and waits until none of its threads works any more. */
  def end(millis: Long = Long.MaxValue): Unit = {
    val since = System.currentTimeMillis()
    server.shutdown()
    while (isWorking && System.currentTimeMillis() - since < millis) Thread.sleep(ClassicClient.PollMillis)
  }

  /** Whether a thread still works or a job runs; asks all of them to stop. */
  private def isWorking: Boolean = {
    context.cancelJobsWithTag(tag, "the process that began it has ended")
    session.streams.active.foreach(_.stop())
    val left = serving
    left.foreach(_.interrupt())
    left.nonEmpty || hasJobs
  }

  private def hasJobs: Boolean = {
    val tracker = context.statusTracker
    tracker.getJobIdsForTag(tag).exists(id => tracker.getJobInfo(id).exists(_.status == JobExecutionStatus.RUNNING))
  }

  /** Its threads that serve Python: a pool that one of them was the first to use is everybody's. */
  private def serving: Seq[Thread] = {
    val all = new Array[Thread](threads.activeCount() + ClassicClient.Margin)
    all.take(threads.enumerate(all)).toSeq.filter(_.getStackTrace.exists(_.getClassName == ClassicClient.Serving))
  }

  private def start(): ClientServer = {
    val loopback = InetAddress.getLoopbackAddress
    val entry = new ClassicEntry(session, root)
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
final class ClassicEntry(session: SparkSession, root: SparkSession) {
  def getSession: SparkSession = session

  def getContext: JavaSparkContext = JavaSparkContext.fromSparkContext(session.sparkContext)

  /** Python makes its session the default one of the JVM, in which others work too. */
  def restoreDefaultSession(): Unit = SparkSession.setDefaultSession(root)
}
