package lakewright

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.expressions.{Attribute, Literal}
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.execution.command.{LeafRunnableCommand, SetCatalogCommand}

/** `CREATE CATALOG [IF NOT EXISTS] name [MANAGED LOCATION '…'] [COMMENT '…']` */
object CreateCatalog extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("CREATE", "CATALOG"))

  def parse(words: Words): LogicalPlan = {
    words.require("CREATE", "CATALOG")
    val ifNotExists = words.take("IF", "NOT", "EXISTS")
    val name = words.name("a catalog's name")
    if (words.take("MANAGED", "LOCATION")) words.text("a location in quotes") // tables lie in the lakehouse
    val comment = if (words.take("COMMENT")) Some(words.text("a comment in quotes")) else None
    words.end()
    CreateCatalogCommand(name, ifNotExists, comment)
  }
}

final case class CreateCatalogCommand(name: String, ifNotExists: Boolean, comment: Option[String])
    extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val catalog = Names.requireValid(name, context.settings)
    Environments.of(session).requireOwn(catalog)
    if (CreateCatalogCommand.reserved(catalog)) throw Errors.reservedCatalog(catalog)
    val isThere = context.store.catalogExists(catalog)
    if (!isThere || !ifNotExists) context.check(Privilege.CreateCatalog, Securable.Metastore)
    val made = context.store.createCatalog(catalog, Container(context.settings.principal, comment))
    if (!made && !ifNotExists) throw Errors.catalogExists(catalog)
    Nil
  }
}

object CreateCatalogCommand {
  private val reserved = Set("spark_catalog", "system", "session")
}

/** `DROP CATALOG [IF EXISTS] name [RESTRICT | CASCADE]` */
object DropCatalog extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("DROP", "CATALOG"))

  def parse(words: Words): LogicalPlan = {
    words.require("DROP", "CATALOG")
    val ifExists = words.take("IF", "EXISTS")
    val name = words.name("a catalog's name")
    val cascade = words.take("CASCADE") || { words.take("RESTRICT"); false }
    words.end()
    DropCatalogCommand(name, ifExists, cascade)
  }
}

final case class DropCatalogCommand(name: String, ifExists: Boolean, cascade: Boolean) extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val store = context.store
    val catalog = Names.key(name)
    if (store.catalogExists(catalog)) {
      context.check(Privilege.Manage, Securable(SecurableKind.Catalog, Seq(catalog)))
      store.exclusively(drop(context, catalog))
    } else if (!ifExists) throw Errors.noSuchCatalog(catalog)
    Nil
  }

  private def drop(context: CommandContext, catalog: String): Unit = {
    val store = context.store
    val held = store.schemas(catalog)
      .filter(schema => schema != MetadataStore.DefaultSchema || !store.isEmpty(catalog, schema))
    if (held.nonEmpty && !cascade) throw Errors.catalogNotEmpty(catalog, held)
    store.dropCatalog(catalog)
  }
}

/** `USE CATALOG name` or `USE CATALOG 'name'`, which Spark has as `SET CATALOG` only. */
object UseCatalog extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("USE", "CATALOG"))

  def parse(words: Words): LogicalPlan = {
    words.require("USE", "CATALOG")
    val name = if (words.isAtEnd) words.fail("a catalog's name") else words.nameOrText("a catalog's name")
    words.end()
    SetCatalogCommand(Literal(name))
  }
}

/** `SHOW CATALOGS [[LIKE] 'pattern']`: those on disk, not only those that this session has used. */
object ShowCatalogs extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("SHOW", "CATALOGS"))

  def parse(words: Words): LogicalPlan = {
    words.require("SHOW", "CATALOGS")
    val like = words.take("LIKE")
    val pattern = if (like || !words.isAtEnd) Some(words.text("a pattern in quotes")) else None
    words.end()
    ShowCatalogsCommand(pattern)
  }
}

final case class ShowCatalogsCommand(pattern: Option[String]) extends LeafRunnableCommand {
  override val output: Seq[Attribute] = Answer.columns("catalog")

  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val catalogs = context.store.catalogs().map(name => Securable(SecurableKind.Catalog, Seq(name)))
    val all = (context.settings.visible(catalogs, browse = true).map(_.parts.head) ++ Seq("spark_catalog", SystemCatalog.Name)).sorted
    Patterns.filter(all, pattern).map(Row(_))
  }
}

/** `DESCRIBE CATALOG [EXTENDED] name` */
object DescribeCatalog extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("DESCRIBE", "CATALOG"), Seq("DESC", "CATALOG"))

  def parse(words: Words): LogicalPlan = {
    if (!words.take("DESC")) words.require("DESCRIBE")
    words.require("CATALOG")
    words.take("EXTENDED")
    val name = words.name("a catalog's name")
    words.end()
    DescribeCatalogCommand(name)
  }
}

final case class DescribeCatalogCommand(name: String) extends LeafRunnableCommand {
  override val output: Seq[Attribute] = Answer.columns("info_name", "info_value")

  override def run(session: SparkSession): Seq[Row] = {
    val catalog = Names.key(name)
    Environments.of(session).requireOwn(catalog)
    val context = CommandContext.of(session)
    val container = context.store.catalog(catalog).getOrElse(throw Errors.noSuchCatalog(catalog))
    context.checkSees(Securable(SecurableKind.Catalog, Seq(catalog)), Privilege.UseCatalog)
    Seq(Row("Catalog Name", catalog), Row("Comment", container.comment.getOrElse("")),
      Row("Owner", container.owner), Row("Created", container.createdAt.toString))
  }
}
