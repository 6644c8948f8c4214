package lakewright

import java.util

import scala.jdk.CollectionConverters._

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis.{NoSuchNamespaceException, NoSuchTableException}
import org.apache.spark.sql.connector.catalog._
import org.apache.spark.sql.connector.expressions.Transform
import org.apache.spark.sql.lakewright.{PluginException, SparkAccess}
import org.apache.spark.sql.types.StructType
import org.apache.spark.sql.util.CaseInsensitiveStringMap

/**
 * The catalog `system` of a workspace, as far as the engine knows it: the schema `access` with the tables of lineage.
 * They are read from the files of events whenever they are queried; nothing here can be changed. Spark's own
 * `system.builtin` and `system.session` are no schemas of a catalog: Spark looks for functions and variables there
 * before it asks this one.
 */
class SystemCatalog extends TableCatalog with SupportsNamespaces {
  private var settings: Settings = _

  override def name(): String = SystemCatalog.Name

  override def initialize(name: String, options: CaseInsensitiveStringMap): Unit =
    settings = Settings.of(SparkSession.active)

  override def defaultNamespace(): Array[String] = Array(SystemCatalog.Access)

  // Reading

  override def listNamespaces(): Array[Array[String]] = Array(Array(SystemCatalog.Access))

  override def listNamespaces(namespace: Array[String]): Array[Array[String]] =
    if (namespace.isEmpty) listNamespaces() else { require(namespace); Array.empty }

  override def namespaceExists(namespace: Array[String]): Boolean = namespace.isEmpty || SystemCatalog.isAccess(namespace)

  override def loadNamespaceMetadata(namespace: Array[String]): util.Map[String, String] = {
    require(namespace)
    Map(SupportsNamespaces.PROP_COMMENT -> "Made from the recorded lineage").asJava
  }

  override def listTables(namespace: Array[String]): Array[Identifier] = {
    require(namespace)
    if (namespace.isEmpty) Array.empty
    else LineageTables.all.map(kind => Identifier.of(Array(SystemCatalog.Access), kind.name)).toArray
  }

  override def loadTable(ident: Identifier): Table = found(ident).getOrElse(throw new NoSuchTableException(ident))

  override def tableExists(ident: Identifier): Boolean = found(ident).isDefined

  private def found(ident: Identifier): Option[Table] =
    LineageTables.all.find(kind => SystemCatalog.isAccess(ident.namespace()) && kind.name == Names.key(ident.name()))
      .map(new LineageTable(_, settings))

  private def require(namespace: Array[String]): Unit =
    if (!namespaceExists(namespace)) throw new NoSuchNamespaceException(name() +: namespace)

  // All else is refused

  override def loadTable(ident: Identifier, writes: util.Set[TableWritePrivilege]): Table = {
    loadTable(ident)
    throw readOnly(ident)
  }

  override def createTable(
      ident: Identifier, schema: StructType, partitions: Array[Transform], properties: util.Map[String, String]): Table =
    throw readOnly(ident)

  override def alterTable(ident: Identifier, changes: TableChange*): Table = throw readOnly(ident)

  override def dropTable(ident: Identifier): Boolean = throw readOnly(ident)

  override def renameTable(from: Identifier, to: Identifier): Unit = throw readOnly(from)

  override def createNamespace(namespace: Array[String], metadata: util.Map[String, String]): Unit =
    throw SystemCatalog.readOnly(name() +: namespace)

  override def alterNamespace(namespace: Array[String], changes: NamespaceChange*): Unit =
    throw SystemCatalog.readOnly(name() +: namespace)

  override def dropNamespace(namespace: Array[String], cascade: Boolean): Boolean =
    throw SystemCatalog.readOnly(name() +: namespace)

  private def readOnly(ident: Identifier): PluginException =
    SystemCatalog.readOnly((name() +: ident.namespace().toSeq) :+ ident.name())
}

object SystemCatalog {
  val Name = "system"
  val Access = "access"

  def isAccess(namespace: Array[String]): Boolean = namespace.length == 1 && Names.key(namespace.head) == Access

  def noGrants(): PluginException = Errors.error(
    "UNSUPPORTED_FEATURE", "0A000", "the catalog system has no owner and no grants on a laptop", s"catalog '$Name'",
    "leave it out: a principal sees the rows of the tables that it may know of; in a workspace the grant is needed")

  def readOnly(parts: Seq[String]): PluginException = Errors.error(
    "UNSUPPORTED_FEATURE", "0A000", "the catalog system is made from what the engine has recorded and cannot be changed",
    SparkAccess.quoted(parts), "choose another catalog; to remove what is recorded: lakewright clean --runs")
}
