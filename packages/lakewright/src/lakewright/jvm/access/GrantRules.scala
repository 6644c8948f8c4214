package lakewright

/** What the rules ask for: who owns and was granted what, and who somebody is. Principals are in lower case. */
trait AccessFacts {
  /** The owner of an object; None where there is no such object. */
  def owner(securable: Securable): Option[String]

  /** The privileges, by their names, of each principal that were granted on the object itself. */
  def grants(securable: Securable): Map[String, Set[String]]

  /** The principal itself, the groups that it is in through any number of others, and `account users`. */
  def identities(principal: String): Set[String]
}

/** One thing that a principal would need. */
final case class Missing(privilege: Privilege, securable: Securable) {
  def shown: String = s"${privilege.sql} on ${securable.shown}"

  /** The statement that would give it. */
  def fix(principal: String): String = {
    val name = s"`${principal.replace("`", "``")}`"
    if (privilege != Privilege.Ownership) s"GRANT ${privilege.sql} ON ${securable.sql} TO $name"
    else if (securable == Securable.Metastore) s"run it without a principal: whose lakehouse it is administers it"
    else s"ALTER ${securable.sql} OWNER TO $name"
  }
}

/**
 * Unity Catalog's rules about who may use which privilege, as `databricks_utils.catalog.grants.rules` has them, where each has
 * its source; random states are asked of both.
 */
object GrantRules {
  /** What a principal lacks to use a privilege on an object, from the catalog down; nothing if it may. */
  def missing(facts: AccessFacts, principal: String, privilege: Privilege, securable: Securable): Seq[Missing] = {
    val who = facts.identities(principal)
    if (privilege == Privilege.Ownership) missingOwnership(facts, who, securable)
    else {
      val places = held(facts, who, privilege, securable)
      val lacking = usage(privilege, securable, places).flatMap(withoutUse(facts, who, _))
      val wanted = Missing(privilege, whereGranted(privilege, securable))
      if (places.isEmpty && !lacking.contains(wanted)) lacking :+ wanted else lacking
    }
  }

  /** Whether a principal has any right on an object, USE included, so that it may know of it; BROWSE is one if it counts. */
  def seesAny(facts: AccessFacts, principal: String, securable: Securable, browse: Boolean): Boolean = {
    val who = facts.identities(principal)
    val asked = Privilege.known.filter(one => fits(one, securable.kind) && (browse || one != Privilege.Browse))
    asked.exists(missing(facts, principal, _, securable).isEmpty) || owns(facts, who, securable) &&
      missingOwnership(facts, who, securable).isEmpty
  }

  /** Whether a privilege means something for objects of a kind. */
  def fits(privilege: Privilege, kind: SecurableKind): Boolean = privilege.on.contains(kind) || privilege.usedOn.contains(kind)

  private def missingOwnership(facts: AccessFacts, who: Set[String], securable: Securable): Seq[Missing] =
    securable.above.drop(1).flatMap(withoutUse(facts, who, _)) ++
      Option.when(!owns(facts, who, securable))(Missing(Privilege.Ownership, securable))

  /** The objects through which somebody has a privilege, USE aside: granted there, or owned. */
  private def held(facts: AccessFacts, who: Set[String], privilege: Privilege, securable: Securable): Seq[Securable] = {
    val kind = securable.kind
    val itself = privilege.ownerHas && privilege.usedOn.contains(kind) && owns(facts, who, securable)
    val granted = (securable +: securable.above.drop(1)).filter { place =>
      facts.grants(place).exists { case (grantee, names) =>
        who.contains(grantee) &&
          (names.contains(privilege.name) || names.contains(Privilege.All.name) && privilege.impliedBy(place.kind, kind))
      }
    }
    val managed = if (privilege == Privilege.Manage) securable.above.filter(owns(facts, who, _)) else Nil
    Option.when(itself)(securable).toSeq ++ granted ++ managed
  }

  private def owns(facts: AccessFacts, who: Set[String], securable: Securable): Boolean =
    facts.owner(securable).exists(who.contains)

  /** The catalogs and schemas on which the privilege needs USE, from the catalog down. */
  private def usage(privilege: Privilege, securable: Securable, places: Seq[Securable]): Seq[Securable] = {
    val above = securable.above.drop(1)
    privilege.use match {
      case Usage.Nowhere => Nil
      case Usage.Manage =>
        val highest = (places.map(_.kind.depth) :+ (if (places.isEmpty) securable.kind.depth else Int.MaxValue)).min
        above.filter(_.kind.depth < highest)
      case Usage.Containers => if (Privilege.useOf(securable.kind).isDefined) above :+ securable else above
    }
  }

  private def withoutUse(facts: AccessFacts, who: Set[String], place: Securable): Option[Missing] =
    Privilege.useOf(place.kind).filter(held(facts, who, _, place).isEmpty).map(Missing(_, place))

  /** The object, or the nearest one above it that the privilege can be granted on. */
  private def whereGranted(privilege: Privilege, securable: Securable): Securable =
    (securable +: securable.above.reverse).find(place => privilege.on.contains(place.kind)).getOrElse(securable)
}
