package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// change sends a request that changes something and returns status and body.
func (s *server) change(token, method, path, body string) (int, []byte) {
	s.t.Helper()
	req, err := http.NewRequest(method, s.url+path, bytes.NewReader([]byte(body)))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, all
}

// TestClosuresOfTheCommandLine closes a gate of the demo, which has no folder
// and says so, and one of a folder, where the next server finds it.
func TestClosuresOfTheCommandLine(t *testing.T) {
	const token = "correct-horse-battery-staple"
	dir := t.TempDir()
	file, data := filepath.Join(dir, "token"), filepath.Join(dir, "data")
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	mustRun(t, "synth", "--places", "50", "--out", data)
	for _, args := range [][]string{{"--token-file", file}, {"--token-file", file, "--data", data}} {
		s := start(t, args...)
		var gates struct{ Features []struct{ ID string } }
		s.get(&gates, "/layers/gate.geojson")
		body := `{"state":"closed","gate":"` + gates.Features[0].ID + `"}`
		if status, _ := s.change("", "POST", "/api/closures", body); status != 401 {
			t.Errorf("without the token: %d", status)
		}
		status, answer := s.change(token, "POST", "/api/closures", body)
		var got struct {
			Properties struct{ Lasting bool }
		}
		if err := json.Unmarshal(answer, &got); err != nil || status != 201 || got.Properties.Lasting != (len(args) > 2) {
			t.Errorf("%v: %d %s", args, status, answer)
		}
	}
	again := start(t, "--data", data)
	var list struct{ Features []json.RawMessage }
	if again.get(&list, "/api/closures"); len(list.Features) != 1 {
		t.Errorf("%d closures when started again", len(list.Features))
	}
	if status, answer := again.change(token, "DELETE", "/api/closures/x", ""); status != 403 || !strings.Contains(string(answer), "--token-file") {
		t.Errorf("without a token on the server: %d %s", status, answer)
	}
}
