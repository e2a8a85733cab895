// Package compare proves what policies allow: whether a new policy allows anything that an old one does not ([NoNewAccess]), whether a policy
// allows one of some actions ([NotGranted]), and whether the policy of a resource allows strangers anything ([NotPublic]).
//
// The answer is exact, or Unknown. Broken comes with a [Witness], a request that package iam allows by the new policy and denies by the old one; one
// that iam does not confirm makes the answer Unknown. Holds says that there is no such request among all that there can be:
//
//   - actions of package catalog, and those that a policy spells out; with [Options.Open] whatever could be one
//   - resources that the action applies to, by the forms of ARNs in the catalogue
//   - condition keys that are missing, or hold any value, or, where they can, any values. No key is taken to be always there, and none to follow
//     from the principal or from another key. Keys of which the catalogue says that they are numbers, dates, addresses or booleans hold such values only
//   - principals, where a policy names any: all sorts that the policies can tell apart
//
// The method. Actions that no statement tells apart are one class, and so are principals; a class is asked once, for each set of resources that its
// actions apply to. What is left is a conjunction: some Allow of the new policy holds, no Deny of it does, and either no Allow of the old policy holds or
// some Deny of it. It is searched by cases, guided by values found so far: a statement that must not hold and does has one of its parts made false.
// Each part speaks of one thing, the resource or one key, and is decided there: texts by automata of all patterns at once, numbers, dates and addresses
// at the points where they can differ, several values of a key one by one. A policy variable is missing, there several times, or there with a value of which
// first nothing is known: what is impossible then is impossible. Otherwise values are tried.
//
// Work is counted in steps, so that the same question has the same answer everywhere.
package compare
