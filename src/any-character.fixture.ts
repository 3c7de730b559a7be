import * as fc from "fast-check";

/** One character of any kind, half of a pair excepted. fast-check's own `unit: "binary"` takes a second to make ready. */
export const anyCharacter = fc
  .oneof(fc.nat(0xff), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((point) => String.fromCodePoint(point));
