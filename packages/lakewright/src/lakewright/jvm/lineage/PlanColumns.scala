package lakewright

import java.util.IdentityHashMap

import scala.collection.mutable

import org.apache.spark.sql.catalyst.expressions.{Alias, Attribute, Expression, ExprId, SubqueryExpression}
import org.apache.spark.sql.catalyst.plans.logical._
import org.apache.spark.sql.catalyst.trees.TreePattern

/** The origins of a plan's columns, and of what decides about its rows. */
final case class Flow(columns: Map[ExprId, Origin], deciding: Origin) {
  def of(attribute: Attribute): Origin = columns.getOrElse(attribute.exprId, Origin.Nothing)

  def of(attributes: Seq[Attribute]): Seq[Origin] = attributes.map(of)
}

/**
 * Walks an analyzed plan from its leaves. One instance for one statement: it collects the datasets that are read.
 *
 * @param relations names what a leaf reads.
 * @param remembered the origin of an attribute that an earlier statement has computed, as for the batch of a stream.
 */
final class PlanColumns(relations: LineageRelations, remembered: ExprId => Option[Origin]) {
  private val read = mutable.LinkedHashMap.empty[LineageDataset, LineageInput]
  private val defined = mutable.HashMap.empty[Long, Rows]
  private val computed = new IdentityHashMap[LogicalPlan, Flow]
  private var outer = Map.empty[ExprId, Origin]
  private var views = 0
  private var count = 0L

  /** Thousands of columns that are each made of thousands would fill the memory: then no more of them are followed. */
  def isTooWide: Boolean = count > PlanColumns.Maximum

  /** How many pairs of columns were made, over all steps of the statement. */
  def pairs: Long = count

  /** The origin of a column that an expression makes; a column that is only passed on takes no memory. */
  def made(by: Expression, origin: Origin): Origin = {
    val isPassedOn = by match {
      case _: Attribute | Alias(_: Attribute, _) => true
      case _ => false
    }
    if (!isPassedOn) count += origin.columns.size
    origin
  }

  def inputs: Seq[LineageInput] = read.values.toSeq

  def of(plan: LogicalPlan): Flow = {
    val before = computed.get(plan)
    if (before != null) before
    else {
      val flow = walk(plan)
      computed.put(plan, flow)
      flow
    }
  }

  /** For expressions over the columns of these plans. */
  def expressions(flows: Flow*): ExpressionOrigins = {
    def known(id: ExprId): Origin =
      flows.iterator.flatMap(_.columns.get(id)).nextOption().orElse(outer.get(id)).getOrElse(Origin.Nothing)
    new ExpressionOrigins(known, plan => of(plan).of(plan.output))
  }

  /** What decides inside the subqueries of some expressions, which read the columns of these plans. */
  def subqueries(all: Seq[Expression], flows: Flow*): Origin = {
    val plans = all.filter(_.containsPattern(TreePattern.PLAN_EXPRESSION))
      .flatMap(_.collect { case query: SubqueryExpression => query.plan })
    if (plans.isEmpty) Origin.Nothing
    else {
      val around = outer
      outer = flows.foldLeft(outer)(_ ++ _.columns)
      try Origin.all(plans.map(of(_).deciding)) finally outer = around
    }
  }

  private def walk(plan: LogicalPlan): Flow = plan match {
    case WithCTE(child, definitions) =>
      definitions.foreach(of)
      of(child)
    case definition: CTERelationDef =>
      val flow = of(definition.child)
      defined.put(definition.id, Rows(flow.of(definition.child.output), flow.deciding))
      flow
    case ref: CTERelationRef => defined.getOrElse(ref.cteId, Rows.Unknown).as(ref.output)
    case loop: UnionLoop => recursive(loop)
    case ref: UnionLoopRef => defined.getOrElse(ref.loopId, Rows.Unknown).as(ref.output)
    case view: View => relations.view(view.desc).filterNot(_ => view.isTempView).fold(of(view.child))(named(view, _))
    case leaf: LeafNode => relation(leaf)
    case union: Union => byPosition(union, How.Identity)
    case operation: SetOperation => byPosition(operation, How.Filter)
    case join: LateralJoin => lateral(join)
    case other => PlanOperators.of(other, other.children.map(of), this)
  }

