import assert from "node:assert/strict";
import { test } from "node:test";
import { fuse } from "../../../../workers/documents/fusion.ts";
import { pack, VectorIndex } from "../../../../workers/documents/vectors.ts";
import { gramsOf, termsOf } from "../../../../workers/documents/words.ts";
import { shelf } from "./shelf.ts";

test("words are found whatever their case, accents and endings", () => {
  const { add, find } = shelf();
  const id = add("a.txt", "Die Größe der Häuser. The engines were running in the café.");
  for (const query of ["HAUSER", "größe", "engine", "run?", "cafe", "what is the café"])
    assert.equal(find(query)[0]?.document, id, query);
  assert.deepEqual(find("submarine"), []);
});

test("a query of signs and one that looks like the index's own language find nothing, and break nothing", () => {
  const { add, find } = shelf();
  add("a.txt", "Nothing here.");
  for (const query of ["", "  ", "?!", '"', "NOT", "AND OR", "text:", "(", "*", 'a" OR "b', "NEAR(a b)"])
    assert.deepEqual(find(query), [], query);
});

test("scripts without spaces are found by parts of what stands there", () => {
  const { add, find } = shelf();
  const chinese = add("zh.txt", "人工智能正在改变世界。");
  const japanese = add("ja.txt", "東京タワーは高いです。");
  const korean = add("ko.txt", "인공지능은 세상을 바꾼다.");
  const arabic = add("ar.txt", "الكتاب على الطاولة");
  assert.equal(find("智能")[0]?.document, chinese);
  assert.equal(find("界")[0]?.document, chinese);
  assert.equal(find("東京")[0]?.document, japanese);
  assert.equal(find("タワー")[0]?.document, japanese);
  assert.equal(find("세상을")[0]?.document, korean);
  assert.equal(find("الكتاب")[0]?.document, arabic);
});

test("grams are made of what has no spaces only", () => {
  assert.equal(gramsOf("AI 人工智 and ネ"), "人工 工智 智 ネ");
  assert.deepEqual(termsOf("the 人工智 AI"), ['grams : ("人工" OR "工智")', '"ai"']);
});

test("a hit tells where it stands and how much of the query it has", () => {
  const { store, add, find } = shelf();
  const id = add("a.txt", `${"Cats sleep. ".repeat(200)}Penguins swim far.`);
  const [hit] = find("do penguins fly");
  assert.equal(hit?.document, id);
  assert.equal(hit?.name, "a.txt");
  assert.equal(store.open(id).text.slice(hit?.start, hit?.end), hit?.text);
  assert.equal(hit?.matched, 0.5);
  assert.equal(hit?.similarity, null);
});

test("a search keeps to the documents or the collection that are named", () => {
  const { add, find } = shelf();
  const one = add("1.txt", "apples", "1", "fruit");
  const two = add("2.txt", "apples and pears", "2");
  assert.deepEqual(
    find("apples", { documents: [two] }).map(({ document }) => document),
    [two],
  );
  assert.deepEqual(
    find("apples", { collection: "fruit" }).map(({ document }) => document),
    [one],
  );
  assert.deepEqual(find("apples", { documents: [] }), []);
  assert.deepEqual(find("apples", { collection: "none" }), []);
});

test("meaning finds what has none of the words, and both together come first", () => {
  const { add, search, find } = shelf();
  const [cat, dog, car] = ["The cat sleeps.", "The dog barks.", "The car is fast."].map((text) =>
    add(text, text),
  );
  const passages = search.passages("m", 10);
  assert.equal(passages.length, 3);
  const places = [
    [1, 0],
    [0.8, 0.6],
    [0, 1],
  ];
  search.keep(
    "m",
    passages.map(({ key }, at) => ({ key, vector: Float32Array.from(places[at] as number[]) })),
  );
  assert.deepEqual(search.passages("m", 10), []);
  assert.equal(search.passages("another", 10).length, 3);
  const vector = { model: "m", values: Float32Array.from([1, 0]) };
  assert.deepEqual(
    find("kitten", { vector }).map(({ document }) => document),
    [cat, dog, car],
  );
  assert.deepEqual(find("dog", { vector })[0]?.document, dog);
  assert.ok(Math.abs((find("kitten", { vector })[0]?.similarity ?? 0) - 1) < 0.01);
  assert.deepEqual(
    find("car", { vector: { ...vector, model: "another" } }).map(({ document }) => document),
    [car],
  );
});

test("fusion puts first what both orders have near their top", () => {
  const fused = fuse([
    [1, 2, 3],
    [3, 2, 4],
  ]);
  assert.deepEqual(
    fused.map(([thing]) => thing),
    [3, 2, 1, 4],
  );
  assert.deepEqual(fuse([[7], [7]]), [[7, 1]]);
  assert.deepEqual(fuse([]), []);
});

test("packed vectors keep the order of what is near", () => {
  const random = (seed: number) => {
    const values = Float32Array.from({ length: 384 }, (_, at) => Math.sin(seed * 12.9898 + at * 78.233));
    const length = Math.hypot(...values);
    return values.map((value) => value / length);
  };
  const index = new VectorIndex();
  for (let row = 0; row < 300; row++) index.add(row, row % 3, pack(random(row)));
  const found = index.nearest(random(42), 5, () => true);
  assert.equal(found.length, 5);
  assert.equal(found[0]?.key, 42);
  assert.ok(Math.abs((found[0]?.similarity ?? 0) - 1) < 0.02);
  const exact = (row: number) =>
    random(42).reduce((sum, value, at) => sum + value * (random(row)[at] as number), 0);
  for (const { key, similarity } of found) assert.ok(Math.abs(exact(key) - similarity) < 0.02);
  assert.ok(index.nearest(random(42), 5, (document) => document === 1).every(({ key }) => key % 3 === 1));
});
