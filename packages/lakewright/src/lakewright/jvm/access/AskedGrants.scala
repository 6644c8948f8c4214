package lakewright

import java.nio.file.Paths
import java.util.{List => JavaList}

import scala.jdk.CollectionConverters._

/** Asks the rules of one lakehouse many questions in one call, for whoever compares them with those of `databricks_utils`. */
object AskedGrants {
  /**
   * @param questions principal, privilege, kind and the parts of the name of each, with tabs between them
   * @return for each question what is missing: privilege and name, with `; ` between several; empty if it is allowed
   */
  def missing(lakehouse: String, questions: JavaList[String]): JavaList[String] = {
    val facts = new StoredFacts(new MetadataStore(Paths.get(lakehouse)))
    questions.asScala.map(_.split('\t').toSeq).map { case principal +: privilege +: kind +: parts =>
      val asked = if (privilege == Privilege.Ownership.name) Privilege.Ownership else Privilege.named(privilege).get
      GrantRules.missing(facts, principal, asked, Securable(SecurableKind.named(kind).get, parts))
        .map(one => s"${one.privilege.name} ${one.securable.fullName}").mkString("; ")
    }.asJava
  }
}
