package lakewright

import org.apache.hadoop.fs.Path
import org.apache.spark.sql.catalyst.expressions.ExprId
import org.apache.spark.sql.catalyst.plans.logical._
import org.apache.spark.sql.delta.commands.{DeleteCommand, DeltaInsertReplaceOnOrUsingCommand, MergeIntoCommand,
  UpdateCommand}
import org.apache.spark.sql.delta.sources.DeltaSink
import org.apache.spark.sql.execution.command.InsertIntoDataSourceDirCommand
import org.apache.spark.sql.execution.datasources.{InsertIntoHadoopFsRelationCommand, SaveIntoDataSourceCommand}
import org.apache.spark.sql.execution.streaming.sources.{WriteToMicroBatchDataSource, WriteToMicroBatchDataSourceV1}

/**
 * Reads an analyzed plan: which datasets it reads and writes, and which columns each column is made of.
 *
 * @param relations  names the datasets.
 * @param remembered see `PlanColumns`.
 * @param parse      parses a query, for the list of a COPY INTO.
 */
final class PlanLineage(
    relations: LineageRelations, remembered: ExprId => Option[Origin], parse: String => LogicalPlan) {

  /** What a plan reads and writes; None for one that moves no data, such as SHOW TABLES. */
  def of(plan: LogicalPlan): Option[StatementLineage] = {
    val walk = new PlanColumns(relations, remembered)
    val changes = new PlanChanges(relations, walk)
    val found = plan match {
      case batch: WriteToMicroBatchDataSource => written("STREAM", relations.target(batch.relation), batch.query, walk)
      case batch: WriteToMicroBatchDataSourceV1 => written("STREAM", sink(batch), batch.query, walk)
      case write: V2WriteCommand => written(operation(write), relations.target(write.table), write.query, walk)
      case create: V2CreateTableAsSelectPlan =>
        written(operation(plan), relations.made(create.name, DatasetKind.Table), create.query, walk)
      case view: CreateView =>
        val names = view.userSpecifiedColumns.map(_._1)
        written("CREATE VIEW", relations.made(view.child, DatasetKind.View), view.query, walk, names)
      case view: AlterViewAs => written("ALTER VIEW", relations.made(view.child, DatasetKind.View), view.query, walk)
      case files: InsertIntoHadoopFsRelationCommand =>
        val target = files.catalogTable.flatMap(relations.table).orElse(relations.path(files.outputPath))
        written("WRITE", target, files.query, walk)
      case folder: InsertIntoDataSourceDirCommand =>
        written("WRITE", folder.storage.locationUri.flatMap(uri => relations.path(new Path(uri))), folder.query, walk)
      case save: SaveIntoDataSourceCommand =>
        written("WRITE", save.options.get("path").flatMap(path => relations.path(new Path(path))), save.query, walk)
      case replace: DeltaInsertReplaceOnOrUsingCommand =>
        written("INSERT OVERWRITE", relations.delta(replace.deltaTable), replace.query, walk)
      case merge: MergeIntoCommand => changes.merge(merge)
      case update: UpdateCommand => changes.update(update)
      case delete: DeleteCommand => changes.delete(delete)
      case copy: CopyIntoCommand => new CopiedColumns(relations, parse).of(copy)
      case clone: CloneCommand => ClonedColumns.of(clone, relations)
      case _: Command => None
      case query => Some(read(query, walk))
    }
    found.filterNot(_.isEmpty)
  }

  private def read(query: LogicalPlan, walk: PlanColumns): StatementLineage = {
    val flow = walk.of(query)
    val kept = query.output.map(attribute => attribute.exprId -> flow.of(attribute)).filterNot(_._2.isEmpty).toMap
    StatementLineage("READ", walk.inputs, None, if (walk.isTooWide) Map.empty else kept)
  }

  /** A target that is None, such as a function of Python for a stream's batch, leaves what is read. */
  private def written(
      operation: String,
      target: Option[LineageDataset],
      query: LogicalPlan,
      walk: PlanColumns,
      names: Seq[String] = Nil): Option[StatementLineage] = {
    val all = read(query, walk)
    val flow = walk.of(query)
    val fields = query.output.zipWithIndex.map { case (column, i) =>
      LineageField(names.lift(i).getOrElse(column.name), column.dataType)
    }
    val output = target.map { dataset =>
      val columns = fields.map(_.name).zip(flow.of(query.output)).filterNot(_._2.isEmpty).toMap
      if (walk.isTooWide) LineageOutput(dataset, fields, Map.empty, Origin.Nothing, walk.pairs)
      else LineageOutput.of(dataset, fields, columns, flow.deciding)
    }
    Some(all.copy(operation = operation, output = output))
  }

  private def sink(batch: WriteToMicroBatchDataSourceV1): Option[LineageDataset] =
    batch.catalogTable.flatMap(relations.table).orElse(batch.sink match {
      case delta: DeltaSink => delta.catalogTable.flatMap(relations.table).orElse(relations.path(delta.path))
      case _ => batch.writeOptions.get("path").flatMap(path => relations.path(new Path(path)))
    })

  private def operation(plan: LogicalPlan): String = plan match {
    case _: AppendData => "INSERT"
    case _: CreateTableAsSelect => "CREATE TABLE AS SELECT"
    case _: ReplaceTableAsSelect => "REPLACE TABLE AS SELECT"
    case _ => "INSERT OVERWRITE"
  }
}
