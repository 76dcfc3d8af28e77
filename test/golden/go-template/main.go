// Renders template cases with Go's own text/template and writes the results as golden files, which the Bun tests compare with
// llamero's implementation. Needed only to add or change cases: `go run .` in this folder, then check the files in.
package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"log"
	"os"
	"path"
	"strings"
	"text/template"
	"time"
)

//go:embed cases formats conversations.json
var inputs embed.FS

// now is the clock of the goldens, in local time: the tests build the same instant in theirs.
var now = time.Date(2024, time.March, 1, 12, 0, 0, 0, time.Local)

type result struct {
	Template string `json:"template"`
	Data     string `json:"data"`
	Output   string `json:"output"`
	Error    string `json:"error,omitempty"`
}

func render(text string, data any) (output, failure string) {
	parsed, err := template.New("").Option("missingkey=zero").Funcs(functions).Parse(text)
	if err != nil {
		return "", err.Error()
	}
	var out bytes.Buffer
	if err := parsed.Execute(&out, data); err != nil {
		return "", err.Error()
	}
	return out.String(), ""
}

// languageCases reads a cases file: templates divided by lines of three dashes, `data: name` lines choosing what they run on.
func languageCases(file string) []result {
	text, err := inputs.ReadFile(path.Join("cases", file))
	if err != nil {
		log.Fatal(err)
	}
	data := "none"
	var results []result
	for _, block := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n---\n") {
		if rest, ok := strings.CutPrefix(block, "data: "); ok {
			data = rest
			continue
		}
		source := strings.NewReplacer("␍", "\r", "␉", "\t").Replace(block)
		value, ok := dataSets[data]
		if !ok {
			log.Fatalf("%s: no data set %q", file, data)
		}
		output, failure := render(source, value)
		results = append(results, result{source, data, output, failure})
	}
	return results
}

func write(file string, value any) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(value); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}

func main() {
	data := map[string]any{}
	for name, value := range dataSets {
		data[name] = tagged(value)
	}
	for _, name := range []string{"language", "functions", "errors"} {
		write(name+".golden.json", map[string]any{"data": data, "cases": languageCases(name + ".txt")})
	}
	write("chat.golden.json", chatCases())
}
