package lakewright

import scala.util.Try

import org.apache.hadoop.fs.Path
import org.apache.spark.sql.catalyst.analysis.{UnresolvedAlias, UnresolvedAttribute, UnresolvedStar}
import org.apache.spark.sql.catalyst.expressions.{Alias, Expression}
import org.apache.spark.sql.catalyst.plans.logical.{LogicalPlan, Project}
import org.apache.spark.sql.types.StructType

/** COPY INTO: its files are read while it runs, so the columns are those that the statement names, or the table's. */
final class CopiedColumns(relations: LineageRelations, parse: String => LogicalPlan) {
  def of(copy: CopyIntoCommand): Option[StatementLineage] = {
    val schema = copy.table.schema()
    val source = relations.path(new Path(copy.spec.source))
    relations.delta(copy.table).map { target =>
      val columns = source.fold(Map.empty[String, Origin])(made(copy.spec, schema, _))
      val fields = schema.map(field => LineageField(field.name, field.dataType))
      val output = LineageOutput.of(target, fields, columns, Origin.Nothing)
      StatementLineage("COPY INTO", source.map(LineageInput(_, direct = true, Nil)).toSeq, Some(output))
    }
  }

  private def made(spec: CopySpec, schema: StructType, source: LineageDataset): Map[String, Origin] = {
    def copied(name: String) = Origin.copyOf(LineageColumn(source, name))
    val names = schema.fieldNames.toSeq
    val byName = names.map(name => name -> copied(name))
    (spec.select, spec.position) match {
      case (Some(list), _) => selected(list).fold(Map.empty[String, Origin])(_.flatMap {
          case UnresolvedStar(None) => byName
          case Alias(expression, name) => Seq(name -> columns(expression, source))
          case UnresolvedAlias(expression, _) => unnamed(expression, source)
          case expression => unnamed(expression, source)
        }.toMap)
      case (_, Some(given)) =>
        (if (given.isEmpty) names else given).zipWithIndex.map { case (name, i) => name -> copied(s"_c$i") }.toMap
      case _ => byName.toMap
    }
  }

  private def selected(list: String): Option[Seq[Expression]] = Try(parse(s"SELECT $list")).toOption.collect {
    case Project(expressions, _) => expressions
  }

  private def unnamed(expression: Expression, source: LineageDataset): Seq[(String, Origin)] = expression match {
    case column: UnresolvedAttribute => Seq(column.nameParts.last -> columns(column, source))
    case _ => Nil
  }

  private def columns(expression: Expression, source: LineageDataset): Origin = {
    val named = Origin.all(expression.collect { case column: UnresolvedAttribute =>
      Origin.copyOf(LineageColumn(source, column.nameParts.head))
    })
    if (expression.isInstanceOf[UnresolvedAttribute]) named else named.transformed
  }
}

/** A clone: each column is its source's. */
object ClonedColumns {
  def of(clone: CloneCommand, relations: LineageRelations): Option[StatementLineage] = clone.command.query.collect {
    case copy: FileClone =>
      val source = copy.sourceTable.catalogTable.flatMap(relations.table)
        .orElse(relations.path(copy.sourceTable.dataPath))
      val fields = copy.sourceTable.schema.map(field => LineageField(field.name, field.dataType))
      val target = clone.target match {
        case Some((catalog, placed)) => relations.named(catalog, placed.ident, DatasetKind.Table)
        case None => relations.path(copy.targetPath)
      }
      val columns = source.fold(Map.empty[String, Origin]) { from =>
        fields.map(field => field.name -> Origin.copyOf(LineageColumn(from, field.name))).toMap
      }
      val output = target.map(LineageOutput.of(_, fields, columns, Origin.Nothing))
      StatementLineage("CLONE", source.map(LineageInput(_, direct = true, fields)).toSeq, output)
  }
}
