package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/footing-dev/footing/internal/read/files"
	"github.com/footing-dev/footing/test/bench/account"
)

// sizes are the accounts of the table.
var sizes = []account.Spec{
	{Principals: 50, Resources: 200},
	{Principals: 200, Resources: 1_000},
	{Principals: 1_000, Resources: 10_000},
	{Principals: 2_000, Resources: 40_000},
	{Principals: 50, Resources: 200, Dense: true},
	{Principals: 200, Resources: 1_000, Dense: true},
	{Principals: 1_000, Resources: 10_000, Dense: true},
	{Principals: 2_000, Resources: 40_000, Dense: true},
	{Principals: 200, Resources: 1_000, Equal: true},
	{Principals: 1_000, Resources: 10_000, Equal: true},
}

// measured is one line of the table: the median of several processes.
type measured struct {
	account, what string
	figures
	least, most float64 // of the processor times
}

// all makes the accounts, runs every subcommand several times in processes of its own, and prints one table.
func all(dir string, runs int, quick bool) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var lines []measured
	for _, s := range sizes {
		if quick && s.Resources > 1_000 {
			continue
		}
		s.Seed = 1
		at := filepath.Join(dir, nameOf(s))
		if err := generate(self, at, s); err != nil {
			return err
		}
		bucket, err := aBucket(at)
		if err != nil {
			return err
		}
		jobs := [][]string{{"matrix", at, filepath.Join(at, "matrix")}, {"who", at, "s3:GetObject", bucket}}
		if s.Resources <= 10_000 {
			jobs = append(jobs, []string{"paths", at})
		}
		if s.Resources == 10_000 && !s.Equal {
			jobs = append(jobs, []string{"matrix", at, filepath.Join(at, "matrix"), "--workers", "2"})
		}
		for _, args := range jobs {
			n := runs
			switch {
			case s.Resources >= 10_000 && s.Dense && args[0] == "paths":
				n = 1 // a quarter of a minute each
			case s.Resources > 10_000, s.Resources == 10_000 && args[0] != "matrix":
				n = min(n, 3)
			}
			m, err := repeat(self, n, args)
			if err != nil {
				return err
			}
			m.account, m.what = nameOf(s), args[0]
			if slices.Contains(args, "--workers") {
				m.what += ", 2 workers"
			}
			fmt.Fprintf(os.Stderr, "%s %s: %.3f s\n", m.account, m.what, m.CPU)
			lines = append(lines, m)
		}
	}
	table(lines)
	growth(lines)
	return nil
}

func nameOf(s account.Spec) string {
	name := strconv.Itoa(s.Principals) + "x" + strconv.Itoa(s.Resources)
	switch {
	case s.Dense:
		name += "-dense"
	case s.Equal:
		name += "-equal"
	}
	return name
}

func generate(self, at string, s account.Spec) error {
	args := []string{"generate", strconv.Itoa(s.Principals), strconv.Itoa(s.Resources), at, "--seed", strconv.FormatUint(s.Seed, 10)}
	if s.Dense {
		args = append(args, "--dense")
	}
	if s.Equal {
		args = append(args, "--equal")
	}
	out, err := exec.Command(self, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// aBucket is the first bucket that has a policy of its own.
func aBucket(at string) (string, error) {
	s, err := files.Read(at)
	if err != nil {
		return "", err
	}
	for _, r := range s.OfType("AWS::S3::Bucket") {
		if r.Policy != nil {
			return string(r.Key), nil
		}
	}
	return "", fmt.Errorf("%s: no bucket has a policy", at)
}

// repeat runs one subcommand several times and keeps the run with the median processor time, which the system tells from outside.
func repeat(self string, runs int, args []string) (measured, error) {
	var all []figures
	for range max(runs, 1) {
		cmd := exec.Command(self, args...)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return measured{}, fmt.Errorf("%s: %w", strings.Join(args, " "), err)
		}
		var f figures
		if err := json.Unmarshal(out, &f); err != nil {
			return measured{}, fmt.Errorf("%s: %w", strings.Join(args, " "), err)
		}
		if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			f.CPU = seconds(u.Utime) + seconds(u.Stime)
			f.Rate = float64(f.Cells) / f.CPU
		}
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b figures) int { return cmp.Compare(a.CPU, b.CPU) })
	return measured{figures: all[len(all)/2], least: all[0].CPU, most: all[len(all)-1].CPU}, nil
}

func table(lines []measured) {
	fmt.Println("| account | what | CPU s | least–most | peak MB | cells | cells/s | ways |")
	fmt.Println("|---|---|--:|--:|--:|--:|--:|--:|")
	for _, m := range lines {
		fmt.Printf("| %s | %s | %.3f | %.2f–%.2f | %.0f | %s | %s | %s |\n", m.account, m.what, m.CPU, m.least, m.most, m.RSS,
			grouped(m.Cells), grouped(int(m.Rate)), grouped(m.Ways))
	}
}

// grouped writes a number with spaces between thousands; nothing for zero.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	if n == 0 {
		return ""
	}
	return s
}

// growth compares accounts of the same run with each other.
func growth(lines []measured) {
	find := func(account, what string) *measured {
		i := slices.IndexFunc(lines, func(m measured) bool { return m.account == account && m.what == what })
		if i < 0 {
			return nil
		}
		return &lines[i]
	}
	fmt.Println("\n| from | to | what | cells × | CPU × |\n|---|---|---|--:|--:|")
	for _, pair := range [][2]string{
		{"50x200", "200x1000"}, {"200x1000", "1000x10000"}, {"1000x10000", "2000x40000"}, {"50x200", "1000x10000"},
		{"50x200-dense", "200x1000-dense"}, {"200x1000-dense", "1000x10000-dense"}, {"1000x10000-dense", "2000x40000-dense"},
		{"1000x10000", "1000x10000-dense"}, {"1000x10000", "1000x10000-equal"},
	} {
		for _, what := range []string{"matrix", "who", "paths"} {
			a, b := find(pair[0], what), find(pair[1], what)
			if a == nil || b == nil {
				continue
			}
			cells := ""
			if a.Cells > 0 {
				cells = fmt.Sprintf("%.1f", float64(b.Cells)/float64(a.Cells))
			}
			fmt.Printf("| %s | %s | %s | %s | %.1f |\n", pair[0], pair[1], what, cells, b.CPU/a.CPU)
		}
	}
}
