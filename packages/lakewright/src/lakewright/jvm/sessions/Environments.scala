package lakewright

import org.apache.hadoop.conf.Configuration
import org.apache.spark.SparkEnv
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
    longestFirst.find(each => name.startsWith(s"${each}_")).filterNot(each => open(each) || Environments.everybodys(name))
      .foreach(other => throw Errors.otherEnvironment(name, other, own))
  }
}

object Environments {
  private val Own = "lakewright.environment"
  private val Others = "lakewright.otherEnvironments"
  private val Used = "lakewright.usedEnvironments"

  /** Catalogs of the engine itself. */
  private val everybodys = Set("spark_catalog", "system")

  /** Fixed when the engine starts; a session's own settings do not count. */
  def of(session: SparkSession): Environments = of(session.sparkContext.hadoopConfiguration)

  /** For what knows no session. Spark copies a session's settings into the configuration that it gives to a file system. */
  def ofProcess(given: Configuration): Environments = Option(SparkEnv.get).fold(of(given)) { env =>
    made(key => env.conf.get(s"spark.hadoop.$key", ""))
  }

  private def of(conf: Configuration): Environments = made(conf.get(_, ""))

  private def made(setting: String => String): Environments = {
    def names(key: String) = setting(key).split(',').toSeq.map(_.trim).filter(_.nonEmpty)
    new Environments(setting(Own), names(Others), names(Used))
  }
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
