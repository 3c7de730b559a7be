import type { PageData } from "../page-data.ts";

export async function checkProof(_data: PageData): Promise<void> {}
