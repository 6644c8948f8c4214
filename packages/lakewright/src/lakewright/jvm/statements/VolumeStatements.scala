package lakewright

import java.nio.file.Files

import org.apache.spark.sql.{Row, SparkSession}
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException
import org.apache.spark.sql.catalyst.expressions.Attribute
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.execution.command.LeafRunnableCommand

/** Folders for files under three-level names: `<lakehouse>/volumes/<catalog>/<schema>/<volume>`. */
object Volumes {
  def typeOf(entry: Entry): String = if (entry.kind == EntryKind.ExternalVolume) "EXTERNAL" else "MANAGED"

  def location(place: EntryPlace): String = (ManagedData.Volumes +: place.parts.map(Names.encode)).mkString("/")

  /** Whether a volume's files lie in the lakehouse: those of a managed volume, and those of one in a cloud store. */
  def isInLakehouse(location: String): Boolean =
    !location.startsWith("/") && !Seq("file:", "dbfs:").exists(location.toLowerCase(java.util.Locale.ROOT).startsWith)

  def place(context: CommandContext, parts: Seq[String]): EntryPlace = {
    val Seq(catalog, schema, name) = context.complete(parts, 3)
    if (!context.store.schemaExists(catalog, schema)) throw new NoSuchNamespaceException(Array(catalog, schema))
    EntryPlace(catalog, schema, name, Family.Volumes)
  }
}

/** `CREATE [EXTERNAL] VOLUME [IF NOT EXISTS] name [LOCATION '…'] [COMMENT '…']` */
object CreateVolume extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("CREATE", "VOLUME"), Seq("CREATE", "EXTERNAL", "VOLUME"))

  def parse(words: Words): LogicalPlan = {
    words.require("CREATE")
    val external = words.take("EXTERNAL")
    words.require("VOLUME")
    val ifNotExists = words.take("IF", "NOT", "EXISTS")
    val parts = words.names("a volume's name")
    if (external) words.require("LOCATION")
    val location = if (external) Some(words.text("a location in quotes")) else None
    val comment = if (words.take("COMMENT")) Some(words.text("a comment in quotes")) else None
    words.end()
    CreateVolumeCommand(parts, ifNotExists, location, comment)
  }
}

final case class CreateVolumeCommand(
    parts: Seq[String], ifNotExists: Boolean, location: Option[String], comment: Option[String])
    extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val place = Volumes.place(context, parts)
    Names.requireValid(parts.last, context.settings)
    if (!ifNotExists || !context.store.entryExists(place))
      context.check(Privilege.CreateVolume, Securable(SecurableKind.Schema, place.parts.take(2)))
    location.foreach(VolumePaths.checkChange(context.settings, _))
    val kind = if (location.isDefined) EntryKind.ExternalVolume else EntryKind.Volume
    val at = location.getOrElse(Volumes.location(place))
    val made = context.store.exclusively {
      if (Volumes.isInLakehouse(at)) Files.createDirectories(context.store.lakehouse.resolve(Volumes.location(place)))
      context.store.createEntry(place, Entry(kind, context.settings.principal, Some(at), comment))
    }
    if (!made && !ifNotExists) throw Errors.volumeExists(place.parts)
    Nil
  }
}

/** `DROP VOLUME [IF EXISTS] name`: a managed volume's files go with it. */
object DropVolume extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("DROP", "VOLUME"))

  def parse(words: Words): LogicalPlan = {
    words.require("DROP", "VOLUME")
    val ifExists = words.take("IF", "EXISTS")
    val parts = words.names("a volume's name")
    words.end()
    DropVolumeCommand(parts, ifExists)
  }
}

final case class DropVolumeCommand(parts: Seq[String], ifExists: Boolean) extends LeafRunnableCommand {
  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val place = Volumes.place(context, parts)
    context.store.entry(place) match {
      case Some(_) =>
        context.check(Privilege.Manage, Securable(SecurableKind.Volume, place.parts))
        context.store.dropEntry(place)
      case None => if (!ifExists) throw Errors.noSuchVolume(place.parts)
    }
    Nil
  }
}

/** `SHOW VOLUMES [FROM | IN schema] [[LIKE] 'pattern']` */
object ShowVolumes extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("SHOW", "VOLUMES"))

  def parse(words: Words): LogicalPlan = {
    words.require("SHOW", "VOLUMES")
    val schema = if (words.take("IN") || words.take("FROM")) words.names("a schema's name") else Nil
    val like = words.take("LIKE")
    val pattern = if (like || !words.isAtEnd) Some(words.text("a pattern in quotes")) else None
    words.end()
    ShowVolumesCommand(schema, pattern)
  }
}

final case class ShowVolumesCommand(parts: Seq[String], pattern: Option[String]) extends LeafRunnableCommand {
  override val output: Seq[Attribute] = Answer.columns("database", "volume_name")

  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val Seq(catalog, schema) = context.complete(parts, 2)
    if (!context.store.schemaExists(catalog, schema)) throw new NoSuchNamespaceException(Array(catalog, schema))
    val volumes = context.store.names(catalog, schema, Family.Volumes)
      .map(name => Securable(SecurableKind.Volume, Seq(catalog, schema, name)))
    Patterns.filter(context.settings.visible(volumes, browse = true).map(_.parts.last), pattern).map(Row(schema, _))
  }
}

/** `DESCRIBE VOLUME name`, one row, with the folder under `storage_location`. */
object DescribeVolume extends Statement {
  val openings: Seq[Seq[String]] = Seq(Seq("DESCRIBE", "VOLUME"), Seq("DESC", "VOLUME"))

  def parse(words: Words): LogicalPlan = {
    if (!words.take("DESC")) words.require("DESCRIBE")
    words.require("VOLUME")
    val parts = words.names("a volume's name")
    words.end()
    DescribeVolumeCommand(parts)
  }
}

final case class DescribeVolumeCommand(parts: Seq[String]) extends LeafRunnableCommand {
  override val output: Seq[Attribute] =
    Answer.columns("name", "catalog", "database", "owner", "storage_location", "volume_type", "comment")

  override def run(session: SparkSession): Seq[Row] = {
    val context = CommandContext.of(session)
    val place = Volumes.place(context, parts)
    val entry = context.store.entry(place).getOrElse(throw Errors.noSuchVolume(place.parts))
    context.checkSees(Securable(SecurableKind.Volume, place.parts), Privilege.ReadVolume)
    Seq(Row(place.name, place.catalog, place.schema, entry.owner, entry.location.map(context.store.locate).orNull,
      Volumes.typeOf(entry), entry.comment.orNull))
  }
}
