package oracle_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// answer is what the peer says of one question.
type answer struct {
	ID      int             `json:"id"`
	Result  string          `json:"result"`
	Ignored []string        `json:"ignored"`
	Error   string          `json:"error"`
	Detail  json.RawMessage `json:"detail"`
}

func (a *answer) verdict() verdict {
	switch a.Result {
	case "Allowed":
		return allow
	case "ImplicitlyDenied":
		return deny
	case "ExplicitlyDenied":
		return forbid
	}
	return verdict("error: " + a.Error)
}

// ask puts questions to one process of the peer and calls heard with every answer, in the order of the questions. next returns nil
// at the end.
func ask(ctx context.Context, driver string, next func() (*question, *simulation), heard func(*question, answer)) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	node := exec.CommandContext(ctx, "node", driver)
	var complaints strings.Builder
	node.Stderr = &complaints
	in, err := node.StdinPipe()
	if err != nil {
		return err
	}
	out, err := node.StdoutPipe()
	if err != nil {
		return err
	}
	if err := node.Start(); err != nil {
		return err
	}
	asked, wrote := make(chan *question, 2000), make(chan error, 1)
	go func() {
		defer close(asked)
		defer in.Close()
		w := bufio.NewWriterSize(in, 1<<16)
		lines := json.NewEncoder(w)
		for id := 0; ; id++ {
			q, s := next()
			if q == nil {
				break
			}
			line := struct {
				ID         int         `json:"id"`
				Simulation *simulation `json:"simulation"`
			}{id, s}
			if err := lines.Encode(line); err != nil {
				wrote <- err
				return
			}
			select {
			case asked <- q:
				continue
			default: // the peer must have seen what it is to answer before this waits for a place
			}
			if err := w.Flush(); err != nil {
				wrote <- err
				return
			}
			select {
			case asked <- q:
			case <-ctx.Done():
				wrote <- ctx.Err()
				return
			}
		}
		wrote <- w.Flush()
	}()
	answers := json.NewDecoder(bufio.NewReaderSize(out, 1<<16))
	id := 0
	for ; ; id++ {
		var a answer
		if err := answers.Decode(&a); err == io.EOF {
			break
		} else if err != nil {
			return fmt.Errorf("the peer's answer %d: %w", id, err)
		}
		q, ok := <-asked
		if !ok || a.ID != id {
			return fmt.Errorf("the peer answers question %d where %d was next", a.ID, id)
		}
		heard(q, a)
	}
	if err := node.Wait(); err != nil {
		return fmt.Errorf("%w\n%s", err, complaints.String())
	}
	if err := <-wrote; err != nil {
		return err
	}
	if _, left := <-asked; left {
		return fmt.Errorf("the peer ended after %d answers", id)
	}
	return nil
}
