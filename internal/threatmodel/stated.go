package threatmodel

// Said is what makes somebody's word count: why, who, and the day (2026-11-02). Line is where it stands in the file.
type Said struct {
	Reason string
	By     string
	Date   string
	Line   int
}

// Review is how often people look at everything again.
type Review struct {
	Days int // 0 when not stated
}

// Alert is where an alert goes.
type Alert struct {
	Kind string // email, sns, slack, webhook
	To   string
	Line int
}

// Person is several principals that are one human being: breadth counts them once.
type Person struct {
	ID   string
	Name string
	Bind Bind
	Line int
}

// Component is a part of what runs: a service, a job, a pipeline.
type Component struct {
	ID    string
	Bind  Bind
	Owner string
	Uses  []string // ids of resources and components
	Line  int
}

// EntryPoint is a way in that people gave a name to.
type EntryPoint struct {
	ID      string
	Kind    Words // kinds of entry points of the path table: access-key, web-host, …
	Bind    Bind
	LeadsTo []string // ids of resources and components
	Line    int
}

// Target is one access to one thing that has a row on a sheet.
type Target struct {
	ID     string // of a resource, as the sheet shows it
	Access string // read, write; "" for both
}

// Threat is what could be done, in the words of people.
type Threat struct {
	ID          string
	Target      Target
	STRIDE      []string // S T R I D E
	By          []string // ids of actors
	Through     []string // ids of entry points
	Source      string   // "an outsider who holds the web host's role"
	Action      string   // "overwrite or delete customer uploads"
	Impact      string
	Goal        string
	Mitigations []string
	Line        int
}

// Mitigation states which ways something closes or guards. What it does is computed; Status is what people say of it.
type Mitigation struct {
	ID      string
	Say     string
	Status  string // proposed, planned, in-place
	Effects []Effect
	Change  string // the file that makes it
	Owner   string
	Due     string // 2026-12-10
	Line    int
}

// Effect is what a mitigation does to the ways that Where chooses. One of its other fields is given.
type Effect struct {
	Where   Where
	Close   bool     // they are no more
	Steps   []string // path steps that are no more, as "who --without" takes them: a route, "from>to", a policy or one of its statements
	Guard   string   // mfa, network, organization: asked for from now on
	Fact    string   // no longer so: imdsv1, key-over-365-days, …
	Replace string   // the kind of entry point that they have from now on
}

// Where chooses ways: all given keys must match, alternatives in a list, * and ? are wildcards.
type Where struct {
	Entry     Words // kinds of entry points
	Principal Words // ARN of who enters, or its end: "user/ci"
	Resource  Words // ids of resources that they lead to
}

// Assertion is one sentence of an objective, read.
type Assertion struct {
	Text        string
	Kind        string   // only, nobody, isolated, requires, at-most
	Actors      []string // ids of actors
	Access      []string // read, write, admin
	Targets     []string // ids of resources, "unit:prod", "class:restricted", "type:bucket", "anything"
	From, To    []string // units, of isolated
	Guards      []string // mfa, network, organization
	AtMost      int
	RiskAtLeast int // it holds for rows of that risk and more; 0 for all
	Line        int
}

// Objective is a control objective: what must be so.
type Objective struct {
	ID   string
	Say  string
	Must []Assertion
	Refs []string // names in catalogues, for exports: "nist-800-53:AC-6"
	Line int
}

// Override replaces a computed likelihood until a day, as long as the evidence gets no worse.
type Override struct {
	Said
	Target     Target
	Likelihood int    // 1..5
	Until      string // at most 180 days after Date
	Evidence   string // what it was decided on, as "risk ID --evidence" prints it
}

// Waiver accepts a risk, a rule or a broken objective until a day, or until it grows.
type Waiver struct {
	Said
	Target    Target // of a risk; or
	Threat    string // an id; or
	Objective string // an id; or
	Rule      string // an id, of the resource in Target.ID
	Until     string
	MaxRisk   int // it ends when the risk is more; 0 where only its day ends it
}

// Exception lets one unit reach another in one way, until a day.
type Exception struct {
	Said
	From, To string // units, or the end of an ARN: "role/dev/ci"
	Action   string // "" for any
	Until    string
}

// Attestation is somebody's word for what no scan can see.
type Attestation struct {
	Said
	Rule  string
	Until string
}
