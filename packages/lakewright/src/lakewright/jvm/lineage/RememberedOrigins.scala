package lakewright

import java.time.{Duration, Instant}
import java.util.{LinkedHashMap, Map => JavaMap, UUID}
import java.util.concurrent.ThreadLocalRandom

import org.apache.spark.sql.catalyst.expressions.ExprId

/**
 * Where the columns of the latest queries come from. The batch that a stream hands to a function and a checkpoint have
 * lost their plan and kept the ids of their columns.
 */
final class RememberedOrigins {
  private val latest = new LinkedHashMap[ExprId, Origin](RememberedOrigins.Maximum, 0.75f, true) {
    override def removeEldestEntry(eldest: JavaMap.Entry[ExprId, Origin]): Boolean = size > RememberedOrigins.Maximum
  }

  def keep(origins: Map[ExprId, Origin]): Unit = origins.foreach { case (id, origin) => latest.put(id, origin) }

  def of(id: ExprId): Option[Origin] = Option(latest.get(id))
}

object RememberedOrigins {
  private val Maximum = 20000
}

/** A stream runs the same statement for each batch, perhaps each second: it is told once in a while. */
final class RepeatedBatches {
  private val latest = new LinkedHashMap[(StatementLineage, LineageContext), Instant](RepeatedBatches.Maximum) {
    override def removeEldestEntry(eldest: JavaMap.Entry[(StatementLineage, LineageContext), Instant]): Boolean =
      size > RepeatedBatches.Maximum
  }

  /** Whether the same was told lately; else it counts as told now. */
  def isRepeated(run: LineageRun, at: Instant): Boolean = {
    val key = (run.lineage, run.context)
    val known = Option(latest.get(key)).exists(Duration.between(_, at).compareTo(RepeatedBatches.Pause) < 0)
    if (!known) latest.put(key, at)
    known
  }
}

object RepeatedBatches {
  private val Maximum = 200
  private val Pause = Duration.ofMinutes(10)
}

/**
 * UUIDs of version 7, which sort by time: OpenLineage recommends them for runs.
 * Source: https://www.rfc-editor.org/rfc/rfc9562
 */
object TimedId {
  def at(time: Instant): UUID = {
    val random = ThreadLocalRandom.current()
    val high = (time.toEpochMilli << 16) | 0x7000L | (random.nextLong() & 0x0fffL)
    new UUID(high, (random.nextLong() >>> 2) | (1L << 63))
  }
}
