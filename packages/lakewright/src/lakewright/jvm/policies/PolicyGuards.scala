package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis.{UnresolvedRelation, UnresolvedTableValuedFunction}
import org.apache.spark.sql.connector.catalog.{Identifier, TableCatalog, TableChange}
import org.apache.spark.sql.connector.catalog.constraints.Check
import org.apache.spark.sql.delta.constraints.{AddConstraint => DeltaAdd}

/** The functions of policies: they may call each other, and read tables without policies. Known from their texts, before any is resolved. */
final class PolicyFunctions(session: SparkSession, store: MetadataStore) {
  private val isBuiltIn = BodyNames.isBuiltIn(session)

  def requireOpenTables(function: Seq[String], table: String): Unit = follow(function, table, Set.empty)

  private def follow(function: Seq[String], table: String, seen: Set[Seq[String]]): Unit = {
    val Seq(catalog, schema, name) = function.map(Names.key)
    for (entry <- store.entry(EntryPlace(catalog, schema, name, Family.Functions)); text <- entry.function) {
      val nodes = BodyNames.nodes(new BodyNames(Seq(catalog, schema, name), text.namespace, isBuiltIn).complete(BodyNames.written(session, text)))
      nodes.collect { case relation: UnresolvedRelation => relation.multipartIdentifier.map(Names.key) }.filter(_.length == 3)
        .find(read => read.mkString(".") == table || isProtected(read)).foreach(read => throw PolicyErrors.readsProtected(table, read.mkString(".")))
      val tables = nodes.collect { case call: UnresolvedTableValuedFunction => call.name.map(Names.key) }
      (tables ++ nodes.flatMap(BodyNames.calls(_).map(_.nameParts.map(Names.key))))
        .filter(called => called.length == 3 && !seen(called) && called != function).distinct
        .foreach(follow(_, table, seen + function))
    }
  }

  private def isProtected(read: Seq[String]): Boolean = store.entry(EntryPlace(read.head, read(1), read(2))).exists(!_.policies.isEmpty)
}

/** What ALTER TABLE may not do to a table with policies. */
final class PolicyColumns(catalog: StoredCatalog) {
  def requireFree(ident: Identifier, changes: Seq[TableChange]): Unit = {
    if (changes.exists(isCheck) && isHeld(ident)) refuseCheck(catalog.fullName(ident))
    if (changes.exists(isMove) && SessionIdentity.held(SparkSession.active).isDefined && isHeld(ident))
      throw PolicyErrors.refused("SET LOCATION", catalog.fullName(ident), "let a session without a principal do it")
    catalog.entry(ident).map(_.policies).filterNot(_.isEmpty).foreach { policies =>
      changes.foreach(requireFree(catalog.fullName(ident), policies, _))
    }
  }

  private def requireFree(table: String, policies: TablePolicies, change: TableChange): Unit = change match {
    case check if isCheck(check) => refuseCheck(table)
    case gone: TableChange.DeleteColumn => requireUnused(table, policies, gone.fieldNames, "DROP COLUMN")
    case renamed: TableChange.RenameColumn => requireUnused(table, policies, renamed.fieldNames, "RENAME COLUMN")
    case _ => ()
  }

  private def isHeld(ident: Identifier): Boolean = PolicyIndex.of(SparkSession.active).holds(catalog.placeOf(ident))

  /** The files at the old place would have no policy. */
  private def isMove(change: TableChange): Boolean = change match {
    case set: TableChange.SetProperty => set.property() == TableCatalog.PROP_LOCATION
    case _ => false
  }

  private def isCheck(change: TableChange): Boolean = change match {
    case add: TableChange.AddConstraint => add.constraint.isInstanceOf[Check]
    case other => other.isInstanceOf[DeltaAdd]
  }

  private def refuseCheck(table: String): Unit =
    throw PolicyErrors.refused("a CHECK constraint", table, "leave it out; its messages show values")

  private def requireUnused(table: String, policies: TablePolicies, column: Array[String], what: String): Unit =
    if (policies.columns(Names.key(column.head))) throw PolicyErrors.refused(
      s"$what of a column that one of them reads", table, "DROP ROW FILTER or DROP MASK first, and set it again")
}
