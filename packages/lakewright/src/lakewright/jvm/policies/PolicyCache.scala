package lakewright

import java.util.concurrent.atomic.AtomicLong
import java.util.{LinkedHashMap, Map => JavaMap}

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis.SQLScalarFunction
import org.apache.spark.sql.catalyst.expressions._
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.catalyst.trees.TreePattern.CURRENT_LIKE
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.internal.SQLConf
import org.apache.spark.sql.types.{DataType, Metadata}

/**
 * Everything that the texts of a table's policies are resolved from: two reads with equal keys get equal expressions. All settings
 * are part of it, as nearly each may change what a text means (time zone, ANSI mode, case sensitivity, collation).
 * @param stamp what there was when the read began: each change of a policy, a function or a group of the principal makes another one
 */
final case class PolicyKey(
    place: EntryPlace, policies: TablePolicies, stamp: PolicyStamp, columns: Seq[PolicyColumn], settings: Seq[Map[String, String]], zone: String)

final case class PolicyColumn(name: String, kind: DataType, nullable: Boolean, metadata: Metadata)

object PolicyKey {
  def of(session: SparkSession, place: EntryPlace, policies: TablePolicies, stamp: PolicyStamp, columns: Seq[Attribute]): PolicyKey = {
    // Within a view the second is that of the view.
    val settings = Seq(session.asInstanceOf[ClassicSession].sessionState.conf, SQLConf.get).distinct
    PolicyKey(place, policies, stamp, columns.map(one => PolicyColumn(one.name, one.dataType, one.nullable, one.metadata)),
      settings.map(_.getAllConfs), settings.map(_.sessionLocalTimeZone).mkString(" "))
  }
}

/**
 * The policies of a table as expressions of its columns.
 * @param filter what is true for the rows to show; None where all are shown
 * @param masks what is shown in place of the columns that are not shown as they are
 * @param analyzed the calls of all functions, as the analyzer leaves them; None where there is no policy
 * @param leavesOut whether one of them is in no expression, because it does nothing for the principal
 * @param functions the functions that were called, at any depth, and the records that they were read from
 */
final case class ResolvedPolicies(
    columns: Seq[Attribute], filter: Option[Expression], masks: AttributeMap[Expression], analyzed: Option[LogicalPlan],
    leavesOut: Boolean, functions: Map[Seq[String], Option[RecordEdition]]) {
  def isFree: Boolean = filter.isEmpty && masks.isEmpty

  def isCurrent(store: MetadataStore): Boolean = functions.forall { case (name, edition) => store.edition(name, Family.Functions) == edition }

  /** The same for another read of the table, whose columns have other identities. */
  def on(others: Seq[Attribute]): ResolvedPolicies = if (others eq columns) this else {
    val own = AttributeMap(columns.zip(others))
    def put(expression: Expression): Expression = expression.transform {
      case called: SQLScalarFunction => called.copy(inputs = called.inputs.map(put))
      case one: Attribute => own(one)
    }
    copy(others, filter.map(put), AttributeMap(masks.toSeq.map { case (one, mask) => own(one) -> put(mask) }))
  }
}

/** Resolved policies of one session, the last ones that it used. */
final class PolicyCache {
  private val kept = new LinkedHashMap[PolicyKey, ResolvedPolicies](16, 0.75f, true) {
    override def removeEldestEntry(eldest: JavaMap.Entry[PolicyKey, ResolvedPolicies]): Boolean = size > PolicyCache.Most
  }

  def of(key: PolicyKey, store: MetadataStore)(resolve: => ResolvedPolicies): ResolvedPolicies =
    synchronized(Option(kept.get(key))).filter(_.isCurrent(store)).getOrElse {
      PolicyCache.counted.incrementAndGet()
      val made = resolve
      if (PolicyCache.mayKeep(made)) synchronized {
        kept.keySet.removeIf(_.stamp.version < key.stamp.version)
        kept.put(key, made)
      }
      made
    }
}

object PolicyCache {
  val Most = 64
  private val counted = new AtomicLong

  /** How often policies were resolved since the start, by all sessions. */
  def resolutions: Long = counted.get

  /** Whether the same expressions will do for the next query, and for one that runs at the same time. */
  def mayKeep(policies: ResolvedPolicies): Boolean = {
    val columns = AttributeSet(policies.columns)
    val shown = policies.filter.toSeq ++ policies.masks.values
    val called = policies.analyzed.toSeq.flatMap(_.flatMap(_.expressions))
    shown.forall(attributes(_).forall(columns.contains)) && (shown ++ called).forall(isLasting)
  }

  private def attributes(expression: Expression): Seq[Attribute] = expression.flatMap {
    case called: SQLScalarFunction => called.inputs.flatMap(attributes)
    case one: Attribute => Seq(one)
    case _ => Nil
  }

  private def isLasting(expression: Expression): Boolean = expression.deterministic && !expression.exists {
    case called: SQLScalarFunction => called.function.name.catalog.isEmpty || !called.inputs.forall(isLasting)
    // Rows and variables change without a trace. A function of the session is known by its name only. Parameters of lambdas hold values.
    case _: PlanExpression[_] | _: PolicyLookup | _: VariableReference | _: UserDefinedExpression => true
    case _: HigherOrderFunction | _: LambdaFunction | _: NamedLambdaVariable => true
    case one => one.stateful || one.containsPattern(CURRENT_LIKE) // the time, the current schema
  }
}
