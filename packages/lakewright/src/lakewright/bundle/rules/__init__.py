"""One module for each finding of `lakewright validate` and `lakewright grants check`: its code, name, severity, explanation and words.

To add a rule, add one module to the folder that fits; a folder that has grown large holds folders by subject, whose rules share its
codes. The module holds one class, whose docstring is the page of
the docs and holds the examples that the tests run. Inherit from `TaskRule`, `JobRule` or `BundleRule` for a rule
that looks at a loaded bundle, and it runs; inherit from `Rule` for a finding that the load itself reports, from
`GrantsRule` for one that `lakewright.grants.checking.findings` makes. Take
the next free code of the folder. To remove a rule, put its number into `RETIRED` of the folder.
"""
