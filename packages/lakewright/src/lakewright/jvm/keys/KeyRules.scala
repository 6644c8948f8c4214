package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException
import org.apache.spark.sql.connector.catalog.{Identifier, TableCatalog}
import org.apache.spark.sql.connector.catalog.constraints._
import org.apache.spark.sql.connector.expressions.NamedReference
import org.apache.spark.sql.lakewright.SparkAccess
import org.apache.spark.sql.types.{StructField, StructType}

/** The table that gets a key, as it is before the key is added. */
final case class KeyedTable(place: EntryPlace, uuid: String, schema: StructType, keys: Seq[TableKey]) {
  def name: String = SparkAccess.quoted(place.parts)

  def field(column: String): Option[StructField] = schema.fields.find(_.name.equalsIgnoreCase(column))
}

/** Turns constraints as Spark reads them into keys; refuses what Unity Catalog refuses. */
final class KeyRules(store: MetadataStore, session: SparkSession) {
  private val directory = new KeyDirectory(store)

  /** For CREATE and REPLACE: the columns of a primary key become NOT NULL. */
  def create(table: KeyedTable, constraints: Seq[Constraint]): KeyedTable =
    constraints.sortBy(_.isInstanceOf[ForeignKey]).foldLeft(table) { (made, constraint) =>
      val key = read(made, constraint)
      val schema = if (key.kind == KeyKind.Primary) required(made.schema, key) else made.schema
      made.copy(schema = schema, keys = made.keys :+ key)
    }

  /** For ALTER TABLE: the columns of a primary key have to be NOT NULL already. */
  def add(table: KeyedTable, constraint: Constraint): TableKey = {
    val key = read(table, constraint)
    val nullable = key.columns.filter(column => table.field(column).exists(_.nullable))
    if (key.kind == KeyKind.Primary && nullable.nonEmpty) throw KeyErrors.nullable(table.name, key.name, nullable)
    key
  }

  private def required(schema: StructType, key: TableKey): StructType =
    StructType(schema.fields.map(field => if (key.hasColumn(field.name)) field.copy(nullable = false) else field))

  private def read(table: KeyedTable, constraint: Constraint): TableKey = {
    val key = constraint match {
      case primary: PrimaryKey =>
        val marked = names(primary.columns)
        TableKey(primary.name, KeyKind.Primary, marked.map(KeyClauses.withoutMark), marked.flatMap(KeyClauses.marked),
          primary.rely)
      case unique: Unique => TableKey(unique.name, KeyKind.Unique, names(unique.columns), rely = unique.rely)
      case foreign: ForeignKey => TableKey(foreign.name, KeyKind.Foreign, names(foreign.columns), rely = foreign.rely)
      case other => throw KeyErrors.checkInCreate(table.name, other.name)
    }
    val checked = named(table, spelled(table, key))
    constraint match {
      case foreign: ForeignKey => checked.copy(parent = Some(parent(table, checked, foreign)))
      case _ => checked
    }
  }

  private def names(references: Array[NamedReference]): Seq[String] = references.toSeq.map(_.fieldNames.mkString("."))

  /** The key with its columns spelled as in the table. */
  private def spelled(table: KeyedTable, key: TableKey): TableKey = {
    val known = key.columns.map(column => table.field(column).map(_.name)
      .getOrElse(throw KeyErrors.noSuchColumn(table.name, key.name, column, table.schema.fieldNames.toSeq)))
    known.diff(known.distinct).foreach(column => throw KeyErrors.repeatedColumn(table.name, key.name, column))
    key.copy(columns = known, timeseries = known.filter(name => key.timeseries.exists(_.equalsIgnoreCase(name))))
  }

  private def named(table: KeyedTable, key: TableKey): TableKey = {
    if (key.kind == KeyKind.Primary)
      table.keys.find(_.kind == KeyKind.Primary).foreach(known => throw KeyErrors.secondPrimaryKey(table.name, known.name))
    if (table.keys.exists(_.name.equalsIgnoreCase(key.name))) throw KeyErrors.nameTaken(table.name, key.name, table.name)
    directory.holder(table.place, key.name) match {
      case None => key
      // Spark's own choice of a name, taken by a table that was renamed.
      case Some(_) if key.name == s"${table.place.name}_pk" => key.copy(name = s"${key.name}_${table.uuid.take(8)}")
      case Some(holder) => throw KeyErrors.nameTaken(table.name, key.name, SparkAccess.quoted(holder.parts))
    }
  }

  private def parent(table: KeyedTable, key: TableKey, foreign: ForeignKey): ParentKey = {
    table.keys.find(known => known.kind == KeyKind.Foreign && known.columns.toSet == key.columns.toSet)
      .foreach(known => throw KeyErrors.sameColumns(table.name, key.name, known.name))
    val other = parentTable(table, foreign.referencedTable)
    val asked = names(foreign.referencedColumns).filterNot(_ == KeyClauses.PrimaryKey)
    val candidates = other.keys.filter(_.kind != KeyKind.Foreign)
    if (candidates.isEmpty) throw KeyErrors.parentWithoutKey(table.name, other.place.parts.mkString("."))
    val target =
      if (asked.isEmpty) candidates.find(_.kind == KeyKind.Primary)
      else candidates.find(known => asked.map(Names.key).toSet == known.columns.map(Names.key).toSet)
    val found = target.getOrElse(throw KeyErrors.otherColumns(table.name, other.place.parts.mkString("."), asked, candidates))
    val order = if (asked.isEmpty) found.columns else asked
    if (order.length != key.columns.length)
      throw KeyErrors.columnCount(table.name, key.name, key.columns.length, order.length)
    key.columns.zip(order).foreach { case (own, parents) => sameType(table, own, other, parents) }
    ParentKey(other.uuid, found.name, order.map(column => found.columns.indexWhere(_.equalsIgnoreCase(column)) + 1))
  }

  private def sameType(table: KeyedTable, column: String, other: KeyedTable, parents: String): Unit =
    for (own <- table.field(column); referred <- other.field(parents) if own.dataType != referred.dataType)
      throw KeyErrors.otherType(table.name, column, own.dataType.sql, parents, referred.dataType.sql)

  /** The table that a foreign key refers to, which may be its own. Loading it takes a right on it. */
  private def parentTable(table: KeyedTable, referred: Identifier): KeyedTable = {
    val parts = CommandContext.of(session).complete(referred.namespace().toSeq :+ referred.name(), 3)
    val place = EntryPlace(parts.head, parts(1), parts(2))
    if (place == table.place) table
    else {
      val entry = store.entry(place).filter(_.isTable).getOrElse(throw new NoSuchTableException(parts))
      SparkAccess.catalogManager(session).catalog(place.catalog) match {
        case catalog: TableCatalog =>
          val loaded = catalog.loadTable(Identifier.of(Array(place.schema), place.name))
          KeyedTable(place, entry.uuid, SparkAccess.schemaOf(loaded.columns()), entry.keys)
        case _ => throw Errors.noSuchCatalog(place.catalog)
      }
    }
  }
}
