package lakewright

import java.io.FileInputStream
import java.nio.channels.FileChannel
import java.nio.file.{Files, Path, Paths, StandardOpenOption}
import java.time.Instant
import java.util.Properties
import java.util.concurrent.{CountDownLatch, TimeUnit}

import scala.jdk.CollectionConverters._
import scala.util.Using

import com.fasterxml.jackson.databind.ObjectMapper
import com.github.luben.zstd.Zstd
import net.jpountz.lz4.LZ4Factory
import org.apache.spark.SparkConf
import org.apache.spark.sql.classic.SparkSession
import org.apache.spark.sql.connect.lakewright.ConnectAccess
import org.apache.spark.sql.connect.service.SparkConnectService
import org.xerial.snappy.Snappy
import sun.misc.Signal

/**
 * The engine's process, the one writer of a lakehouse: one Spark with a Connect server and a door for classic sessions, both on the
 * loopback address.
 * Arguments: a properties file with the Spark configuration; the file in which it says where it listens.
 * It ends by itself on SIGTERM, when nothing was asked of it for long, when its folder is gone, and with the process that owns it.
 */
object EngineMain {
  private val PollMillis = 500L

  def main(arguments: Array[String]): Unit = arguments match {
    case Array(properties, announcement) => run(read(Paths.get(properties)), Paths.get(announcement).toAbsolutePath)
    case _ =>
      System.err.println("usage: lakewright.EngineMain <spark.properties> <engine.json>")
      System.exit(2)
  }

  private def run(properties: Map[String, String], announcement: Path): Unit = {
    val conf = new SparkConf().setAll(properties)
    val lakehouse = Paths.get(conf.get(Settings.Lakehouse)).toAbsolutePath.normalize
    LakehouseLock.acquire(lakehouse, LakehouseLock.Engine)
    loadCodecs()
    ensureDefaultCatalog(new MetadataStore(lakehouse), conf.get("spark.sql.defaultCatalog"), LakehouseOwner.named(conf))
    val session = SparkSession.builder().config(conf).getOrCreate()
    ConnectAccess.ensureStarted(session.sparkContext)
    val door = new ClassicDoor(session, sys.env("SPARK_CONNECT_AUTHENTICATE_TOKEN"))
    door.open()
    val ending = new Ending(session, door, announcement)
    Seq("TERM", "INT").foreach(name => Signal.handle(new Signal(name), _ => ending.ask()))
    Announcement.write(announcement, ConnectAccess.port, door.port, session.version)
    def isBusy = ConnectAccess.isBusy || door.isBusy
    val idleSeconds = conf.getLong("spark.lakewright.idleSeconds", 0L)
    val watch = new IdleWatch(idleSeconds, lakehouse.resolveSibling("run.lock"), () => isBusy)
    val owner = new Owner(conf.getOption("spark.lakewright.ownerPid").map(_.toLong))
    val daemons = new PythonDaemons(conf.getLong("spark.lakewright.daemonSweepSeconds", 60L))
    while (!ending.await(PollMillis) && Files.isDirectory(lakehouse.getParent) && owner.isAlive && !watch.isOver())
      daemons.sweep()
    ending.run()
    System.exit(0)
  }

  /**
   * The codecs unpack their libraries when they are first used. Where that fails for lack of room they stay broken for
   * as long as the process lives, room or not: so it happens here, where it only costs a start.
   */
  private def loadCodecs(): Unit = {
    Snappy.getNativeLibraryVersion
    Zstd.maxCompressionLevel()
    LZ4Factory.nativeInstance()
  }

  /** The catalog in which names without one are looked up, with its schema `default`, as a workspace has them. */
  private def ensureDefaultCatalog(store: MetadataStore, name: String, owner: String): Unit = {
    val catalog = Names.key(name)
    val owned = Container(owner)
    store.createCatalog(catalog, owned)
    store.createSchema(catalog, MetadataStore.DefaultSchema, owned)
  }

  private def read(file: Path): Map[String, String] = {
    val properties = new Properties()
    Using.resource(new FileInputStream(file.toFile))(properties.load)
    properties.asScala.toMap
  }
}

/** Ends everything in order: no new client is accepted, the server ends, then Spark, then the JVM and its lock. */
private final class Ending(session: SparkSession, door: ClassicDoor, announcement: Path) {
  private val asked = new CountDownLatch(1)

  def ask(): Unit = asked.countDown()

  def await(millis: Long): Boolean = asked.await(millis, TimeUnit.MILLISECONDS)

  def run(): Unit = {
    Announcement.remove(announcement)
    door.close()
    SparkConnectService.stop(Some(2L), Some(TimeUnit.SECONDS))
    session.stop()
  }
}

/**
 * Reports when the engine has not been needed for so many seconds; 0 means never. It is needed while a query is under way,
 * while a classic session is open, and while a job runs: a task that trains for an hour in Python comes back with its session and
 * its temporary views.
 */
private final class IdleWatch(seconds: Long, runLock: Path, isBusy: () => Boolean) {
  private var lastActive = System.nanoTime()

  def isOver(): Boolean = seconds > 0 && {
    if (isBusy()) lastActive = System.nanoTime()
    isPast && {
      if (isJobRunning) lastActive = System.nanoTime()
      isPast
    }
  }

  private def isPast: Boolean = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - lastActive) >= seconds

  /** The runner holds this lock as long as it lives; this process never does, so trying it is harmless. */
  private def isJobRunning: Boolean =
    try Using.resource(FileChannel.open(runLock, StandardOpenOption.WRITE)) { channel =>
      Option(channel.tryLock()).map(_.release()).isEmpty
    } catch { case _: java.io.IOException => false }
}

/** The process without which nobody needs the engine: a run of tests, which may be killed; none for a project's engine. */
private final class Owner(pid: Option[Long]) {
  def isAlive: Boolean = pid.forall(ProcessHandle.of(_).map[Boolean](_.isAlive).orElse(false))
}

/** The file that names the running engine; whole or not there at all. */
private object Announcement {
  private val pid = ProcessHandle.current.pid

  def write(file: Path, port: Int, classicPort: Int, sparkVersion: String): Unit = {
    val node = new ObjectMapper().createObjectNode()
      .put("pid", pid).put("port", port).put("classic_port", classicPort).put("spark", sparkVersion)
      .put("started_at", Instant.now().toString).put("java", System.getProperty("java.version"))
    DurableFiles.write(file, node.toString.getBytes("UTF-8"))
  }

  /** Leaves the file alone if another engine has written it since. */
  def remove(file: Path): Unit =
    try {
      val named = new ObjectMapper().readTree(Files.readAllBytes(file)).path("pid").asLong(-1)
      if (named == pid) Files.deleteIfExists(file)
    } catch { case _: java.io.IOException => () }
}
