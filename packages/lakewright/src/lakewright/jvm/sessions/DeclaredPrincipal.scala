package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}

/**
 * The principal for whom a session was opened, by the session itself: inside a view or a function, Spark's active
 * settings are those of its text. A session without one is that of the lakehouse's owner, who can read every file.
 */
object DeclaredPrincipal {
  def of(session: SparkSession): Option[String] = {
    val own = session.asInstanceOf[ClassicSession].sessionState.conf
    if (own.contains(Settings.Principal)) Some(own.getConfString(Settings.Principal))
    else session.sparkContext.getConf.getOption(Settings.Principal)
  }

  def orOwner(session: SparkSession): String = of(session).getOrElse(System.getProperty("user.name"))
}
