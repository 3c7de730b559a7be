import schema from "../../schemas/manifest.schema.json" with { type: "json" };

/**
 * The manifest's schema as this code checks shapes by it. What rows are made of depends on the platform, which is said in
 * the schema for editors alone: here each row is checked where it is read.
 */
export const MANIFEST_SCHEMA = {
  ...schema,
  properties: {
    ...schema.properties,
    qualifications: { ...schema.properties.qualifications, items: { $ref: "#/$defs/qualification" } },
  },
};
