package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.{FunctionIdentifier, TableIdentifier}
import org.apache.spark.sql.catalyst.expressions.{Expression, Literal}
import org.apache.spark.sql.catalyst.parser.{NamedParameterContext, ParameterContext, ParameterHandler, ParserInterface, PositionalParameterContext}
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.types.{DataType, StructType}
import org.apache.spark.unsafe.types.UTF8String

/**
 * Stands before Spark's and Delta's parsers: makes every catalog that exists known to the session before a name
 * is looked at, and takes the statements that open-source Spark does not have. Everything else is passed on unchanged.
 */
final class LakewrightParser(session: SparkSession, next: ParserInterface) extends ParserInterface {
  private val known = new KnownCatalogs(session)
  private val missing = new MissingCatalogs(session)
  private val clones = new PlacedClones(session)
  private val functions = new FunctionStatements(session)
  private val replacing = new ReplacingInserts(session)

  override def parsePlan(text: String): LogicalPlan = {
    known.refresh(text)
    Statements.parse(text, session).map(missing.check).getOrElse(planOf(text))
  }

  override def parsePlanWithParameters(text: String, parameters: ParameterContext): LogicalPlan = {
    known.refresh(text)
    Statements.parse(text, session, boundTexts(parameters)).map(missing.check).getOrElse(parseBound(text, parameters))
  }

  private def parseBound(text: String, parameters: ParameterContext): LogicalPlan = {
    // Delta's parser does not know this method: its inherited form parses the text and drops the parameters, so
    // every `:name` would be unbound. They are put into the text here, as Spark's own parser does it.
    // It parses the text, if a sign in it may begin a parameter, so it must not see what Spark's grammar does not have.
    val (open, policies) = PolicyClauses.split(text)
    val (bound, _) = ParameterHandler.substituteParameters(open, parameters)
    known.refresh(bound)
    plan(bound, policies)
  }

  private def planOf(text: String): LogicalPlan = {
    val (open, policies) = PolicyClauses.split(text)
    plan(open, policies)
  }

  private def plan(text: String, policies: WrittenPolicies): LogicalPlan = {
    val shallow = CloneWords.shallow(text)
    val parsed = missing.check(next.parsePlan(KeyClauses.plain(ClusterByAuto.plain(shallow.getOrElse(text)))))
    functions.place(replacing.place(clones.place(PolicyClauses.place(parsed, policies, session), deep = shallow.isDefined)))
  }

  /** The parameters that are texts, for the statements that Spark's grammar does not know. */
  private def boundTexts(parameters: ParameterContext): BoundTexts = parameters match {
    case NamedParameterContext(named) => BoundTexts(named = named.flatMap { case (name, value) => text(value).map(name -> _) })
    case PositionalParameterContext(values) => BoundTexts(positional = values.map(text))
  }

  private def text(value: Expression): Option[String] = value match {
    case Literal(value: UTF8String, _) => Some(value.toString)
    case _ => None
  }

  override def parseQuery(text: String): LogicalPlan = refreshed(text)(next.parseQuery(text))

  override def parseMultipartIdentifier(text: String): Seq[String] =
    refreshed(text)(next.parseMultipartIdentifier(text))

  override def parseTableIdentifier(text: String): TableIdentifier =
    refreshed(text)(next.parseTableIdentifier(text))

  override def parseFunctionIdentifier(text: String): FunctionIdentifier =
    refreshed(text)(next.parseFunctionIdentifier(text))

  override def parseExpression(text: String): Expression = refreshed(text)(next.parseExpression(text))

  override def parseDataType(text: String): DataType = next.parseDataType(text)

  override def parseTableSchema(text: String): StructType = next.parseTableSchema(text)

  override def parseRoutineParam(text: String): StructType = next.parseRoutineParam(text)

  private def refreshed[T](text: String)(parse: => T): T = {
    known.refresh(text)
    parse
  }
}
