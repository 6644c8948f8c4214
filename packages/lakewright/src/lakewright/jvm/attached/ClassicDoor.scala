package lakewright

import java.io.{BufferedReader, IOException, InputStreamReader}
import java.net.{InetAddress, ServerSocket, Socket}
import java.nio.charset.StandardCharsets.UTF_8
import java.security.MessageDigest
import java.util.concurrent.ConcurrentHashMap

import scala.jdk.CollectionConverters._
import scala.util.Using

import org.apache.spark.sql.classic.SparkSession

/**
 * Lets Python processes use this JVM for classic sessions, as the notebooks of one cluster share a driver. A process opens a
 * connection and keeps it: when the connection ends, however the process ended, so does everything that it began here.
 *
 * One line asks, one line answers:
 *  - `<token> attach <name>` is answered by the port and the secret of a Py4J server of its own; while the connection lasts, a
 *    line `cancel` ends the client's Spark jobs; the door closes its side when nothing of the client works any more;
 *  - `<token> end <name>` is answered by `ended` when no client of this name works here any more.
 */
final class ClassicDoor(root: SparkSession, token: String) {
  private val listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress)
  private val clients = ConcurrentHashMap.newKeySet[ClassicClient]()

  def port: Int = listening.getLocalPort

  /** Whether a process is attached: its data live in this JVM. */
  def isBusy: Boolean = !clients.isEmpty

  def open(): Unit = daemon("classic-door") {
    try while (true) {
      val socket = listening.accept()
      daemon("classic-client")(Using.resource(socket)(serve))
    } catch { case _: IOException => () } // closed
  }

  /** Accepts nobody any more, and ends what the attached processes began. */
  def close(): Unit = {
    listening.close()
    clients.asScala.foreach(client => daemon("classic-end")(finish(client)))
    val until = System.currentTimeMillis() + ClassicDoor.EndMillis
    while (isBusy && System.currentTimeMillis() < until) Thread.sleep(ClassicDoor.PollMillis)
  }

  private def serve(socket: Socket): Unit = try {
    socket.setSoTimeout(ClassicDoor.QuestionMillis)
    val lines = new BufferedReader(new InputStreamReader(socket.getInputStream, UTF_8))
    ClassicDoor.readShort(lines).map(_.split(' ')) match {
      case Some(Array(given, "attach", name)) if isToken(given) => attach(name, socket, lines)
      case Some(Array(given, "end", name)) if isToken(given) =>
        clients.asScala.filter(_.name == name).foreach(finish)
        answer(socket, "ended")
      case _ => () // a stranger gets no answer
    }
  } catch { case _: IOException => () } // the process has ended

  private def attach(name: String, socket: Socket, lines: BufferedReader): Unit = {
    val client = new ClassicClient(name, root)
    clients.add(client)
    try {
      answer(socket, s"${client.port} ${client.secret}")
      socket.setSoTimeout(0)
      Iterator.continually(ClassicDoor.readShort(lines)).takeWhile(_.isDefined).flatten
        .foreach(line => if (line == "cancel") client.cancelJobs())
    } finally finish(client)
  }

  private def finish(client: ClassicClient): Unit = try client.end() finally clients.remove(client)

  private def answer(socket: Socket, text: String): Unit = {
    socket.getOutputStream.write(s"$text\n".getBytes(UTF_8))
    socket.getOutputStream.flush()
  }

  private def isToken(given: String): Boolean = MessageDigest.isEqual(given.getBytes(UTF_8), token.getBytes(UTF_8))

  private def daemon(name: String)(body: => Unit): Unit = {
    val thread = new Thread(() => body, name)
    thread.setDaemon(true)
    thread.start()
  }
}

object ClassicDoor {
  private val QuestionMillis = 10000
  private val EndMillis = 5000L
  private val PollMillis = 20L
  private val LongestLine = 1000

  /** One line; none if the connection ended first, or the line is longer than any that means something. */
  private def readShort(lines: BufferedReader): Option[String] = {
    val text = new StringBuilder
    var next = lines.read()
    while (next >= 0 && next != '\n' && text.length < LongestLine) {
      text.append(next.toChar)
      next = lines.read()
    }
    Option.when(next == '\n')(text.toString)
  }
}
