package bill

import (
	"archive/zip"
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/fault"
)

// File is one file of an export: on this machine, in an archive, or far away.
type File struct {
	Name     string // with its folders, "/" between them
	Size     int64
	Modified time.Time
	Open     func() (io.ReadCloser, error)
}

// Files finds the files of an export: one file, a zip archive, or a folder with all below it.
func Files(at string) ([]File, error) {
	info, err := os.Stat(at)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.Input(exportHint, "there is no bill %s", at)
	case err != nil:
		return nil, unreadable(at, err)
	case !info.IsDir():
		return one(at, info)
	}
	var all []File
	err = filepath.WalkDir(strings.TrimSuffix(at, "/")+"/", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return unreadable(p, err)
		}
		switch name := filepath.Base(p); {
		case d.IsDir() && strings.HasPrefix(name, ".") && filepath.Clean(p) != filepath.Clean(at):
			return fs.SkipDir
		case d.IsDir() || strings.HasPrefix(name, ".") || !OfExport(name) && d.Type()&fs.ModeSymlink == 0:
			return nil
		}
		info, err := os.Stat(p)
		switch {
		case err != nil:
			return unreadable(p, err)
		case info.IsDir(): // a link: what is behind it may be here already, or without end
			return fault.Input("give the folder itself", "%s leads to another folder, which is not followed", p)
		case !OfExport(filepath.Base(p)):
			return nil
		}
		more, err := one(p, info)
		all = append(all, more...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return Choose(at, all)
}

// OfExport tells by its name whether a file belongs to an export: data, or what lists them.
func OfExport(name string) bool {
	n := strings.ToLower(name)
	return strings.HasSuffix(n, ".csv") || strings.HasSuffix(n, ".gz") || strings.HasSuffix(n, ".zip") || strings.HasSuffix(n, ".parquet") || IsManifest(name)
}

// IsManifest tells what lists the files of one version of an export.
func IsManifest(name string) bool { return strings.HasSuffix(name, "Manifest.json") }

// one is a file, or what is in it when it is an archive.
func one(p string, info fs.FileInfo) ([]File, error) {
	if !info.Mode().IsRegular() {
		return nil, fault.Input(exportHint, "%s is not a regular file", p)
	}
	if strings.HasSuffix(strings.ToLower(p), ".zip") {
		return zipped(p)
	}
	f := File{Name: filepath.ToSlash(p), Size: info.Size(), Modified: info.ModTime()}
	f.Open = func() (io.ReadCloser, error) {
		in, err := os.Open(p)
		if err != nil {
			return nil, err
		}
		return plain(in)
	}
	return []File{f}, nil
}

func zipped(p string) ([]File, error) {
	z, err := zip.OpenReader(p)
	if err != nil {
		return nil, fault.Input(exportHint, "%s is no archive that can be read: %w", p, err)
	}
	defer z.Close()
	var out []File
	for i, m := range z.File {
		if m.FileInfo().IsDir() || !OfExport(m.Name) || strings.HasSuffix(strings.ToLower(m.Name), ".zip") || strings.HasPrefix(path.Base(m.Name), ".") {
			continue
		}
		out = append(out, File{Name: filepath.ToSlash(p) + "/" + strings.TrimPrefix(m.Name, "/"), Size: int64(m.UncompressedSize64), Modified: m.Modified, Open: func() (io.ReadCloser, error) {
			z, err := zip.OpenReader(p)
			if err != nil {
				return nil, err
			}
			in, err := z.File[i].Open()
			if err != nil {
				return nil, errors.Join(err, z.Close())
			}
			return plain(closing{in, z})
		}})
	}
	if len(out) == 0 {
		return nil, fault.Input(exportHint, "the archive %s holds no CSV", p)
	}
	return out, nil
}

// closing closes two things.
type closing struct {
	io.ReadCloser
	outer io.Closer
}

func (c closing) Close() error { return errors.Join(c.ReadCloser.Close(), c.outer.Close()) }

// Plain takes a stream as it is, or unpacks it when it is gzip, whatever its name says.
func plain(in io.ReadCloser) (io.ReadCloser, error) {
	b := bufio.NewReaderSize(in, 64<<10)
	head, err := b.Peek(4)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, errors.Join(err, in.Close())
	case strings.HasPrefix(string(head), "\x1f\x8b"):
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, errors.Join(err, in.Close())
		}
		return closing{z, in}, nil
	case string(head) == "PAR1":
		return nil, errors.Join(errParquet, in.Close())
	}
	return closing{io.NopCloser(b), in}, nil
}

// Unpack makes a file of a stream that may be packed.
func Unpack(f File) File {
	open := f.Open
	f.Open = func() (io.ReadCloser, error) {
		in, err := open()
		if err != nil {
			return nil, err
		}
		return plain(in)
	}
	return f
}

var errParquet = errors.New("it is Parquet, which this program does not read")

