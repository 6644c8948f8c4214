package org.apache.spark.sql.connect.lakewright

import org.apache.spark.SparkContext
import org.apache.spark.sql.connect.service.SparkConnectService

/**
 * The few doors of Spark Connect's server that are open to its own package only: whether it runs, its port, and
 * whether a query is under way. This file alone has to sit under `org.apache.spark.sql.connect`.
 */
object ConnectAccess {
  def ensureStarted(context: SparkContext): Unit =
    if (!SparkConnectService.started) SparkConnectService.start(context)

  def port: Int = SparkConnectService.localPort

  def isBusy: Boolean = SparkConnectService.executionManager.listActiveExecutions.isRight
}
