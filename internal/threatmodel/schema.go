package threatmodel

import "github.com/footing-dev/footing/docs/schema"

// Schema is the JSON Schema of footing.yaml. It asks for the same keys as Parse does; that names are known, and what a sentence means, only Parse tells.
func Schema() []byte { return schema.FootingYAML }

// EditorLine is the comment with which a footing.yaml tells an editor where its schema is: an address, or a path beside it.
func EditorLine(schema string) string { return "# yaml-language-server: $schema=" + schema }

// SchemaAddress is what the schema calls itself.
const SchemaAddress = "https://footing.dev/schema/footing-yaml.json"
