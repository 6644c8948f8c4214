package lakewright

import java.util.Locale

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.internal.SQLConf

/**
 * Keeps one session's configuration in step with the catalogs on disk. Spark finds a catalog by the key
 * `spark.sql.catalog.<name>` spelled as in the statement, so every spelling that a text uses gets its key.
 */
final class KnownCatalogs(session: SparkSession) {
  private lazy val store = new MetadataStore(Settings.of(session).lakehouse)

  def refresh(text: String): Unit = {
    refresh(text, SystemCatalog.Name, classOf[SystemCatalog])
    store.catalogs().foreach(refresh(text, _, classOf[LakehouseCatalog]))
  }

  private def refresh(text: String, name: String, plugin: Class[_]): Unit = {
    register(name, plugin)
    KnownCatalogs.spellings(text, name).foreach(register(_, plugin))
  }

  // Spark looks a catalog up in the active session's configuration, which may be another one than the parser's.
  private def register(name: String, plugin: Class[_]): Unit = {
    val key = s"spark.sql.catalog.$name"
    Seq(session.asInstanceOf[ClassicSession].sessionState.conf, SQLConf.get).distinct
      .filterNot(_.contains(key)).foreach(_.setConfString(key, plugin.getName))
  }
}

object KnownCatalogs {
  /** The ways in which a text writes a name other than in lower case. */
  def spellings(text: String, name: String): Set[String] = {
    val lower = text.toLowerCase(Locale.ROOT)
    if (lower.length != text.length) Set.empty
    else Iterator.iterate(lower.indexOf(name))(at => lower.indexOf(name, at + 1)).takeWhile(_ >= 0)
      .map(at => text.substring(at, at + name.length)).filter(_ != name).toSet
  }
}
