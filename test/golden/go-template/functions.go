package main

import (
	"encoding/json"
	"text/template"

	"llamero.test/golden/gotemplate/chat"
)

// functions are the four that Ollama adds to Go's own.
var functions = template.FuncMap{
	"json": func(value any) string {
		encoded, err := json.Marshal(value)
		if err != nil {
			panic(err)
		}
		return string(encoded)
	},
	"currentDate":   func(...string) string { return now.Format("2006-01-02") },
	"yesterdayDate": func(...string) string { return now.AddDate(0, 0, -1).Format("2006-01-02") },
	"toTypeScriptType": func(value any) string {
		if property, ok := value.(chat.Property); ok {
			return property.TypeScript()
		}
		return "any"
	},
}
