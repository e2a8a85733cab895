package task

import "strings"

// Command is how a verb is typed after this one, with the flags that keep it on the same picture: "go run . risk --demo".
func (d *Desk) Command(verb string) string {
	parts := []string{d.Program, verb}
	if d.Demo {
		parts = append(parts, "--demo")
	}
	for _, f := range []struct{ flag, value string }{
		{"--snapshot", d.Snapshot}, {"--model", d.ModelAt}, {"--at", d.At}, {"--store", d.StoreAt},
	} {
		if f.value != "" {
			parts = append(parts, f.flag, quote(f.value))
		}
	}
	return strings.Join(parts, " ")
}

// quote makes a word that a POSIX shell takes as it is.
func quote(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=,") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
