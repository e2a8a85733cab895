package service

import (
	"context"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Glue reads jobs, crawlers and what they connect to, and the Data Catalog's databases, policy and encryption.
// Passwords, addresses of databases and the values of arguments are not kept.
func Glue() Service {
	return Service{
		Name: "glue",
		Calls: []Call{
			list("glue:GetJobs", "glue:GetJobs", "?Jobs", "the roles and scripts of jobs", "AWS::Glue::Job"),
			list("glue:GetCrawlers", "glue:GetCrawlers", "?Crawlers", "the roles of crawlers", "AWS::Glue::Crawler"),
			list("glue:GetDevEndpoints", "glue:GetDevEndpoints", "?DevEndpoints", "machines with a role that one signs in to", "AWS::Glue::DevEndpoint"),
			list("glue:GetDatabases", "glue:GetDatabases", "DatabaseList", "the databases of the Data Catalog", "AWS::Glue::Database"),
			list("glue:GetConnections", "glue:GetConnections", "?ConnectionList", "which databases jobs sign in to", "AWS::Glue::Connection"),
			below("glue:GetDataCatalogEncryptionSettings", "glue:GetDataCatalogEncryptionSettings", "DataCatalogEncryptionSettings", "whether the Data Catalog is encrypted", "AWS::Glue::Catalog"),
			about("glue:GetResourcePolicy", "glue:GetResourcePolicy", "?PolicyInJson", "whom the Data Catalog is shared with"),
			about("glue:GetTags", "glue:GetTags", "?Tags", "whose they are"),
		},
		Read: readGlue,
	}
}

func readGlue(ctx context.Context, s *Scope) {
	c := glue.NewFromConfig(s.Config())
	var tagged []*snapshot.Resource
	pages(ctx, s, "glue:GetJobs", glue.NewGetJobsPaginator(c, &glue.GetJobsInput{}), func(o *glue.GetJobsOutput) {
		for _, j := range o.Jobs {
			tagged = append(tagged, glueJob(s, j))
		}
	})
	pages(ctx, s, "glue:GetCrawlers", glue.NewGetCrawlersPaginator(c, &glue.GetCrawlersInput{}), func(o *glue.GetCrawlersOutput) {
		for _, k := range o.Crawlers {
			tagged = append(tagged, crawler(s, k))
		}
	})
	pages(ctx, s, "glue:GetDevEndpoints", glue.NewGetDevEndpointsPaginator(c, &glue.GetDevEndpointsInput{}), func(o *glue.GetDevEndpointsOutput) {
		for _, e := range o.DevEndpoints {
			tagged = append(tagged, devEndpoint(s, e))
		}
	})
	var databases, connections []*snapshot.Resource
	all := pages(ctx, s, "glue:GetDatabases", glue.NewGetDatabasesPaginator(c, &glue.GetDatabasesInput{}), func(o *glue.GetDatabasesOutput) {
		for _, d := range o.DatabaseList {
			databases = append(databases, glueDatabase(s, d))
		}
	})
	in := &glue.GetConnectionsInput{HidePassword: true}
	all = pages(ctx, s, "glue:GetConnections", glue.NewGetConnectionsPaginator(c, in), func(o *glue.GetConnectionsOutput) {
		for _, k := range o.ConnectionList {
			connections = append(connections, glueConnection(s, k))
		}
	}) && all
	readCatalog(ctx, s, c, append(databases[:len(databases):len(databases)], connections...), all)
	for _, d := range databases { // they have no tags
		s.Add(*d)
	}
	Each(ctx, append(tagged, connections...), func(ctx context.Context, r *snapshot.Resource) {
		if !s.tags(ctx, r) {
			arn := string(r.Key)
			if o := part(ctx, s, r, "Tags", "glue:GetTags", c.GetTags, &glue.GetTagsInput{ResourceArn: &arn}); o != nil {
				r.Tags = o.Tags
			}
		}
		s.Add(*r)
	})
}

// readCatalog reads the policy and the encryption of the Data Catalog, if there is anything in it. Its one policy is that of all within.
// "Resource-based policies", https://docs.aws.amazon.com/glue/latest/dg/security_iam_resource-based-policy-examples.html
func readCatalog(ctx context.Context, s *Scope, c *glue.Client, within []*snapshot.Resource, all bool) {
	const call = "glue:GetDataCatalogEncryptionSettings"
	if len(within) == 0 {
		newTally(all).note(s, call)
		return
	}
	r := s.New("AWS::Glue::Catalog", s.ARN("glue", "catalog"), "Data Catalog", call)
	r.Properties["CatalogId"] = s.Account
	if o := part(ctx, s, r, "Policy", "glue:GetResourcePolicy", c.GetResourcePolicy, &glue.GetResourcePolicyInput{}, "EntityNotFoundException"); o != nil {
		setPolicy(r, "Policy", o.PolicyInJson)
	}
	for _, x := range within {
		x.Policy = r.Policy
		if r.IsUnknown("Policy") {
			x.Unknown = append(x.Unknown, "Policy")
		}
	}
	o, ok := one(ctx, s, call, c.GetDataCatalogEncryptionSettings, &glue.GetDataCatalogEncryptionSettingsInput{})
	switch {
	case !ok:
		r.Unknown = append(r.Unknown, "DataCatalogEncryptionSettings")
	case o.DataCatalogEncryptionSettings != nil:
		m := object{}
		if e := o.DataCatalogEncryptionSettings.EncryptionAtRest; e != nil {
			rest := object{"CatalogEncryptionMode": string(e.CatalogEncryptionMode)}
			set(rest, "SseAwsKmsKeyId", e.SseAwsKmsKeyId)
			set(rest, "CatalogEncryptionServiceRole", e.CatalogEncryptionServiceRole)
			m["EncryptionAtRest"] = rest
		}
		if e := o.DataCatalogEncryptionSettings.ConnectionPasswordEncryption; e != nil {
			passwords := object{"ReturnConnectionPasswordEncrypted": e.ReturnConnectionPasswordEncrypted}
			set(passwords, "KmsKeyId", e.AwsKmsKeyId)
			m["ConnectionPasswordEncryption"] = passwords
		}
		r.Properties["DataCatalogEncryptionSettings"] = m
	}
	s.Add(*r)
}

func glueJob(s *Scope, j types.Job) *snapshot.Resource {
	r := s.New("AWS::Glue::Job", s.ARN("glue", "job/"+deref(j.Name)), deref(j.Name), "glue:GetJobs")
	p := r.Properties
	set(p, "Name", j.Name)
	set(p, "Role", j.Role)
	set(p, "GlueVersion", j.GlueVersion)
	set(p, "SecurityConfiguration", j.SecurityConfiguration)
	if j.Command != nil {
		m := object{}
		set(m, "Name", j.Command.Name)
		set(m, "ScriptLocation", j.Command.ScriptLocation)
		text(m, "PythonVersion", deref(j.Command.PythonVersion))
		p["Command"] = m
	}
	if j.Connections != nil && len(j.Connections.Connections) > 0 {
		p["Connections"] = object{"Connections": sorted(j.Connections.Connections, same)}
	}
	arguments := maps.Clone(j.DefaultArguments)
	if arguments == nil {
		arguments = map[string]string{}
	}
	maps.Copy(arguments, j.NonOverridableArguments)
	environment(p, arguments) // they are to a job what variables are to a function
	return r
}

func crawler(s *Scope, k types.Crawler) *snapshot.Resource {
	r := s.New("AWS::Glue::Crawler", s.ARN("glue", "crawler/"+deref(k.Name)), deref(k.Name), "glue:GetCrawlers")
	p := r.Properties
	set(p, "Name", k.Name)
	set(p, "Role", k.Role)
	set(p, "DatabaseName", k.DatabaseName)
	set(p, "CrawlerSecurityConfiguration", k.CrawlerSecurityConfiguration)
	if k.Schedule != nil {
		p["Schedule"] = object{"ScheduleExpression": deref(k.Schedule.ScheduleExpression)}
	}
	t := k.Targets
	if t == nil {
		return r
	}
	m := object{}
	target := func(path, connection *string) any {
		x := object{"Path": deref(path)}
		text(x, "ConnectionName", deref(connection))
		return x
	}
	many(m, "S3Targets", sorted(t.S3Targets, func(x types.S3Target) any { return target(x.Path, x.ConnectionName) }))
	many(m, "JdbcTargets", sorted(t.JdbcTargets, func(x types.JdbcTarget) any { return target(x.Path, x.ConnectionName) }))
	many(m, "DynamoDBTargets", sorted(t.DynamoDBTargets, func(x types.DynamoDBTarget) any { return target(x.Path, nil) }))
	many(m, "MongoDBTargets", sorted(t.MongoDBTargets, func(x types.MongoDBTarget) any { return target(x.Path, x.ConnectionName) }))
	many(m, "CatalogTargets", sorted(t.CatalogTargets, func(x types.CatalogTarget) any {
		return object{"DatabaseName": deref(x.DatabaseName), "Tables": sorted(x.Tables, same)}
	}))
	p["Targets"] = m
	return r
}

func devEndpoint(s *Scope, e types.DevEndpoint) *snapshot.Resource {
	r := s.New("AWS::Glue::DevEndpoint", s.ARN("glue", "devEndpoint/"+deref(e.EndpointName)), deref(e.EndpointName), "glue:GetDevEndpoints")
	p := r.Properties
	set(p, "EndpointName", e.EndpointName)
	set(p, "RoleArn", e.RoleArn)
	set(p, "GlueVersion", e.GlueVersion)
	set(p, "SecurityConfiguration", e.SecurityConfiguration)
	text(p, "SubnetId", deref(e.SubnetId))
	text(p, "VpcId", deref(e.VpcId))
	text(p, "PublicAddress", deref(e.PublicAddress))
	many(p, "SecurityGroupIds", sorted(e.SecurityGroupIds, same))
	return r
}

func glueDatabase(s *Scope, d types.Database) *snapshot.Resource {
	r := s.New("AWS::Glue::Database", s.ARN("glue", "database/"+deref(d.Name)), deref(d.Name), "glue:GetDatabases")
	m := object{"Name": deref(d.Name)}
	text(m, "LocationUri", deref(d.LocationUri))
	if t := d.TargetDatabase; t != nil { // a link to a database of another account
		to := object{}
		set(to, "CatalogId", t.CatalogId)
		set(to, "DatabaseName", t.DatabaseName)
		set(to, "Region", t.Region)
		m["TargetDatabase"] = to
	}
	many(m, "CreateTableDefaultPermissions", sorted(d.CreateTableDefaultPermissions, func(x types.PrincipalPermissions) any {
		at := object{"Permissions": sorted(x.Permissions, same)}
		if x.Principal != nil {
			at["Principal"] = object{"DataLakePrincipalIdentifier": deref(x.Principal.DataLakePrincipalIdentifier)}
		}
		return at
	}))
	set(r.Properties, "CatalogId", d.CatalogId)
	r.Properties["DatabaseInput"] = m
	return r
}

func glueConnection(s *Scope, k types.Connection) *snapshot.Resource {
	r := s.New("AWS::Glue::Connection", s.ARN("glue", "connection/"+deref(k.Name)), deref(k.Name), "glue:GetConnections")
	m := object{"Name": deref(k.Name)}
	text(m, "ConnectionType", k.ConnectionType)
	if q := k.PhysicalConnectionRequirements; q != nil {
		at := object{}
		set(at, "SubnetId", q.SubnetId)
		many(at, "SecurityGroupIdList", sorted(q.SecurityGroupIdList, same))
		m["PhysicalConnectionRequirements"] = at
	}
	if a := k.AuthenticationConfiguration; a != nil {
		by := object{"AuthenticationType": string(a.AuthenticationType)}
		set(by, "SecretArn", a.SecretArn)
		set(by, "KmsKeyArn", a.KmsKeyArn)
		m["AuthenticationConfiguration"] = by
	}
	said := object{}
	for _, name := range []string{"JDBC_ENFORCE_SSL", "KAFKA_SSL_ENABLED", "SECRET_ID", "SKIP_CUSTOM_JDBC_CERT_VALIDATION"} {
		text(said, name, k.ConnectionProperties[name])
	}
	if len(said) > 0 {
		m["ConnectionProperties"] = said
	}
	r.Properties["ConnectionInput"] = m
	return r
}
