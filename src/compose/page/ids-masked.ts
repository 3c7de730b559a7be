import { masked } from "../../report/masked.ts";

/** Text of a file with everything in it that may be the id of a person or of their work shortened, as in reports. */
export function idsMasked(text: string): string {
  return text.replace(/[A-Z0-9]{10,}/gi, masked);
}
