/** What the page and the Python worker ask of each other. Everything is plain JSON, but for ports, wheels and bundles. */

import type { EngineName, LoadedModel, LoadProgress } from "../engine/contract.ts";
import type { ErrorData } from "../wire/errors.ts";
import type { NoArgs, Operation } from "../wire/rpc.ts";
import type { ActivityEntry, Agent } from "./activity.ts";
import type { AnswerSource } from "./answer-source.ts";
import type {
  CaptureRequest,
  EncodedPicture,
  HearRequest,
  SayRequest,
  SeeRequest,
  VideoFrameRequest,
} from "./asked.ts";
import type { BundleChanges, BundleFile, ReadBundle, SessionAgent } from "./bundle.ts";
import type { Sampling } from "./sampling.ts";

export type { ActivityEntry, Agent } from "./activity.ts";
export type { AnswerSource } from "./answer-source.ts";
export type {
  CaptureRequest,
  EncodedPicture,
  HearRequest,
  SayRequest,
  SeeRequest,
  VideoFrameRequest,
} from "./asked.ts";
export type { BundleChanges, BundleFile, BundleReport, ReadBundle, SessionAgent } from "./bundle.ts";
export type { Sampling } from "./sampling.ts";

/** What the page asks of the Python worker. */
export type PythonProtocol = {
  /** `connect`: addresses that code in Python may ask, besides those that it is given. */
  boot: Operation<{ base: string; connect: readonly string[] }, void, BootProgress>;
  /** Runs Python code and replies its last expression as JavaScript. */
  run: Operation<{ code: string }, unknown>;
  /** Installs a wheel with micropip: a URL or a name, or the bytes of a file and its name. Items are signs of life. */
  install: Operation<{ wheel: string } | { wheel: ArrayBuffer; name: string }, InstallReport, null>;
  /** Reads a bundle's files and mounts it once; items name the module that is loaded next. */
  readBundle: Operation<{ files: BundleFile[] }, ReadBundle, string>;
  /** Makes changes in a bundle that was read; `archive` is what that answered. */
  changeBundle: Operation<{ archive: ArrayBuffer; changes: BundleChanges }, ReadBundle, string>;
  /** The wheels that are installed whenever Python starts. */
  installed: Operation<NoArgs, InstalledWheel[]>;
  /** Forgets one of them. */
  uninstall: Operation<{ name: string }, void>;
  /** Gives Python a line to an engine, in place of the last one: a port, or the door of another tab's. */
  attachEngine: Operation<{ line: MessagePort | string }, void>;
  /** The engine died: what waits for it fails at once. */
  detachEngine: Operation<NoArgs, void>;
  open: Operation<{ config: SessionConfig }, OpenedSession>;
  send: Operation<{ session: string; prompt: Prompt }, TurnResult, TurnEvent>;
  /** Runs the last turn again. */
  retry: Operation<{ session: string }, TurnResult, TurnEvent>;
  /** Goes on with an answer that broke off, or answers a question that has none. */
  goOn: Operation<{ session: string }, TurnResult, TurnEvent>;
  /** Replaces the transcript: it went on somewhere else. */
  replace: Operation<{ session: string; messages: TranscriptMessage[] }, void>;
  /** Sends the whole transcript to be kept. */
  keep: Operation<{ session: string }, void>;
  /** Stops the running turn, at once or after the current step; replies whether there was one. */
  cancel: Operation<{ session: string; immediate: boolean }, boolean>;
  /** Tells the model something before the running turn's next step. */
  steer: Operation<{ session: string; text: string }, void>;
  /** Answers an approval with one of its options. */
  respond: Operation<{ session: string; approval: string; option: string }, void>;
  /** The tools of a session, for somebody outside. */
  tools: Operation<{ session: string }, Pick<ToolDeclaration, "name" | "description" | "inputSchema">[]>;
  /** Runs one of them, under the same approvals; no turn may run. */
  useTool: Operation<{ session: string; name: string; input: unknown }, UsedTool, TurnEvent>;
  /** What happened in a session since it was opened. */
  activity: Operation<{ session: string }, ActivityEntry[]>;
  close: Operation<{ session: string }, void>;
  /** The conversation was deleted: closes it, and deletes its files in the home. */
  discard: Operation<{ session: string }, void>;
  /**
   * Adds a conversation, as Amplifier's command line keeps it, to the archive called `file`; `workingDir` is the folder
   * whose project it becomes a session of, the home where it is null.
   */
  archive: Operation<{ file: string; record: TranscriptRecord; workingDir: string | null }, void>;
  /** The archive, a zip of `.amplifier`; it is forgotten then. */
  archived: Operation<{ file: string }, Uint8Array<ArrayBuffer>>;
};

