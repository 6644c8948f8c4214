package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis.UnresolvedIdentifier
import org.apache.spark.sql.catalyst.plans.logical.{AddColumns, CreateTable, CreateTableAsSelect, LogicalPlan, ReplaceTable,
  ReplaceTableAsSelect, TableSpec, TableSpecBase, UnresolvedTableSpec}

import com.fasterxml.jackson.databind.ObjectMapper

/** The policies of a CREATE TABLE, as they are written. */
final case class WrittenPolicies(filter: Option[WrittenPolicy] = None, masks: Seq[(String, WrittenPolicy)] = Nil) {
  def isEmpty: Boolean = filter.isEmpty && masks.isEmpty
}

/**
 * `column type MASK f [USING COLUMNS (…)]` and `WITH ROW FILTER f ON (…)`, which Spark's grammar does not have. Its parser
 * gets the text without them; they reach the catalog as a property that is never stored.
 */
object PolicyClauses {
  val Property = "lakewright.policies"
  private val mapper = new ObjectMapper()

  /** The text without the clauses, and the clauses. */
  def split(text: String): (String, WrittenPolicies) = {
    val opening = Words.opening(text, 5)
    val creates = opening.contains("TABLE") && opening.headOption.exists(Set("CREATE", "REPLACE"))
    val adds = opening.startsWith(Seq("ALTER", "TABLE"))
    if (!creates && !adds) (text, WrittenPolicies())
    else {
      val found = new PolicyClauseReader(text).clauses
      found.foldRight((text, WrittenPolicies())) { case (clause, (rest, policies)) =>
        val blank = " " * (clause.until - clause.from)
        (rest.substring(0, clause.from) + blank + rest.substring(clause.until), clause.column match {
          case Some(column) => policies.copy(masks = (column -> clause.policy) +: policies.masks)
          case None => policies.copy(filter = Some(clause.policy))
        })
      }
    }
  }

  /** Puts the clauses into the plan; refuses those of a table that is not ours. */
  def place(plan: LogicalPlan, policies: WrittenPolicies, session: SparkSession): LogicalPlan =
    if (policies.isEmpty) plan
    else plan match {
      case add: AddColumns => MaskedColumns(add, policies)
      case create: CreateTable if isOurs(create.name, session) => create.copy(tableSpec = marked(create.tableSpec, policies))
      case create: CreateTableAsSelect if isOurs(create.name, session) => create.copy(tableSpec = marked(create.tableSpec, policies))
      case replace: ReplaceTable if isOurs(replace.name, session) => replace.copy(tableSpec = marked(replace.tableSpec, policies))
      case replace: ReplaceTableAsSelect if isOurs(replace.name, session) => replace.copy(tableSpec = marked(replace.tableSpec, policies))
      case _ => throw Errors.runsOnDatabricks("MASK or WITH ROW FILTER in this statement",
        "name a table of a catalog that CREATE CATALOG has made, or use ALTER TABLE … SET MASK and SET ROW FILTER")
    }

  private def isOurs(name: LogicalPlan, session: SparkSession): Boolean = name match {
    case UnresolvedIdentifier(parts, _) => CommandContext.of(session).ours(parts).isDefined
    case _ => false
  }

  private def marked(spec: TableSpecBase, policies: WrittenPolicies): TableSpecBase = spec match {
    case unresolved: UnresolvedTableSpec => unresolved.copy(properties = unresolved.properties + (Property -> encode(policies)))
    case resolved: TableSpec => resolved.copy(properties = resolved.properties + (Property -> encode(policies)))
  }

  private def encode(policies: WrittenPolicies): String = {
    def call(policy: WrittenPolicy) = PolicyCall(policy.function, policy.arguments.map(PolicyArgument.Constant(_)))
    mapper.writeValueAsString(PolicyFormat.write(mapper, TablePolicies(policies.filter.map(call), policies.masks.map {
      case (column, policy) => column -> call(policy)
    }.toMap)))
  }

