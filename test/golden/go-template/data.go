package main

import (
	"fmt"
	"reflect"
	"strconv"
)

// dataSets are what the language cases run on, by the names that the cases files use.
var dataSets = map[string]any{
	"none": map[string]any{},
	"scalars": map[string]any{
		"S": "text", "Empty": "", "Uni": "héllo 日本 🦙", "Quote": "a \"b\" <c> & 'd'\\", "Lines": "one\ntwo\n",
		"I": 7, "Neg": -42, "Zero": 0, "Big": 1234567890123,
		"F": 2.5, "Whole": 3.0, "Tiny": 0.00001234, "Huge": 1e21, "NegF": -0.5,
		"T": true, "No": false, "Nil": nil,
	},
	"lists": map[string]any{
		"L": []any{"a", "b", "c"}, "Ints": []int{3, 1, 2}, "Strs": []string{"x", "y"}, "EmptyL": []any{}, "NilL": []string(nil),
		"Mixed": []any{1, "two", 3.5, true, nil, []any{"in"}, map[string]any{"k": "v"}}, "Nested": [][]int{{1, 2}, {3}},
		"Floats": []float64{0.5, 1e6}, "N": 3, "S": "text",
	},
	"maps": map[string]any{
		"M": map[string]any{"b": 2, "a": "one", "c": nil, "Z": true, "é": 1.5}, "Strs": map[string]string{"k": "v", "j": "w"},
		"Ints": map[string]int{"two": 2, "one": 1}, "EmptyM": map[string]any{}, "NilM": map[string]any(nil),
		"Deep": map[string]any{"x": map[string]any{"y": map[string]any{"z": "deep"}}, "l": []any{map[string]any{"n": 1}}},
		"Key":  "a", "S": "text",
	},
	"turn":    map[string]any{"System": "Be brief.", "Prompt": "Why is the sky blue?", "Response": ""},
	"answer":  map[string]any{"System": "", "Prompt": "Hi", "Response": "Hello."},
	"nothing": nil,
	"string":  "dot is text",
	"number":  5,
}

// tagged encodes a value so that the types which templates tell apart survive JSON.
func tagged(value any) any {
	if value == nil {
		return nil
	}
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.Bool, reflect.String:
		return value
	case reflect.Int:
		return map[string]any{"int": strconv.FormatInt(v.Int(), 10)}
	case reflect.Float64:
		return map[string]any{"float": strconv.FormatFloat(v.Float(), 'g', -1, 64)}
	case reflect.Slice:
		items := []any{}
		for i := range v.Len() {
			items = append(items, tagged(v.Index(i).Interface()))
		}
		return map[string]any{"list": items, "element": v.Type().Elem().String(), "nil": v.IsNil()}
	case reflect.Map:
		entries := map[string]any{}
		for _, key := range v.MapKeys() {
			entries[key.String()] = tagged(v.MapIndex(key).Interface())
		}
		return map[string]any{"map": entries, "element": v.Type().Elem().String(), "nil": v.IsNil()}
	}
	panic(fmt.Sprintf("cannot encode %T", value))
}
