import type { PageData } from "../page-data.ts";
import { drawAccount } from "./charts.ts";
import { checkProof } from "./proof-check.ts";
import { rowsTable } from "./rows-table.ts";
import { themeButton } from "./theme.ts";
import { workersTable } from "./workers-table.ts";

const data = JSON.parse(document.getElementById("data")?.textContent ?? "") as PageData;

themeButton();
for (const section of document.querySelectorAll<HTMLElement>("section[data-account]")) {
  const account = data.accounts[Number(section.dataset["account"])];
  if (!account) continue;
  drawAccount(section, account, data.rows !== undefined);
  workersTable(section, account, data.rows !== undefined);
}
if (data.rows) rowsTable(data.rows, data.accounts);
if (data.proof) void checkProof(data);
