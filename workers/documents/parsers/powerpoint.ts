/** PowerPoint's .pptx: a page for each slide, with its title and what the speaker noted. */
import type { Section } from "../protocol.ts";
import { Archive } from "./archive.ts";
import { Flow } from "./flow.ts";
import { checkLength, type Parser } from "./parser.ts";
import { readXml, relationsAt, relationsOf } from "./xml.ts";

const SHOW = "ppt/presentation.xml";

export const parsePowerpoint: Parser = async ({ file, name }, tell) => {
  const archive = await Archive.of(file, name);
  const slides = slidesOf(archive);
  let letters = 0;
  for (const [at, slide] of slides.entries()) {
    const section = readSlide(archive, slide, at + 1);
    letters += section.text.length;
    checkLength(letters, name);
    tell([section], at + 1, slides.length);
  }
  return { pages: slides.length, notes: [] };
};

/** In the order in which they are shown. */
function slidesOf(archive: Archive): string[] {
  const relations = relationsOf(archive.text(relationsAt(SHOW)), SHOW);
  const slides: string[] = [];
  readXml(archive.text(SHOW), {
    open(tag, attributes) {
      const target = tag === "sldId" && relations.get(attributes["r:id"] ?? "")?.target;
      if (target) slides.push(target);
    },
  });
  return slides;
}

function readSlide(archive: Archive, slide: string, page: number): Section {
  const flow = new Flow();
  let title = "";
  readShapes(archive.text(slide), flow, (said) => {
    title ||= said;
  });
  for (const { type, target } of relationsOf(archive.text(relationsAt(slide)), slide).values()) {
    if (type.endsWith("/notesSlide")) readShapes(archive.text(target), flow, () => undefined);
  }
  flow.turn(title);
  return { ...(flow.sections[0] as Section), page };
}

function readShapes(xml: string, flow: Flow, onTitle: (title: string) => void): void {
  let kind = "";
  let inText = false;
  let paragraph = "";
  readXml(xml, {
    open(tag, { type = "" }) {
      if (tag === "sp") kind = "";
      else if (tag === "ph") kind = type;
      else if (tag === "t") inText = true;
      else if (tag === "br") flow.add("\n");
    },
    text(said) {
      // The number of a slide is no text.
      if (!inText || kind === "sldNum") return;
      paragraph += said;
      flow.add(said);
    },
    close(tag) {
      if (tag === "t") inText = false;
      else if (tag === "tc") flow.add(" | ");
      if (tag !== "p") return;
      const title = kind === "title" || kind === "ctrTitle";
      if (title) onTitle(paragraph.trim());
      flow.end(title ? 1 : 0, "\n");
      paragraph = "";
    },
  });
}
