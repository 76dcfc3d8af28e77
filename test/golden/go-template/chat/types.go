// Package chat holds what a chat template sees, with the field names and JSON spellings of Ollama's API.
package chat

import (
	"encoding/json"
	"fmt"
	"strings"
)

func compact(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

type Message struct {
	Role       string
	Content    string
	Thinking   string
	Images     []Image
	ToolCalls  []ToolCall
	ToolName   string
	ToolCallID string
}

type Image string

type ToolCall struct {
	ID       string
	Function CallFunction
}

type CallFunction struct {
	Index     int
	Name      string
	Arguments Arguments
}

type Arguments map[string]any

func (a Arguments) String() string {
	if a == nil {
		return "{}"
	}
	return compact(map[string]any(a))
}

type Tools []Tool

func (t Tools) String() string { return compact([]Tool(t)) }

type Tool struct {
	Type     string   `json:"type"`
	Items    any      `json:"items,omitempty"`
	Function Function `json:"function"`
}

func (t Tool) String() string { return compact(t) }

type Function struct {
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Parameters  Parameters `json:"parameters"`
}

func (f Function) String() string { return compact(f) }

type Parameters struct {
	Type       string     `json:"type"`
	Defs       any        `json:"$defs,omitempty"`
	Items      any        `json:"items,omitempty"`
	Required   []string   `json:"required,omitempty"`
	Properties Properties `json:"properties"`
}

type Properties map[string]Property

func (p Properties) String() string {
	if p == nil {
		return "{}"
	}
	return compact(map[string]Property(p))
}

type Property struct {
	AnyOf       []Property   `json:"anyOf,omitempty"`
	Type        PropertyType `json:"type,omitempty"`
	Items       any          `json:"items,omitempty"`
	Description string       `json:"description,omitempty"`
	Enum        []any        `json:"enum,omitempty"`
	Properties  Properties   `json:"properties,omitempty"`
	Required    []string     `json:"required,omitempty"`
}

// PropertyType is one JSON Schema type or several.
type PropertyType []string

func (p PropertyType) String() string {
	if len(p) == 1 {
		return p[0]
	}
	if len(p) == 0 {
		return ""
	}
	return fmt.Sprintf("%v", []string(p))
}

func (p PropertyType) MarshalJSON() ([]byte, error) {
	if len(p) == 1 {
		return json.Marshal(p[0])
	}
	return json.Marshal([]string(p))
}

func (p *PropertyType) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*p = PropertyType{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(p))
}

var typeScript = map[string]string{
	"string": "string", "number": "number", "integer": "number", "boolean": "boolean",
	"array": "any[]", "object": "Record<string, any>", "null": "null",
}

func (p Property) TypeScript() string {
	var names []string
	for _, alternative := range p.AnyOf {
		names = append(names, alternative.TypeScript())
	}
	if len(names) == 0 {
		for _, name := range p.Type {
			if known, ok := typeScript[name]; ok {
				names = append(names, known)
			} else {
				names = append(names, "any")
			}
		}
	}
	if len(names) == 0 {
		return "any"
	}
	return strings.Join(names, " | ")
}
