import type { SchemaCase } from "./case.ts";

const STRING = { type: "string" };
const NULL = { type: "null" };

export const REALISTIC: readonly SchemaCase[] = [
  {
    name: "country",
    schema: {
      type: "object",
      properties: { name: STRING, capital: STRING, languages: { type: "array", items: STRING } },
      required: ["name", "capital", "languages"],
    },
    valid: [{ name: "Canada", capital: "Ottawa", languages: ["English", "French"] }],
    invalid: [{ name: "Canada" }],
  },
  {
    name: "sentiment",
    schema: {
      type: "object",
      properties: {
        sentiment: { type: "string", enum: ["positive", "negative", "neutral"] },
        confidence: { type: "number", minimum: 0, maximum: 1 },
      },
      required: ["sentiment", "confidence"],
      additionalProperties: false,
    },
    valid: [{ sentiment: "positive", confidence: 0.95 }],
    invalid: [
      { sentiment: "good", confidence: 1 },
      { sentiment: "neutral", confidence: 2 },
    ],
  },
  {
    name: "pydantic model",
    schema: {
      $defs: {
        Pet: {
          properties: {
            animal: { title: "Animal", type: "string" },
            age: { title: "Age", type: "integer" },
            color: { anyOf: [STRING, NULL], default: null, title: "Color" },
          },
          required: ["animal", "age"],
          title: "Pet",
          type: "object",
        },
      },
      properties: { pets: { items: { $ref: "#/$defs/Pet" }, title: "Pets", type: "array" } },
      required: ["pets"],
      title: "PetList",
      type: "object",
    },
    valid: [{ pets: [] }, { pets: [{ animal: "cat", age: 5, color: null }] }],
    invalid: [{}, { pets: [{ animal: "cat" }] }],
  },
  {
    name: "zod object",
    schema: {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties: {
        id: { type: "string", format: "uuid" },
        email: { type: "string", format: "email" },
        role: {
          anyOf: [
            { type: "string", const: "admin" },
            { type: "string", const: "user" },
          ],
        },
        scores: {
          type: "object",
          propertyNames: { type: "string" },
          additionalProperties: { type: "number" },
        },
      },
      required: ["id", "email", "role", "scores"],
      additionalProperties: false,
    },
    valid: [
      { id: "123e4567-e89b-12d3-a456-426614174000", email: "a@b.co", role: "user", scores: { x: 1.5 } },
    ],
    invalid: [{ id: "1", email: "a@b.co", role: "user", scores: {} }],
  },
  {
    name: "invoice",
    schema: {
      type: "object",
      properties: {
        number: { type: "string", pattern: "^INV-[0-9]{6}$" },
        date: { type: "string", format: "date" },
        lines: {
          type: "array",
          minItems: 1,
          maxItems: 20,
          items: {
            type: "object",
            properties: {
              text: { type: "string", maxLength: 80 },
              quantity: { type: "integer", minimum: 1 },
              price: { type: "number", minimum: 0, multipleOf: 0.01 },
            },
            required: ["text", "quantity", "price"],
          },
        },
      },
      required: ["number", "date", "lines"],
    },
    valid: [{ number: "INV-000123", date: "2024-05-01", lines: [{ text: "Pen", quantity: 2, price: 1.5 }] }],
    invalid: [{ number: "INV-1", date: "2024-05-01", lines: [] }],
  },
  {
    name: "shapes",
    schema: {
      type: "array",
      items: {
        oneOf: [
          {
            type: "object",
            properties: { type: { const: "circle" }, radius: { type: "number", exclusiveMinimum: 0 } },
            required: ["type", "radius"],
            additionalProperties: false,
          },
          {
            type: "object",
            properties: {
              type: { const: "rectangle" },
              width: { type: "number", exclusiveMinimum: 0 },
              height: { type: "number", exclusiveMinimum: 0 },
            },
            required: ["type", "width", "height"],
            additionalProperties: false,
          },
        ],
      },
      maxItems: 5,
    },
    valid: [
      [
        { type: "circle", radius: 1.5 },
        { type: "rectangle", width: 1, height: 2 },
      ],
    ],
    invalid: [[{ type: "circle", radius: 0 }], [{ type: "square" }]],
  },
  {
    name: "event",
    schema: {
      type: "object",
      properties: {
        title: { type: "string", minLength: 1, maxLength: 60 },
        start: { type: "string", format: "date-time" },
        minutes: { type: ["integer", "null"], minimum: 5, maximum: 480 },
        tags: { type: "array", items: { enum: ["work", "home", "travel"] }, maxItems: 3 },
      },
      required: ["title", "start"],
    },
    valid: [
      { title: "Lunch", start: "2024-05-01T12:00:00Z", minutes: 60, tags: ["work"] },
      { title: "x", start: "2024-05-01T12:00:00Z", minutes: null },
    ],
    invalid: [
      { title: "", start: "2024-05-01T12:00:00Z" },
      { title: "x", start: "today" },
    ],
  },
];
