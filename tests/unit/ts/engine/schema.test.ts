import assert from "node:assert/strict";
import { test } from "node:test";
import { loosen, loosenAnswer } from "../../../../workers/engine/schema.ts";

const property = (schema: unknown) =>
  (loosen({ type: "object", properties: { x: schema } }).properties as Record<string, unknown>).x;

test("a schema that a grammar can hold stays what it is, key by key", () => {
  const schema = {
    type: "object",
    description: "A place.",
    properties: {
      city: { type: "string", description: "Its name", minLength: 1, maxLength: 40 },
      unit: { enum: ["celsius", "kelvin"], type: "string" },
      days: { type: "integer", minimum: 1, maximum: 14 },
      tags: { type: "array", items: { type: "string" }, maxItems: 5 },
      when: { type: "string", format: "date" },
      code: { type: "string", pattern: "^[A-Z]{2}-\\d+$" },
      any: {},
      maybe: { anyOf: [{ type: "number" }, { type: "null" }] },
      either: { type: ["integer", "null"] },
    },
    required: ["city"],
    additionalProperties: false,
  };
  assert.equal(JSON.stringify(loosen(schema)), JSON.stringify(schema));
  assert.deepEqual(loosen({}), {});
});

test("what no grammar holds is left out and told in words", () => {
  assert.deepEqual(property({ type: "string", pattern: "[a-z]+" }), {
    type: "string",
    description: "(pattern [a-z]+)",
  });
  assert.deepEqual(property({ description: "Who.", type: "string", pattern: "^(?!x).+$" }), {
    description: "Who. (pattern ^(?!x).+$)",
    type: "string",
  });
  for (const pattern of ["^.+$", "^[^@]+@x$", "^\\S+$", "^a|b$", "^(a+)+$", "^a"]) {
    assert.equal((property({ type: "string", pattern }) as { pattern?: string }).pattern, undefined, pattern);
  }
  assert.deepEqual(property({ type: "string", format: "uri" }), {
    type: "string",
    description: "(format uri)",
  });
  assert.deepEqual(property({ type: "string", maxLength: 10000 }), {
    type: "string",
    description: "(maxLength 10000)",
  });
  const nested = property({ type: "array", maxItems: 500, items: { type: "string", maxLength: 10000 } });
  assert.deepEqual(nested, {
    type: "array",
    maxItems: 500,
    items: { type: "string", description: "(maxLength 10000)" },
  });
  const lists = property({
    type: "array",
    maxItems: 100,
    items: { type: "array", maxItems: 100, items: { type: "string", maxLength: 100 } },
  }) as { items: Record<string, unknown> };
  assert.equal(lists.items.maxItems, undefined);
});

test("conditions constrain nothing", () => {
  assert.deepEqual(property({ not: {} }), {});
  assert.deepEqual(property(true), {});
  assert.deepEqual(property({ dependentRequired: { a: ["b"] } }), {});
  assert.deepEqual(property({ type: "file" }), {});
  assert.deepEqual(property({ enum: [] }), {});
  assert.deepEqual(property({ enum: [1, "a", null] }), { enum: [1, "a", null] });
  assert.deepEqual(property({ patternProperties: { "^x": {} } }), {
    type: "object",
    additionalProperties: true,
  });
  assert.deepEqual(property({ type: "integer", minimum: 3, maximum: 1e300 }), {
    type: "integer",
    minimum: 3,
  });
  assert.deepEqual(property({ type: "integer", exclusiveMinimum: 0, maximum: 2.5 }), {
    type: "integer",
    minimum: 1,
    maximum: 2,
  });
  assert.deepEqual(loosen({ type: "object", properties: { x: false, y: {} }, required: ["x", "y", 3] }), {
    type: "object",
    properties: { y: {} },
    required: ["y"],
  });
  assert.deepEqual(loosen({ properties: { a: {} }, anyOf: [{ required: ["a"] }] }), {
    properties: { a: {} },
    type: "object",
  });
});

test("references lead to definitions of the schema itself, however they were spelled", () => {
  const node = { type: "object", properties: { next: { $ref: "#/definitions/a~1b" } } };
  assert.deepEqual(
    loosen({
      type: "object",
      properties: { x: { $ref: "#/definitions/a~1b" } },
      definitions: { "a/b": node },
    }),
    {
      type: "object",
      properties: { x: { $ref: "#/$defs/d0" } },
      $defs: { d0: { type: "object", properties: { next: { $ref: "#/$defs/d0" } } } },
    },
  );
  assert.deepEqual(loosen({ type: "object", properties: { child: { $ref: "#" } } }), {
    type: "object",
    properties: { child: { $ref: "#/$defs/d0" } },
    $defs: { d0: { type: "object", properties: { child: { $ref: "#/$defs/d0" } } } },
  });
  const lost = {
    a: { $ref: "#/$defs/none" },
    b: { $ref: "https://example.org/s" },
    c: { $ref: "#/$defs/c" },
  };
  const schema = { type: "object", properties: lost, $defs: { c: { $ref: "#/$defs/c" } } };
  assert.deepEqual(loosen(schema), { type: "object", properties: { a: {}, b: {}, c: {} } });
});

test("what all have to fit becomes one", () => {
  const schema = {
    allOf: [{ $ref: "#/$defs/base" }, { properties: { b: { type: "number" } }, required: ["b"] }],
    $defs: { base: { type: "object", properties: { a: { type: "string" } }, required: ["a"] } },
  };
  assert.deepEqual(loosen(schema), {
    type: "object",
    properties: { a: { type: "string" }, b: { type: "number" } },
    required: ["a", "b"],
  });
});

test("a schema without end has one", () => {
  let deep: Record<string, unknown> = { type: "string" };
  for (let i = 0; i < 3000; i++) deep = { type: "object", properties: { x: deep } };
  assert.ok(JSON.stringify(loosen(deep)).length < 2000);
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`p${i}`, { type: "string" }]));
  const made = loosen({ type: "object", properties: wide }).properties as Record<string, unknown>;
  assert.equal(Object.keys(made).length, 5000);
});

test("the schema of an answer is refused for a type that JSON has not, that of a tool is not", () => {
  const nested = {
    type: "object",
    properties: { type: { anyOf: [{ type: "string" }, { type: "banana" }] } },
  };
  for (const schema of [{ type: "banana" }, { type: ["string", 3] }, nested]) {
    assert.throws(() => loosenAnswer(schema), { code: "bad-request", message: /banana|3/ });
    assert.doesNotThrow(() => loosen(schema));
  }
  const fine = { type: "object", properties: { type: { type: "string" } }, required: ["type"] };
  assert.deepEqual(loosenAnswer(fine), loosen(fine));
});
