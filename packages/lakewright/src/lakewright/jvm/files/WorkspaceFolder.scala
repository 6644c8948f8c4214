package lakewright

import java.nio.file.{Files, Path, Paths}

import com.fasterxml.jackson.databind.ObjectMapper

/**
 * The bundle's folder in the workspace, and the folder here whose files are uploaded to it. A run writes it down
 * (`lakewright.storage.workspace` in Python).
 */
final case class WorkspaceFolder(path: Path, folder: Path) {
  def local(clean: Path): Option[Path] =
    if (clean.startsWith(path)) Some(folder.resolve(path.relativize(clean))) else None
}

object WorkspaceFolder {
  val Root: Path = Paths.get("/Workspace")
  private val mapper = new ObjectMapper()

  /** What the last run of a lakehouse's project has written down. */
  def read(lakehouse: Path): Option[WorkspaceFolder] = {
    val file = lakehouse.resolveSibling("workspace.json")
    if (!Files.isRegularFile(file)) None
    else {
      val found = mapper.readTree(Files.readAllBytes(file))
      Some(WorkspaceFolder(Paths.get(found.path("path").asText), Paths.get(found.path("folder").asText)))
    }
  }
}
