// Package schema is the JSON Schemas that the program itself hands out.
package schema

import _ "embed" // for the file below

// FootingYAML is the schema of footing.yaml: editors complete it, and underline mistakes while they are made.
//
//go:embed footing-yaml.json
var FootingYAML []byte
