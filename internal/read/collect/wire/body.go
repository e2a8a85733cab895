package wire

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// NotADocument is a success without the document it should have brought. To the SDK it looks like an empty list;
// to us it is a failed call, for nothing is absent unless AWS said so.
type NotADocument struct{ Call, Says string }

func (n *NotADocument) Error() string { return n.Call + " answered with " + n.Says }

// largest is far beyond any page of the operations that are declared.
const largest = 64 << 20

// inspect reads the whole answer, checks that it is the kind of document its content says, and puts it back.
// must is a field that every complete answer of this operation has; empty if there is none; with a question mark before it
// if an answer of nothing is an empty object.
func inspect(resp *smithyhttp.Response, call, must string) error {
	if resp.Header.Get("Content-Encoding") != "" {
		return nil // compressed answers are only understood by who asked for them
	}
	var b bytes.Buffer
	if resp.ContentLength > 0 && resp.ContentLength <= largest {
		b.Grow(int(resp.ContentLength) + bytes.MinRead)
	}
	_, err := b.ReadFrom(io.LimitReader(resp.Body, largest+1))
	body := b.Bytes()
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("read the answer to %s: %w", call, err)
	}
	if len(body) > largest {
		return &NotADocument{call, "more than 64 MiB"}
	}
	if says := fault(body, resp.Header.Get("Content-Type"), must); says != "" {
		return &NotADocument{call, says}
	}
	return nil
}

// fault says what is wrong with a document; "" if nothing is.
func fault(body []byte, contentType, must string) string {
	if strings.HasPrefix(contentType, "application/cbor") {
		if len(body) == 0 || body[0]>>5 != 5 { // RFC 8949: major type 5 is a map
			return "something that is not a CBOR map"
		}
		return ""
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	switch {
	case len(text) == 0:
		return "an empty document"
	case text[0] == '<':
		return faultXML(text, must)
	case text[0] == '{':
		return faultJSON(text, must)
	}
	return "something that is neither XML nor a JSON object"
}

func faultXML(text []byte, must string) string {
	root := ""
	for d := xml.NewDecoder(bytes.NewReader(text)); root == ""; {
		t, err := d.RawToken()
		if err != nil {
			return "XML that has no root element"
		}
		if start, ok := t.(xml.StartElement); ok {
			root = start.Name.Local
		}
	}
	switch {
	case strings.EqualFold(root, "html"):
		return "a web page"
	case root == "Error":
		return "an error inside a success"
	case !closes(text, root):
		return "XML that ends in the middle"
	case must != "" && !bytes.Contains(text, []byte("<"+must+">")) && !bytes.Contains(text, []byte("<"+must+"/")) && !bytes.Contains(text, []byte("<"+must+" ")):
		return "a document without " + must
	}
	return ""
}

// closes tells whether the document ends by closing its root element. What breaks between is the decoder's to find.
func closes(text []byte, root string) bool {
	last := text[bytes.LastIndexByte(text, '<'):]
	if bytes.HasSuffix(last, []byte("/>")) {
		return bytes.LastIndexByte(text, '<') == bytes.Index(text, []byte("<"+root))
	}
	tag := bytes.TrimRight(bytes.TrimPrefix(last, []byte("</")), "> \t\r\n")
	if i := bytes.LastIndexByte(tag, ':'); i >= 0 {
		tag = tag[i+1:]
	}
	return last[len(last)-1] == '>' && bytes.Equal(tag, []byte(root))
}

func faultJSON(text []byte, must string) string {
	if must == "" {
		if !json.Valid(text) {
			return "JSON that ends or breaks in the middle"
		}
		return ""
	}
	var top map[string]json.RawMessage
	if err := json.Unmarshal(text, &top); err != nil {
		return "JSON that ends or breaks in the middle"
	}
	must, mayBeEmpty := strings.CutPrefix(must, "?")
	if mayBeEmpty && len(top) == 0 {
		return ""
	}
	if v, ok := top[must]; !ok || string(v) == "null" {
		return "a document without " + must
	}
	return ""
}
