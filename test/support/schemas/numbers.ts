import type { SchemaCase } from "./case.ts";

export const NUMBERS: readonly SchemaCase[] = [
  {
    name: "integer from 0",
    schema: { type: "integer", minimum: 0 },
    valid: [0, 7, 123456],
    invalid: [-1, -100],
  },
  {
    name: "integer above 5",
    schema: { type: "integer", exclusiveMinimum: 5 },
    valid: [6, 10, 500],
    invalid: [5, 0, -6],
  },
  {
    name: "integer to 100",
    schema: { type: "integer", maximum: 100 },
    valid: [100, 0, -123456],
    invalid: [101, 1000],
  },
  {
    name: "integer below -3",
    schema: { type: "integer", exclusiveMaximum: -3 },
    valid: [-4, -30],
    invalid: [-3, 0, 4],
  },
  {
    name: "age",
    schema: { type: "integer", minimum: 0, maximum: 150 },
    valid: [0, 9, 10, 99, 100, 150],
    invalid: [-1, 151, 200, 1000],
  },
  {
    name: "integers around 0",
    schema: { type: "integer", minimum: -17, maximum: 205 },
    valid: [-17, -9, 0, 205, 199],
    invalid: [-18, -20, 206, 210],
  },
  {
    name: "negative integers",
    schema: { type: "integer", minimum: -123, maximum: -45 },
    valid: [-123, -99, -45],
    invalid: [-124, -44, 45],
  },
  {
    name: "integers between fractions",
    schema: { type: "integer", minimum: 1.5, maximum: 4.5 },
    valid: [2, 4],
    invalid: [1, 5],
  },
  { name: "one integer", schema: { type: "integer", minimum: 7, maximum: 7 }, valid: [7], invalid: [6, 8] },
  {
    name: "int32",
    schema: { type: "integer", format: "int32" },
    valid: [2147483647, -2147483648],
    invalid: [2147483648],
  },
  {
    name: "number from 0",
    schema: { type: "number", minimum: 0 },
    valid: [0, 0.001, 12.75, 1000000],
    invalid: [-0.001, -1],
  },
  {
    name: "number above 0",
    schema: { type: "number", exclusiveMinimum: 0 },
    valid: [0.001, 1, 99.5],
    invalid: [0, -1],
  },
  {
    name: "probability",
    schema: { type: "number", minimum: 0, maximum: 1 },
    valid: [0, 0.5, 1, 0.9999],
    invalid: [1.0001, -0.1, 2],
  },
  {
    name: "open interval",
    schema: { type: "number", exclusiveMinimum: -1.5, exclusiveMaximum: 2.25 },
    valid: [-1.49, 0, 2.249],
    invalid: [-1.5, 2.25, 2.3],
  },
  {
    name: "number within one integer",
    schema: { type: "number", minimum: 3.14, maximum: 3.15 },
    valid: [3.14, 3.1425, 3.15],
    invalid: [3.13, 3.151, 3],
  },
  {
    name: "negative numbers",
    schema: { type: "number", maximum: -0.5 },
    valid: [-0.5, -0.75, -10],
    invalid: [-0.4, 0, 1],
  },
  {
    name: "number with two places",
    schema: { type: "number", minimum: 0, multipleOf: 0.01 },
    valid: [0.25, 10, 3.5],
    invalid: [0.125],
  },
  { name: "multipleOf 1", schema: { type: "number", multipleOf: 1 }, valid: [3, -4], invalid: [3.5] },
  {
    name: "multipleOf 5",
    schema: { type: "integer", multipleOf: 5 },
    valid: [5, 10],
    invalid: [],
    warnings: 1,
  },
];