const parquetHint = `make CSV of it: choose "text/csv, gzip" as the format in Billing > Data Exports, or run ` +
	`duckdb -c "COPY (FROM 'FILE.parquet') TO 'FILE.csv.gz' (HEADER)"`

func unreadable(name string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	if errors.Is(err, errParquet) {
		return fault.Input(parquetHint, "the bill %s cannot be read: %w", name, err)
	}
	var said *fault.Error
	if errors.As(err, &said) {
		return err
	}
	if errors.Is(err, fs.ErrPermission) {
		return fault.Input("make it readable, or give another one", "the bill %s cannot be read: %w", name, err)
	}
	return fault.Input(exportHint, "the bill %s cannot be read: %w", name, err)
}

// manifest is what lists the files of one version: "dataFiles" of Data Exports, "reportKeys" of older reports.
// https://docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html
type manifest struct {
	DataFiles  []string `json:"dataFiles"`
	ReportKeys []string `json:"reportKeys"`
}

var period = regexp.MustCompile(`(?i)billing_period=(\d{4}-\d{2})|/(\d{8}-\d{8})(?:/|$)`)

// Choose keeps the data files of an export. Where manifests are among the files, only what the newest one of each month lists: an export that
// keeps its versions has every row several times.
func Choose(at string, all []File) ([]File, error) {
	newest := map[string]File{}
	for _, f := range all {
		found := period.FindStringSubmatch(f.Name)
		if !IsManifest(f.Name) || found == nil {
			continue
		}
		p := found[1] + found[2]
		if old, ok := newest[p]; !ok || later(f, old) {
			newest[p] = f
		}
	}
	data := slices.DeleteFunc(slices.Clone(all), func(f File) bool { return IsManifest(f.Name) })
	for p, m := range newest {
		keys, err := listed(m)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			if !slices.ContainsFunc(data, func(f File) bool { return sameFile(f.Name, k) }) {
				return nil, fault.Input("fetch it too", "%s lists %s, which is not there: the bill would lack its rows", m.Name, path.Base(k))
			}
		}
		data = slices.DeleteFunc(data, func(f File) bool {
			found := period.FindStringSubmatch(f.Name)
			return found != nil && found[1]+found[2] == p && !slices.ContainsFunc(keys, func(k string) bool { return sameFile(f.Name, k) })
		})
	}
	if len(data) == 0 {
		return nil, fault.Input(exportHint, "there is no bill in %s: no file ends in .csv, .csv.gz or .zip", at)
	}
	slices.SortFunc(data, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return data, nil
}

// Latest keeps the files of the last n months, as far as their folders tell the month.
func Latest(all []File, n int) []File {
	var months []string
	monthOf := func(f File) string {
		found := period.FindStringSubmatch(f.Name)
		if found == nil {
			return ""
		}
		if found[1] != "" {
			return found[1]
		}
		return found[2][:4] + "-" + found[2][4:6]
	}
	for _, f := range all {
		if m := monthOf(f); m != "" && !slices.Contains(months, m) {
			months = append(months, m)
		}
	}
	slices.Sort(months)
	months = months[max(len(months)-n, 0):]
	return slices.DeleteFunc(slices.Clone(all), func(f File) bool {
		m := monthOf(f)
		return m != "" && !slices.Contains(months, m)
	})
}

// later tells which of two manifests of one month counts: the one above the versions, else the newer.
func later(a, b File) bool {
	x, y := strings.Count(a.Name, "/"), strings.Count(b.Name, "/")
	if x != y {
		return x < y
	}
	if !a.Modified.Equal(b.Modified) {
		return a.Modified.After(b.Modified)
	}
	return a.Name > b.Name
}

const mostManifest = 8 << 20

func listed(f File) ([]string, error) {
	in, err := f.Open()
	if err != nil {
		return nil, unreadable(f.Name, err)
	}
	defer in.Close()
	var m manifest
	if err := json.NewDecoder(io.LimitReader(in, mostManifest)).Decode(&m); err != nil {
		return nil, fault.Input("leave it out, or fetch it again", "%s does not tell which files it lists: %w", f.Name, err)
	}
	return slices.Concat(m.DataFiles, m.ReportKeys), nil
}

// sameFile tells whether a key of a bucket is a file here: they agree from the folder of the period on (period, perhaps version, name).
func sameFile(name, key string) bool { return slices.Equal(fromPeriod(name), fromPeriod(key)) }

func fromPeriod(name string) []string {
	parts := strings.Split(name, "/")
	for i := len(parts) - 1; i >= 0; i-- {
		if period.MatchString("/" + parts[i] + "/") {
			return parts[i:]
		}
	}
	return parts[len(parts)-1:]
}

// nameOf is how an export is called: its file, or the folder that all of it is in.
func nameOf(files []File) string {
	if len(files) == 1 {
		return path.Base(files[0].Name)
	}
	dir := path.Dir(files[0].Name)
	for _, f := range files {
		for !strings.HasPrefix(f.Name, dir+"/") && dir != "." && dir != "/" {
			dir = path.Dir(dir)
		}
	}
	return path.Base(dir)
}
