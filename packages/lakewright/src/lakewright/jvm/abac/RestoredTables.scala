package lakewright

import org.apache.spark.sql.SparkSession

/** RESTORE may bring columns back that have no tags by now, so those to whom tags chose a policy do not restore a table. */
object RestoredTables {
  def require(path: String): Unit = {
    val session = SparkSession.active
    val index = PolicyIndex.of(session)
    PolicyIndex.address(session, path).flatMap(index.find).filter(index.choosesFor).foreach { place =>
      throw PolicyErrors.refused("RESTORE", place.parts.mkString("."), "let a session without a principal do it")
    }
  }
}
