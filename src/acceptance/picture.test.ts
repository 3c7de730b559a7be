import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { HAS_CHROMIUM, startChromium } from "./chromium.fixture.ts";
import { exampleComment } from "../report/example-comment.fixture.ts";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PICTURE = "docs/pictures/comment.png";

/** As a pull request's page sets it, near enough for a picture: GitHub's own style is not ours to ship. */
function page(markdown: string): string {
  const html = micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; padding: 24px; width: 880px; background: #fff; }
    article { border: 1px solid #d1d9e0; border-radius: 6px; font: 14px/1.5 "DejaVu Sans", "Noto Color Emoji", sans-serif; color: #1f2328; }
    header { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0; padding: 8px 16px; color: #59636e; }
    main { padding: 4px 16px 12px; }
    h2 { font-size: 20px; border-bottom: 1px solid #d1d9e0; padding-bottom: 6px; }
    table { border-collapse: collapse; margin: 12px 0; } th, td { border: 1px solid #d1d9e0; padding: 5px 11px; }
    code { background: #eff1f3; border-radius: 6px; padding: 2px 5px; font: 12px "DejaVu Sans Mono", monospace; }
    sub { font-size: 12px; color: #59636e; } a { color: #0969da; }
  </style><article><header><b>github-actions</b> bot commented</header><main>${html}</main></article>`;
}

describe("the picture of the comment in the README", () => {
  test.skipIf(!HAS_CHROMIUM)(
    "shows the comment that mergepay writes, and nothing of it runs over its frame",
    async () => {
      const browser = await startChromium();
      try {
        const tab = await browser.newPage({ viewport: { width: 930, height: 600 }, deviceScaleFactor: 1 });
        await tab.setContent(page(exampleComment()));
        const frame = tab.locator("article");
        expect(
          await frame.evaluate(
            "document.querySelector('article').scrollWidth <= document.querySelector('article').clientWidth",
          ),
        ).toBe(true);
        const text = await frame.innerText();
        expect(text).toContain("PLAN READY");
        expect(text).not.toContain("mergepay:plan");
        const path = process.env["BLESS_PICTURES"]
          ? join(ROOT, PICTURE)
          : join(mkdtempSync(join(tmpdir(), "mergepay-picture-")), "comment.png");
        await frame.screenshot({ path });
        // Fonts differ between machines, so that pictures are compared by their width alone; what they show is tested above.
        expect(widthOf(readFileSync(path))).toBe(widthOf(readFileSync(join(ROOT, PICTURE))));
      } finally {
        await browser.close();
      }
    },
  );

  test("is in the README", () => {
    expect(readFileSync(join(ROOT, "README.md"), "utf8")).toContain(`(${PICTURE})`);
  });
});

/** Of a PNG: bytes 16 to 19 of the file. */
function widthOf(png: Buffer): number {
  return png.readUInt32BE(16);
}
