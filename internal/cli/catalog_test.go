package cli

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/catalog"
)

func TestNearestAction(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]string{
		"s3:GetObjct": "s3:GetObject", "dynamo:GetItem": "dynamodb:GetItem", "kmss:Decrypt": "kms:Decrypt", "sts:AssumeRol": "sts:AssumeRole", "nobodyknows:Anything": "",
	} {
		if got := nearestAction(c, typed); got != want {
			t.Errorf("%s: %q, expected %q", typed, got, want)
		}
	}
}

func TestCompleteActions(t *testing.T) {
	for typed, want := range map[string]string{"re": "read", "dyn": "dynamodb:", "kms:decr": "kms:Decrypt", "s3:GetObject,kms:decr": "s3:GetObject,kms:Decrypt"} {
		if got, _ := completeActions(typed); !slices.Contains(got, want) {
			t.Errorf("%s: %v", typed, got)
		}
	}
}

func TestCatalogueAge(t *testing.T) {
	r, err := catalog.Released()
	if err != nil {
		t.Fatal(err)
	}
	a := &app{now: func() time.Time { return r.Date.Add(50 * time.Hour) }}
	if got := a.catalogueAge(); !strings.HasSuffix(got, ", 2 days old") || !strings.Contains(got, r.Version) {
		t.Error(got)
	}
}
