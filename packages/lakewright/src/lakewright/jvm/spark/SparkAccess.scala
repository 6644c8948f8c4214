package org.apache.spark.sql.lakewright

import java.net.URI

import scala.jdk.CollectionConverters._
import scala.util.Try

import org.apache.spark.{QueryContext, SparkThrowable}
import org.apache.spark.sql.AnalysisException
import org.apache.spark.sql.catalyst.{SqlScriptingContextManager, TableIdentifier}
import org.apache.spark.sql.catalyst.analysis.{AnalysisContext, SQLFunctionContext, VariableResolution}
import org.apache.spark.sql.catalyst.catalog.CatalogTable
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.catalyst.trees.Origin
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.connector.catalog.{CatalogManager, Column, Table, V1Table}
import org.apache.spark.sql.connector.catalog.CatalogV2Implicits._
import org.apache.spark.sql.connector.catalog.CatalogV2Util
import org.apache.spark.sql.execution.QueryExecution
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd
import org.apache.spark.sql.streaming.StreamingQuery
import org.apache.spark.sql.errors.QueryCompilationErrors
import org.apache.spark.sql.types.{StructField, StructType}

/**
 * The few doors of Spark that are open to its own package only. Everything else of the plugin lives in
 * package `lakewright`; this file alone has to sit under `org.apache.spark.sql`, because `V1Table`, the
 * constructor of `AnalysisException` with a free message, and the session's state are package-private.
 */
object SparkAccess {
  def v1Table(description: CatalogTable): Table = V1Table(description)

  def schemaOf(columns: Array[Column]): StructType = CatalogV2Util.v2ColumnsToStructType(columns)

  def columnsOf(schema: StructType): Array[Column] = CatalogV2Util.structTypeToV2Columns(schema)

  def catalogManager(session: org.apache.spark.sql.SparkSession): CatalogManager =
    session.asInstanceOf[ClassicSession].sessionState.catalogManager

  /** Where the files of a table of Spark's own catalog lie; None where it has none of this name. */
  def placeOf(session: org.apache.spark.sql.SparkSession, name: TableIdentifier): Option[URI] = {
    val catalog = session.asInstanceOf[ClassicSession].sessionState.catalog
    Try(if (catalog.tableExists(name)) catalog.getTableMetadata(name).storage.locationUri else None).toOption.flatten
  }

  /** The streams that run, of all sessions, each with its thread. */
  def streams(session: ClassicSession): Seq[(Thread, StreamingQuery)] =
    session.sharedState.activeStreamingQueries.values.asScala.map(query => (query.queryExecutionThread, query)).toSeq

  /** What the stream of this thread reads, as it was analyzed at its start; None in every other thread. */
  def streamed(session: org.apache.spark.sql.SparkSession): Option[LogicalPlan] =
    session.asInstanceOf[ClassicSession].sharedState.activeStreamingQueries.values.asScala
      .find(_.queryExecutionThread eq Thread.currentThread).map(_.analyzedPlan)

  /** The statement that an event is about. Spark forgets it by its id before the event is heard. */
  def execution(end: SparkListenerSQLExecutionEnd): Option[QueryExecution] = Option(end.qe)

  def failure(end: SparkListenerSQLExecutionEnd): Option[Throwable] = end.executionFailure

  /** Whether the analyzer is just now inside the text of a view or a function: its owner's rights count there. */
  def insideDefinition: Boolean =
    AnalysisContext.get.nestedViewDepth > 0 || SQLFunctionContext.get.nestedSQLFunctionDepth > 0

  /** Whether a table function of this name is built in, or made for the session. */
  def hasTableFunction(session: org.apache.spark.sql.SparkSession, name: String): Boolean =
    session.asInstanceOf[ClassicSession].sessionState.catalog.lookupBuiltinOrTempTableFunction(name).isDefined

  /** Whether the session has variables, or its script has some. */
  def hasVariables(session: org.apache.spark.sql.SparkSession): Boolean =
    !catalogManager(session).tempVariableManager.isEmpty || SqlScriptingContextManager.get().exists(_.getVariableManager.isDefined)

  /** Whether a name can be that of a variable, or of a field of one. */
  def isVariable(session: org.apache.spark.sql.SparkSession, name: Seq[String]): Boolean = {
    val manager = catalogManager(session)
    new VariableResolution(manager.tempVariableManager, manager).resolveMultipartName(name, resolvingView = false, Nil).isDefined
  }

  /** The properties of a table that a clause of CREATE TABLE of its own sets. */
  def propertiesOfClauses: Set[String] = CatalogV2Util.TABLE_RESERVED_PROPERTIES.toSet

  /** The text of a parameter's DEFAULT. */
  def defaultOf(field: StructField): Option[String] = field.getDefault()

  def noTableFunction(parts: Seq[String]): Throwable =
    new AnalysisException("UNRESOLVABLE_TABLE_VALUED_FUNCTION", Map("name" -> parts.toArray.quoted))

  /** An error while a query runs, with a free message. */
  def runtimeError(condition: String, message: String): RuntimeException = new PluginRuntimeException(condition, message)

  def wrongNumberOfArguments(function: String, expected: Int, given: Int): Throwable =
    QueryCompilationErrors.wrongNumArgsError(function, Seq(expected), given)

  def quoted(parts: Seq[String]): String = parts.toArray.quoted
}

/** An error for the user: a condition that programs can match, and a message that says what, where and fix. */
class PluginException(condition: String, message: String, state: String, cause: Option[Throwable] = None)
    extends AnalysisException(
      s"[$condition] $message", None, None, cause, Some(condition), Map.empty[String, String],
      Array.empty[QueryContext]) {
  override def getSqlState: String = state

  /** Spark would make another error of it, which forgets the state, to add the place in the statement. */
  override def withPosition(origin: Origin): AnalysisException = this
}

/** An error of a row: what it says is all that is known of it. */
class PluginRuntimeException(condition: String, message: String) extends RuntimeException(s"[$condition] $message") with SparkThrowable {
  override def getCondition: String = condition
  override def getSqlState: String = "22000"
}
