package lakewright

import scala.collection.mutable

import org.apache.hadoop.fs.Path
import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis.{ResolvedTable, SQLFunctionNode, SQLScalarFunction}
import org.apache.spark.sql.catalyst.catalog.CatalogTable
import org.apache.spark.sql.catalyst.expressions.{Expression, SubqueryExpression}
import org.apache.spark.sql.catalyst.plans.logical.{DescribeColumn, InsertIntoStatement, LogicalPlan, ShowPartitions, V2WriteCommand, View}
import org.apache.spark.sql.catalyst.streaming.{StreamingRelationV2, WriteToStream}
import org.apache.spark.sql.connector.catalog.{CatalogPlugin, Identifier}
import org.apache.spark.sql.delta.commands.{CloneTableCommand, DeleteCommand, DescribeDeltaHistory, DescribeDeltaHistoryCommand, MergeIntoCommand,
  ShowDeltaPartitionsCommand, UpdateCommand}
import org.apache.spark.sql.delta.files.{TahoeFileIndex, TahoeLogFileIndex}
import org.apache.spark.sql.execution.datasources.{HadoopFsRelation, LogicalRelation}
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation
import org.apache.spark.sql.execution.streaming.sources.{WriteToMicroBatchDataSource, WriteToMicroBatchDataSourceV1}
import org.apache.spark.sql.execution.streaming.runtime.StreamingRelation
import org.apache.spark.sql.lakewright.SparkAccess

/**
 * Whose rights count: the session's principal, or the owner of a view or a function.
 * @param inPolicy whether a mask or a filter is called: its reader needs no right on the function
 */
private[lakewright] final case class Actor(principal: String, through: Option[Securable] = None, inPolicy: Boolean = false)

