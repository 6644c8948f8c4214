package lakewright

import java.util.UUID

import org.apache.hadoop.fs.Path
import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.delta.{DeltaConfigs, DeltaErrors, DeltaLog, DeltaOperations, DomainMetadataUtils, IdentityColumn,
  OptimisticTransaction, Snapshot}
import org.apache.spark.sql.delta.actions.{Action, AddFile, Metadata, Protocol}
import org.apache.spark.sql.delta.commands.CloneTableCommand
import org.apache.spark.sql.execution.metric.SQLMetric

/**
 * A clone as on Databricks. Open-source Delta clones shallowly only, and refuses to replace a table that has rows.
 * A deep clone copies files, and those alone that the table does not hold already.
 * Source: https://docs.databricks.com/aws/en/tables/operations/clone
 */
final class FileClone(clone: CloneTableCommand, deep: Boolean)
    extends CloneTableCommand(clone.sourceTable, clone.targetIdent, clone.tablePropertyOverrides, clone.targetPath) {
  private val source = clone.sourceTable
  private val overrides = clone.tablePropertyOverrides

  override def handleClone(
      session: SparkSession, txn: OptimisticTransaction, log: DeltaLog, metrics: Option[Map[String, SQLMetric]]): Seq[Row] =
    try {
      if (!clone.targetPath.isAbsolute) throw DeltaErrors.cloneOnRelativePath(clone.targetIdent.toString)
      if (txn.readVersion < 0) log.createLogDirectoriesIfNotExists()
      txn.updateMetadata(metadata(txn.snapshot), ignoreDefaultProperties = true)
      val change = files(session, txn.snapshot, log)
      val measured = measures(change)
      metrics.foreach(known => measured.foreach { case (name, value) => known(name).set(value) })
      val operation = DeltaOperations.Clone(source.name, source.snapshot.fold(-1L)(_.version))
      txn.commitLarge(session, actions(txn.snapshot, change), Some(protocol(session, txn)), operation,
        Map.empty, measured.map { case (name, value) => name -> value.toString })
      getOutputSeq(measured)
    } finally source.close()

  /** The source's, with the target's identity, and the properties of the statement over those of the source. */
  private def metadata(before: Snapshot): Metadata = {
    val exists = before.version >= 0
    val schema = IdentityColumn.copySchemaWithMergedHighWaterMarks(before.deltaLog, source.metadata.schema, before.metadata.schema)
    val after = source.metadata.copy(
      id = if (exists) before.metadata.id else UUID.randomUUID().toString,
      name = before.metadata.name,
      description = before.metadata.description,
      schemaString = schema.json,
      configuration = source.metadata.configuration ++ DeltaConfigs.validateConfigurations(overrides))
    checkColumnMappingMode(source.metadata, after)
    if (exists) checkColumnMappingMode(before.metadata, after)
    after
  }

  /** Never lower than the table's own: that would break its earlier versions. */
  private def protocol(session: SparkSession, txn: OptimisticTransaction): Protocol = {
    val configuration = txn.metadata.configuration ++ DeltaConfigs.validateConfigurations(overrides)
    val (reader, writer, features) =
      Protocol.minProtocolComponentsFromMetadata(session, txn.metadata.copy(configuration = configuration))
    val all = source.protocol +: Option.when(txn.readVersion >= 0)(txn.snapshot.protocol).toSeq
    val needed = Protocol((reader +: all.map(_.minReaderVersion)).max, (writer +: all.map(_.minWriterVersion)).max)
    all.head.merge((all.tail :+ needed.withFeatures(features)): _*)
  }

  private def files(session: SparkSession, before: Snapshot, log: DeltaLog): FileChange = {
    val folder = qualified(session, source.dataPath)
    val copies = new FileCopies(folder, qualified(session, clone.targetPath), session.sessionState.newHadoopConf())
    val wanted =
      if (deep) source.allFiles.collect().toSeq.map(copies.renamed)
      else handleNewDataFiles(DeltaOperations.OP_CLONE, source.allFiles, folder.toString, log).collect().toSeq.map(file => file -> file)
    val change = FileChange.between(before.allFiles.collect().toSeq, wanted)
    if (deep) change.added.foreach { case (from, to) => copies.copy(from, to) }
    change
  }

  private def actions(before: Snapshot, change: FileChange): Iterator[Action] = {
    val added = change.added.iterator.map { case (_, file) =>
      file.copy(dataChange = true, baseRowId = None, defaultRowCommitVersion = None, backReference = None, amtPassthrough = None)
    }
    val removed = change.removed.iterator.map(_.remove)
    val domains = source.snapshot.iterator.flatMap(DomainMetadataUtils.handleDomainMetadataForCloneTable(_, before))
    // How far streams and COPY INTO have come: a deep clone goes on from there.
    val progress = if (deep) source.snapshot.iterator.flatMap(_.setTransactions) else Iterator.empty
    removed ++ added ++ domains ++ progress
  }

  private def measures(change: FileChange): Map[String, Long] = {
    val copied = if (deep) change.added.map(_._2) else Nil
    Map(
      CloneTableCommand.SOURCE_TABLE_SIZE -> source.sizeInBytes,
      CloneTableCommand.SOURCE_NUM_OF_FILES -> source.numOfFiles,
      CloneTableCommand.NUM_REMOVED_FILES -> change.removed.length.toLong,
      CloneTableCommand.NUM_COPIED_FILES -> copied.length.toLong,
      CloneTableCommand.REMOVED_FILES_SIZE -> change.removed.map(_.size).sum,
      CloneTableCommand.COPIED_FILES_SIZE -> copied.map(_.size).sum)
  }

  private def qualified(session: SparkSession, path: Path): Path =
    path.getFileSystem(session.sessionState.newHadoopConf()).makeQualified(path)
}

/**
 * What a clone does to the files of its target.
 *
 * @param added each file as the source names it, and as the target will.
 */
final case class FileChange(removed: Seq[AddFile], added: Seq[(AddFile, AddFile)])

object FileChange {
  def between(held: Seq[AddFile], wanted: Seq[(AddFile, AddFile)]): FileChange = {
    def key(file: AddFile) = (file.path, Option(file.deletionVector).map(_.uniqueFileId), Option(file.deletionVector).flatMap(_.offset))
    val (before, after) = (held.map(key).toSet, wanted.map { case (_, file) => key(file) }.toSet)
    FileChange(held.filterNot(file => after(key(file))), wanted.filterNot { case (_, file) => before(key(file)) })
  }
}
