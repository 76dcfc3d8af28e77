package main

import (
	"encoding/json"
	"log"
	"strings"

	"llamero.test/golden/gotemplate/chat"
)

// wireMessage is a message as the HTTP API spells it.
type wireMessage struct {
	Role      string `json:"role"`
	Content   string `json:"content"`
	Thinking  string `json:"thinking"`
	ToolName  string `json:"tool_name"`
	ToolID    string `json:"tool_call_id"`
	ToolCalls []struct {
		ID       string `json:"id"`
		Function struct {
			Name      string         `json:"name"`
			Arguments chat.Arguments `json:"arguments"`
		} `json:"function"`
	} `json:"tool_calls"`
}

type conversation struct {
	Name     string        `json:"name"`
	Messages []wireMessage `json:"messages"`
	Tools    chat.Tools    `json:"tools"`
	Think    any           `json:"think"`
}

type chatResult struct {
	Format       string `json:"format"`
	Conversation string `json:"conversation"`
	Output       string `json:"output"`
	Error        string `json:"error,omitempty"`
}

func templateMessage(wire wireMessage) *chat.Message {
	message := &chat.Message{
		Role: wire.Role, Content: wire.Content, Thinking: wire.Thinking, ToolName: wire.ToolName, ToolCallID: wire.ToolID,
	}
	for index, call := range wire.ToolCalls {
		message.ToolCalls = append(message.ToolCalls, chat.ToolCall{
			ID:       call.ID,
			Function: chat.CallFunction{Index: index, Name: call.Function.Name, Arguments: call.Function.Arguments},
		})
	}
	return message
}

func templateData(c conversation) map[string]any {
	var systems []string
	var messages []*chat.Message
	for _, wire := range c.Messages {
		if wire.Role == "system" {
			systems = append(systems, wire.Content)
		}
		messages = append(messages, templateMessage(wire))
	}
	level, isLevel := c.Think.(string)
	on, _ := c.Think.(bool)
	if on {
		level = "medium"
	}
	return map[string]any{
		"System": strings.Join(systems, "\n\n"), "Messages": messages, "Tools": c.Tools, "Response": "",
		"Think": on || isLevel, "ThinkLevel": level, "IsThinkSet": c.Think != nil,
	}
}

// chatCases renders every conversation with every format; no conversation has neighbours of one role, which would be merged.
func chatCases() []chatResult {
	text, err := inputs.ReadFile("conversations.json")
	if err != nil {
		log.Fatal(err)
	}
	var conversations []conversation
	if err := json.Unmarshal(text, &conversations); err != nil {
		log.Fatal(err)
	}
	entries, err := inputs.ReadDir("formats")
	if err != nil {
		log.Fatal(err)
	}
	var results []chatResult
	for _, entry := range entries {
		format, err := inputs.ReadFile("formats/" + entry.Name())
		if err != nil {
			log.Fatal(err)
		}
		for _, c := range conversations {
			output, failure := render(string(format), templateData(c))
			results = append(results, chatResult{entry.Name(), c.Name, output, failure})
		}
	}
	return results
}
