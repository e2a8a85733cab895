package secret

import (
	"strings"
	"testing"
)

func TestSecretLooking(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        bool
	}{
		{"DB_PASSWORD", "hunter2", true},
		{"db.password", "correct horse", true},
		{"API_KEY", "0123456789abcdef", true},
		{"STRIPE", "sk_live_" + strings.Repeat("a", 24), true},
		{"X", "AKIA" + "IOSFODNN7EXAMPLE", true},
		{"DATABASE_URL", "postgres://app:s3cr3t@db.internal/orders", true},
		{"KEY", "-----BEGIN RSA " + "PRIVATE KEY-----\nMII", true},
		{"SENTRY_TOKEN", "abcdef0123", true},
		{"stage", "prod", false},
		{"DATABASE_URL", "postgres://db.internal/orders", false},
		{"DB_PASSWORD_ARN", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:x", false},
		{"DB_PASSWORD", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:x", false},
		{"DB_PASSWORD", "{{resolve:secretsmanager:x}}", false},
		{"DB_PASSWORD", "/prod/orders/password", false},
		{"TOKEN_TTL", "3600", false},
		{"PASSWORD", "", false},
		{"USE_TOKEN", "true", false},
		{"KEYBOARD", "qwertz", false},
		{"TOKEN_ENDPOINT", "https://id.example.com/token", false},
	} {
		if got := Looking(c.name, c.value); got != c.want {
			t.Errorf("%s=%s: %v", c.name, c.value, got)
		}
	}
}
