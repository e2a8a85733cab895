package guard

// Rules is a parsed rule file. It may be used by many goroutines.
type Rules struct {
	file   string
	lets   lets
	rules  []*rule
	byName map[string][]*rule
	params map[string]*rule
}

// File is the name that the rules were parsed with.
func (r *Rules) File() string { return r.file }

// Names are the names of the rules, in the file's order. Clauses that stand outside of a rule are the rule "default", which comes first.
// Parameterised rules are not judged by themselves and are not among them.
func (r *Rules) Names() []string {
	out := make([]string, len(r.rules))
	for i, x := range r.rules {
		out[i] = x.name
	}
	return out
}

// Rule says whether there is a rule of that name, and where it stands.
func (r *Rules) Rule(name string) (Position, bool) {
	if found := r.byName[name]; len(found) > 0 {
		return found[0].at, true
	}
	return Position{}, false
}

type rule struct {
	name   string
	at     Position
	params []string // of a parameterised rule, in order
	when   [][]*clause
	block  *block
}

// block is what stands between braces: assignments, and clauses in conjunctive normal form: all lines must hold, of a line one clause.
type block struct {
	lets  lets
	lines [][]*clause
}

// lets are the assignments of one block. A name that is assigned twice keeps one of each sort, and they are asked in the order of the fields:
// what cfn-guard does.
type lets map[string]*let

type let struct {
	literal []result // one, when set
	call    *call
	query   *query
}

type operand struct {
	literal []result // one, when set
	call    *call
	query   *query
}

type clauseKind uint8

const (
	accessClause clauseKind = iota // query op [operand]
	namedClause                    // rule_name
	callClause                     // rule_name(args)
	blockClause                    // query { … }
	whenClause                     // when … { … }
	typeClause                     // AWS::S3::Bucket { … }
)

type clause struct {
	kind     clauseKind
	at       Position
	text     string // as written, for access clauses
	negated  bool   // a leading not
	query    *query
	op       operator
	not      bool // the operator's own not
	operand  operand
	message  string // <<…>>
	rule     string // named, call
	args     []operand
	when     [][]*clause
	block    *block
	nonEmpty bool // query !empty { … }: a query that selects nothing fails
	typeName string
}

type operator uint8

const (
	opEq operator = iota
	opIn
	opGt
	opGe
	opLt
	opLe
	opExists
	opEmpty
	opIsString
	opIsList
	opIsStruct
	opIsBool
	opIsInt
	opIsFloat
	opIsNull
)

func (o operator) unary() bool { return o >= opExists }

func (o operator) String() string {
	return [...]string{"==", "in", ">", ">=", "<", "<=", "exists", "empty", "is_string", "is_list", "is_struct", "is_bool", "is_int", "is_float", "is_null"}[o]
}

var kindOf = [...]Kind{opIsString: String, opIsList: List, opIsStruct: Map, opIsBool: Bool, opIsInt: Int, opIsFloat: Float, opIsNull: Null}

type query struct {
	some  bool // one of the values is enough
	parts []part
	text  string
}

// lone says that the query is nothing but a variable.
func (q *query) lone() bool { return len(q.parts) == 1 && q.parts[0].variable != "" }

type partKind uint8

const (
	partThis partKind = iota
	partKey
	partIndex   // [0], .0
	partAll     // [*], [name]
	partValues  // .*, [ name ]
	partFilter  // [ clauses ]
	partKeyTest // [ keys == … ]
)

type part struct {
	kind     partKind
	text     string
	key      string
	variable string // of a key that is %variable
	cases    []string
	index    int64
	numeric  bool // a key that reads as a number is an index
	capture  string
	filter   [][]*clause
	keyOp    operator
	keyNot   bool
	keys     operand
}

type call struct {
	at   Position
	name string
	fn   function
	args []operand
}
