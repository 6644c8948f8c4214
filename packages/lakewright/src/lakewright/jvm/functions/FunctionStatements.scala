package lakewright

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.analysis.{NoSuchNamespaceException, UnresolvedFunctionName, UnresolvedIdentifier, UnresolvedNamespace}
import org.apache.spark.sql.catalyst.expressions.Attribute
import org.apache.spark.sql.catalyst.plans.logical.{CreateUserDefinedFunction, DescribeFunction, DropFunction, LogicalPlan, ShowFunctions}
import org.apache.spark.sql.catalyst.catalog.LanguageSQL
import org.apache.spark.sql.connector.catalog.Identifier
import org.apache.spark.sql.execution.command.LeafRunnableCommand

/** Takes Spark's statements on functions over where their names are ours; Spark knows those of its own catalog only. */
final class FunctionStatements(session: SparkSession) {
  def place(plan: LogicalPlan): LogicalPlan = plan match {
    case create @ CreateUserDefinedFunction(UnresolvedIdentifier(parts, _), _, _, _, _, _, _, _, _, _, _, _, _) if isOurs(parts) =>
      CreateFunctionCommand(parts, create)
    case DropFunction(UnresolvedIdentifier(parts, _), ifExists) if isOurs(parts) => DropFunctionCommand(parts, ifExists)
    case DropFunction(name: UnresolvedFunctionName, ifExists) if isOurs(name.multipartIdentifier) =>
      DropFunctionCommand(name.multipartIdentifier, ifExists)
    case DescribeFunction(name: UnresolvedFunctionName, extended) if exists(name.multipartIdentifier) =>
      DescribeFunctionCommand(name.multipartIdentifier, extended)
    case ShowFunctions(UnresolvedNamespace(parts, _), user, system, pattern, output) if holds(parts) =>
      ShowFunctionsCommand(parts, user, system, pattern, output)
    case other => other
  }

  private def isOurs(parts: Seq[String]): Boolean = CommandContext.of(session).ours(parts).isDefined

  private def exists(parts: Seq[String]): Boolean =
    CommandContext.of(session).ours(parts).exists { case (catalog, ident) => catalog.functions.entry(ident).isDefined }

  private def holds(schema: Seq[String]): Boolean = schema.length <= 2 && isOurs(schema :+ "f")
}

/** What the statements on one function share. */
private object FunctionPlaces {
  def of(session: SparkSession, parts: Seq[String]): (LakehouseCatalog, Identifier, EntryPlace) = {
    val (catalog, ident) = CommandContext.of(session).ours(parts).getOrElse(throw FunctionErrors.missing(parts))
    val place = catalog.functions.placeOf(ident)
    if (!CommandContext.of(session).store.schemaExists(place.catalog, place.schema))
      throw new NoSuchNamespaceException(Array(place.catalog, place.schema))
    (catalog, ident, place)
  }
}

final case class CreateFunctionCommand(parts: Seq[String], statement: CreateUserDefinedFunction) extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val (catalog, ident, place) = FunctionPlaces.of(session, parts)
    Names.requireValid(parts.last, context.settings)
    val before = catalog.functions.entry(ident)
    if (before.isDefined && statement.ignoreIfExists) Nil
    else {
      if (before.isDefined && !statement.replace) throw FunctionErrors.exists(place.parts)
      if (statement.language != LanguageSQL) throw FunctionErrors.notSql(statement.language.toString)
      // It works with its owner's rights, so nobody else writes its text.
      if (before.isDefined) context.check(Privilege.Ownership, Securable(SecurableKind.Function, place.parts))
      else context.check(Privilege.CreateFunction, Securable(SecurableKind.Schema, place.parts.take(2)))
      write(context, place, new CheckedFunction(session, place, statement).text)
    }
  }

  private def write(context: CommandContext, place: EntryPlace, text: FunctionText): Seq[Row] = context.store.exclusively {
    val made = Entry(EntryKind.Function, context.settings.principal, comment = statement.comment, function = Some(text))
    if (!context.store.createEntry(place, made)) {
      if (statement.replace) context.store.updateEntry(place)(_.copy(function = Some(text), comment = statement.comment))
      else if (!statement.ignoreIfExists) throw FunctionErrors.exists(place.parts)
    }
    Nil
  }
}

final case class DropFunctionCommand(parts: Seq[String], ifExists: Boolean) extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val (catalog, ident, place) = FunctionPlaces.of(session, parts)
    if (catalog.functions.entry(ident).isDefined) {
      context.check(Privilege.Manage, Securable(SecurableKind.Function, place.parts))
      context.store.dropEntry(place)
    } else if (!ifExists) throw FunctionErrors.missing(place.parts)
    Nil
  }
}

/** The lines that Spark writes for a function of its own catalog. */
final case class DescribeFunctionCommand(parts: Seq[String], extended: Boolean) extends LeafRunnableCommand {
  override val output: Seq[Attribute] = Answer.columns("function_desc")

  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val (catalog, ident, place) = FunctionPlaces.of(session, parts)
    val entry = catalog.functions.entry(ident).getOrElse(throw FunctionErrors.missing(place.parts))
    // Who manages it sees it as well, such as the catalog's owner.
    val function = Securable(SecurableKind.Function, place.parts)
    if (!context.settings.allows(Privilege.Manage, function)) context.check(Privilege.Execute, function)
    new DescribedFunction(place, entry).lines(extended).map(Row(_))
  }
}

final case class ShowFunctionsCommand(
    parts: Seq[String], user: Boolean, system: Boolean, pattern: Option[String], override val output: Seq[Attribute])
    extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val Seq(catalog, schema) = context.complete(parts, 2)
    if (!context.store.schemaExists(catalog, schema) && schema != InformationSchema.Name)
      throw new NoSuchNamespaceException(Array(catalog, schema))
    val functions = context.store.names(catalog, schema, Family.Functions)
      .map(name => Securable(SecurableKind.Function, Seq(catalog, schema, name)))
    val own = if (user) Patterns.filter(context.settings.visible(functions, browse = true).map(_.parts.last), pattern) else Nil
    val built = if (system) Patterns.filter(BuiltInFunctions.names(session), pattern) else Nil
    (own.map(name => s"$catalog.$schema.$name") ++ built).sorted.map(Row(_))
  }
}
