package lakewright

import scala.collection.mutable

/**
 * Which policies hold somebody on a table: the table's own, and the attribute-based ones of its catalog, its schema and itself that
 * the tags choose. Everything else of the plugin only knows the answer.
 * Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/abac/policy-evaluation
 * @param own the row filter and the masks that are set on the table
 * @param tags the table's, with those that it inherits; columns inherit none
 */
final case class EffectivePolicies(
    table: String, own: TablePolicies, tags: Tags.Map, columns: ColumnTags, policies: Seq[PlacedPolicy]) {
  def isEmpty: Boolean = own.isEmpty && policies.isEmpty

  def mayHold(identities: Set[String]): Boolean = !own.isEmpty || mayBeChosen(identities)

  /** Whether tags may choose a policy for somebody with these names, whatever columns without tags the table has. */
  def mayBeChosen(identities: Set[String]): Boolean = policies.exists { placed =>
    val kinds = columns.byColumn.values.toSeq :+ Tags.none
    isChosen(placed.policy, identities) && placed.policy.columns.forall(one => kinds.exists(one.condition.holds))
  }

  /** The keys of all tags that policies ask for. */
  def keys: Set[String] = policies.flatMap(_.policy.keys).toSet

  /** The one filter and the one mask of each column that hold; more than one, and nothing is shown. */
  def of(identities: Set[String], names: Seq[String]): TablePolicies = {
    val chosen = policies.filter(placed => isChosen(placed.policy, identities)).flatMap(bound(_, names))
    if (chosen.isEmpty) own
    else {
      val filters = chosen.filter(_.placed.policy.action == PolicyAction.RowFilter)
      val masks = for (one <- chosen; column <- one.masked) yield Names.key(column) -> one
      val all = TablePolicies(
        theOne(own.filter, filters).orElse(own.filter),
        own.masks ++ masks.groupMap(_._1)(_._2).map { case (column, several) => column -> theMask(column, several) })
      requireOpen(all, chosen)
      all
    }
  }

  private def isChosen(policy: AttributePolicy, identities: Set[String]): Boolean =
    policy.isFor(identities) && policy.when.forall(_.holds(tags))

  /** A policy with the columns that its names stand for; None where one of them stands for none. */
  private def bound(placed: PlacedPolicy, names: Seq[String]): Option[BoundPolicy] = {
    val matched = placed.policy.columns.map(one => one -> names.filter(name => one.condition.holds(columns.of(name))))
    if (matched.exists(_._2.isEmpty)) None
    else {
      val byAlias = matched.collect { case (MatchedColumns(_, Some(alias)), found) => Names.key(alias) -> found }.toMap
      val arguments = placed.policy.arguments.map {
        case PolicyArgument.Column(alias) => byAlias(Names.key(alias)) match {
          case Seq(column) => PolicyArgument.Column(column)
          case several => throw AttributePolicyErrors.ambiguous(table, placed, alias, several)
        }
        case constant => constant
      }
      val masked = placed.policy.action match {
        case PolicyAction.ColumnMask(alias) => byAlias(Names.key(alias))
        case PolicyAction.RowFilter => Nil
      }
      Some(BoundPolicy(placed, PolicyCall(placed.policy.function, arguments), masked))
    }
  }

  private def theOne(own: Option[PolicyCall], several: Seq[BoundPolicy]): Option[PolicyCall] = {
    if (several.map(_.call).distinct.length + own.size > 1) throw AttributePolicyErrors.filters(table, several.map(_.placed), own.isDefined)
    several.headOption.map(_.call)
  }

  private def theMask(column: String, several: Seq[BoundPolicy]): PolicyCall = {
    val own = this.own.masks.contains(column)
    if (own || several.map(_.call).distinct.length > 1) throw AttributePolicyErrors.masks(table, column, several.map(_.placed), own)
    several.head.call
  }

  /** A function gets columns as they are, so none that is masked may be given to that of another column or of a filter. */
  private def requireOpen(all: TablePolicies, chosen: Seq[BoundPolicy]): Unit = {
    val hidden = all.masks.keySet
    val calls = all.filter.toSeq ++ all.masks.values
    for (call <- calls; column <- call.columns.map(Names.key) if hidden(column)) {
      val involved = chosen.filter(one => one.call == call || one.masked.map(Names.key).contains(column))
      if (involved.nonEmpty) throw AttributePolicyErrors.maskedArgument(table, column, involved.map(_.placed))
    }
  }
}

/** A policy that applies: its call with the columns of the table, and the columns that it masks. */
private final case class BoundPolicy(placed: PlacedPolicy, call: PolicyCall, masked: Seq[String])

object EffectivePolicies {
  def of(store: MetadataStore, place: EntryPlace, entry: Entry): EffectivePolicies = reader(store)(place, entry)

  /** For many tables: each catalog and each schema is read once. */
  def reader(store: MetadataStore): (EntryPlace, Entry) => EffectivePolicies = {
    val catalogs = mutable.HashMap.empty[String, Attributes]
    val schemas = mutable.HashMap.empty[(String, String), Attributes]
    (place, entry) => inherited(place, entry,
      catalogs.getOrElseUpdate(place.catalog, store.catalog(place.catalog).fold(Attributes.none)(_.attributes)),
      schemas.getOrElseUpdate(place.catalog -> place.schema, store.schema(place.catalog, place.schema).fold(Attributes.none)(_.attributes)))
  }

  private def inherited(place: EntryPlace, entry: Entry, catalog: Attributes, schema: Attributes): EffectivePolicies = {
    def placed(kind: SecurableKind, attributes: Attributes) =
      attributes.policies.map(PlacedPolicy(Securable(kind, place.parts.take(kind.depth)), _))
    EffectivePolicies(
      place.parts.mkString("."), entry.policies, catalog.tags ++ schema.tags ++ entry.attributes.tags, entry.attributes.columns,
      placed(SecurableKind.Catalog, catalog) ++ placed(SecurableKind.Schema, schema) ++ placed(SecurableKind.Table, entry.attributes))
  }
}
