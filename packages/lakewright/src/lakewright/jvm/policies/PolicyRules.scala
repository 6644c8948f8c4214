package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis.{NoSuchTableException, UnresolvedAttribute}
import org.apache.spark.sql.catalyst.expressions._
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.delta.DeltaLog
import org.apache.spark.sql.delta.constraints.Constraints
import org.apache.spark.sql.delta.sources.DeltaSourceUtils
import org.apache.spark.sql.lakewright.SparkAccess
import org.apache.spark.sql.types.{BooleanType, DataType, StructType}

/** A table that gets a policy, with the columns and the promises that its log holds. */
final case class PolicyTable(place: EntryPlace, entry: Entry, columns: StructType, partitions: Seq[String], checks: Seq[String]) {
  def name: String = place.parts.mkString(".")
}

object PolicyTable {
  def of(session: SparkSession, context: CommandContext, parts: Seq[String]): PolicyTable = {
    val (catalog, ident) = context.ours(parts).getOrElse(throw Errors.runsOnDatabricks(
      "a row filter or a column mask on this table", "name a table of a catalog that CREATE CATALOG has made"))
    val place = EntryPlace(catalog.name(), Names.key(ident.namespace().head), Names.key(ident.name()))
    val entry = context.store.entry(place).getOrElse(throw new NoSuchTableException(ident))
    if (entry.isView) throw PolicyErrors.notAllowed("COLUMN_MASKS_FEATURE_NOT_SUPPORTED.VIEWS",
      "a view cannot have a row filter or a column mask", place.parts.mkString("."), "set it on the table that the view reads")
    val log = DeltaLog.forTable(session.asInstanceOf[ClassicSession], context.store.locate(entry.location.get))
    val metadata = log.update().metadata
    PolicyTable(place, entry, metadata.schema, metadata.partitionColumns, Constraints.getCheckConstraintNames(metadata).toSeq)
  }
}

/** What must hold when a policy is set. What only a plan can show is checked again with each query. */
final class PolicyRules(session: SparkSession, context: CommandContext, table: PolicyTable) {
  private val state = session.asInstanceOf[ClassicSession].sessionState
  private val input = LocalRelation(table.columns.map(field => AttributeReference(field.name, field.dataType)()))

  def filter(policy: WrittenPolicy): PolicyCall = {
    requireNoChecks("ROW_LEVEL_SECURITY_FEATURE_NOT_SUPPORTED.CHECK_CONSTRAINT")
    val call = read(policy)
    val returns = context.store.entry(EntryPlace(call.function.head, call.function(1), call.function(2), Family.Functions)).flatMap(_.function).map(_.returns)
    if (!returns.contains(BooleanType)) throw PolicyErrors.assigned("ROW_FILTER_FUNCTION_RETURN_TYPE",
      s"the function ${SparkAccess.quoted(call.function)} does not return BOOLEAN", table.name, "let it return TRUE for the rows to show")
    requireCallable(call, None, BooleanType)
    call
  }

  def mask(column: Seq[String], policy: WrittenPolicy): (String, PolicyCall) = {
    requireNoChecks("COLUMN_MASKS_FEATURE_NOT_SUPPORTED.CHECK_CONSTRAINT")
    val name = oneColumn(column, "MULTI_PART_TARGET_COLUMN_NAME")
    val target = input.output.find(one => Names.key(one.name) == Names.key(name))
      .getOrElse(throw Errors.noSuchColumn(table.name, name, table.columns.fieldNames.toSeq))
    requireNoGenerated(name)
    val call = read(policy)
    if (call.columns.exists(_.equalsIgnoreCase(name))) throw PolicyErrors.assigned("USING_COLUMN_NAME_SAME_AS_TARGET_COLUMN",
      s"USING COLUMNS names the masked column `$name`", table.name, "leave it out; the function gets it first")
    requireCallable(call, Some(target), target.dataType)
    Names.key(name) -> call
  }

  def oneColumn(parts: Seq[String], condition: String): String =
    if (parts.length == 1) parts.head
    else throw PolicyErrors.assigned(condition, s"`${parts.mkString(".")}` names a field of a column", table.name,
      "name the whole column; a function can change one field of a STRUCT")

