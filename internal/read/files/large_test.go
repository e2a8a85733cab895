package files_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/read/files"
)

// large is a folder with so many roles and ten times as many resources, every third with a policy.
func large(t testing.TB, roles int) string {
	t.Helper()
	var details, resources strings.Builder
	for i := range roles {
		fmt.Fprintf(&details, `, {"RoleName": "app%[1]d", "Path": "/", "Arn": "arn:aws:iam::111122223333:role/app%[1]d", "CreateDate": "2025-01-01T00:00:00Z", `+
			`"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}, `+
			`"RolePolicyList": [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::b%[1]d/*"}]}}], `+
			`"AttachedManagedPolicies": [], "InstanceProfileList": [], "Tags": [{"Key": "team", "Value": "t%[2]d"}]}`, i, i%40)
	}
	for i := range 10 * roles {
		fmt.Fprintf(&resources, `, {"type": "AWS::S3::Bucket", "arn": "arn:aws:s3:::b%[1]d", "name": "b%[1]d", "region": "eu-west-1", "tags": {"team": "t%[2]d", "env": "prod"}`, i, i%40)
		if i%3 == 0 {
			fmt.Fprintf(&resources, `, "properties": {"VersioningConfiguration": {"Status": "Enabled"}}, "policy": {"Version": "2012-10-17", "Statement": [{"Sid": "TLS", "Effect": "Deny", `+
				`"Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b%d/*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}`, i)
		}
		resources.WriteString("}")
	}
	dir := t.TempDir()
	put(t, dir, "gaad.json", `{"UserDetailList": [], "GroupDetailList": [], "Policies": [], "RoleDetailList": [`+details.String()[2:]+"]}")
	put(t, dir, "resources.json", "["+resources.String()[2:]+"]")
	return dir
}

// TestReadingAllocatesLittle: a resource costs its own strings and maps, and nothing for being looked at again.
func TestReadingAllocatesLittle(t *testing.T) {
	const roles, most = 200, 12
	dir := large(t, roles)
	resources := len(read(t, dir).Resources)
	if resources != 11*roles+1 {
		t.Fatalf("%d resources", resources)
	}
	n := testing.AllocsPerRun(3, func() {
		if _, err := files.Read(dir); err != nil {
			t.Fatal(err)
		}
	})
	if per := n / float64(resources); per > most {
		t.Errorf("%.1f allocations a resource, at most %d are allowed", per, most)
	}
}

func BenchmarkRead(b *testing.B) {
	dir := large(b, 1000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := files.Read(dir); err != nil {
			b.Fatal(err)
		}
	}
}