  def decode(property: Option[String]): WrittenPolicies = property.fold(WrittenPolicies()) { text =>
    val read = PolicyFormat.read(mapper.readTree(text))
    def written(call: PolicyCall) = WrittenPolicy(call.function, call.arguments.map(_.shown))
    WrittenPolicies(read.filter.map(written), read.masks.toSeq.map { case (column, call) => column -> written(call) })
  }
}

/** A clause and its place in the text; that of a mask has its column. */
final case class PolicyClause(from: Int, until: Int, column: Option[String], policy: WrittenPolicy)

final class PolicyClauseReader(text: String) {
  private val pieces = Pieces.of(text)
  private val columns = columnList

  def clauses: Seq[PolicyClause] = {
    var depth = 0
    var angles = 0
    var start = columns.start
    pieces.indices.flatMap { at =>
      val piece = pieces(at)
      if (piece.is("(")) depth += 1
      if (piece.is(")")) depth -= 1
      if (piece.is("<") && (angles > 0 || Seq("STRUCT", "MAP", "ARRAY").exists(pieces(at - 1).is))) angles += 1
      if (piece.is(">") && angles > 0) angles -= 1
      if (columns.contains(at) && depth <= 1 && angles == 0 && (piece.is(",") || piece.is("("))) start = at + 1
      if (depth == 0 && next(at, "WITH", "ROW", "FILTER")) Some(clause(at, at + 3, None))
      else if (columns.contains(at) && depth <= 1 && isMask(at, start)) Some(clause(at, at + 1, Some(column(start))))
      else None
    }
  }

  /** The pieces that declare columns: those in the brackets after a table's name, or all after ADD COLUMN. */
  private def columnList: Range = {
    val table = pieces.indexWhere(_.is("TABLE"))
    val named = if (next(table + 1, "IF", "NOT", "EXISTS")) table + 4 else table + 1
    val after = if (next(named, "IDENTIFIER", "(")) closing(named + 1) + 1 else Pieces.afterName(pieces, named)
    if (next(after, "(")) after + 1 until closing(after)
    else if (next(after, "ADD", "COLUMN") || next(after, "ADD", "COLUMNS")) after + 2 until pieces.length
    else 0 until 0
  }

  private def next(at: Int, words: String*): Boolean =
    words.indices.forall(i => pieces.lift(at + i).exists(_.is(words(i))))

  // A column or a constraint may be called `mask`: a clause follows a type, and comes before a function's name.
  private def isMask(at: Int, start: Int): Boolean =
    pieces(at).is("MASK") && at > start + 1 && pieces.lift(at + 1).exists(_.isName) &&
      !Seq("CONSTRAINT", "REFERENCES", ".").exists(pieces(at - 1).is)

  private def column(start: Int): String = {
    val at = if (next(start, "COLUMN")) start + 1 else start
    pieces(at).text.stripPrefix("`").stripSuffix("`").replace("``", "`")
  }

  private def clause(at: Int, name: Int, column: Option[String]): PolicyClause = {
    val afterName = Pieces.afterName(pieces, name)
    val open = if (column.isEmpty && next(afterName, "ON")) Some(afterName + 1)
    else if (column.isDefined && next(afterName, "USING", "COLUMNS")) Some(afterName + 2) else None
    val end = open.map(closing).getOrElse(afterName - 1)
    val words = Words.of(text.substring(pieces(name).from, pieces(end).until))
    val policy = if (column.isDefined) PolicyWords.mask(words) else PolicyWords.filter(words)
    words.end()
    PolicyClause(pieces(at).from, pieces(end).until, column, policy)
  }

  /** The bracket that closes the one at this place; the last piece where none does. */
  private def closing(open: Int): Int = {
    var depth = 0
    val found = pieces.indices.drop(open).find { at =>
      if (pieces(at).is("(")) depth += 1
      if (pieces(at).is(")")) depth -= 1
      depth == 0
    }
    found.getOrElse(pieces.length - 1)
  }
}
