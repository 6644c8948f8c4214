package lakewright

import org.apache.spark.sql.connector.catalog.Identifier
import org.apache.spark.sql.connector.catalog.constraints.Constraint

/** A table's name with the constraints of its CREATE: Delta's catalog passes a name on as it is, and drops constraints. */
final case class KeyedName(ident: Identifier, constraints: Seq[Constraint]) extends Identifier {
  override def namespace(): Array[String] = ident.namespace()
  override def name(): String = ident.name()
}

object KeyedName {
  def of(ident: Identifier, constraints: Array[Constraint]): Identifier =
    if (constraints.isEmpty) ident else KeyedName(ident, constraints.toSeq)

  def constraints(ident: Identifier): Seq[Constraint] = ident match {
    case named: KeyedName => named.constraints
    case _ => Nil
  }
}
