/** How Markdown is read: maths, Chinese and Japanese, tags, and what a model in a loop writes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "../../../../../web/page/markdown/cut.ts";
import { languageLoader } from "../../../../../web/page/markdown/languages.ts";
import { inlineFormula } from "../../../../../web/page/markdown/maths-syntax.ts";
import { markup, outline } from "../../../../../web/page/markdown/syntax.ts";
import { deepLines, isTangled } from "../../../../../web/page/markdown/tangled.ts";

const shown = (html: string): string =>
  html.replace(/<[^>]*>/g, "").replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code));
const line = (source: string): string => markup(source).replace(/^<p>|<\/p>\n?$/g, "");

test("maths is kept letter for letter", () => {
  for (const source of [
    String.raw`\(x_1\) and \(x_2\)`,
    String.raw`\[ a \\ b \]`,
    "$5*3*2$",
    "Before $$a_1 * b_2 * c$$ after",
    "$$\na_1\n= *b*\n$$",
    "$$\nno end yet, *a* and _b_",
  ])
    assert.equal(shown(markup(source)).trim(), source);
  assert.match(line("*a $x*y$ b*"), /^<em>a <code class="maths">\$x\*y\$<\/code> b<\/em>$/);
  assert.match(markup("Text\n\\[\nx\n\\]\nMore"), /<p class="formula"><code class="maths display">/);
});

test("money, shell variables and code are no maths", () => {
  for (const source of [
    "costs $5 and $10, or 10$ a month",
    "from $5 to $10",
    "$HOME and $PATH",
    "`$a$`",
    String.raw`\$5 and \$6$`,
    "$ 5 $",
    "a$b$c",
  ])
    assert.ok(source === "a$b$c" || !markup(source).includes("maths"), source);
  assert.equal(inlineFormula("$a\n\nb$"), undefined);
  assert.equal(inlineFormula(`$${"x".repeat(5_000)}$`), undefined);
});

test("emphasis beside Chinese and Japanese letters, tildes that say to, addresses before punctuation", () => {
  assert.equal(line("这是**“重点”**内容。"), "这是<strong>“重点”</strong>内容。");
  assert.equal(line("请看*「重点」*部分"), "请看<em>「重点」</em>部分");
  assert.equal(line("温度5~10度，湿度15~20%"), "温度5~10度，湿度15~20%");
  assert.equal(line("~~weg~~"), "<del>weg</del>");
  assert.match(line("见https://example.com/a。然后"), />https:\/\/example\.com\/a<\/a>。然后$/);
  assert.equal(line("a ** b ** c"), "a ** b ** c");
});

test("a few tags mean what they say, all others and all attributes are text", () => {
  assert.match(markup("| a |\n|---|\n| x<br>y |"), /<td>x<br>y<\/td>/);
  assert.equal(line("H<sub>2</sub>O"), "H<sub>2</sub>O");
  assert.equal(shown(markup("<img src=x onerror=alert(1)>")).trim(), "<img src=x onerror=alert(1)>");
  assert.ok(
    !/<(?:b |script|svg|iframe)/.test(markup("<b onclick=x>a</b>\n\n<script>x</script> <svg/onload=x>")),
  );
});

test("what a model in a loop writes is shown as it is, around what is not", () => {
  const loops = [
    `${"- ".repeat(1_500)}a`,
    ">".repeat(3_000),
    `${"1. ".repeat(1_300)}a`,
    `${"a.".repeat(2_000)}@`,
    "a_".repeat(2_000),
    `${"*".repeat(2_000)}a${"*".repeat(2_000)}`,
    "[".repeat(4_000),
    "\\(".repeat(2_000),
    Array.from({ length: 90 }, (_, level) => `${"  ".repeat(level)}- a`).join("\n"),
  ];
  for (const loop of loops) {
    assert.ok(isTangled(loop) || deepLines(loop), loop.slice(0, 20));
    const source = `Fine.\n\n${loop}\n\nThe *end*.`;
    const { blocks } = outline(source);
    assert.equal(blocks.map(({ raw }) => raw).join(""), source);
    const parts = [...settled(blocks).map(({ raw }) => raw), blocks.at(-1)?.raw ?? ""];
    assert.match(markup(parts[0] ?? ""), /^<p>Fine\.<\/p>/);
    assert.match(markup(parts.at(-1) ?? ""), /<em>end<\/em>/);
    assert.ok(parts.some((part) => markup(part).startsWith('<p class="plain">')));
  }
  const ordinary = "- **a** and `b`, see [c](https://example.com/d_e)\n".repeat(80);
  assert.ok(!isTangled(ordinary) && !deepLines(ordinary));
});

test("a language is known by each of its names", () => {
  assert.equal(languageLoader("Python")?.name, "python");
  assert.equal(languageLoader("c++")?.name, "cpp");
  assert.equal(languageLoader("sh")?.name, "bash");
  assert.equal(languageLoader("nonesuch"), null);
});
