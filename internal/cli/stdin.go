package cli

import (
	"context"
	"io"
	"sync"
)

// input is the standard input, which a signal can interrupt: a read from a terminal or a pipe cannot be called off, so it happens
// in a goroutine that ends with the program.
type input struct {
	ctx  context.Context
	from io.Reader
	once sync.Once
	pipe *io.PipeReader
}

func (in *input) Read(p []byte) (int, error) {
	in.once.Do(func() {
		r, w := io.Pipe()
		in.pipe = r
		context.AfterFunc(in.ctx, func() { w.CloseWithError(in.ctx.Err()) })
		go func() {
			_, err := io.Copy(w, in.from)
			w.CloseWithError(err)
		}()
	})
	return in.pipe.Read(p)
}
