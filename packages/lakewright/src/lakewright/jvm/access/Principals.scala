package lakewright

import java.io.IOException
import java.nio.file.attribute.FileTime
import java.nio.file.{FileSystems, Files, Path}
import java.time.Instant
import java.util.{Arrays, Locale, Map => JavaMap}

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}

/**
 * The principals of the project's configuration and their groups. Names are compared in lower case.
 * @param declared all names; empty where the project declares none: then any name is somebody's
 * @param parents the groups that each principal is a direct member of
 */
final class Principals(declared: Set[String], parents: Map[String, Set[String]]) {
  def knows(name: String): Boolean =
    declared.isEmpty || declared.contains(Principals.key(name)) || Principals.key(name) == Principals.Everyone

  def known: Seq[String] = declared.toSeq.sorted

  /** The principal, the groups that it is in through any number of others, and `account users`. */
  def identities(name: String): Set[String] = {
    var found = Set(Principals.key(name))
    var next = found
    while (next.nonEmpty) {
      next = next.flatMap(parents.getOrElse(_, Set.empty)) -- found
      found ++= next
    }
    found + Principals.Everyone
  }

  /** The groups alone. */
  def groupsOf(name: String): Set[String] = identities(name) - Principals.key(name)
}

/** Reads `principals.json` beside the catalog's files, again whenever it has changed. A file that cannot be read is an error. */
object Principals {
  val Everyone = "account users"
  val File = "principals.json"
  private val none = new Principals(Set.empty, Map.empty)
  // Where a change is not seen in a file's time or size, it is in the time of its last change of any kind.
  private val facts =
    if (FileSystems.getDefault.supportedFileAttributeViews.contains("unix")) "unix:ino,size,lastModifiedTime,ctime"
    else "lastModifiedTime,size,fileKey"
  private val GrainSeconds = 2L
  @volatile private var last: Option[Read] = None

  /** The file as it was read. A file's times have a grain: one that was new then may have changed since without a trace. */
  private final case class Read(
      file: Path, edition: JavaMap[String, AnyRef], at: Instant, bytes: Array[Byte], principals: Principals) {
    def isOf(other: Path, now: JavaMap[String, AnyRef]): Boolean = file == other && edition == now && !wasNew

    private def wasNew: Boolean = edition.values.asScala.exists {
      case time: FileTime => time.toInstant.plusSeconds(GrainSeconds).isAfter(at)
      case _ => false
    }
  }

  def key(name: String): String = name.toLowerCase(Locale.ROOT)

  def of(lakehouse: Path): Principals = {
    val file = lakehouse.resolve(File)
    editionOf(file).fold(none) { edition =>
      last.filter(_.isOf(file, edition)).fold(readAgain(file, edition))(_.principals)
    }
  }

  private def editionOf(file: Path): Option[JavaMap[String, AnyRef]] =
    try Some(Files.readAttributes(file, facts)) catch { case _: IOException => None }

  private def readAgain(file: Path, edition: JavaMap[String, AnyRef]): Principals = {
    val at = Instant.now()
    val bytes = try Files.readAllBytes(file) catch {
      case problem: IOException => throw Errors.damagedPrincipals(file, problem.getMessage)
    }
    val same = last.filter(before => before.file == file && Arrays.equals(before.bytes, bytes))
    val principals = same.fold(parse(file, bytes))(_.principals)
    last = Some(Read(file, edition, at, bytes, principals))
    principals
  }

  private def parse(file: Path, bytes: Array[Byte]): Principals = {
    val root = try new ObjectMapper().readTree(bytes) catch {
      case problem: IOException => throw Errors.damagedPrincipals(file, problem.getMessage)
    }
    val groups = root.path("groups").properties.asScala.map(pair => key(pair.getKey) -> names(pair.getValue)).toSeq
    val people = names(root.path("users")) ++ names(root.path("service_principals"))
    val parents = groups.flatMap { case (group, members) => members.map(_ -> group) }
      .groupMap(_._1)(_._2).view.mapValues(_.toSet).toMap
    new Principals(people.toSet ++ groups.map(_._1) ++ groups.flatMap(_._2), parents)
  }

  private def names(list: JsonNode): Seq[String] = list.elements.asScala.map(name => key(name.asText)).toSeq
}
