package lakewright

import java.nio.file.{Files, NoSuchFileException, Path}
import java.util.Locale

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import org.apache.spark.sql.SparkSession

/** In which groups a principal is, of its own or by another group. Names are compared in lower case. */
trait PrincipalGroups {
  def groupsOf(principal: String): Set[String]
}

object PrincipalGroups {
  /** The groups of `<lakehouse>/principals.json`: `{"groups": {"name": ["member", …]}}`. None where there is no file. */
  def of(session: SparkSession): PrincipalGroups = new StoredGroups(Settings.lakehouse(session).resolve("principals.json"))
}

final class StoredGroups(file: Path) extends PrincipalGroups {
  private lazy val members: Map[String, Set[String]] = read()

  override def groupsOf(principal: String): Set[String] = {
    def add(known: Set[String]): Set[String] = {
      val all = known ++ members.collect { case (group, inside) if inside.exists(known) => group }
      if (all == known) known else add(all)
    }
    add(Set(key(principal))).filter(members.contains)
  }

  private def read(): Map[String, Set[String]] =
    try new ObjectMapper().readTree(Files.readAllBytes(file)).path("groups").properties.asScala
      .map(pair => key(pair.getKey) -> names(pair.getValue)).toMap
    catch {
      case _: NoSuchFileException => Map.empty
      case problem: java.io.IOException => throw Errors.damagedMetadata(file, s"it is not JSON (${problem.getClass.getSimpleName})")
    }

  private def names(list: JsonNode): Set[String] = list.elements.asScala.map(member => key(member.asText)).toSet

  private def key(name: String): String = name.toLowerCase(Locale.ROOT)
}
