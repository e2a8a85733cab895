package service

import (
	"net/url"
	"regexp"
	"strings"
)

// plainAddress drops what an address may hold in secret: who signs in, and what is asked. What is no web address stays as it is. It may
// have variables in braces, so it is not parsed as a URL.
func plainAddress(s string) string {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok || scheme != "http" && scheme != "https" {
		return s
	}
	rest, _, _ = strings.Cut(rest, "?")
	rest, _, _ = strings.Cut(rest, "#")
	host, path, deeper := strings.Cut(rest, "/")
	if host = afterLast(host, '@'); deeper {
		host += "/" + path
	}
	return scheme + "://" + host
}

var userInfo = regexp.MustCompile(`://[^/@\s]*@`)

// withoutUser takes the name and the password out of an address.
func withoutUser(address string) string { return userInfo.ReplaceAllString(address, "://") }

// host is an address without what may hold a token: the way, the query, who signs in.
func host(s *string) string {
	u, err := url.Parse(deref(s))
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
}
