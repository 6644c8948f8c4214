package lakewright

import org.apache.spark.sql.catalyst.expressions.ExprId
import org.apache.spark.sql.types.DataType

/** What a dataset is: the words of OpenLineage's facet `datasetType`, and of Databricks' system tables. */
sealed abstract class DatasetKind(val word: String)

object DatasetKind {
  case object Table extends DatasetKind("TABLE")
  case object View extends DatasetKind("VIEW")
  case object Path extends DatasetKind("PATH")
}

/** A table or view by its three-level name, or a folder by its path. */
final case class LineageDataset(kind: DatasetKind, namespace: String, name: String)

final case class LineageColumn(dataset: LineageDataset, name: String)

/** How a column takes part in another: the words of OpenLineage's facet `columnLineage`. */
sealed abstract class How(val kind: String, val subtype: String) {
  def isDirect: Boolean = kind == "DIRECT"
}

object How {
  case object Identity extends How("DIRECT", "IDENTITY")
  case object Transformation extends How("DIRECT", "TRANSFORMATION")
  case object Aggregation extends How("DIRECT", "AGGREGATION")
  case object Filter extends How("INDIRECT", "FILTER")
  case object Join extends How("INDIRECT", "JOIN")
  case object GroupBy extends How("INDIRECT", "GROUP_BY")
  case object Sort extends How("INDIRECT", "SORT")
  case object Window extends How("INDIRECT", "WINDOW")
  case object Conditional extends How("INDIRECT", "CONDITIONAL")
}

/**
 * One way in which a column takes part.
 *
 * @param masked whether its value went through a mask: what comes out does not show it.
 */
final case class Way(how: How, masked: Boolean = false) {
  def isDirect: Boolean = how.isDirect
}

/**
 * The columns that one value is made of, each with the ways in which it takes part. What is asked for often is kept: a statement
 * may make thousands of columns of one value.
 *
 * @param parts for a struct that was made in the statement, or an array of such: the origins of its fields. Many programs
 *              pack rows into structs and unpack them after a window or an aggregate.
 */
final case class Origin(columns: Map[LineageColumn, Set[Way]], parts: Vector[Origin] = Vector.empty) {
  def isEmpty: Boolean = columns.isEmpty

  /** Whether all that is shown of columns went through a mask; not where no column is shown. */
  def isHidden: Boolean = {
    def shown = columns.valuesIterator.flatten.filter(_.isDirect)
    shown.nonEmpty && shown.forall(_.masked)
  }

  def and(other: Origin): Origin =
    if (isEmpty) other else if (other.isEmpty) this
    else {
      val common = if (parts.length == other.parts.length) parts.zip(other.parts) else Vector.empty
      Origin(union(other), common.map { case (mine, theirs) => mine.and(theirs) })
    }

  /** Of a value that another one decides about; that holds for each of its fields. */
  def under(decision: Origin): Origin =
    if (decision.isEmpty) this else Origin(union(decision), parts.map(_.under(decision)))

  /** After a function: a copy becomes a transformation; a transformation, an aggregate and what is indirect stay. */
  lazy val transformed: Origin = (if (parts.isEmpty) this else copy(parts = Vector.empty)).mapped(Origin.made)

  /** After a function that chooses among values: its fields can still be told apart. */
  lazy val chosen: Origin = mapped(Origin.made)

  /** After a mask: all of it. */
  lazy val masked: Origin =
    Origin(columns.map { case (column, ways) => column -> ways.map(_.copy(masked = true)) }, parts.map(_.masked))

  /** After an aggregate function. */
  lazy val aggregated: Origin = copy(parts = Vector.empty).summarized

  /** After an aggregate function that gives one of its values. */
  lazy val summarized: Origin = mapped(how => if (how.isDirect) How.Aggregation else how)

  /** For a value that decides, and is not shown. */
  def as(how: How): Origin =
    Origin(columns.map { case (column, ways) => column -> Set(Way(how, ways.exists(_.masked))) })

  /** A field of a struct; all of it where its fields are not known. */
  def part(number: Int): Origin = parts.lift(number).getOrElse(transformed)

  /** The same where nothing changes. */
  private def mapped(change: How => How): Origin = {
    def isChanged(way: Way) = change(way.how) != way.how
    if (parts.isEmpty && !columns.valuesIterator.exists(_.exists(isChanged))) this
    else Origin(
      columns.map { case (column, ways) => column -> ways.map(way => way.copy(how = change(way.how))) },
      parts.map(_.mapped(change)))
  }

  private def union(other: Origin): Map[LineageColumn, Set[Way]] =
    other.columns.foldLeft(columns) { case (all, (column, ways)) =>
      all.updated(column, all.get(column).fold(ways)(_ ++ ways))
    }
}

object Origin {
  val Nothing: Origin = Origin(Map.empty)

  private val made: How => How = { case How.Identity => How.Transformation; case how => how }

  def copyOf(column: LineageColumn): Origin = Origin(Map(column -> Set(Way(How.Identity))))

  def all(origins: Iterable[Origin]): Origin = origins.foldLeft(Nothing)(_ and _)
}

final case class LineageField(name: String, dataType: DataType)

/** @param direct whether the statement names it; false for what only a view reads. */
final case class LineageInput(dataset: LineageDataset, direct: Boolean, fields: Seq[LineageField])

/**
 * @param columns  the origin of each column that is written, by its name.
 * @param deciding what decides which rows there are: filters, joins, groups.
 * @param leftOut  how many pairs of columns were found before it was given up; 0 if all are known.
 */
final case class LineageOutput(
    dataset: LineageDataset,
    fields: Seq[LineageField],
    columns: Map[String, Origin],
    deciding: Origin,
    leftOut: Long = 0) {
  def edges: Long = leftOut + columns.valuesIterator.map(_.columns.size.toLong).sum
}

object LineageOutput {
  /** Without what a table keeps of itself: a column that is copied to itself, and what decides about its own rows. */
  def of(
      dataset: LineageDataset, fields: Seq[LineageField], columns: Map[String, Origin], deciding: Origin)
      : LineageOutput = {
    val own = columns.map { case (name, origin) =>
      def isOwn(from: LineageColumn) = from.dataset == dataset && from.name.equalsIgnoreCase(name)
      // Most columns have nothing to change, and may be wide.
      val copied = origin.columns.keysIterator.filter(isOwn).toSeq
      name -> copied.foldLeft(origin) { (all, from) =>
        val kept = all.columns(from).filterNot(_.how == How.Identity)
        Origin(if (kept.isEmpty) all.columns - from else all.columns.updated(from, kept))
      }
    }
    val others = Origin(deciding.columns.filterNot { case (from, _) => from.dataset == dataset })
    LineageOutput(dataset, fields, own.filterNot(_._2.isEmpty), others)
  }
}

/**
 * What one statement reads and writes. The statement's literals are nowhere in it.
 *
 * @param kept the origins of a query's columns, for a later statement that reads its result from memory.
 */
final case class StatementLineage(
    operation: String,
    inputs: Seq[LineageInput],
    output: Option[LineageOutput],
    kept: Map[ExprId, Origin] = Map.empty) {
  def isEmpty: Boolean = inputs.isEmpty && output.isEmpty
}
