package lakewright

import java.util.concurrent.ConcurrentHashMap

import scala.collection.mutable

import org.apache.spark.{SparkConf, SparkEnv}
import org.apache.spark.sql.SparkSession

/**
 * The default: holds principals to the grants that are stored, by Unity Catalog's rules. Whose engine it is owns the lakehouse,
 * and may do everything: they can read its files anyway.
 */
class StoredGrants extends AccessPolicy {
  private lazy val store = new MetadataStore(Settings.lakehouse(SparkSession.active))

  override def check(questions: Question*): Unit = {
    val facts = new StoredFacts(store)
    questions.distinct.filterNot(asked => LakehouseOwner.is(asked.principal)).foreach { asked =>
      val missing = GrantRules.missing(facts, asked.principal, asked.privilege, asked.securable)
      if (missing.nonEmpty) throw Errors.permissionDenied(asked.principal, missing, asked.through)
    }
  }

  override def allows(question: Question): Boolean =
    LakehouseOwner.is(question.principal) ||
      GrantRules.missing(new StoredFacts(store), question.principal, question.privilege, question.securable).isEmpty

  override def visible(principal: String, securables: Seq[Securable], browse: Boolean): Seq[Securable] =
    if (LakehouseOwner.is(principal)) securables
    else {
      val facts = new StoredFacts(store)
      securables.filter(GrantRules.seesAny(facts, principal, _, browse))
    }

  override def isMember(principal: String, group: String): Boolean =
    LakehouseOwner.is(principal) || Principals.of(store.lakehouse).identities(principal).contains(Principals.key(group))
}

/** The user of this machine's account, as the commands name it: the principal of every session that names none. */
object LakehouseOwner {
  def name: String = Option(SparkEnv.get).fold(System.getProperty("user.name"))(env => named(env.conf))

  def named(conf: SparkConf): String =
    conf.getOption(Settings.MachineUser).filter(_.nonEmpty).getOrElse(System.getProperty("user.name"))

  def is(principal: String): Boolean = principal == name
}

/** What the catalog's files say, each of them looked at once: for the questions of one statement. */
final class StoredFacts(store: MetadataStore) extends AccessFacts {
  private val principals = Principals.of(store.lakehouse)
  private val described = mutable.HashMap.empty[Securable, Option[OwnerAndGrants]]
  private val known = mutable.HashMap.empty[String, Set[String]]

  override def owner(securable: Securable): Option[String] = read(securable).map(_.owner)

  override def grants(securable: Securable): Map[String, Set[String]] = read(securable).fold(OwnerAndGrants.nobody)(_.grants)

  override def identities(principal: String): Set[String] =
    known.getOrElseUpdate(principal, principals.identities(principal))

  private def read(securable: Securable): Option[OwnerAndGrants] =
    described.getOrElseUpdate(securable, OwnerAndGrants.of(store, securable))
}

/** Who owns an object, and the names of the privileges of each principal on it; principals in lower case. */
final case class OwnerAndGrants(owner: String, grants: Map[String, Set[String]])

/** Read again only if the file is another one: a statement looks at its catalog, its schema and its table several times. */
object OwnerAndGrants {
  val nobody: Map[String, Set[String]] = Map.empty
  private val Most = 20000
  private val last = new ConcurrentHashMap[Securable, (RecordEdition, OwnerAndGrants)]()

  def of(store: MetadataStore, securable: Securable): Option[OwnerAndGrants] = {
    val edition = store.edition(securable.parts, SecurableFiles.family(securable.kind))
    edition.flatMap(now => Option(last.get(securable)).collect { case (`now`, found) => found }).orElse {
      val found = try Some(from(new SecurableFiles(store).read(securable))) catch { case _: AnalysisFailure => None }
      for (now <- edition; one <- found) {
        if (last.size > Most) last.clear()
        last.put(securable, now -> one)
      }
      found
    }
  }

  private def from(described: Described): OwnerAndGrants = OwnerAndGrants(
    Principals.key(described.owner),
    described.grants.groupMap(grant => Principals.key(grant.principal)) { grant =>
      Privilege.named(grant.privilege).fold(grant.privilege)(_.name)
    }.view.mapValues(_.toSet).toMap)
}
