package iam

// Effect of a statement.
type Effect uint8

const (
	EffectDeny Effect = iota // the zero value denies
	EffectAllow
)

// Statement is one parsed statement. Of Actions/NotActions, Resources/NotResources and Principals/NotPrincipal one is set at most.
// Without Resources and NotResources (a role trust policy) the statement speaks of the resource that it is attached to.
type Statement struct {
	Sid                      string
	Effect                   Effect
	Actions, NotActions      []string
	Resources, NotResources  []string
	Principals, NotPrincipal *Principals
	Conditions               []Condition
}

// Principals is a Principal or NotPrincipal element. Any is "*" or {"AWS": "*"}.
type Principals struct {
	Any                                bool
	AWS, Service, Federated, Canonical []string // AWS: ARNs as written; a bare account id is kept as arn:PARTITION:iam::ID:root
}

// Policy is one parsed document.
type Policy struct {
	Name       string
	Version    string // "2012-10-17" or "2008-10-17"; a missing Version is 2008-10-17
	ID         string
	Statements []Statement

	// Unparsed numbers the statements that ParseLenient did not understand, ascending; AllUnparsed alone means the whole document.
	// Such a statement keeps its place in Statements as a placeholder that matches nothing; a decision treats it as one that may
	// allow or deny anything.
	Unparsed []int
}

// AllUnparsed in Policy.Unparsed says that nothing of the document was understood.
const AllUnparsed = -1

// Condition is one operator, key and its values, as written or as a residual of a decision. The conditions of a statement are
// joined by AND, the values of one condition by OR (for a negated operator: none of them).
//
// A residual has four operators that no policy has: "Unread" (Key names the layer that could not be read), "Resource" (Values is a
// Resource pattern that must match once the variable Key is filled in), "NotResource" (likewise, must not match) and "FederatedBy"
// (the caller, a federated user, is a session of one of the users in Values).
type Condition struct {
	Operator string   `json:"operator"`
	Key      string   `json:"key"`
	Values   []string `json:"values"`
	Negated  bool     `json:"negated"` // a residual of a Deny: the request is allowed only while this does NOT hold
}

// Ref names one statement.
type Ref struct {
	Layer     string `json:"layer"`
	Policy    string `json:"policy"`
	Statement int    `json:"statement"` // from 0
	Sid       string `json:"sid"`
}

// Names of layers, in Ref.Layer and Layers.Unread.
const (
	LayerIdentity     = "identity"
	LayerBoundary     = "boundary"
	LayerSession      = "session"
	LayerResource     = "resource_policy"
	LayerSCP          = "scp"
	LayerRCP          = "rcp"
	LayerVPCEndpoint  = "vpc_endpoint"
	LayerGrant        = "kms_grants"
	LayerPublicAccess = "public_access_block"
)

// Layers are the policies that have a say. A layer that is nil does not exist.
// Boundary: nil slice means no boundary; Session: likewise. SCP and RCP are levels from the root down, written out in full.
type Layers struct {
	Identity, Boundary, Session []*Policy
	Resource                    []*Policy
	SCP, RCP                    [][]*Policy
	VPCEndpoint                 []*Policy
	Grants                      []Grant
	PublicAccess                *PublicAccessBlock

	// Unread names layers that exist (or may exist) and could not be read or understood. Whatever depends on them is Unknown,
	// except that an unread SCP or RCP turns Allow into Conditional ("allowed at most").
	Unread []string
}

// Grant is a KMS grant. In a Decision it is named by LayerGrant, the policy "grant" and its number.
type Grant struct {
	Grantee           string
	Operations        []string          // "Decrypt", "GenerateDataKey" …
	EncryptionContext map[string]string // EncryptionContextEquals or …Subset
	Subset            bool
}

// PublicAccessBlock is S3 Block Public Access as it takes effect: the account's or the bucket's, whichever is stricter.
type PublicAccessBlock struct {
	BlockPublicACLs, IgnorePublicACLs, BlockPublicPolicy, RestrictPublicBuckets bool
}

// Request is one question. Principal is an ARN (user, role = any session of it, assumed-role session, root, federated provider),
// a service name ("lambda.amazonaws.com") or "anonymous".
type Request struct {
	Principal, Action, Resource string
	ResourceAccount             string              // the account that owns the resource; derived from the ARN when empty
	Context                     map[string][]string // known keys, any case
	Absent, Present             []string            // keys known to be missing; known to exist with an unknown value
	ResourceTags                map[string]string   // nil: unknown unless Closed; not nil: complete
	Closed                      bool                // the context is complete, nothing is derived
	ManagementAccount           bool                // the principal's account is the organisation's management account: SCPs do not apply
}

// Outcome of a decision. The zero value is Unknown.
type Outcome uint8

const (
	Unknown Outcome = iota
	Deny
	Conditional
	Allow
)

// Decision is an outcome with its reasons.
type Decision struct {
	Outcome  Outcome
	Explicit bool        // Deny: some statement says so
	Because  []Ref       // the statements that decide: the Allows of an allow, the Denies of an explicit deny
	Residual []Condition // what is still open; never empty when Conditional
	// Seen is the outcome on what was read alone, as if unread layers did not exist. It equals Outcome when nothing is unread.
	Seen Outcome
	// Void names the Denies that fail open: they would match, but a policy variable in them has no value in this request and no
	// default, so they do not ("IAM policy elements: Variables and tags").
	Void []Ref
}
