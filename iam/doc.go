// Package iam is the AWS IAM policy language: parse, print, match, and decide one request. It is a reference, written for reading.
//
// A [Policy] comes from [Parse], which refuses what AWS refuses, or from [ParseLenient], which keeps what it understands and marks
// the rest; [Validate] adds the rules of the layer that a policy is attached to, and [ParseFor] does both and says where. [Print] writes
// a policy back.
//
// [Evaluate] decides one [Request] under the [Layers] that have a say. Every statement is judged in three values: it does not match,
// it matches, or it matches as long as some conditions hold that the request does not decide. From these follow what is allowed in
// any case ("must") and what is allowed at most ("may"):
//
//	must = allowed in any case  and not possibly denied
//	may  = possibly allowed     and not denied in any case
//
// The outcome is Allow when must holds, Deny when may does not, and otherwise Conditional, with the open conditions as
// [Decision.Residual]. A layer that could not be read, or a statement that was not understood, makes the outcome Unknown wherever it
// could change the answer.
//
// A request is open by default: keys that follow from it (aws:PrincipalArn, aws:PrincipalAccount, aws:username, aws:ResourceAccount
// and their like) are filled in, every other key may be anything. With [Request.Closed] the context is complete and nothing is filled
// in. What surprises cites its page on docs.aws.amazon.com where it is implemented.
//
// Limits that a caller should know. When neither the ARN nor the request says who owns a resource, it is taken to belong to the
// caller's own account. Tags count as attributes of the resource wherever [Request.ResourceTags] is set, so leave it nil for services
// that evaluate tags only after an opt-in whose state is unknown. The ARN of a role session does not say the path of its role:
// aws:PrincipalArn is taken to have none unless [Request.Context] holds it. The root of another account stands for whatever that
// account permits, so it may assume roles, which a root user cannot. ACLs are outside this package.
package iam
