package lakewright

import scala.util.Try

import org.apache.spark.SparkConf
import org.apache.spark.scheduler.{SparkListener, SparkListenerApplicationEnd, SparkListenerEvent}
import org.apache.spark.sql.execution.SQLExecution
import org.apache.spark.sql.execution.ui.{SparkListenerSQLExecutionEnd, SparkListenerSQLExecutionStart}
import org.apache.spark.sql.lakewright.SparkAccess

/**
 * Hears of every execution of a statement, of all sessions, and hands it over: what is made of it happens in a thread
 * of its own. `spark.extraListeners` names it. It must not throw: Spark would not start.
 */
class LineageListener(conf: SparkConf) extends SparkListener {
  private val recorder = Try(LineageRecorder.of(conf)).toOption.flatten

  override def onOtherEvent(event: SparkListenerEvent): Unit = event match {
    case start: SparkListenerSQLExecutionStart => recorder.foreach { all =>
      val root = start.rootExecutionId.filter(_ != start.executionId)
      all.take(Started(start.executionId, root, start.time, Option(SQLExecution.getQueryExecution(start.executionId))))
    }
    case end: SparkListenerSQLExecutionEnd =>
      recorder.foreach(_.take(Ended(end.executionId, end.time, SparkAccess.execution(end), SparkAccess.failure(end))))
    case _ => ()
  }

  override def onApplicationEnd(end: SparkListenerApplicationEnd): Unit = recorder.foreach(_.close())
}