  private def read(policy: WrittenPolicy): PolicyCall = {
    val name = context.complete(policy.function, 3)
    val Seq(catalog, schema, function) = name
    val entry = context.store.entry(EntryPlace(catalog, schema, function, Family.Functions)).getOrElse(
      throw PolicyErrors.assigned("ASSIGNED_COLUMN_MASK_FUNCTION_NOT_FOUND", s"the function ${SparkAccess.quoted(name)} cannot be found",
        table.name, "create it with CREATE FUNCTION; only SQL functions of a schema can be policies"))
    if (entry.function.exists(_.isTable)) throw PolicyErrors.assigned("ASSIGNED_COLUMN_MASK_FUNCTION_NOT_FOUND",
      s"the function ${SparkAccess.quoted(name)} returns a table", table.name, "use a function that returns one value")
    context.check(Privilege.Execute, Securable(SecurableKind.Function, name))
    val call = PolicyCall(name, policy.arguments.map(argument))
    val doubled = call.columns.map(Names.key).diff(call.columns.map(Names.key).distinct)
    doubled.headOption.foreach(column => throw PolicyErrors.assigned("DUPLICATE_USING_COLUMN_NAME",
      s"the column `$column` stands there twice", table.name, "name each column once"))
    call
  }

  private def argument(text: String): PolicyArgument = state.sqlParser.parseExpression(text) match {
    case UnresolvedAttribute(parts) =>
      val name = oneColumn(parts, "MULTI_PART_USING_COLUMN_NAME")
      val known = table.columns.fieldNames.find(_.equalsIgnoreCase(name))
      PolicyArgument.Column(known.getOrElse(throw Errors.noSuchColumn(table.name, name, table.columns.fieldNames.toSeq)))
    case constant if constant.resolved && constant.foldable && constant.children.forall(_.isInstanceOf[Literal]) =>
      PolicyArgument.Constant(text)
    case _ => throw PolicyErrors.assigned("UNSUPPORTED_CONSTANT_AS_PARAMETER", s"`$text` is neither a column nor a constant",
      table.name, "use names of columns, texts, numbers, TRUE, FALSE, INTERVAL or NULL")
  }

  /** Analyzes the call as a query would, and refuses a function that reads what has policies. */
  private def requireCallable(call: PolicyCall, masked: Option[Attribute], result: DataType): Unit = {
    val parameters = context.store.entry(EntryPlace(call.function.head, call.function(1), call.function(2), Family.Functions))
      .flatMap(_.function).toSeq.flatMap(_.fields)
    val given = masked.size + call.arguments.length
    val needed = parameters.count(SparkAccess.defaultOf(_).isEmpty)
    if (given < needed || given > parameters.length) throw PolicyErrors.assigned(
      "ASSIGNED_COLUMN_MASK_FUNCTION_WRONG_NUMBER_OF_COLUMNS",
      s"the function ${SparkAccess.quoted(call.function)} has ${parameters.length} parameters, and gets $given", table.name,
      "give as many columns or constants as it has parameters; a mask's first parameter is the masked column")
    new PolicyFunctions(session, context.store).requireOpenTables(call.function, table.name)
    val stamp = PolicyStamp(table.entry.uuid, PolicyIndex.version, "", Set.empty)
    new PolicyExpressions(session, context.store, table.place, table.entry.policies, input.output, stamp).requireCallable(call, masked, result)
  }

  private def requireNoChecks(condition: String): Unit = table.checks.headOption.foreach { check =>
    throw PolicyErrors.notAllowed(condition, s"the table has the CHECK constraint `$check`, whose messages show values", table.name,
      s"ALTER TABLE … DROP CONSTRAINT `$check` first")
  }

  /** Of any mask on this column, also of one that a policy chose by tags. */
  def requireNoGenerated(column: String): Unit = for {
    field <- table.columns
    text <- Option.when(field.metadata.contains(DeltaSourceUtils.GENERATION_EXPRESSION_METADATA_KEY))(
      field.metadata.getString(DeltaSourceUtils.GENERATION_EXPRESSION_METADATA_KEY))
    if state.sqlParser.parseExpression(text).references.exists(_.name.equalsIgnoreCase(column)) ||
      state.sqlParser.parseExpression(text).collect { case one: UnresolvedAttribute => one.nameParts.head }.exists(_.equalsIgnoreCase(column))
  } throw PolicyErrors.notAllowed("COLUMN_MASKS_FEATURE_NOT_SUPPORTED.GENERATED_COLUMN",
    s"the generated column `${field.name}` is made from `$column`", table.name, "mask a column that no other is made from")
}