/** Collects what a plan reads and with whose rights. */
private[lakewright] final class PlanReads(session: SparkSession) {
  private val found = mutable.LinkedHashSet.empty[Question]
  private lazy val store = new MetadataStore(Settings.lakehouse(session))
  private lazy val places = VolumePaths.places(session)
  private val paths = new PlanPaths(table, ours, SparkAccess.placeOf(session, _))

  def questions: Seq[Question] = found.toSeq

  def of(plan: LogicalPlan, as: Actor): Unit = {
    paths.read(plan).foreach(askVolume(as, Privilege.ReadVolume, _))
    paths.written(plan).foreach(askChange(as, _))
    walk(plan, as)
  }

  private def walk(plan: LogicalPlan, as: Actor): Unit = plan match {
    case view: View => of(view.child, viewed(view.desc, as))
    case function: SQLFunctionNode => of(function.child, called(function.function.name.nameParts, as))
    case policy: PolicyView => of(policy.child, as.copy(inPolicy = true))
    case _: ResolvedTable => () // described or changed, not read
    case relation @ (_: LogicalRelation | _: DataSourceV2Relation | _: StreamingRelationV2 | _: StreamingRelation) =>
      shown(relation, as)
    case write: V2WriteCommand =>
      written(write.table, as)
      of(write.query, as)
      write.expressions.foreach(expression(_, as))
    case batch: WriteToMicroBatchDataSource =>
      batch.relation.foreach(written(_, as))
      streamed(batch.query, as)
    case batch: WriteToMicroBatchDataSourceV1 =>
      batch.catalogTable.flatMap(ours).foreach(ask(as, Privilege.Modify, SecurableKind.Table, _))
      streamed(batch.query, as)
    case stream: WriteToStream =>
      stream.catalogTable.flatMap(ours).foreach(ask(as, Privilege.Modify, SecurableKind.Table, _))
      of(stream.inputQuery, as)
    case insert: InsertIntoStatement =>
      written(insert.table, as)
      of(insert.query, as)
    // They show values: the least and the greatest, those of partitions, those of conditions.
    case described: DescribeColumn => shown(described.relation, as)
    case partitions: ShowPartitions => shown(partitions.table, as)
    case partitions: ShowDeltaPartitionsCommand => shown(partitions.child, as)
    case history: DescribeDeltaHistory => shown(history.child, as)
    case history: DescribeDeltaHistoryCommand => history.table.catalogTable.flatMap(ours).foreach(asked(_, as))
    case clone: CloneTableCommand => clone.sourceTable.catalogTable.flatMap(ours).foreach(asked(_, as))
    case other =>
      PlanReads.changed(other).foreach(written(_, as))
      other.productIterator.foreach(member(_, as))
  }

  /** One batch: the relations of its plan are Delta's own, what the stream reads is known from its start. */
  private def streamed(batch: LogicalPlan, as: Actor): Unit = {
    SparkAccess.streamed(session).foreach(of(_, as))
    of(batch, as)
  }

  // Commands of Delta have no children: what they read is in their fields.
  private def member(value: Any, as: Actor): Unit = value match {
    case plan: LogicalPlan => of(plan, as)
    case one: Expression => expression(one, as)
    case Some(inner) => member(inner, as)
    case values: Seq[_] if values.headOption.exists(PlanReads.mayHold) => values.foreach(member(_, as))
    case pair: (_, _) => member(pair._1, as); member(pair._2, as)
    case _ => ()
  }

  private def expression(one: Expression, as: Actor): Unit = one match {
    case function: SQLScalarFunction =>
      function.inputs.foreach(expression(_, as))
      expression(function.child, called(function.function.name.nameParts, as))
    case lookup: PolicyLookup => of(lookup.query, as)
    case query: SubqueryExpression =>
      of(query.plan, as)
      query.children.foreach(expression(_, as))
    case other => other.children.foreach(expression(_, as))
  }

  /** Asks for the view itself; below it its owner's rights count. A temporary view is the session's own. */
  private def viewed(description: CatalogTable, as: Actor): Actor =
    ours(description).fold(as) { parts =>
      ask(as, Privilege.Select, SecurableKind.View, parts)
      owner(Securable(SecurableKind.View, parts), as)
    }

  /** Asks for the function itself; its text works with its owner's rights. One that is not in a catalog is the session's own. */
  private def called(name: Seq[String], as: Actor): Actor = name match {
    case Seq(catalog, schema, function) if isOurs(catalog) =>
      val parts = Seq(catalog, schema, function).map(Names.key)
      // One that is just being made is called to check it.
      store.readable(EntryPlace(parts.head, parts(1), parts(2), Family.Functions)).fold(as) { found =>
        if (!as.inPolicy) ask(as, Privilege.Execute, SecurableKind.Function, parts)
        Actor(found.owner, Some(Securable(SecurableKind.Function, parts)))
      }
    case _ => as
  }

  private def owner(securable: Securable, otherwise: Actor): Actor =
    try Actor(new SecurableFiles(store).read(securable).owner, Some(securable)) catch { case _: AnalysisFailure => otherwise }

  private def shown(plan: LogicalPlan, as: Actor): Unit = table(plan).foreach(asked(_, as))

  /** Files outside of volumes are nobody's. */
  private def askVolume(as: Actor, privilege: Privilege, path: Path): Unit =
    places.volumes(path).foreach(volume => ask(as, privilege, SecurableKind.Volume, volume.parts))

  private def askChange(as: Actor, path: Path): Unit = VolumePaths.Changing.foreach(askVolume(as, _, path))

  private def asked(parts: Seq[String], as: Actor): Unit = ask(as, Privilege.Select, SecurableKind.Table, parts)

  /** Asks for the table that is written: loading it does not, where the statement reads it too. */
  private def written(target: LogicalPlan, as: Actor): Unit =
    target.collectLeaves().foreach { leaf =>
      table(leaf).foreach(ask(as, Privilege.Modify, SecurableKind.Table, _))
      paths.lying(leaf).foreach(askChange(as, _))
    }

  /** The name of a table of ours. */
  private def table(plan: LogicalPlan): Option[Seq[String]] = plan match {
    case relation: LogicalRelation => relation.catalogTable.filterNot(_ => PlanReads.isDeltas(relation)).flatMap(ours)
    case relation: DataSourceV2Relation => named(relation.catalog, relation.identifier)
    case relation: StreamingRelationV2 => named(relation.catalog, relation.identifier)
    case relation: StreamingRelation => relation.dataSource.catalogTable.flatMap(ours)
    case ResolvedTable(catalog, ident, _, _) => named(Some(catalog), Some(ident))
    case _ => None
  }

  private def named(catalog: Option[CatalogPlugin], ident: Option[Identifier]): Option[Seq[String]] =
    (catalog, ident) match {
      case (Some(ours: LakehouseCatalog), Some(name)) if !InformationSchema.holds(name) && name.namespace().length == 1 =>
        val parts = Seq(ours.name(), name.namespace().head, name.name()).map(Names.key)
        Some(parts).filter(_ => store.readable(EntryPlace(parts.head, parts(1), parts(2))).exists(_.isTable))
      case _ => None
    }

  private def ask(as: Actor, privilege: Privilege, kind: SecurableKind, parts: Seq[String]): Unit =
    found += Question(as.principal, privilege, Securable(kind, parts), as.through)

  private def ours(table: CatalogTable): Option[Seq[String]] = for {
    catalog <- table.identifier.catalog if isOurs(catalog)
    schema <- table.identifier.database
  } yield Seq(catalog, schema, table.identifier.table).map(Names.key)

  private def isOurs(catalog: String): Boolean = {
    val manager = SparkAccess.catalogManager(session)
    manager.isCatalogRegistered(catalog) && manager.catalog(catalog).isInstanceOf[LakehouseCatalog]
  }
}

private[lakewright] object PlanReads {
  /** Whether a command of Delta made the relation for itself: it reads the files that it has chosen, and was asked for before. */
  def isDeltas(relation: LogicalRelation): Boolean = relation.relation match {
    case HadoopFsRelation(index: TahoeFileIndex, _, _, _, _, _) => !index.isInstanceOf[TahoeLogFileIndex]
    case _ => false
  }

  def mayHold(value: Any): Boolean = value match {
    case _: LogicalPlan | _: Expression | _: Option[_] | _: Seq[_] | _: (_, _) => true
    case _ => false
  }

  /** The table that a command of Delta changes; it reads it too. */
  def changed(plan: LogicalPlan): Option[LogicalPlan] = plan match {
    case command: DeleteCommand => Some(command.target)
    case command: UpdateCommand => Some(command.target)
    case command: MergeIntoCommand => Some(command.target)
    case _ => None
  }
}
