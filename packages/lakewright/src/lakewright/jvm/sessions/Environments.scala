package lakewright

import org.apache.hadoop.conf.Configuration
import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.catalyst.rules.Rule

/**
 * The environments of a project. A catalog belongs to the one that its name begins with (`prod_analytics` to `prod`), and a session
 * of one environment does not touch what belongs to another.
 * @param own the environment that the engine works for
 * @param others the environments that are not to be touched
 * @param used those that may be named too
 */
final class Environments(own: String, others: Seq[String], used: Seq[String]) {
  private val open = (own +: used).toSet
  private val longestFirst = (open ++ others).toSeq.filter(_.nonEmpty).sortBy(-_.length)

  def requireOwn(catalog: String): Unit = {
    val name = Names.key(catalog)
    longestFirst.find(each => name.startsWith(s"${each}_")).filterNot(open)
      .foreach(other => throw Errors.otherEnvironment(name, other, own))
  }
}

object Environments {
  private val Own = "lakewright.environment"
  private val Others = "lakewright.otherEnvironments"
  private val Used = "lakewright.usedEnvironments"

  /** Fixed when the engine starts; a session's own settings do not count. */
  def of(session: SparkSession): Environments = of(session.sparkContext.hadoopConfiguration)

  def of(conf: Configuration): Environments =
    new Environments(conf.get(Own, ""), conf.getTrimmedStrings(Others).toSeq, conf.getTrimmedStrings(Used).toSeq)
}

/** Names that no statement has been parsed for, as of `spark.table` and `saveAsTable`. */
final class OwnEnvironment(session: SparkSession) extends Rule[LogicalPlan] {
  private lazy val environments = Environments.of(session)

  override def apply(plan: LogicalPlan): LogicalPlan = {
    plan.foreachWithSubqueries { node =>
      NamedObject.of(node).filter(_.hasCatalog).foreach(named => environments.requireOwn(named.parts.head))
    }
    plan
  }
}
