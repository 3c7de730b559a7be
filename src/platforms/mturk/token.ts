import { hashBase32 } from "../../ledger/identity.ts";
import type { PaymentIdentity } from "../ports.ts";

/**
 * The UniqueRequestToken by which MTurk recognises the same SendBonus sent twice. Made only from the bonus's identity,
 * so every machine and every try computes the same one: 52 characters of the 64 that MTurk takes.
 *
 * MTurk forgets a token after 24 hours; after that only the ledger and ListBonusPayments know.
 * Source: MTurk Requester Guide, “Use request tokens”.
 */
export function bonusToken({ platform, environment, assignment, label, attempt }: PaymentIdentity): string {
  return hashBase32(["mergepay/1", platform, environment, assignment, label, attempt]);
}
