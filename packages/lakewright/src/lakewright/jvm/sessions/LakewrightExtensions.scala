package lakewright

import org.apache.spark.sql.SparkSessionExtensions

/** What `spark.sql.extensions` names: makes sessions find catalogs by name and understand their statements. */
class LakewrightExtensions extends (SparkSessionExtensions => Unit) {
  override def apply(extensions: SparkSessionExtensions): Unit = {
    extensions.injectParser((session, next) => new LakewrightParser(session, next))
    extensions.injectHintResolutionRule(new OwnEnvironment(_))
    extensions.injectHintResolutionRule(new NamedTableFunctions(_))
    extensions.injectResolutionRule(_ => ReadyTableFunctions)
    IdentityFunctions.inject(extensions)
    extensions.injectResolutionRule(new ApplyPolicies(_))
    extensions.injectOptimizerRule(_ => HarmlessPredicates)
    extensions.injectOptimizerRule(new ReadLookups(_))
    extensions.injectPreCBORule(_ => HiddenFiles)
    extensions.injectPlannerStrategy(new PolicyStrategy(_))
    extensions.injectColumnar(new RecheckedScans(_))
    extensions.injectQueryStagePrepRule(new MarkScans(_))
    extensions.injectCheckRule(new PolicyChecks(_))
    extensions.injectPostHocResolutionRule(_ => RunnableClones)
    extensions.injectPostHocResolutionRule(_ => DescribedKeys)
    extensions.injectPostHocResolutionRule(_ => ShowCreateOfTables)
    extensions.injectPostHocResolutionRule(_ => Statistics)
    extensions.injectPostHocResolutionRule(_ => RunnableCopies)
    extensions.injectPostHocResolutionRule(session => new AnalyzedAccess(session))
    extensions.injectCheckRule(_ => ChangingCommands.check)
    extensions.injectPlanNormalizationRule(session => new AnalyzedAccess(session))
  }
}
