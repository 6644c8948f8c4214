package lakewright

import java.time.Instant
import java.util.UUID

/** A right that was given, as SQL spells it: stored with the object, asked by a policy that enforces grants. */
final case class Grant(principal: String, privilege: String, grantor: Option[String] = None) {
  /** Whether it is the same right of the same principal. */
  def isSame(other: Grant): Boolean = principal.equalsIgnoreCase(other.principal) && privilege == other.privilege
}

/** What a catalog's or a schema's own file holds. */
final case class Container(
    owner: String,
    comment: Option[String] = None,
    location: Option[String] = None,
    properties: Map[String, String] = Map.empty,
    grants: Seq[Grant] = Nil,
    attributes: Attributes = Attributes.none,
    createdAt: Instant = Instant.now())

/** What makes a view: its text and everything that its text was written under. */
final case class ViewText(
    text: String,
    catalog: Option[String],
    namespace: Seq[String],
    schema: String,
    queryColumns: Seq[String],
    schemaMode: Option[String],
    sqlConfigs: Map[String, String])

/** What an object of a schema is. */
sealed abstract class EntryKind(val word: String, val securable: SecurableKind)

object EntryKind {
  case object Managed extends EntryKind("managed-table", SecurableKind.Table)
  case object External extends EntryKind("external-table", SecurableKind.Table)
  case object View extends EntryKind("view", SecurableKind.View)
  case object Volume extends EntryKind("volume", SecurableKind.Volume)
  case object ExternalVolume extends EntryKind("external-volume", SecurableKind.Volume)
  case object Function extends EntryKind("function", SecurableKind.Function)
  /** A registered model: the model registry has its versions, and writes and removes its file (`mlflow_stores/model_rights.py`). */
  case object Model extends EntryKind("model", SecurableKind.Model)

  val all: Seq[EntryKind] = Seq(Managed, External, View, Volume, ExternalVolume, Function, Model)
  /** What has files of its own. */
  val placed: Set[EntryKind] = Set(Managed, External, Volume, ExternalVolume)
  def named(word: String): Option[EntryKind] = all.find(_.word == word)
}

/**
 * What an object's file holds; its name is the file's name, so that a rename is one rename of one file.
 * A managed object's location is relative to the lakehouse, so that a project's folder can be moved.
 */
final case class Entry(
    kind: EntryKind,
    owner: String,
    location: Option[String] = None,
    comment: Option[String] = None,
    properties: Map[String, String] = Map.empty,
    grants: Seq[Grant] = Nil,
    view: Option[ViewText] = None,
    keys: Seq[TableKey] = Nil,
    function: Option[FunctionText] = None,
    policies: TablePolicies = TablePolicies(),
    attributes: Attributes = Attributes.none,
    uuid: String = UUID.randomUUID().toString,
    createdAt: Instant = Instant.now()) {
  def isTable: Boolean = kind == EntryKind.Managed || kind == EntryKind.External
  def isView: Boolean = kind == EntryKind.View
}
