package network

import (
	"fmt"
	"testing"
)

func TestBeside(t *testing.T) {
	of := func(list ...any) (out []Traffic) {
		for i := 0; i < len(list); i += 3 {
			out = append(out, Traffic{list[i].(string), Ports{list[i+1].(int), list[i+2].(int)}})
		}
		return out
	}
	for _, c := range []struct{ all, without, want []Traffic }{
		{of("tcp", 1, 10), nil, of("tcp", 1, 10)},
		{of("tcp", 1, 10), of("tcp", 1, 10), nil},
		{of("tcp", 1, 10), of("tcp", 0, 65535), nil},
		{of("tcp", 1, 10), of("udp", 1, 10), of("tcp", 1, 10)},
		{of("tcp", 1, 10), of("tcp", 4, 5), of("tcp", 1, 3, "tcp", 6, 10)},
		{of("tcp", 1, 10), of("tcp", 1, 3, "tcp", 9, 20), of("tcp", 4, 8)},
		{of("tcp", 1, 10), of("tcp", 10, 10), of("tcp", 1, 9)},
		{of("tcp", 1, 10), of("tcp", 11, 20), of("tcp", 1, 10)},
		{of("tcp", 22, 22, "udp", 53, 53), of("tcp", 22, 22), of("udp", 53, 53)},
	} {
		if got := Beside(c.all, c.without); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%v without %v: %v, want %v", c.all, c.without, got, c.want)
		}
	}
}
