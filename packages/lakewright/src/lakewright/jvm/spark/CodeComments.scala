package lakewright

import java.util.regex.Pattern

import scala.util.Try
import scala.util.matching.Regex

import org.apache.spark.sql.catalyst.expressions.codegen.CodeFormatter

/**
 * A pattern that finds what Spark's finds, in linear time.
 *
 * Spark removes the comments of each piece of code that it generates, to measure its length. Its pattern tries every blank of an
 * indentation as the beginning of a comment, and from each reads on to the end of the indentation: with small tables, a tenth of
 * the engine's CPU. `docs/decisions/0020-comments-of-generated-code.md` has the figures.
 */
object CodeComments {
  val OfSpark: String = """([ |\t]*?\/\*[\s|\S]*?\*\/[ |\t]*?)|([ |\t]*?\/\/[\s\S]*?\n)"""
  val Linear: Pattern = Pattern.compile("""(?<![ |\t])[ |\t]*+(?:/\*[\s\S]*?\*/|//[\s\S]*?\n)""")

  /** Lets Spark use it, once for the whole JVM. Another pattern than the known one stays, that of another version of Spark. */
  def speedUp(): Unit = speedUp(CodeFormatter.commentRegexp)

  def speedUp(regex: Regex): Unit = if (regex.pattern.pattern == OfSpark) Try {
    val field = classOf[Regex].getDeclaredField("pattern")
    field.setAccessible(true)
    field.set(regex, Linear)
  } // a JVM that does not allow it works as before
}
