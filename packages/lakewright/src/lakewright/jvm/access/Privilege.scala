package lakewright

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}

/** On which catalogs and schemas a privilege needs USE. */
sealed abstract class Usage

object Usage {
  case object Containers extends Usage
  /** Above the place where MANAGE is held. */
  case object Manage extends Usage
  case object Nowhere extends Usage
}

/**
 * A right, as `privileges.json` describes it.
 * @param name as the API spells it: `USE_CATALOG`
 * @param on the kinds that it can be granted on
 * @param usedOn the kinds that it is used on; a grant on a container in `on` is inherited by what is in it
 * @param impliedByAll whether ALL PRIVILEGES implies it, and REVOKE ALL PRIVILEGES takes it
 * @param ownerHas whether the owner of an object in `usedOn` has it without a grant
 * @param elsewhere kinds that it can be granted on, which the lakehouse does not have
 */
final case class Privilege private (
    name: String, on: Set[SecurableKind], usedOn: Set[SecurableKind], use: Usage, impliedByAll: Boolean, ownerHas: Boolean,
    elsewhere: Seq[String]) {
  /** As SQL spells it: `USE CATALOG`. */
  val sql: String = name.replace('_', ' ')

  /** Whether ALL PRIVILEGES on one object gives it for the object, or for one in it. */
  def impliedBy(all: SecurableKind, of: SecurableKind): Boolean = impliedByAll && (on.contains(all) || on.contains(of))
}

/** The table of privileges that `databricks_utils` has too: one file for both. */
object Privilege {
  private val table: Seq[Privilege] = {
    val stream = Option(getClass.getResourceAsStream("/lakewright/privileges.json"))
      .getOrElse(throw new IllegalStateException("the plugin's jar has no table of privileges"))
    val root = try new ObjectMapper().readTree(stream) finally stream.close()
    root.path("privileges").elements.asScala.map(read).toSeq
  }
  private val byName: Map[String, Privilege] = table.map(one => one.name -> one).toMap

  /** All that can be granted on what the lakehouse has. */
  val known: Seq[Privilege] = table.filter(one => one.on.nonEmpty)

  /** Not a right that is granted: to own the object. */
  val Ownership: Privilege = Privilege("OWNERSHIP", Set.empty, Set.empty, Usage.Containers, false, true, Nil)

  val All: Privilege = byName("ALL_PRIVILEGES")
  val ApplyTag: Privilege = byName("APPLY_TAG")
  val Browse: Privilege = byName("BROWSE")
  val CreateCatalog: Privilege = byName("CREATE_CATALOG")
  val CreateFunction: Privilege = byName("CREATE_FUNCTION")
  val CreateSchema: Privilege = byName("CREATE_SCHEMA")
  val CreateTable: Privilege = byName("CREATE_TABLE")
  val CreateVolume: Privilege = byName("CREATE_VOLUME")
  val Execute: Privilege = byName("EXECUTE")
  val ExternalUseSchema: Privilege = byName("EXTERNAL_USE_SCHEMA")
  val Manage: Privilege = byName("MANAGE")
  val Modify: Privilege = byName("MODIFY")
  val ReadVolume: Privilege = byName("READ_VOLUME")
  val Select: Privilege = byName("SELECT")
  val UseCatalog: Privilege = byName("USE_CATALOG")
  val UseSchema: Privilege = byName("USE_SCHEMA")
  val WriteVolume: Privilege = byName("WRITE_VOLUME")

  /** By its name in either spelling and any case. */
  def named(words: String): Option[Privilege] =
    byName.get(words.trim.toUpperCase(java.util.Locale.ROOT).split("[\\s_]+").mkString("_"))

  /** USE of a container of this kind. */
  def useOf(kind: SecurableKind): Option[Privilege] = kind match {
    case SecurableKind.Catalog => Some(UseCatalog)
    case SecurableKind.Schema => Some(UseSchema)
    case _ => None
  }

  private def read(row: JsonNode): Privilege = Privilege(
    row.path("name").asText, kinds(row, "on"), kinds(row, "used_on"),
    row.path("use").asText match {
      case "containers" => Usage.Containers
      case "manage" => Usage.Manage
      case _ => Usage.Nowhere
    },
    row.path("in_all_privileges").asBoolean, row.path("owner_has").asBoolean, texts(row, "elsewhere"))

  private def kinds(row: JsonNode, field: String): Set[SecurableKind] = texts(row, field).flatMap(SecurableKind.named).toSet

  private def texts(row: JsonNode, field: String): Seq[String] = row.path(field).elements.asScala.map(_.asText).toSeq
}
