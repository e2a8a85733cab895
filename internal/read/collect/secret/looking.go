// Package secret tells what may open something, and keeps it out of what is read. It knows nothing of the SDK, so that anything can be
// tried on it quickly.
package secret

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

var (
	secretName = regexp.MustCompile(`(?i)(^|_|-|\.)(pass(word|wd|phrase)?|pwd|secret|token|api_?key|access_?key|private_?key|client_?secret|credentials?|auth_?key|signing_?key|encryption_?key|dsn)(_|-|\.|\d|$)|(?i)(password|secret|apikey|privatekey)$`)
	// What follows such a word and makes it the name of something else: where the secret is, or how long it lives.
	notSecretName = regexp.MustCompile(`(?i)(_|-)(arn|name|id|path|file|url|uri|endpoint|host|param|parameter|ttl|expiry|expires|expiration|length|size|type|algorithm|version|region|bucket|table|header|enabled)$`)
	secretValue   = regexp.MustCompile(`\b(AKIA|ASIA)[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_[0-9A-Za-z]{30,}|\bgithub_pat_[0-9A-Za-z_]{30,}|\bglpat-[0-9A-Za-z_-]{18,}|\bxox[abposr]-[0-9A-Za-z-]{10,}|\b[rs]k_live_[0-9A-Za-z]{16,}|\bAIza[0-9A-Za-z_-]{35}|\beyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.|://[^/\s:@]+:[^/\s:@$]{3,}@`)
	notSecretText = regexp.MustCompile(`(?i)^(arn:aws|\{\{resolve:|\$\{|https?://[^@]*$|true$|false$|yes$|no$|none$|null$|changeme$|[0-9.]+$|/[a-z0-9/_.-]+$)`)
)

// Looking tells that the variable of a name, or its value, looks like a secret.
func Looking(name, value string) bool {
	value = strings.TrimSpace(value)
	if secretValue.MatchString(value) {
		return true
	}
	return len(value) >= 4 && secretName.MatchString(name) && !notSecretName.MatchString(name) && !notSecretText.MatchString(value)
}

// Digest tells whether a secret changed: the first 48 bits of a SHA-256 sum tell two values apart and do not give one away.
func Digest(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:6])
}
