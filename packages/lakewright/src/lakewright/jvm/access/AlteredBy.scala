package lakewright

import org.apache.spark.sql.connector.catalog.{TableCatalog, TableChange}

/**
 * Which right an ALTER TABLE needs: columns, comments and properties MODIFY, all else its owner.
 * Source: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-table
 */
object AlteredBy {
  def modify(changes: Seq[TableChange]): Boolean = changes.forall {
    case _: TableChange.ColumnChange => true
    case change: TableChange.SetProperty => !owners.contains(change.property())
    case _: TableChange.RemoveProperty => true
    case _ => false
  }

  private val owners = Set(TableCatalog.PROP_LOCATION, TableCatalog.PROP_OWNER)
}
