/** Spark catalogs over one folder: three-level names for Delta tables and views, as Unity Catalog has them. */
package object lakewright {
  /** What Spark throws for a user's mistake. */
  type AnalysisFailure = org.apache.spark.sql.AnalysisException
}
