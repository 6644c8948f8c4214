package lakewright

import java.io.File
import java.nio.file.{Path => LocalPath, Paths}

import org.apache.hadoop.fs.Path
import org.apache.spark.sql.SparkSession

/** What a path asks: a right on each volume to which it leads. Files outside of volumes are nobody's. */
object VolumePaths {
  @volatile private var known: Option[(LocalPath, CatalogPlaces)] = None

  /** One for a lakehouse: its list of folders is made once for all sessions. */
  def places(session: SparkSession): CatalogPlaces = {
    val lakehouse = Settings.lakehouse(session)
    known.collect { case (`lakehouse`, places) => places }.getOrElse {
      val store = new MetadataStore(lakehouse)
      val folders = session.sparkContext.getConf.get(s"spark.hadoop.${DbfsFileSystem.MachineFolders}", "")
      val machine = folders.split(File.pathSeparator).filter(_.nonEmpty).toSeq.map(Paths.get(_))
      val places = new CatalogPlaces(store, new DbfsPlaces(store, machine))
      known = Some(lakehouse -> places)
      places
    }
  }

  /**
   * What it takes to make, change or remove files.
   * Source: https://docs.databricks.com/en/volumes/privileges.html
   */
  private[lakewright] val Changing: Seq[Privilege] = Seq(Privilege.ReadVolume, Privilege.WriteVolume)

  /**
   * Asks for what a change of the files at a path takes. So does a table or another volume that gets this location: it makes
   * the files readable and writable by another name.
   */
  def checkChange(settings: Settings, path: String): Unit =
    for (volume <- places(SparkSession.active).volumes(new Path(path)); privilege <- Changing)
      settings.check(privilege, Securable(SecurableKind.Volume, volume.parts))
}
