import type { TreeEntry } from "../repository/objects.ts";
import { readAudits } from "./audit-chain.ts";
import type { AuditChain } from "./audit-chain.ts";
import { isAmongAudits } from "./audit-text.ts";
import { ChainCheck, inOrder } from "./chain.ts";
import type { Chain, LedgerFile } from "./chain.ts";
import type { LedgerListing } from "./git-store.ts";
import type { FiledRecord } from "./records.ts";

type Listing = Pick<LedgerListing, "files" | "read">;

/** Reads a ledger again and again while it grows: each file once, and nothing is kept of it but its record. */
export class ChainReader {
  private known: Pick<TreeEntry, "path" | "id">[] = [];
  private records: FiledRecord[] = [];
  private check = new ChainCheck();

  /** As `readChain`, of what is listed. Throws what reading it throws. */
  async read(listing: Listing): Promise<Chain> {
    const { numbered, problems } = inOrder(listing.files);
    if (!this.known.every(({ path, id }, at) => numbered[at]?.path === path && numbered[at].id === id)) {
      this.known = [];
      this.records = [];
      this.check = new ChainCheck();
    }
    for await (const file of listing.read(numbered.slice(this.known.length))) {
      const filed = this.check.add(file);
      if (filed) this.records.push(filed);
      this.known.push({ path: file.path, id: file.id });
    }
    return this.check.chain([...this.records], problems);
  }
}

/** The audits of a ledger whose records have these hashes. */
export async function auditsOf(listing: Listing, heads: readonly string[]): Promise<AuditChain> {
  const files: LedgerFile[] = [];
  for await (const file of listing.read(listing.files.filter(({ path }) => isAmongAudits(path)))) files.push(file);
  return readAudits(files, heads);
}
