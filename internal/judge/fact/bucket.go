package fact

import (
	"cmp"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Restricted tells whether S3 takes away what a public policy gives: the switch RestrictPublicBuckets of the bucket or access point itself, or of the
// account. It is Unknown where one is not on and the other was not read.
// "Blocking public access to your Amazon S3 storage", https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func Restricted(c check.Case, r *snapshot.Resource) snapshot.State {
	on, st := r.Flag("PublicAccessBlockConfiguration.RestrictPublicBuckets")
	if on {
		return snapshot.Known
	}
	unread := st == snapshot.Unknown
	blocks := c.Snapshot.OfType("AWS::S3::AccountPublicAccessBlock")
	for _, b := range blocks {
		on, st := b.Flag("RestrictPublicBuckets")
		if on {
			return snapshot.Known
		}
		unread = unread || st == snapshot.Unknown
	}
	if unread || len(blocks) == 0 && c.Blind("AWS::S3::AccountPublicAccessBlock") != nil {
		return snapshot.Unknown
	}
	return snapshot.Absent
}

// Refuses tells whether the policy of a bucket, or a resource control policy above the account, explicitly denies a request to everybody who is allowed
// everything: actions on its objects, with that context, whatever else a request carries. A role of the account asks, and one of another.
func Refuses(c check.Case, b *snapshot.Resource, context map[string][]string, actions ...string) snapshot.State {
	var above []*iam.Policy
	unread := false
	read := func(doc []byte, st snapshot.State) {
		switch st {
		case snapshot.Known:
			p, _ := iam.ParseLenient(doc)
			unread = unread || len(p.Unparsed) > 0
			above = append(above, p)
		case snapshot.Unknown:
			unread = true
		}
	}
	doc, st := b.ResourcePolicy()
	read(doc, st)
	for _, p := range c.Snapshot.OfType("AWS::Organizations::Policy") {
		if p.Text("Type") == "RESOURCE_CONTROL_POLICY" { // a Deny is a Deny, in whichever layer it stands
			doc, st := p.Document("Content")
			read(doc, st)
		}
	}
	all := []*iam.Policy{{Version: "2012-10-17", Statements: []iam.Statement{{Effect: iam.EffectAllow, Actions: []string{"*"}, Resources: []string{"*"}}}}}
	partition := cmp.Or(c.Snapshot.Partition, "aws")
	for _, who := range []string{"arn:" + partition + ":iam::" + c.Snapshot.Account + ":role/any", "arn:" + partition + ":iam::000000000000:role/any"} {
		for _, action := range actions {
			r := iam.Request{Principal: who, Action: action, Resource: string(b.Key) + "/any", ResourceAccount: c.Snapshot.Account, Context: context}
			if d := iam.Evaluate(&r, &iam.Layers{Identity: all, Resource: above}); d.Outcome != iam.Deny || !d.Explicit {
				if unread {
					return snapshot.Unknown
				}
				return snapshot.Absent
			}
		}
	}
	return snapshot.Known
}
