package lakewright

import scala.jdk.CollectionConverters._

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.catalog.CatalogTable
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.catalyst.streaming.StreamingRelationV2
import org.apache.spark.sql.connector.catalog.{CatalogPlugin, Identifier}
import org.apache.spark.sql.delta.DeltaLogFileIndex
import org.apache.spark.sql.delta.catalog.DeltaTableV2
import org.apache.spark.sql.delta.commands.cdc.CDCReader.DeltaCDFRelation
import org.apache.spark.sql.delta.stats.PreparedDeltaFileIndex
import org.apache.spark.sql.delta.files.{TahoeFileIndex, TahoeLogFileIndex}
import org.apache.spark.sql.execution.datasources.{HadoopFsRelation, LogicalRelation}
import org.apache.spark.sql.execution.datasources.v2.{DataSourceV2Relation, DataSourceV2ScanRelation, FileTable}
import org.apache.spark.sql.execution.streaming.runtime.StreamingRelation

/** How a leaf of a plan reads a protected table. */
sealed trait ProtectedRead { def place: EntryPlace }
object ProtectedRead {
  /** By its name, as it is now: what a policy can be put above. */
  final case class Named(place: EntryPlace) extends ProtectedRead

  /** Files that the source of a stream has chosen for a batch: the stream has a view above them, or is older than the policy. */
  final case class Batch(place: EntryPlace) extends ProtectedRead

  /** In any other way: refused. */
  final case class Other(place: EntryPlace, how: String) extends ProtectedRead
}

/** Recognises the leaves that read a protected table; Delta's own reads of its log and of single files are none. */
final class ProtectedLeaves(session: SparkSession, index: PolicyIndex) {
  def of(leaf: LogicalPlan): Option[ProtectedRead] = leaf match {
    case LogicalRelation(HadoopFsRelation(files: TahoeLogFileIndex, _, _, _, _, _), _, table, false, _) =>
      delta(files.path.toString, table.orElse(files.catalogTableOpt), timeTravel = files.isTimeTravelQuery)
    case LogicalRelation(HadoopFsRelation(files: PreparedDeltaFileIndex, _, _, _, _, _), _, table, _, _) =>
      delta(files.path.toString, table.orElse(files.catalogTableOpt), timeTravel = false)
    case LogicalRelation(HadoopFsRelation(_: DeltaLogFileIndex, _, _, _, _, _), _, _, _, _) => None
    case LogicalRelation(HadoopFsRelation(files: TahoeFileIndex, _, _, _, _, _), _, _, streams, _) =>
      if (streams) find(files.path.toString).map(ProtectedRead.Batch(_)) else None
    case LogicalRelation(HadoopFsRelation(files, _, _, _, _, _), _, _, _, _) =>
      files.rootPaths.flatMap(path => other(path.toString, "reading its files by their path")).headOption
    case LogicalRelation(changes: DeltaCDFRelation, _, _, _, _) =>
      other(changes.snapshotWithSchemaMode.snapshot.deltaLog.dataPath.toString, "reading its change data feed")
    case relation: DataSourceV2Relation => v2(relation)
    case DataSourceV2ScanRelation(relation: DataSourceV2Relation, _, _, _, _, _) => v2(relation)
    case stream: StreamingRelation =>
      val options = stream.dataSource.options.collect { case (key, path) if key.equalsIgnoreCase("path") => path }
      val table = stream.dataSource.catalogTable.flatMap(_.storage.locationUri).map(_.toString)
      streamed((stream.dataSource.paths ++ options ++ table).flatMap(all).distinct, stream.dataSource.catalogTable, stream.dataSource.options)
    case stream: StreamingRelationV2 =>
      val path = Option(stream.extraOptions.get("path"))
      val table = Some(stream.table).collect { case table: DeltaTableV2 => table.deltaLog.dataPath.toString }
      val described = Some(stream.table).collect { case table: DeltaTableV2 => table.catalogTable }.flatten
      streamed((path ++ table).toSeq.flatMap(all).distinct, described, stream.extraOptions.asCaseSensitiveMap.asScala.toMap)
        .orElse(unknown(stream.catalog, stream.identifier))
    case _ => None
  }

  /** A stream sees what its principal sees, in each batch; not what was there before its start. */
  private def streamed(places: Seq[EntryPlace], table: Option[CatalogTable], options: Map[String, String]): Option[ProtectedRead] =
    places.headOption.map { place =>
      if (options.exists { case (key, value) => isPast(key) || isFeed(key) && value.equalsIgnoreCase("true") })
        ProtectedRead.Other(place, "a stream of its past or of its change data feed")
      else named(places, table)
    }

  private def isPast(key: String): Boolean =
    Seq("startingVersion", "startingTimestamp", "versionAsOf", "timestampAsOf").exists(key.equalsIgnoreCase)

  private def isFeed(key: String): Boolean = Seq("readChangeFeed", "readChangeData").exists(key.equalsIgnoreCase)

  /** A connector of which nothing is known here, as Delta has one that is switched on by a setting. */
  private def unknown(catalog: Option[CatalogPlugin], ident: Option[Identifier]): Option[ProtectedRead] = for {
    plugin <- catalog.collect { case ours: LakehouseCatalog => ours }
    name <- ident if name.namespace().length == 1
    place = EntryPlace(Names.key(plugin.name()), Names.key(name.namespace().head), Names.key(name.name()))
    if index.holds(place)
  } yield ProtectedRead.Other(place, "another connector")

  private def v2(relation: DataSourceV2Relation): Option[ProtectedRead] = relation.table match {
    case table: DeltaTableV2 =>
      val changes = Seq("readChangeFeed", "readChangeData").exists(relation.options.getBoolean(_, false)) ||
        Seq("readChangeFeed", "readChangeData").exists(key => table.options.exists { case (k, v) => k.equalsIgnoreCase(key) && v.toBoolean })
      if (changes) other(table.deltaLog.dataPath.toString, "reading its change data feed")
      else delta(table.deltaLog.dataPath.toString, table.catalogTable,
        timeTravel = table.timeTravelOpt.isDefined || relation.timeTravelSpec.isDefined)
    case files: FileTable => files.fileIndex.rootPaths.flatMap(path => other(path.toString, "reading its files by their path")).headOption
    case _ => unknown(relation.catalog, relation.identifier)
  }

  private def delta(path: String, table: Option[CatalogTable], timeTravel: Boolean): Option[ProtectedRead] =
    all(path) match {
      case Nil => None
      case places if timeTravel => Some(ProtectedRead.Other(places.head, "time travel"))
      case places => Some(named(places, table))
    }

  /** A second table at the same place has other policies, or none: then neither name shows it. */
  private def named(places: Seq[EntryPlace], table: Option[CatalogTable]): ProtectedRead =
    places.find(place => !table.exists(ProtectedLeaves.isNamed(_, place)))
      .fold[ProtectedRead](ProtectedRead.Named(places.head))(ProtectedRead.Other(_, "reading it by its path"))

  private def other(path: String, how: String): Option[ProtectedRead] = find(path).map(ProtectedRead.Other(_, how))

  private def find(path: String): Option[EntryPlace] = all(path).headOption

  private def all(path: String): Seq[EntryPlace] = PolicyIndex.address(session, path).toSeq.flatMap(index.at)
}

object ProtectedLeaves {
  def isNamed(table: CatalogTable, place: EntryPlace): Boolean =
    table.identifier.catalog.contains(place.catalog) && table.identifier.database.contains(place.schema) &&
      table.identifier.table == place.name
}
