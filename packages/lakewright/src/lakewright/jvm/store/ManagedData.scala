package lakewright

import java.nio.file.Paths

import org.apache.hadoop.fs.Path
import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.delta.DeltaLog

/** The data folders that belong to entries: only they are ever deleted, never what a user has named. */
object ManagedData {
  val Tables = "tables"
  val Volumes = "volumes"

  /**
   * Deletes a managed entry's data, after its entry is gone. What cannot be deleted stays: a table's harms nothing, a volume's
   * comes back with its name.
   */
  def remove(store: MetadataStore, entry: Entry): Unit = entry.location.foreach { location =>
    val path = store.locate(location)
    SparkSession.getActiveSession.foreach {
      case session: ClassicSession if entry.isTable => DeltaLog.invalidateCache(session, new Path(path))
      case _ => ()
    }
    if (isOurs(store, entry, location)) DurableFiles.deleteTree(Paths.get(path).normalize)
  }

  private def isOurs(store: MetadataStore, entry: Entry, location: String): Boolean =
    (entry.kind == EntryKind.Managed || entry.kind == EntryKind.Volume) &&
      !location.contains(":") && !location.startsWith("/") && {
        val folder = store.lakehouse.resolve(location).normalize
        Seq(Tables, Volumes).map(store.lakehouse.resolve).exists(root => folder.startsWith(root) && folder != root)
      }
}
