package leaflet

import (
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/show/draw"
)

// glyph draws a thing around a point, s high and wide.
func glyph(d *draw.Drawing, sort string, x, y, s float64) {
	g := pen{d, x - s/2, y - s/2, s / 100, max(s*0.045, 0.35)}
	switch sort {
	case access.Public, access.AnyPrincipal, access.UnknownAccount:
		g.globe()
	case access.PasswordMFA, access.PasswordNoMFA, access.SSO:
		g.person()
	case access.RootKey, access.RootMFA, access.RootNoMFA:
		g.person()
		g.area(draw.Black, 30, 8, 38, 14, 50, 2, 62, 14, 70, 8, 66, 22, 34, 22) // a crown
	case access.AccessKey, "key":
		g.key()
	case access.ExposedHost, access.WebHost, access.PrivateHost, access.Pod, "instance", "cluster", "taskdefinition":
		g.host()
	case access.OIDCNoSubject, access.OIDCOrg, access.OIDCRepo, access.OIDCPinned, access.Service, access.ServiceBound:
		g.machine()
	case access.Partner, access.PartnerExtID:
		g.office()
	case "dbinstance", "dbcluster", "table":
		g.cylinder()
	case "dbsnapshot", "dbclustersnapshot", "snapshot", "image", "volume":
		g.copy()
	case "secret", "parameter":
		g.lock()
	case "bucket", "repository":
		g.bucket()
	case "account":
		g.house()
	case "role", "user", "group":
		g.badge()
	case "function":
		g.rect(draw.White, 12, 18, 76, 64)
		g.line(34, 36, 20, 50, 34, 64)
		g.line(66, 36, 80, 50, 66, 64)
		g.line(57, 30, 43, 70)
	case "more":
		for _, x := range []float64{25, 50, 75} {
			d.Dot(draw.Black, 0, g.x+x*g.unit, y, s*0.05)
		}
	case "hand":
		g.hand()
	default:
		g.rect(draw.White, 15, 20, 70, 60)
		g.line(15, 40, 85, 40)
	}
}

// pen draws in hundredths of a glyph.
type pen struct {
	d     *draw.Drawing
	x, y  float64 // top left
	unit  float64
	width float64
}

func (g pen) points(xy []float64) []draw.Point {
	out := make([]draw.Point, 0, len(xy)/2)
	for i := 0; i+1 < len(xy); i += 2 {
		out = append(out, draw.Point{X: g.x + xy[i]*g.unit, Y: g.y + xy[i+1]*g.unit})
	}
	return out
}

func (g pen) line(xy ...float64)                  { g.d.Line(g.width, g.points(xy)...) }
func (g pen) area(f draw.Ink, xy ...float64)      { g.d.Area(f, g.width, g.points(xy)...) }
func (g pen) rect(f draw.Ink, x, y, w, h float64) { g.area(f, x, y, x+w, y, x+w, y+h, x, y+h) }
func (g pen) dot(f draw.Ink, x, y, r float64) {
	g.d.Dot(f, g.width, g.x+x*g.unit, g.y+y*g.unit, r*g.unit)
}
func (g pen) arc(x, y, rx, ry, from, to float64) {
	g.d.Arc(g.width, g.x+x*g.unit, g.y+y*g.unit, rx*g.unit, ry*g.unit, from, to)
}

func (g pen) globe() {
	g.dot(draw.White, 50, 50, 42)
	g.arc(50, 50, 18, 42, 0, 360)
	g.line(8, 50, 92, 50)
	g.line(15, 28, 85, 28)
	g.line(15, 72, 85, 72)
}

func (g pen) person() {
	g.dot(draw.White, 50, 36, 16)
	g.area(draw.White, 20, 92, 24, 70, 36, 59, 64, 59, 76, 70, 80, 92)
}

func (g pen) key() {
	g.dot(draw.White, 27, 50, 19)
	g.dot(draw.Black, 22, 50, 3)
	g.line(46, 50, 94, 50, 94, 66)
	g.line(80, 50, 80, 62)
}

func (g pen) host() {
	for _, y := range []float64{14, 40, 66} {
		g.rect(draw.White, 14, y, 72, 20)
		g.dot(draw.Black, 74, y+10, 3)
		g.line(24, y+10, 48, y+10)
	}
}

func (g pen) machine() {
	g.line(50, 8, 50, 24)
	g.dot(draw.Black, 50, 8, 4)
	g.rect(draw.White, 18, 24, 64, 46)
	g.dot(draw.Black, 37, 44, 5)
	g.dot(draw.Black, 63, 44, 5)
	g.line(38, 59, 62, 59)
	g.line(30, 70, 30, 90)
	g.line(70, 70, 70, 90)
}

func (g pen) office() {
	g.rect(draw.White, 20, 12, 60, 78)
	for _, y := range []float64{24, 42} {
		for _, x := range []float64{31, 57} {
			g.rect(draw.White, x, y, 12, 10)
		}
	}
	g.rect(draw.Black, 42, 66, 16, 24)
}

func (g pen) cylinder() {
	g.line(16, 22, 16, 78)
	g.line(84, 22, 84, 78)
	g.arc(50, 22, 34, 12, 0, 360)
	g.arc(50, 78, 34, 12, 0, 180)
	g.arc(50, 50, 34, 12, 0, 180)
}

func (g pen) copy() {
	g.rect(draw.White, 30, 12, 56, 60)
	g.rect(draw.White, 14, 28, 56, 60)
	g.dot(draw.White, 42, 58, 14)
	g.dot(draw.Black, 42, 58, 3)
}

func (g pen) lock() {
	g.arc(50, 42, 20, 24, 180, 360)
	g.rect(draw.White, 20, 42, 60, 46)
	g.dot(draw.Black, 50, 60, 6)
	g.line(50, 60, 50, 76)
}

func (g pen) bucket() {
	g.area(draw.White, 14, 26, 86, 26, 74, 90, 26, 90)
	g.arc(50, 26, 36, 9, 0, 360)
	g.line(24, 74, 76, 74)
}

// house stands on its footing.
func (g pen) house() {
	g.area(draw.White, 20, 46, 50, 16, 80, 46, 80, 78, 20, 78)
	g.rect(draw.White, 42, 54, 16, 24)
	g.rect(draw.Black, 8, 80, 84, 9)
}

func (g pen) badge() {
	g.rect(draw.White, 10, 24, 80, 56)
	g.dot(draw.White, 32, 44, 9)
	g.area(draw.White, 18, 70, 20, 60, 44, 60, 46, 70)
	g.line(56, 42, 80, 42)
	g.line(56, 56, 80, 56)
	g.line(42, 24, 42, 14, 58, 14, 58, 24)
}

// hand: something to do by hand.
func (g pen) hand() {
	g.area(draw.White, 34, 94, 30, 74, 14, 56, 18, 48, 32, 58, 32, 20, 36, 15, 41, 20, 41, 44, 44, 44, 44, 11, 49, 6, 54, 11, 54, 44, 57, 44, 57, 15, 62, 11, 66, 15, 66, 46,
		69, 46, 69, 25, 73, 21, 78, 25, 78, 62, 72, 76, 72, 94)
}

// says names a sort for those who do not see the picture.
func says(sort string) string { return strings.ReplaceAll(sort, "-", " ") }
