package lakewright

import java.nio.file.Path

import org.apache.spark.sql.lakewright.PluginException

/** Why a path of DBFS has no place; thrown through Spark, which would turn an `IOException` into a path not found. */
object PathErrors {
  private def error(condition: String, state: String, summary: String, path: Path, fix: String, scheme: String = "dbfs") =
    new PluginException(condition, s"$summary\n  at: $scheme:$path\n  fix: $fix", state)

  /** In the words of Databricks. */
  def noSuchVolume(path: Path, names: Seq[String]): PluginException = {
    val quoted = names.map(name => s"`$name`").mkString(".")
    error("UC_VOLUME_NOT_FOUND", "42704",
      s"Volume $quoted does not exist. Please use 'SHOW VOLUMES' to list available volumes.", path,
      s"CREATE VOLUME $quoted")
  }

  def reserved(path: Path): PluginException = error(
    "INVALID_PARAMETER_VALUE", "22023", "this path is reserved for volumes", path,
    "write /Volumes/<catalog>/<schema>/<volume>/…, with a capital V and an s")

  def workspaceWithoutScheme(path: Path): PluginException = error(
    "INVALID_PARAMETER_VALUE", "22023", "`/Workspace` is not a folder of DBFS", path, s"write file:$path")

  def notOfTheBundle(path: Path, own: Option[Path]): PluginException = error(
    "INVALID_PARAMETER_VALUE", "22023",
    "only the bundle's own workspace files are here" + own.fold("")(folder => s"\n  they are below $folder"), path,
    "name the project's files by ${workspace.file_path} in the bundle, or by file:/<path of the project>/…", "file")

  def missingLevel(path: Path): PluginException = error(
    "PATH_NOT_FOUND", "42K03", "this catalog or schema does not exist", path,
    "create it, or correct the path; SHOW SCHEMAS lists those that exist")

  def aboveVolume(path: Path): PluginException = error(
    "INVALID_PARAMETER_VALUE", "22023", "files lie in a volume, not in a catalog or a schema", path,
    "write /Volumes/<catalog>/<schema>/<volume>/…")

  def keepsRoot(path: Path): PluginException = error(
    "INVALID_PARAMETER_VALUE", "22023", "this folder is a root and cannot be removed or renamed", path,
    "name a folder below it")
}
