package lakewright

import java.util.concurrent.TimeUnit

import scala.jdk.CollectionConverters._

/**
 * Spark starts a process that forks the workers of Python UDFs, one for each set of variables, so for each session, and never
 * ends it: 40 MB each. This ends those that had no worker the last two times; Spark starts one again when it needs it. Spark
 * itself ends a worker that was idle for a minute.
 */
private final class PythonDaemons(seconds: Long) {
  private var idle = Set.empty[Long]
  private var lastSweep = System.nanoTime()

  def sweep(): Unit = if (TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - lastSweep) >= seconds) {
    lastSweep = System.nanoTime()
    val now = ProcessHandle.current.children.iterator.asScala
      .filter(child => isDaemon(child) && child.children.count == 0).toSeq
    now.filter(child => idle(child.pid)).foreach(_.destroy())
    idle = now.map(_.pid).toSet
  }

  private def isDaemon(process: ProcessHandle): Boolean =
    process.info.arguments.map[Boolean](_.contains("pyspark.daemon")).orElse(false)
}
