package lakewright

import scala.jdk.CollectionConverters._
import scala.util.Try

import com.fasterxml.jackson.databind.ObjectMapper
import org.apache.hadoop.fs.Path

/** The paths among the options of a source: what Spark's own sources, and most others, read and write. */
private[lakewright] object PathOptions {
  private val mapper = new ObjectMapper()

  def of(options: Map[String, String]): Seq[Path] = named(options, "path") ++ options.toSeq.collect {
    case (key, list) if key.equalsIgnoreCase("paths") => listed(list)
  }.flatten

  def named(options: Map[String, String], name: String): Seq[Path] =
    options.toSeq.collect { case (key, path) if key.equalsIgnoreCase(name) && path.nonEmpty => new Path(path) }

  /** The source of a stream, and where its files go, if it removes files that it has read. */
  def cleaned(options: Map[String, String], source: Seq[Path]): Seq[Path] =
    if (options.exists { case (key, how) => key.equalsIgnoreCase("cleanSource") && !how.equalsIgnoreCase("off") })
      source ++ named(options, "sourceArchiveDir")
    else Nil

  /** Spark writes several paths as a list in JSON. */
  private def listed(text: String): Seq[Path] =
    Try(mapper.readTree(text).elements.asScala.map(_.asText).toSeq).toOption.filter(_.nonEmpty).getOrElse(Seq(text))
      .filter(_.nonEmpty).map(new Path(_))
}