/** What the Python worker asks of the page. */
export type PageProtocol = {
  /** Keeps what is new of a transcript. */
  save: Operation<TranscriptDelta, void>;
  /** Runs a tool that lives on the page. */
  callTool: Operation<{ session: string; id: string; name: string; input: unknown }, unknown>;
  /** Replies when the model is loaded and the engine can answer; "" leaves the choice to the page. */
  ensureModel: Operation<{ model: string }, void>;
  /** What an answer waits for before its first word; null when it does no more. */
  engineWaits: Operation<{ waits: { model: string; progress: LoadProgress } | null }, void>;
  /** Lets a vision model look at a picture. */
  see: Operation<SeeRequest, { text: string; model: string }>;
  /** Takes a picture of what the camera or the screen shows. */
  capture: Operation<CaptureRequest, EncodedPicture>;
  /** Writes down what is said, in a recording or into the microphone. */
  hear: Operation<HearRequest, { text: string; seconds: number; language: string }>;
  /** Speaks, aloud or as a WAV file in base64. */
  say: Operation<SayRequest, { audio: string; seconds: number }>;
  /** The next frame of a camera that stays on, as a JPEG in base64; null while it has none. */
  videoFrame: Operation<VideoFrameRequest, string | null>;
  /** The models that can be had, and what is loaded. */
  listModels: Operation<NoArgs, ModelList>;
  /** What Python wrote and is not kept, and why; null when all is. */
  diskTrouble: Operation<{ trouble: ErrorData | null }, void>;
};

/** One step of the boot; `fraction` runs from 0 to 1. */
export interface BootProgress {
  text: string;
  fraction: number;
}

/** What an installation brought (`py_app/modules/wheels.py`); of a package that was there already nothing is new. */
export interface InstallReport {
  name: string | null;
  version: string | null;
  /** The names of its Amplifier modules. */
  modules: string[];
  /** Those of them that mean others, which were there before. */
  shadowed: string[];
}

/** A wheel that a person installed. */
export interface InstalledWheel {
  /** Its file's. */
  name: string;
  /** On the device, with what it needed. */
  bytes: number;
}

/**
 * A tool of ours, by the name by which a model calls it (`py_app/tools/built_in.py`), or all those of an MCP server of the
 * person's, by its id.
 */
export type ToolName =
  | "calculator"
  | "clock"
  | "delegate"
  | "documents"
  | "listen"
  | "look"
  | "python"
  | "say"
  | "storage"
  | "todo"
  | "web_fetch"
  | `mcp:${string}`;

/** A function of the page that Python mounts as an Amplifier tool. */
interface ToolDeclaration {
  name: string;
  description: string;
  /** JSON Schema of the input object. */
  inputSchema: Record<string, unknown>;
  /** `false` lets the tool run without asking the person first. */
  sideEffects: boolean;
}

/** Which tools run unasked, are asked for, or never run: by name, and for all others. */
export type Approvals = "ask" | "allow" | Record<string, "allow" | "ask" | "deny">;

/** What one turn may take before it is ended with a word. */
export interface Budget {
  toolCalls?: number | null;
  /** Of all prompts and answers together. */
  tokens?: number | null;
  /** Without those in which the person is asked. */
  seconds?: number | null;
}

export interface SessionConfig {
  id: string;
  provider: string;
  model: string;
  /** Further configuration of the provider: a server's address and key, say. */
  providerConfig?: Record<string, unknown>;
  system?: string;
  sampling?: Sampling;
  /** Functions of the page, and names of tools of ours. */
  tools: (ToolDeclaration | ToolName)[];
  approvals: Approvals;
  /** Limits of one turn; what is left out has a limit of its own, null has none. */
  budget?: Budget;
  /** Transcript to go on from. */
  messages: TranscriptMessage[] | null;
  /** When that transcript began. */
  created?: string;
  /** Ids of the documents that it is about. */
  documents?: string[];
  /** A whole Amplifier mount plan, or null for ours. */
  plan: Record<string, unknown> | null;
  /** The folder that it works in: one of the person's, or one of the home by its name. */
  folder?: FileSystemDirectoryHandle | string;
  agent?: SessionAgent;
}

/** An open session, and what answers in it. */
export interface OpenedSession {
  id: string;
  provider: string;
  model: string;
}

/** How a turn ended; the page has heard it as an event already. */
export interface TurnResult {
  text: string;
  finishReason: string;
  /** The answer under the schema of the prompt. */
  object?: unknown;
}

/** What a tool gave to somebody outside. */
export interface UsedTool {
  /** Amplifier's blocks, of text and pictures. */
  content: Record<string, unknown>[];
}

export interface TranscriptMessage {
  role: "system" | "developer" | "user" | "assistant" | "tool";
  content: string | Record<string, unknown>[];
  [key: string]: unknown;
}

/** A conversation as it is kept. Times are ISO 8601. */
export interface TranscriptRecord {
  id: string;
  title: string;
  created: string;
  updated: string;
  provider: string;
  model: string;
  system: string;
  /** How the model is to choose its words, where the person said so. */
  sampling?: Sampling;
  /** The tools of ours that it has. */
  tools?: ToolName[];
  /** The names of the page's functions that it had. */
  pageTools?: string[];
  /** The mount plan that it was opened with, less its secrets. */
  plan?: Record<string, unknown>;
  /**
   * The agent that it was opened with; without an id one that was not kept. `system`: the record's counts and not the
   * agent's.
   */
  agent?: { id?: string; name: string; system?: true };
  /** It stands before the others in a list. */
  pinned?: true;
  /** It is put away: a list shows it where it is asked for. */
  archived?: true;
  /** The folder of the list in which the person put it. */
  folder?: string;
  /** Ids of the documents that it is about. */
  documents?: string[];
  messages: TranscriptMessage[];
  /** Where it was edited, or answered again: what else it says there. By their places. */
  branches?: Fork[];
}

