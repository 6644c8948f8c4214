package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.FunctionIdentifier
import org.apache.spark.sql.catalyst.analysis.{UnresolvedFunction, UnresolvedRelation, UnresolvedTableValuedFunction}
import org.apache.spark.sql.catalyst.expressions.VariableReference
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}

/** What the text of a function names. */
final class CalledObjects(session: SparkSession) {
  private val catalog = session.asInstanceOf[ClassicSession].sessionState.catalog
  private val context = CommandContext.of(session)

  /** Refuses what ends with the session: a function outlives it. */
  def requirePersistent(function: FunctionIdentifier, body: LogicalPlan): Unit = BodyNames.nodes(body).foreach { node =>
    node match {
      case relation: UnresolvedRelation if isTemporaryView(relation.multipartIdentifier) =>
        throw FunctionErrors.ofSession(function.nameParts, "view", relation.multipartIdentifier)
      case call: UnresolvedTableValuedFunction => requirePersistent(function, call.name)
      case _ => ()
    }
    BodyNames.calls(node).foreach(call => requirePersistent(function, call.nameParts))
  }

  /** Refuses a variable in a text that was analyzed: before, its name may be that of a column. */
  def requireNoVariable(function: FunctionIdentifier, analyzed: LogicalPlan): Unit = analyzed.collectWithSubqueries {
    case node => node.expressions.foreach(_.foreach {
      case variable: VariableReference => throw FunctionErrors.ofSession(function.nameParts, "variable", variable.originalNameParts)
      case _ => ()
    })
  }

  private def isTemporaryView(parts: Seq[String]): Boolean =
    catalog.isTempView(parts) || BodyNames.isOfSession(parts) && catalog.isTempView(parts.takeRight(1))

  private def requirePersistent(function: FunctionIdentifier, called: Seq[String]): Unit =
    if ((called.length == 1 || BodyNames.isOfSession(called)) && catalog.isTemporaryFunction(FunctionIdentifier(called.last)))
      throw FunctionErrors.ofSession(function.nameParts, "function", called)

  /** Follows the calls through functions of ours, and refuses a way back to the one that is made. */
  def requireNoCycle(function: Seq[String], body: LogicalPlan, namespace: Seq[String]): Unit = {
    def follow(body: LogicalPlan, under: Seq[String], path: Seq[Seq[String]]): Unit = called(body, under).foreach { name =>
      if (name == function) throw FunctionErrors.cycle(path :+ name)
      if (!path.contains(name)) textOf(name).foreach(text => follow(BodyNames.written(session, text), text.namespace, path :+ name))
    }
    follow(body, namespace, Seq(function))
  }

  private def called(body: LogicalPlan, under: Seq[String]): Seq[Seq[String]] = {
    val nodes = BodyNames.nodes(body)
    val names = nodes.flatMap(BodyNames.calls(_).map(_.nameParts)) ++ nodes.collect { case call: UnresolvedTableValuedFunction => call.name }
    names.filter(_.length <= 3).map(parts => (under.take(3 - parts.length) ++ parts).map(Names.key))
  }

  private def textOf(name: Seq[String]): Option[FunctionText] = {
    val Seq(catalog, schema, function) = name
    context.store.readable(EntryPlace(catalog, schema, function, Family.Functions)).flatMap(_.function)
  }
}
