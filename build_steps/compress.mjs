// Precompresses files. stdin: [{from, to, encoding: "br" | "gz"}]. A file that gains too little becomes an empty one.
import fs from "node:fs";
import { promisify } from "node:util";
import zlib from "node:zlib";

const BIG = 1 << 20;
const WORTH_IT = 0.95;
const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

async function compress({ from, to, encoding }) {
  const data = fs.readFileSync(from);
  // The best quality is ten times slower than the next one: not worth it for megabytes.
  const params = {
    [zlib.constants.BROTLI_PARAM_QUALITY]: data.length > BIG ? 9 : 11,
    [zlib.constants.BROTLI_PARAM_SIZE_HINT]: data.length,
  };
  const small = encoding === "br" ? await brotli(data, { params }) : await gzip(data, { level: 9 });
  fs.writeFileSync(to, small.length < data.length * WORTH_IT ? small : "");
}

await Promise.all(JSON.parse(fs.readFileSync(0, "utf8")).map(compress));
