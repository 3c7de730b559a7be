import { describe, expect, test } from "vitest";
import { csv, exported, told } from "./exports.fixture.ts";
import { readTable } from "./table.ts";
import type { Table } from "./table.ts";

function sound(file: Parameters<typeof readTable>[0]): Table {
  const { table, problems } = readTable(file);
  expect(problems).toEqual([]);
  if (!table) throw new Error("no table");
  return table;
}

function cells(table: Table): (readonly string[])[] {
  return table.rows.map((row) => row.cells);
}

describe("exports that people have", () => {
  test("MTurk's batch results: every cell quoted, quotes doubled", () => {
    const table = sound(exported("Batch_4123456_batch_results.csv"));
    expect(table).toMatchObject({ header: "ordinary", delimiter: ",", encoding: "UTF-8" });
    expect(table.rows).toHaveLength(12);
    expect(table.rows[0]?.cells[table.columns.indexOf("Keywords")]).toBe('survey, "game", psychology');
    expect(table.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test("Qualtrics: the two rows of questions and import ids under the header are no data, and answers have lines in them", () => {
    const table = sound(exported("Stroop_wave_1_November_2026.csv"));
    expect(table.header).toBe("qualtrics");
    expect(table.columns[0]).toBe("StartDate");
    expect(table.rows).toHaveLength(11);
    // The answer before has two lines.
    expect(table.rows[6]?.at(0)).toMatchObject({ line: 12, column: 1 });
  });

  test("supersubmiterator's and nodegame's bonus files", () => {
    expect(sound(exported("pilot-bonus.csv")).columns).toEqual(["workerid", "assignmentid", "bonus"]);
    expect(sound(exported("nodegame-bonus.csv")).rows).toHaveLength(5);
  });

  test("Prolific's lines of id and amount, which have no header", () => {
    const table = sound(exported("prolific-bonus.csv"));
    expect(table).toMatchObject({ header: "none", columns: ["id", "amount"] });
    expect(table.rows).toHaveLength(3);
  });

  test("Excel in German: semicolons, CRLF, Windows-1252", () => {
    const table = sound(exported("excel-german.csv"));
    expect(table).toMatchObject({ delimiter: ";", encoding: "Windows-1252" });
    expect(table.rows[2]?.cells.slice(2)).toEqual(["2", "Schöne Grüße; danke"]);
  });

  test("Excel's “Unicode text”: UTF-16 with tabs", () => {
    expect(sound(exported("excel-unicode-text.txt"))).toMatchObject({ delimiter: "\t", encoding: "UTF-16" });
  });

  test("a first line that tells Excel the delimiter is no header", () => {
    expect(sound(csv("sep=;\na;b\n1,5;2\n"))).toMatchObject({ delimiter: ";", columns: ["a", "b"] });
  });
});

describe("what is mended", () => {
  test("blanks, typesetters' blanks, characters that are not drawn, and formulas that guard a text", () => {
    const table = sound(csv('a,b,c\n"  x ",\u00a0y\u200b,"=""007"""\n'));
    expect(cells(table)).toEqual([["x", "y", "007"]]);
  });

  test("blank rows, a byte order mark, line ends of old Macs, and rows that end early", () => {
    expect(cells(sound(csv("\ufeffa,b\r\r1,2\r,\r3\r")))).toEqual([
      ["1", "2"],
      ["3", ""],
    ]);
  });

  test("quotes within a cell that is not quoted", () => {
    expect(cells(sound(csv('a,b\n5" wide,x\n')))).toEqual([['5" wide', "x"]]);
  });
});

describe("what is refused, with its place", () => {
  test.each([
    ["an Excel workbook", new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0, 0]), "f.csv:1:1 csv-unreadable"],
    ["an old Excel workbook", new Uint8Array([0xd0, 0xcf, 0x11, 0xe0]), "f.csv:1:1 csv-unreadable"],
    ["a picture", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), "f.csv:1:1 csv-unreadable"],
    ["nothing", new Uint8Array(), "f.csv:1:1 csv-unreadable"],
    ["a quote that never closes", 'a,b\n1,"2\n3,4\n', "f.csv:2:3 csv-unreadable"],
    ["a row with more cells than the header", "é,b\n1,2\nü,2,3\n", "f.csv:3:5 csv-row-shape"],
  ])("%s", (_, content, problem) => {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    expect(told(readTable({ name: "f.csv", bytes }).problems)).toEqual([problem]);
  });
});

test("a cell's place counts lines and columns as an editor does, after letters and signs of any width", () => {
  const { rows } = sound(csv('a,b,c\n"é\n😀",😀x,z\r\n1,2,3\n'));
  expect([0, 1, 2].map((column) => rows[0]?.at(column))).toMatchObject([
    { line: 2, column: 1 },
    { line: 3, column: 5 },
    { line: 3, column: 9 },
  ]);
  expect(rows[1]?.at(2)).toMatchObject({ line: 4, column: 5 });
});
