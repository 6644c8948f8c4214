package lakewright

import org.apache.spark.sql.types.{StringType, StructType}

/**
 * `catalog_privileges`, `schema_privileges`, `table_privileges`, `volume_privileges`, `routine_privileges`: the grants on objects of one kind, those
 * that they inherit too. An owner sees all of an object, everybody else their own and those of their groups.
 * Source: https://docs.databricks.com/aws/en/sql/language-manual/information-schema/table_privileges
 */
object PrivilegeRelations {
  val all: Seq[InformationRelation] = Seq(
    new PrivilegeRelation("catalog_privileges", Seq("catalog_name"), catalog => Seq(catalog.securable)),
    new PrivilegeRelation("schema_privileges", Seq("catalog_name", "schema_name"), _.knownSchemas),
    new PrivilegeRelation("table_privileges", Seq("table_catalog", "table_schema", "table_name"),
      _.known(Family.Relations).map(_._1)),
    new PrivilegeRelation("volume_privileges", Seq("volume_catalog", "volume_schema", "volume_name"),
      _.known(Family.Volumes).map(_._1)),
    new PrivilegeRelation("routine_privileges", Seq("specific_catalog", "specific_schema", "specific_name"),
      catalog => Seq(Family.Functions, Family.Models).flatMap(catalog.known).map(_._1),
      Seq("routine_catalog", "routine_schema", "routine_name")))
}

private final class PrivilegeRelation(
    val name: String, names: Seq[String], objects: LakehouseCatalog => Seq[Securable], again: Seq[String] = Nil)
    extends InformationRelation {
  val schema: StructType = columns((Seq("grantor", "grantee") ++ names ++ again ++ Seq("privilege_type", "is_grantable", "inherited_from"))
    .map(_ -> StringType): _*)

  def rows(catalog: LakehouseCatalog, stored: StoredCatalog): Seq[Seq[Any]] = {
    val files = new SecurableFiles(stored.store)
    for {
      securable <- objects(catalog)
      (grant, place) <- InheritedGrants.readable(files, securable)
      if catalog.showsGrant(securable, grant.principal)
    } yield Seq(grant.grantor.orNull, grant.principal) ++ securable.parts ++ (if (again.isEmpty) Nil else securable.parts) ++
      Seq(grant.privilege, "NO", if (place == securable) "NONE" else place.kind.keyword)
  }
}
