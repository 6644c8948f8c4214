package lakewright

import java.nio.charset.StandardCharsets.UTF_8
import java.util.UUID

import org.apache.spark.sql.classic.SparkSession

/** For whom a statement runs: what the runner has set in its session. */
final case class LineageContext(principal: String, facts: Map[String, String]) {
  /** The task's place in the job, or that there is none. */
  def job: Option[String] = facts.get("job").map(job => (job +: facts.get("task").toSeq).mkString("."))

  /** The same for all statements of an attempt, and for what Python reports. */
  def run: Option[UUID] = facts.get("run_id").map { id =>
    val attempt = Seq(id, facts.getOrElse("job", ""), facts.getOrElse("task", ""), facts.getOrElse("attempt", "1"))
    UUID.nameUUIDFromBytes(attempt.mkString("/").getBytes(UTF_8))
  }
}

object LineageContext {
  private val Prefix = "spark.lakewright.lineage."
  private val Keys = Seq("job", "task", "run_id", "attempt", "notebook")

  def of(session: SparkSession): LineageContext = {
    val conf = session.sessionState.conf
    def setting(key: String) = Option(conf.getConfString(key, null)).filter(_.nonEmpty)
    val principal = setting(Settings.Principal).getOrElse(LakehouseOwner.name)
    LineageContext(principal, Keys.flatMap(key => setting(Prefix + key).map(key -> _)).toMap)
  }
}
