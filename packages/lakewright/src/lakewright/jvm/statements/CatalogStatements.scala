package lakewright

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.expressions.{Attribute, AttributeReference}
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.execution.command.{LeafRunnableCommand, SetCatalogCommand}
import org.apache.spark.sql.catalyst.expressions.Literal
import org.apache.spark.sql.types.StringType

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
    if (CreateCatalogCommand.reserved(catalog)) throw Errors.reservedCatalog(catalog)
    context.check(Privilege.CreateCatalog, Securable(SecurableKind.Metastore, Nil))
    val wanted = !(ifNotExists && context.store.catalogExists(catalog))
    if (wanted) context.store.createCatalog(catalog, Container(context.settings.principal, comment))
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
    val schemas = store.schemas(catalog)
    val held = schemas.filter(schema => schema != MetadataStore.DefaultSchema || store.names(catalog, schema).nonEmpty)
    if (held.nonEmpty && !cascade) throw Errors.catalogNotEmpty(catalog, held)
    val stored = new StoredCatalog(catalog, store, context.settings)
    val entries = schemas.flatMap(schema => store.names(catalog, schema).flatMap(stored.readable(schema, _)))
    store.dropCatalog(catalog)
    entries.foreach(ManagedData.remove(store, _))
  }
}

/** `USE CATALOG name`, which Spark has as `SET CATALOG name` only. */
object UseCatalog extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("USE", "CATALOG"))

  def parse(words: Words): LogicalPlan = {
    words.require("USE", "CATALOG")
    val name = if (words.isAtEnd) words.fail("a catalog's name") else words.name("a catalog's name")
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
  override val output: Seq[Attribute] = Seq(AttributeReference("catalog", StringType, nullable = false)())

  override def run(session: SparkSession): Seq[Row] = {
    val all = (CommandContext.of(session).store.catalogs() :+ "spark_catalog").sorted
    Patterns.filter(all, pattern).map(Row(_))
  }
}
