package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/footing-dev/footing/internal/heap"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/read/files"
	"github.com/footing-dev/footing/internal/snapshot"
)

// asked are the actions of the matrix, on the type of resource that each is about. Actions on objects ask whether there is some object
// of the bucket for which the answer holds.
var asked = []question{
	{"s3:GetObject", "AWS::S3::Bucket"},
	{"s3:PutObject", "AWS::S3::Bucket"},
	{"lambda:UpdateFunctionCode", "AWS::Lambda::Function"},
	{"dynamodb:GetItem", "AWS::DynamoDB::Table"},
	{"sqs:SendMessage", "AWS::SQS::Queue"},
	{"kms:Decrypt", "AWS::KMS::Key"},
	{"secretsmanager:GetSecretValue", "AWS::SecretsManager::Secret"},
}

type question struct{ action, typ string }

// memoryGoal is the memory at which the garbage collector begins to work. Below it the process lives too short for collecting to be worth
// its time: the collector would mark the snapshot, which stays, again and again.
const memoryGoal = 56 << 20

// matrix decides every user and role × every resource × the actions asked of its type, and writes the outcomes to a file:
//
//	footing matrix 1
//	principals N               then N lines with their ARNs, ascending
//	ACTION N                   for each action in the order of asked, then N lines with the ARNs of the resources, ascending by
//	                           the ARN that was asked for (of buckets with a slash after it)
//	                           an empty line
//	cells                      for each action, for each principal: little-endian words of 64 bits with 32 cells of two bits,
//	                           the first in the lowest; as many as hold the row when it is filled up to 64 columns
//
// A cell is 0 for deny, 1 for conditional, 2 for unknown and 3 for allow. The file is the same with any number of workers.
func matrix(dir, out string, workers int) (figures, error) {
	heap.CollectLate(memoryGoal)
	s, err := files.Read(dir)
	if err != nil {
		return figures{}, err
	}
	t := decide.Compile(s)
	if len(t.Troubles) > 0 {
		return figures{}, fmt.Errorf("%s: %d policies were not understood, the first: %s", dir, len(t.Troubles), t.Troubles[0].Says)
	}
	blocks := decideAll(s, t, workers)
	f, err := os.Create(out)
	if err != nil {
		return figures{}, err
	}
	defer f.Close()
	done, err := write(f, t, blocks)
	if err != nil {
		return figures{}, err
	}
	return done, f.Close()
}

// block is one action, decided.
type block struct {
	question
	resources []snapshot.Key // in the order of the cells
	cells     []byte
}

// decideAll gives every worker an engine of its own, since engines are not safe for concurrent use, and types of resources to decide:
// what is found out for one action of a service serves the next.
func decideAll(s *snapshot.Snapshot, t *decide.Table, workers int) []block {
	blocks := make([]block, len(asked))
	jobs := make(chan []int, len(asked))
	for i := 0; i < len(asked); {
		var job []int
		for typ := asked[i].typ; i < len(asked) && asked[i].typ == typ; i++ {
			job = append(job, i)
		}
		jobs <- job
	}
	close(jobs)
	var group sync.WaitGroup
	for range max(workers, 1) {
		group.Go(func() {
			e := t.NewEngine()
			for job := range jobs {
				for _, i := range job {
					blocks[i] = decideOne(s, t, e, asked[i])
				}
			}
		})
	}
	group.Wait()
	return blocks
}

func decideOne(s *snapshot.Snapshot, t *decide.Table, e *decide.Engine, q question) block {
	var keys []snapshot.Key
	for _, r := range s.OfType(q.typ) {
		keys = append(keys, r.Key)
	}
	as := decide.Asking{Action: q.action}
	rows := asking(t)
	wanted := func(actor int) bool { _, ok := slices.BinarySearch(rows, actor); return ok }
	var m *decide.Matrix
	if strings.HasSuffix(q.action, "Object") {
		m = e.SomeObject(as, keys, wanted)
	} else {
		columns := make([]decide.Column, len(keys))
		for i, k := range keys {
			columns[i].On = k
		}
		m = e.Matrix(as, t.Columns(columns), wanted)
	}
	b := block{question: q, resources: make([]snapshot.Key, len(keys))}
	for i, k := range keys {
		b.resources[m.Place(i)] = k
	}
	b.cells = make([]byte, 0, len(rows)*((len(keys)+63)/64)*16)
	for _, actor := range rows {
		b.cells = pack(b.cells, m.Row(actor))
	}
	return b
}

// asking is which of a table's principals are users and roles, ascending. A group asks for nothing itself.
func asking(t *decide.Table) []int {
	var out []int
	for i, k := range t.Principals() {
		if !strings.Contains(string(k), ":group/") {
			out = append(out, i)
		}
	}
	return out
}

// pack appends a row: a cell's low bit says conditional or allow, its high bit unknown or allow.
func pack(to []byte, r decide.Row) []byte {
	for i, allow := range r.Allow {
		low, high := allow|r.Conditional[i], allow|r.Unknown[i]
		to = binary.LittleEndian.AppendUint64(to, spread(low)|spread(high)<<1)
		to = binary.LittleEndian.AppendUint64(to, spread(low>>32)|spread(high>>32)<<1)
	}
	return to
}

// spread puts the lower 32 bits at the even places.
func spread(x uint64) uint64 {
	x &= 1<<32 - 1
	x = (x | x<<16) & 0x0000FFFF0000FFFF
	x = (x | x<<8) & 0x00FF00FF00FF00FF
	x = (x | x<<4) & 0x0F0F0F0F0F0F0F0F
	x = (x | x<<2) & 0x3333333333333333
	return (x | x<<1) & 0x5555555555555555
}

func write(f *os.File, t *decide.Table, blocks []block) (figures, error) {
	w := bufio.NewWriterSize(f, 1<<16)
	var principals []snapshot.Key
	for all, rows := t.Principals(), asking(t); len(rows) > 0; rows = rows[1:] {
		principals = append(principals, all[rows[0]])
	}
	list := func(what string, keys []snapshot.Key) {
		fmt.Fprintf(w, "%s %d\n", what, len(keys))
		for _, k := range keys {
			w.WriteString(string(k))
			w.WriteByte('\n')
		}
	}
	w.WriteString("footing matrix 1\n")
	list("principals", principals)
	var done figures
	for _, b := range blocks {
		list(b.action, b.resources)
		done.Cells += len(principals) * len(b.resources)
	}
	w.WriteByte('\n')
	for _, b := range blocks {
		w.Write(b.cells)
	}
	return done, w.Flush() // the first error of all writes
}
