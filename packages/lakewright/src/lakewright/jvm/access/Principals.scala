package lakewright

import java.io.IOException
import java.nio.file.attribute.FileTime
import java.nio.file.{Files, Path}
import java.util.Locale

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
  @volatile private var last: Option[(Path, FileTime, Principals)] = None

  def key(name: String): String = name.toLowerCase(Locale.ROOT)

  def of(lakehouse: Path): Principals = {
    val file = lakehouse.resolve(File)
    modified(file) match {
      case None => none
      case Some(time) => last match {
        case Some((`file`, `time`, principals)) => principals
        case _ =>
          val principals = read(file)
          last = Some((file, time, principals))
          principals
      }
    }
  }

  private def modified(file: Path): Option[FileTime] =
    try Some(Files.getLastModifiedTime(file)) catch { case _: IOException => None }

  private def read(file: Path): Principals = {
    val root = try new ObjectMapper().readTree(Files.readAllBytes(file)) catch {
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
