package service

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestEnvironmentKeepsNoValue(t *testing.T) {
	a, b, other := object{}, object{}, object{}
	environment(a, map[string]string{"STAGE": "prod-value", "DB_PASSWORD": "hunter2-value"})
	environment(b, map[string]string{"DB_PASSWORD": "hunter2-value", "STAGE": "prod-value"})
	environment(other, map[string]string{"DB_PASSWORD": "hunter3-value", "STAGE": "prod-value"})
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	z, _ := json.Marshal(other)
	if string(x) != string(y) || string(x) == string(z) || strings.Contains(string(x), "value") {
		t.Errorf("%s\n%s\n%s", x, y, z)
	}
	if want := `"EnvironmentNames":["DB_PASSWORD","STAGE"]`; !strings.Contains(string(x), want) {
		t.Errorf("%s has no %s", x, want)
	}
}
