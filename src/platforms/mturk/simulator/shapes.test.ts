import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { isList, isObject, type JsonObject, numberOf, textOf, textsOf } from "../../simulator/json.ts";
import { OPERATIONS, SHAPES, type Shape } from "./shapes.ts";

// Amazon's own service model, as botocore ships it.
const MODEL_OF_BOTOCORE = `
import botocore.loaders, json
print(json.dumps(botocore.loaders.create_loader().load_service_model("mturk", "service-2", "2017-01-17")))
`;
const python = spawnSync("python3", ["-c", MODEL_OF_BOTOCORE], { encoding: "utf8", maxBuffer: 64_000_000 });

test.skipIf(python.status !== 0)(
  "operations, members and constraints are those of Amazon's service model (needs python3 with botocore)",
  () => {
    const model: unknown = JSON.parse(python.stdout);
    const operations = member(model, "operations");
    const shapes = member(model, "shapes");
    const inputOf = (operation: string) => textOf(member(member(operations, operation), "input"), "shape") ?? "";

    expect(Object.keys(OPERATIONS).toSorted()).toEqual(Object.keys(operations).toSorted());
    for (const [operation, members] of Object.entries(OPERATIONS))
      expect([operation, byName(members)]).toEqual([operation, membersIn(member(shapes, inputOf(operation)))]);
    for (const [name, shape] of Object.entries(SHAPES))
      expect([name, shown(shape)]).toEqual([name, shapeIn(member(shapes, name))]);
  },
);

test("every member has a shape", () => {
  const named = [
    ...Object.values(OPERATIONS).flat(),
    ...Object.values(SHAPES).flatMap((shape) => (shape.kind === "structure" ? shape.members : [])),
  ].map(({ shape }) => shape);
  const listed = Object.values(SHAPES).flatMap((shape) => (shape.kind === "list" ? [shape.of] : []));
  expect([...named, ...listed].filter((name) => !Object.hasOwn(SHAPES, name))).toEqual([]);
});

type Members = Extract<Shape, { kind: "structure" }>["members"];

function shown(shape: Shape): object {
  return shape.kind === "structure" ? { kind: shape.kind, members: byName(shape.members) } : shape;
}

function byName(members: Members): object {
  return Object.fromEntries(members.map(({ name, shape, required }) => [name, { shape, required }]));
}

function shapeIn(shape: JsonObject): object {
  const kind = textOf(shape, "type");
  const values = textsOf(shape, "enum");
  const [min, max, pattern] = [numberOf(shape, "min"), numberOf(shape, "max"), textOf(shape, "pattern")];
  if (kind === "structure") return { kind, members: membersIn(shape) };
  if (kind === "list") return { kind, of: textOf(member(shape, "member"), "shape") };
  if (values) return { kind: "enum", values };
  return {
    kind,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(pattern === undefined ? {} : { pattern }),
  };
}

function membersIn(structure: JsonObject): object {
  const required = structure["required"];
  return Object.fromEntries(
    Object.entries(member(structure, "members")).map(([name, value]) => [
      name,
      { shape: isObject(value) ? value["shape"] : "", required: isList(required) && required.includes(name) },
    ]),
  );
}

function member(value: unknown, name: string): JsonObject {
  const found = isObject(value) ? value[name] : undefined;
  if (!isObject(found)) throw new Error(`the model has no ${name}`);
  return found;
}
