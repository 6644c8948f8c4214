package lakewright

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.delta.DeltaLog

/**
 * What a mask that a policy chose cannot be on: what SET MASK refuses is known for such a mask only when the table is read. Its
 * columns may have got their tags, or the table its partitions, after the policy.
 */
final class ChosenMasks(session: SparkSession, store: MetadataStore, place: EntryPlace, entry: Entry) {
  def requireFit(policies: TablePolicies): Unit = {
    val chosen = policies.masks.keySet -- entry.policies.masks.keySet
    if (chosen.nonEmpty) {
      val log = DeltaLog.forTable(session.asInstanceOf[ClassicSession], store.locate(entry.location.get))
      val metadata = log.update(stalenessAcceptable = true).metadata
      val table = PolicyTable(place, entry, metadata.schema, metadata.partitionColumns, Nil)
      val rules = new PolicyRules(session, CommandContext.of(session), table)
      chosen.foreach(rules.requireNoGenerated)
    }
  }
}
