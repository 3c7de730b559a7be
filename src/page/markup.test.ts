import { expect, test } from "vitest";
import { html, jsonForScript } from "./markup.ts";

test("text is escaped where it is put in, markup is kept, nothing stays nothing", () => {
  const evil = `<img src=x onerror="alert('1')">&amp;`;
  expect(html`<p title="${evil}">${html`<b>${evil}</b>`}${undefined}${[1, html`<i>x</i>`]}</p>`.text).toBe(
    '<p title="&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#38;amp;">' +
      "<b>&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#38;amp;</b>1<i>x</i></p>",
  );
});

test("no value ends the script element that holds it, and every value comes back", () => {
  const value = { a: "</script><script>alert(1)</script><!--", b: "\u2028\u2029", c: [1, null, "é"] };
  expect(jsonForScript(value)).not.toMatch(/[<>\u2028\u2029]/);
  expect(JSON.parse(jsonForScript(value))).toEqual(value);
});
