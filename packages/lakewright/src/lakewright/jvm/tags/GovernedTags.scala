package lakewright

/**
 * The tags that policies ask for. Who has an object may tag it, and would take a policy away from it with a tag: so these tags are
 * assigned by those who could drop the policy. In a workspace such a tag is a governed one, and takes ASSIGN.
 */
object GovernedTags {
  def requireAssignable(context: CommandContext, target: Securable, keys: Set[String]): Unit = for {
    placed <- if (keys.isEmpty) Nil else policies(context.store, target)
    key <- keys.find(placed.policy.keys.contains)
    if !context.settings.allows(Privilege.Manage, placed.on)
  } throw TagErrors.governed(context.settings.principal, key, placed)

  /** Those that look at the tags of an object: of what holds it, of itself, and of the tables in it, which inherit them. */
  def policies(store: MetadataStore, target: Securable): Seq[PlacedPolicy] = target.parts match {
    case Seq(catalog) =>
      of(target, store.catalog(catalog)) ++ store.schemas(catalog).flatMap { schema =>
        of(Securable(SecurableKind.Schema, Seq(catalog, schema)), store.schema(catalog, schema)) ++ ofTables(store, catalog, schema)
      }
    case Seq(catalog, schema) =>
      of(target.holder, store.catalog(catalog)) ++ of(target, store.schema(catalog, schema)) ++ ofTables(store, catalog, schema)
    case Seq(catalog, schema, name) if target.kind == SecurableKind.Table =>
      val place = EntryPlace(catalog, schema, name)
      store.entry(place).toSeq.flatMap(EffectivePolicies.of(store, place, _).policies)
    case _ => Nil
  }

  private def of(securable: Securable, container: Option[Container]): Seq[PlacedPolicy] =
    container.toSeq.flatMap(_.attributes.policies).map(PlacedPolicy(securable, _))

  private def ofTables(store: MetadataStore, catalog: String, schema: String): Seq[PlacedPolicy] = for {
    name <- store.names(catalog, schema)
    entry <- store.readable(EntryPlace(catalog, schema, name)).toSeq
    policy <- entry.attributes.policies
  } yield PlacedPolicy(Securable(SecurableKind.Table, Seq(catalog, schema, name)), policy)
}