  private def relation(leaf: LeafNode): Flow = {
    val datasets = relations.of(leaf)
    datasets.foreach(dataset => note(dataset, leaf.output))
    val columns = leaf.output.flatMap { attribute =>
      def copies = datasets.map(dataset => Origin.copyOf(LineageColumn(dataset, attribute.name)))
      val origin = if (datasets.isEmpty) remembered(attribute.exprId) else Some(Origin.all(copies))
      origin.map(attribute.exprId -> _)
    }
    if (datasets.isEmpty) columns.flatMap(_._2.columns.keys.map(_.dataset)).distinct.foreach(note(_, Nil))
    Flow(columns.toMap, Origin.Nothing)
  }

  private def note(dataset: LineageDataset, output: Seq[Attribute]): Unit = {
    val seen = read.get(dataset)
    val fields = seen.toSeq.flatMap(_.fields) ++ output.map(field => LineageField(field.name, field.dataType))
    read.put(dataset, LineageInput(dataset, seen.exists(_.direct) || views == 0, fields.distinctBy(_.name)))
  }

  /** Both the view and what it reads: who reads the events sees the one that is named, and whence it comes. */
  private def named(view: View, dataset: LineageDataset): Flow = {
    note(dataset, view.output)
    views += 1
    val below = try of(view.child) finally views -= 1
    val columns = view.output.map { attribute =>
      val (own, origin) = (Origin.copyOf(LineageColumn(dataset, attribute.name)), below.of(attribute))
      // Who reads the view does not see the value either.
      attribute.exprId -> (if (origin.isHidden) own.masked else own).and(origin)
    }
    Flow(columns.toMap, below.deciding)
  }

  /** Starts from what the first part gives; the part that repeats adds to it. */
  private def recursive(loop: UnionLoop): Flow = {
    val anchor = of(loop.anchor)
    defined.put(loop.id, Rows(anchor.of(loop.anchor.output), Origin.Nothing))
    val repeated = of(loop.recursion)
    val origins = anchor.of(loop.anchor.output).zip(repeated.of(loop.recursion.output)).map { case (a, b) => a.and(b) }
    Rows(origins, anchor.deciding.and(repeated.deciding)).as(loop.output)
  }

  private def byPosition(plan: LogicalPlan, others: How): Flow = {
    val flows = plan.children.map(child => (of(child), child.output))
    val rows = flows.map { case (flow, output) => flow.of(output) }
    val shown = if (others == How.Identity) rows else rows.take(1)
    val hidden = if (others == How.Identity) Nil else rows.drop(1).flatten
    val deciding = Origin.all(flows.map(_._1.deciding)).and(Origin.all(hidden).as(others))
    Rows(shown.transpose.map(Origin.all(_)), deciding).as(plan.output)
  }

  private def lateral(join: LateralJoin): Flow = {
    val left = of(join.left)
    val around = outer
    outer = outer ++ left.columns
    val right = try of(join.right.plan) finally outer = around
    val columns = left.columns ++ right.columns
    val own = expressions(Flow(columns, Origin.Nothing)).decided(join.condition.toSeq, How.Join)
    Flow(columns, left.deciding.and(right.deciding).and(own))
  }
}

object PlanColumns {
  private val Maximum = 1000000L
}

/** The origins of columns that another plan takes over by their position. */
private final case class Rows(columns: Seq[Origin], deciding: Origin) {
  def as(output: Seq[Attribute]): Flow = Flow(output.map(_.exprId).zip(columns).toMap, deciding)
}

private object Rows {
  val Unknown: Rows = Rows(Nil, Origin.Nothing)
}
