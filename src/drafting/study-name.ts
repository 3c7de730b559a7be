import { slugOf } from "../manifest/fields.ts";

/** A study's name out of an export's: `Batch_4123456_batch_results.csv` gives `batch-4123456`. */
export function studyNamed(file: string): string {
  const bare = file.replace(/\.[a-z]+$/i, "").replace(/[_ -](?:batch[_ -])?results$/i, "");
  return slugOf(bare, 60) || "study";
}
