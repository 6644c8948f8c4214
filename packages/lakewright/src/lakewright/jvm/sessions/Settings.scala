package lakewright

import java.nio.file.{Path, Paths}

import org.apache.hadoop.conf.Configuration
import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.internal.SQLConf

/** The plugin's settings: folder and policy once for the whole JVM, the principal by each session. */
final class Settings private (session: SparkSession) {
  private val fixed = session.sparkContext.getConf

  val lakehouse: Path = Settings.lakehouse(session)

  val anyName: Boolean = fixed.get(Settings.NameRule, "unity").equalsIgnoreCase("any")

  val policy: AccessPolicy = AccessPolicy.named(fixed.get(Settings.Policy, classOf[AllowAll].getName))

  def hadoop: Configuration = session.asInstanceOf[ClassicSession].sessionState.newHadoopConf()

  /** Of the session that is active now: Spark, too, takes all its settings from that one. */
  def principal: String = SQLConf.get
    .getConfString(Settings.Principal, fixed.get(Settings.Principal, System.getProperty("user.name")))
}

object Settings {
  val Lakehouse = "spark.lakewright.lakehouse"
  val Principal = "spark.lakewright.principal"
  val Policy = "spark.lakewright.accessPolicy"
  val NameRule = "spark.lakewright.names"

  def lakehouse(session: SparkSession): Path = session.sparkContext.getConf.getOption(Lakehouse).filter(_.nonEmpty)
    .map(text => Paths.get(text).toAbsolutePath.normalize)
    .getOrElse(throw Errors.noLakehouse())

  def of(session: SparkSession): Settings = new Settings(session)
}
