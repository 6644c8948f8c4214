package lakewright

import java.nio.charset.StandardCharsets.UTF_8

import scala.io.Source
import scala.util.{Try, Using}

import com.fasterxml.jackson.databind.ObjectMapper
import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.{FileSystem, Path}

/**
 * What a CREATE TABLE that was killed has left at a place that the user names. A managed table never meets it: each
 * lies in a folder of its own.
 */
final class LeftBehind(location: String, hadoop: Configuration) {
  private val folder = new Path(location)
  private val log = new Path(folder, "_delta_log")
  private val files: FileSystem = folder.getFileSystem(hadoop)

  /** Removes a log without a commit where nothing else is in the folder: Delta would say that the folder is not empty. */
  def clear(): Unit = if (files.exists(log)) {
    val written = names(log).filterNot(name => name.startsWith(".") || name.startsWith("_"))
    if (written.isEmpty && names(folder) == Seq(log.getName)) files.delete(log, true)
    else if (written == Seq(LeftBehind.FirstCommit) && !isWhole(new Path(log, LeftBehind.FirstCommit)))
      throw Errors.halfWrittenLog(log.toString)
  }

  private def names(of: Path): Seq[String] = files.listStatus(of).toSeq.map(_.getPath.getName)
    .filterNot(_.endsWith(".crc")) // of Hadoop's local file system

  /** A first commit says what the table is; each of its lines is a JSON object. */
  private def isWhole(commit: Path): Boolean = {
    val lines = Using.resource(files.open(commit))(Source.fromInputStream(_, UTF_8.name).getLines().toVector)
    val actions = lines.map(line => Try(LeftBehind.mapper.readTree(line)).toOption.filter(_.isObject))
    actions.forall(_.isDefined) && Seq("protocol", "metaData").forall(word => actions.flatten.exists(_.has(word)))
  }
}

object LeftBehind {
  private val FirstCommit = "00000000000000000000.json"
  private val mapper = new ObjectMapper()
}