/** A place from which a conversation goes on in several ways; what is read of them stands in its messages. */
export interface Fork {
  /** The place of the first message that is another. */
  at: number;
  /** The place of what is read among all of them. */
  current: number;
  /** The others, in the order in which they came; `at` of their forks counts from the conversation's beginning too. */
  others: { messages: TranscriptMessage[]; branches: Fork[] }[];
}

/** What Python asks the page to keep: `messages` stand from place `from` on, and nothing stands after them. */
export interface TranscriptDelta extends Omit<TranscriptRecord, "branches"> {
  from: number;
}

/** What the person sends: `Prompt` of `py_app/config.py`. */
export interface Prompt {
  text: string;
  images?: EncodedPicture[];
  /** Their text goes with it. */
  files?: { name: string; text: string; bytes?: number; whole?: number }[];
  /** JSON Schema that the answer has to fit. */
  schema?: Record<string, unknown>;
  /** Ids of the documents that the conversation is about from here on; as it is where this is left out. */
  documents?: string[];
  /** It takes the place of the person's n-th message, from 0 on, and has its pictures and schema where it has none. */
  instead?: number;
}

/** The models that a provider of this page can offer. */
interface ModelList {
  models: { id: string; name: string; context: number; engine: EngineName; sees: boolean }[];
  loaded: (LoadedModel & { engine: EngineName }) | null;
}

/** Events of one turn, in order of happening, as Python emits them. `agent`: a sub-agent says or does it. */
export type TurnEvent = Happening & { agent?: Agent };

type Happening =
  /** `tokens`: how many tokens of the model this is, where that is known. */
  | { type: "text"; text: string; tokens?: number }
  /**
   * What the model thinks; it is no part of the answer. `ms`: it ended, after so long. `instead`, which comes with
   * `ms`: what this step said as text so far was this thinking.
   */
  | { type: "thinking"; text: string; ms?: number; instead?: true }
  /**
   * What the answer is made from, before its first word; or what the `documents` tool found. No other number in the answer
   * is a source.
   */
  | { type: "sources"; sources: AnswerSource[] }
  | {
      type: "tool";
      phase: "start" | "end";
      id: string;
      name: string;
      input: unknown;
      result?: unknown;
      success?: boolean;
      /** What the person chose, where they were asked; "No answer" where they were not there. */
      approval?: string;
    }
  /** The tool call with this id drew something for the person. */
  | { type: "figure"; id: string; picture: EncodedPicture }
  /** A vision model described one of the person's pictures for a model that cannot see; they count from 0. */
  | { type: "picture"; picture: number; description: string; model: string }
  /** `tool`, `origin`, `details` and `call` are left out where a module that is not ours asks. */
  | {
      type: "approval";
      id: string;
      prompt: string;
      options: string[];
      tool?: string;
      /** Whose tool it is: another one of this name has another. */
      origin?: string;
      /** The arguments as formatted JSON, with nothing in them that cannot be seen. */
      details?: string;
      /** Id of the tool call. */
      call?: string;
    }
  /** A sub-agent begins to work, for the tool call with this id ("" where that is not known), or has ended. */
  | { type: "agent"; phase: "start"; agent: Agent; call: string; instruction: string }
  | {
      type: "agent";
      phase: "end";
      agent: Agent;
      call: string;
      /** What it said. */
      text: string;
      status: "success" | "cancelled" | "error";
      /** What went wrong, in words for a person. */
      error?: string;
    }
  | {
      type: "usage";
      provider: string;
      model: string;
      promptTokens: number;
      cachedTokens: number;
      completionTokens: number;
      ttftMs: number | null;
      tokensPerSecond: number | null;
    }
  /** Something that whoever uses the conversation should know. */
  | { type: "notice"; level: "info" | "warning" | "error"; text: string; source?: string }
  /** The model is told what was said while it answers (`ChatSession.steer`, or a module's `session.steer`). */
  | { type: "steered"; text: string }
  /**
   * The model does not read all of the conversation: of the messages those from place `from` on. A turn in which it does
   * not come reads all of it.
   */
  | { type: "compaction"; from: number }
  /** Where the prompt has a schema, in place of `text`: the object or list as far as it has come. */
  | { type: "object"; partial: unknown }
  /** `object`: the whole answer, where the prompt has a schema and the turn was not stopped. */
  | { type: "end"; text: string; finishReason: string; object?: unknown };

/** How every method of the Python `App` answers. */
export type Answer<T> = { ok: T } | { error: ErrorData };
