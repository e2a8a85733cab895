package catalog_test

import (
	"fmt"

	"github.com/footing-dev/footing/catalog"
)

func ExampleCatalog_Action() {
	c, err := catalog.Load()
	if err != nil {
		fmt.Println(err)
		return
	}
	a, ok := c.Action("S3:getobject")
	fmt.Println(a, a.Level, a.Targets[1].Type, ok)
	a, ok = c.Action("s3:NotYet")
	fmt.Println(a, a.Level, ok)
	// Output:
	// s3:GetObject Read object true
	// s3:NotYet Unknown false
}

func ExampleCatalog_Capability() {
	c, _ := catalog.Load()
	for _, action := range []string{"kms:Decrypt", "lambda:UpdateFunctionCode"} {
		fmt.Println(c.Capability(action))
	}
	// Output:
	// READ decrypts: whoever holds a ciphertext reads it
	// WRITE+acts-as the code runs with the role of the function
}

func ExampleCatalog_Expand() {
	c, _ := catalog.Load()
	fmt.Println(c.Expand("sqs:Receive*", "sqs:NotYet"))
	// Output: [sqs:ReceiveMessage sqs:NotYet]
}

func ExampleCatalog_TypesOf() {
	c, _ := catalog.Load()
	for _, t := range c.TypesOf("arn:aws:sqs:eu-west-1:111122223333:jobs") {
		fmt.Println(t.Service, t.Name, t.ARN)
	}
	// Output: sqs queue arn:${Partition}:sqs:${Region}:${Account}:${QueueName}
}

func ExampleCatalog_ConditionKey() {
	c, _ := catalog.Load()
	k, _ := c.ConditionKey("aws:principaltag/team")
	fmt.Println(k.Name, k.Type, k.Many())
	// Output: aws:PrincipalTag/${TagKey} String false
}
